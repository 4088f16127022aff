"""Tasks for email and sessions. Messages carry only an id; the rows are authoritative."""

import logging
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import close_db, db_periodic_task, db_task, signal
from huey.signals import SIGNAL_ERROR

from accounts import mail
from accounts.models import Mail

logger = logging.getLogger(__name__)


@db_task()
def send_mail(pk: int) -> None:
    """Send one email, unless it was sent or another worker holds it."""
    waiting = Mail.objects.filter(pk=pk).first()
    if waiting and waiting.claim(at=timezone.now()):
        mail.deliver(waiting, at=timezone.now())


@db_periodic_task(crontab(minute="*"))
def send_waiting() -> None:
    """Send waiting emails. Stops at the first sign of an unreachable mail server, which would fail them all."""
    for waiting in Mail.objects.due(timezone.now()):
        if waiting.claim(at=timezone.now()) and not mail.deliver(waiting, at=timezone.now()):
            return


@db_periodic_task(crontab(minute="17", hour="3"))
def clear_expired_logins() -> None:
    """Delete expired sessions."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@signal(SIGNAL_ERROR)
@close_db
def tell_about_fault(_signal: str, task: Any, fault: BaseException | None = None) -> None:
    """Email administrators about a failed task: its name and the exception's class, no content.

    Database outages are temporary, and the sweeps repeat the work, so they are not reported."""
    if isinstance(fault, OperationalError):
        return
    try:
        context = {"task": task.name, "fault": type(fault).__name__}
        mail.tell_administrators(kind="task_failed", at=timezone.now(), context=context)
    except Exception:
        logger.exception("Administrators could not be told that %s failed.", task.name)
