"""When the worker looks for complete debriefs, and sends daily emails and waiting messages to webhooks."""

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task

from interviews.notices import hooks, telling


@db_periodic_task(crontab(minute="*"))
def tell_of_complete_debriefs() -> None:
    telling.tell_of_complete(at=timezone.now())


@db_periodic_task(crontab(minute="*/10"))
def send_daily_emails() -> None:
    telling.send_digests(at=timezone.now())


@db_periodic_task(crontab(minute="*"))
def send_waiting_messages() -> None:
    hooks.send_waiting(at=timezone.now())
