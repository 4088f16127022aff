"""Calendar entries of managers too: an entry belongs to a person and an interview, no longer to a place on a panel.

No entries are taken over: their ids in calendars have changed with it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from interviews.models.immutability import ALL, create_triggers, drop_triggers


# SQLite rebuilds the table of interviews, and the triggers name that table.
def without_triggers(apps, schema_editor):
    drop_triggers(schema_editor.connection, ALL)


def with_triggers(apps, schema_editor):
    create_triggers(schema_editor.connection, ALL)


class Migration(migrations.Migration):
    dependencies = [
        ("interviews", "0036_calendar_feeds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(without_triggers, with_triggers),
        migrations.DeleteModel(name="CalendarEntry"),
        migrations.CreateModel(
            name="CalendarEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_for_manager", models.BooleanField(default=False, help_text="Off the panel.")),
                ("sequence", models.PositiveIntegerField(default=0)),
                ("is_cancelled", models.BooleanField(default=False)),
                ("digest", models.CharField(max_length=64)),
                ("told_at", models.DateTimeField()),
                (
                    "interview",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calendar_entries",
                        to="interviews.interview",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="calendarentry",
            constraint=models.UniqueConstraint(fields=("interview", "user"), name="one_calendar_entry_each"),
        ),
        migrations.AddField(
            model_name="interview",
            name="has_stale_entries",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddIndex(
            model_name="interview",
            index=models.Index(
                condition=models.Q(("has_stale_entries", True)),
                fields=["scheduled_for"],
                name="interview_entries_stale",
            ),
        ),
        migrations.RunPython(with_triggers, without_triggers),
    ]
