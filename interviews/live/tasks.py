"""When the worker ends calls that nobody ended."""

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from interviews.live import closing


@db_periodic_task(crontab(minute="*/10"))
def end_forgotten_calls() -> None:
    closing.end_forgotten(at=timezone.now())
