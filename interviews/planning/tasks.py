"""When the worker reminds panelists of their scorecards."""

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from interviews.planning import reminders


@db_periodic_task(crontab(minute="*/10"))
def remind_of_due_scorecards() -> None:
    reminders.remind(at=timezone.now())
