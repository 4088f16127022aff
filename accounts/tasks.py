"""What the worker does about mail and logins. Messages carry an id and nothing else: the truth is in the rows."""

from importlib import import_module

from django.conf import settings
from django.utils import timezone
from huey import crontab
from huey.contrib.djhuey import db_periodic_task, db_task

from accounts import mail
from accounts.models import Mail


@db_task()
def send_mail(pk: int) -> None:
    """Send one mail, unless it has left or somebody else is at it."""
    waiting = Mail.objects.filter(pk=pk).first()
    if waiting and waiting.take(at=timezone.now()):
        mail.deliver(waiting, at=timezone.now())


@db_periodic_task(crontab(minute="*"))
def send_waiting() -> None:
    """Send what waits, until the mail server proves to be away: then there is no use in trying the others now."""
    for waiting in Mail.objects.due(timezone.now()):
        if waiting.take(at=timezone.now()) and not mail.deliver(waiting, at=timezone.now()):
            return


@db_periodic_task(crontab(minute="17", hour="3"))
def clear_expired_logins() -> None:
    """Sessions whose time is over; nobody is signed out by it."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
