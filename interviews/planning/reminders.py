"""Remind panelists of a due scorecard: one email, a day after the end of the call."""

import datetime as dt

from django.db import transaction

from interviews.models import Panelist
from mail import outbox


def remind(*, at: dt.datetime) -> int:
    """Remind everyone whose scorecard is due; return how many. Each gets one email, even with several workers."""
    count = 0
    owing = Panelist.objects.owing(at).select_related("user", "interview__opening")
    for panelist in owing.order_by("interview__ended_at", "pk"):
        with transaction.atomic():
            # Skip people who have submitted, left or been reminded since the list was read.
            if Panelist.objects.owing(at).filter(pk__in=[panelist.pk]).update(reminded_at=at):
                context = {"interview": panelist.interview}
                outbox.send(
                    kind="due_reminder", to=panelist.user, at=at, context=context, zone=panelist.interview.time_zone
                )
                count += 1
    return count
