"""When the worker looks for complete debriefs, sends daily emails and webhook messages, and deletes old notices."""

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


@db_periodic_task(crontab(minute="37", hour="3"))
def delete_old_notices() -> None:
    telling.delete_old(at=timezone.now())


@db_periodic_task(crontab(minute="*"))
def send_waiting_messages() -> None:
    hooks.send_waiting(at=timezone.now())
