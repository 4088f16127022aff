"""The worker's tasks for sessions, and its faults."""

import logging
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import close_db, db_periodic_task, db_task, signal
from huey.signals import SIGNAL_ERROR

from accounts import alerts
from accounts.invitations import send_forgotten_link

logger = logging.getLogger(__name__)


@db_periodic_task(crontab(minute="17", hour="3"))
def clear_expired_logins() -> None:
    """Delete expired sessions."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@db_task()
def email_forgotten_link(email: str) -> None:
    """In the worker, so that the web server's answer takes equally long whether or not the email has an account."""
    send_forgotten_link(email, at=timezone.now())


@signal(SIGNAL_ERROR)
@close_db
def tell_about_fault(_signal: str, task: Any, fault: BaseException | None = None) -> None:
    """Email administrators about a failed task: its name and the exception's class, no content.

    Database outages are temporary, and the sweeps repeat the work, so they are not reported."""
    if isinstance(fault, OperationalError):
        return
    try:
        context = {"task": task.name, "fault": type(fault).__name__}
        alerts.tell_administrators(kind="task_failed", at=timezone.now(), context=context)
    except Exception:
        logger.exception("Administrators could not be told that %s failed.", task.name)
