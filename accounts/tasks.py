"""What the worker does about mail and logins. Messages carry an id and nothing else: the truth is in the rows."""

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
    """Send one mail, unless it has left or somebody else is at it."""
    waiting = Mail.objects.filter(pk=pk).first()
    if waiting and waiting.claim(at=timezone.now()):
        mail.deliver(waiting, at=timezone.now())


@db_periodic_task(crontab(minute="*"))
def send_waiting() -> None:
    """Send what waits, until the mail server proves to be away: then there is no use in trying the others now."""
    for waiting in Mail.objects.due(timezone.now()):
        if waiting.claim(at=timezone.now()) and not mail.deliver(waiting, at=timezone.now()):
            return


@db_periodic_task(crontab(minute="17", hour="3"))
def clear_expired_logins() -> None:
    """Sessions whose time is over; nobody is signed out by it."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@signal(SIGNAL_ERROR)
@close_db
def tell_about_fault(_signal: str, task: Any, fault: BaseException | None = None) -> None:
    """Administrators hear of a task that failed; its name and the fault's, nothing that a person wrote.

    A database that cannot be reached or is busy passes by itself, and what was left undone is taken up again."""
    if isinstance(fault, OperationalError):
        return
    try:
        context = {"task": task.name, "fault": type(fault).__name__}
        mail.tell_administrators(kind="task_failed", at=timezone.now(), context=context)
    except Exception:
        logger.exception("Administrators could not be told that %s failed.", task.name)
