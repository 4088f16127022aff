"""When the worker reminds panelists, updates calendar entries, and deletes lone files and old practice calls."""

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from interviews.planning import candidate_files, practice, reminders, stale_entries


@db_periodic_task(crontab(minute="*/10"))
def remind_of_due_scorecards() -> None:
    reminders.remind(at=timezone.now())


@db_periodic_task(crontab(minute="*"))
def update_calendar_entries() -> None:
    """Again, in case the message that asked for it was lost."""
    stale_entries.update_stale(at=timezone.now())


@db_periodic_task(crontab(minute="17"))
def delete_orphaned_files() -> None:
    candidate_files.delete_orphans(at=timezone.now())


@db_periodic_task(crontab(minute="27"))
def delete_old_practice_calls() -> None:
    practice.delete_old(at=timezone.now())
