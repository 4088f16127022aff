"""The worker's tasks for email. Messages carry only an id; the rows are authoritative."""

from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from mail.delivery import deliver
from mail.models import Mail


@db_task()
def send_mail(pk: int) -> None:
    """Send one email, unless it was sent or another worker holds it."""
    waiting = Mail.objects.filter(pk=pk).first()
    if waiting and waiting.claim(at=timezone.now()):
        deliver(waiting, at=timezone.now())


@db_periodic_task(crontab(minute="*"))
def send_waiting() -> None:
    """Send waiting emails. Stops at the first sign of an unreachable mail server, which would fail them all."""
    for waiting in Mail.objects.due(timezone.now()):
        if waiting.claim(at=timezone.now()) and not deliver(waiting, at=timezone.now()):
            return
