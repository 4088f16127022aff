"""Marks the panelists of calls that began and were then rescheduled."""

from django.db import migrations, models

from interviews.models.immutability import ALL, create_triggers, drop_triggers


# SQLite rebuilds the table of panelists, and a trigger names that table.
def without_triggers(apps, schema_editor):
    drop_triggers(schema_editor.connection, ALL)


def with_triggers(apps, schema_editor):
    create_triggers(schema_editor.connection, ALL)


def mark_those_of_begun_calls(apps, schema_editor):
    begun = apps.get_model("interviews", "Event").objects.filter(stream="shared", kind="start")
    planned = apps.get_model("interviews", "Panelist").objects.filter(interview__status="scheduled")
    planned.filter(interview__in=begun.values("interview")).update(sat_in_call=True)


class Migration(migrations.Migration):
    dependencies = [
        ("interviews", "0042_folded_names"),
    ]

    operations = [
        migrations.RunPython(without_triggers, with_triggers),
        migrations.AddField(
            model_name="panelist", name="sat_in_call", field=models.BooleanField(default=False, editable=False)
        ),
        migrations.RunPython(with_triggers, without_triggers),
        migrations.RunPython(mark_those_of_begun_calls, migrations.RunPython.noop),
    ]
