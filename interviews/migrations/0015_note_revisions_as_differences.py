"""Earlier texts of a note are stored as what differs from the next one; the newest is the note itself."""

from typing import Any

from django.db import migrations, models
from django.db.models import F


def leave_out_the_newest(apps: Any, schema_editor: Any) -> None:
    """What was stored as a whole text stays so: it shares nothing with the next one."""
    apps.get_model("interviews", "NoteRevision").objects.filter(number=F("note__revision")).delete()


def write_whole_texts(apps: Any, schema_editor: Any) -> None:
    note_model, revision_model = (apps.get_model("interviews", name) for name in ("Note", "NoteRevision"))
    for note in note_model.objects.exclude(revision=0).iterator():
        text = note.text
        for revision in revision_model.objects.filter(note=note).order_by("-number"):
            text = text[: revision.start] + revision.text + (text[-revision.end :] if revision.end else "")
            revision.start, revision.end, revision.text = 0, 0, text
            revision.save()
        revision_model.objects.create(
            note=note, number=note.revision, text=note.text, at=note.at, is_after_call=note.is_after_call
        )


def leave_out_texts_of_events(apps: Any, schema_editor: Any) -> None:
    """Events of notes name the note, whose text they are told with."""
    notes = {
        (f"own-{panelist}", question): pk
        for pk, panelist, question in apps.get_model("interviews", "Note").objects.values_list(
            "pk", "panelist", "question"
        )
    }
    for event in apps.get_model("interviews", "Event").objects.filter(kind="note").iterator():
        event.payload.pop("text", None)
        event.payload["note"] = notes.get((event.stream, event.payload["question"]), 0)
        event.save(update_fields=["payload"])


class Migration(migrations.Migration):
    dependencies = [("interviews", "0014_exhibits_forms_levels")]

    operations = [
        migrations.AddField("noterevision", "start", models.PositiveIntegerField(default=0)),
        migrations.AddField("noterevision", "end", models.PositiveIntegerField(default=0)),
        migrations.RunPython(leave_out_the_newest, write_whole_texts),
        migrations.RunPython(leave_out_texts_of_events, migrations.RunPython.noop),
    ]
