"""Folded names, emails and names of scripts, which a search reads."""

from django.db import migrations, models

import finding.folded
from interviews.models.immutability import ALL, create_triggers, drop_triggers


# SQLite rebuilds the table of interviews, and the triggers name that table.
def without_triggers(apps, schema_editor):
    drop_triggers(schema_editor.connection, ALL)


def with_triggers(apps, schema_editor):
    create_triggers(schema_editor.connection, ALL)


def fold_texts(apps, schema_editor):
    for name, folded in (("Candidate", ["folded_name", "folded_email"]), ("Interview", ["folded_script"])):
        for row in apps.get_model("interviews", name).objects.order_by("pk").iterator():
            row.save(update_fields=folded)


class Migration(migrations.Migration):
    dependencies = [
        ("interviews", "0041_notices_of_the_bank"),
    ]

    operations = [
        migrations.RunPython(without_triggers, with_triggers),
        migrations.AddField(
            model_name="candidate", name="folded_name", field=finding.folded.FoldedField("name")
        ),
        migrations.AddField(
            model_name="candidate", name="folded_email", field=finding.folded.FoldedField("email")
        ),
        migrations.AddField(
            model_name="interview", name="folded_script", field=finding.folded.FoldedField("script_name")
        ),
        migrations.AddIndex(
            model_name="interview",
            index=models.Index(fields=["scheduled_for", "id"], name="interview_in_order"),
        ),
        migrations.AddIndex(
            model_name="interview",
            index=models.Index(fields=["opening", "status", "scheduled_for"], name="interview_of_opening"),
        ),
        migrations.AddIndex(
            model_name="interview",
            index=models.Index(fields=["opening", "status", "ended_at"], name="interview_of_opening_ended"),
        ),
        migrations.RunPython(with_triggers, without_triggers),
        migrations.RunPython(fold_texts, migrations.RunPython.noop),
    ]
