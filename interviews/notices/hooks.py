"""Messages to an opening's incoming webhook, such as a Slack or Teams channel: stored first, sent by the worker.

A channel has readers whom this product does not know, so a message names nobody unless the opening allows it, and it
never says what was decided."""

import datetime as dt
import logging
import zoneinfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from huey.contrib.djhuey import db_task

from accounts.time_zones import place_of
from interviews.models import HookMessage, Interview, Notice, Opening
from interviews.notices.web_posts import AddressRefused, NotTaken, post
from mail.delivery import pause_after

logger = logging.getLogger(__name__)

GIVEN_UP_AFTER = dt.timedelta(days=1)
# The worker has other work as well.
SENT_AT_ONCE = 20


def announce(kind: Notice.Kind, *, interview: Interview, at: dt.datetime) -> None:
    """Store a message for the opening's webhook, if it has one. Call it in the transaction of the act."""
    opening = interview.opening
    if not opening.hook_url or opening.is_practice:
        return
    local = interview.scheduled_for.astimezone(zoneinfo.ZoneInfo(interview.time_zone))
    who = f" with {interview.candidate}" if opening.hook_has_names else ""
    when = f"{local.day} {local:%B, %H:%M} ({place_of(interview.time_zone)})"
    link = f"{settings.SITE_URL}{reverse('debrief', args=[interview.pk])}"
    text = f"{kind.label}: interview{who} for {opening}, {when}. {link}"
    # A name may contain <!channel>, with which Slack calls everyone.
    text = text.replace("<", "‹").replace(">", "›")
    message = HookMessage.objects.create(opening=opening, text=text, created_at=at, try_at=at)
    transaction.on_commit(lambda: send_message(message.pk), robust=True)


def deliver(message: HookMessage, *, at: dt.datetime) -> bool:
    """Send a claimed message; False if it was not taken. Failures are retried with growing pauses, and the opening's
    page shows the last one."""
    failure, is_over = "", False
    if not message.opening.hook_url:  # the opening no longer has a webhook
        message.delete()
        return True
    try:
        post(message.opening.hook_url, {"text": message.text})
    except AddressRefused as refusal:
        failure, is_over = str(refusal), True
    except NotTaken as refusal:
        failure, is_over = str(refusal), refusal.is_final or at - message.created_at >= GIVEN_UP_AFTER
    if failure != message.opening.hook_failure:
        Opening.objects.filter(pk=message.opening_id, hook_url=message.opening.hook_url).update(hook_failure=failure)
    if not failure or is_over:
        message.delete()
        return not failure
    logger.warning("Webhook message %s waits: %s", message.pk, failure)
    try_at = at + pause_after(message.attempts)
    HookMessage.objects.filter(pk=message.pk).update(try_at=try_at, lease_until=None)
    return False


def send_waiting(*, at: dt.datetime, only: int | None = None) -> None:
    """Send the messages that are due and that no other worker holds. Of an opening whose server does not take one, the
    others wait: each may cost seconds."""
    due = HookMessage.objects.due(at)
    failed = set()
    for message in list((due.filter(pk=only) if only else due)[:SENT_AT_ONCE]):
        if message.opening_id not in failed and message.claim(at=at) and not deliver(message, at=at):
            failed.add(message.opening_id)


@db_task()  # type: ignore[untyped-decorator]  # of a library without types
def send_message(pk: int) -> None:
    send_waiting(at=timezone.now(), only=pk)
