"""The reminder that a scorecard is due: one mail to whoever owes one, a day after the end and never again."""

import datetime as dt

from django.db import transaction

from accounts import mail
from interviews.models import Panelist


def remind(*, at: dt.datetime) -> int:
    """Remind everybody whose scorecard is due; how many. However many workers run it, each is told once."""
    count = 0
    owing = Panelist.objects.owing(at).select_related("user", "interview__opening")
    for panelist in owing.order_by("interview__ended_at", "pk"):
        with transaction.atomic():
            # Whoever has submitted, left or been reminded since the list was read is none of these any more.
            if Panelist.objects.owing(at).filter(pk__in=[panelist.pk]).update(reminded_at=at):
                context = {"interview": panelist.interview}
                mail.send(
                    kind="due_reminder", to=panelist.user, at=at, context=context, zone=panelist.interview.time_zone
                )
                count += 1
    return count
