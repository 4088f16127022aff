"""Remind panelists of a missing scorecard, an hour and a day after the end of the call."""

import datetime as dt

from django.db import transaction

from interviews.models import Notice, Panelist
from interviews.notices.telling import tell


def remind(*, at: dt.datetime) -> int:
    """Remind everyone whose scorecard is due; return how many. Each is told once each time, even with several
    workers."""
    count = 0
    owing = Panelist.objects.owing(at).select_related("user", "interview__opening")
    for panelist in owing.order_by("interview__ended_at", "pk"):
        with transaction.atomic():
            # Skip people who have submitted, left or been reminded since the list was read.
            if Panelist.objects.owing(at).filter(pk__in=[panelist.pk]).update(reminded_at=at):
                interview = panelist.interview
                is_first = interview.due_at is not None and at < interview.due_at
                context = {"is_first": is_first, "word": "wanted" if is_first else "due"}
                tell(
                    Notice.Kind.DUE,
                    people=[panelist.user],
                    interview=interview,
                    at=at,
                    template="due_reminder",
                    context=context,
                )
                count += 1
    return count
