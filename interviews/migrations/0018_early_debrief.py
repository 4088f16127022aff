from dataclasses import replace

import django.db.models.deletion
from django.db import migrations, models

from interviews.models.immutability import EARLY_DEBRIEFS, create_triggers, drop_triggers

EARLY_OPENINGS = replace(EARLY_DEBRIEFS, name="early_opening", table="interviews_earlyopening")
HAS_REASON = models.Q(("reason", ""), _negated=True)


def drop_old(apps, schema_editor):
    drop_triggers(schema_editor.connection, (EARLY_OPENINGS,))


def create_old(apps, schema_editor):
    create_triggers(schema_editor.connection, (EARLY_OPENINGS,))


def create_new(apps, schema_editor):
    create_triggers(schema_editor.connection, (EARLY_DEBRIEFS,))


def drop_new(apps, schema_editor):
    drop_triggers(schema_editor.connection, (EARLY_DEBRIEFS,))


class Migration(migrations.Migration):
    dependencies = [
        ("interviews", "0017_remove_gate_decided_at"),
    ]

    operations = [
        # The triggers name the table, and SQLite loses them when it copies the table for a constraint.
        migrations.RunPython(drop_old, create_old),
        migrations.RemoveConstraint(model_name="earlyopening", name="early_opening_has_reason"),
        migrations.RenameModel(old_name="EarlyOpening", new_name="EarlyDebrief"),
        migrations.AlterField(
            model_name="earlydebrief",
            name="interview",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="early_debrief", to="interviews.interview"
            ),
        ),
        migrations.AddConstraint(
            model_name="earlydebrief",
            constraint=models.CheckConstraint(condition=HAS_REASON, name="early_debrief_has_reason"),
        ),
        migrations.RunPython(create_new, drop_new),
    ]
