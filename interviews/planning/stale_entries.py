"""Send the calendar entries of many interviews again, in the worker, after a change of their candidate or opening."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from huey.contrib.djhuey import db_task

from interviews.models import Interview
from interviews.planning.calendar_entries import tell_panel


def mark_stale(interviews: QuerySet[Any]) -> None:
    """Have the worker update the entries of the planned ones. Call it in the transaction of the change: the row says
    so, and the queue only makes it quick."""
    interviews.model.objects.filter(pk__in=interviews.order_by().values("pk")).mark_entries_stale()
    transaction.on_commit(update_stale_entries, robust=True)


def update_stale(*, at: dt.datetime) -> int:
    """Send the entries that have changed; return of how many interviews. Unchanged ones stay."""
    count = 0
    for pk in list(Interview.objects.with_stale_entries().values_list("pk", flat=True)):
        with transaction.atomic():
            # Another worker may have been quicker.
            interview = Interview.objects.with_stale_entries().select_for_update(no_key=True).filter(pk=pk).first()
            if interview is None:
                continue
            tell_panel(interview=interview, at=at)
            Interview.objects.filter(pk=pk).update(has_stale_entries=False)
            count += 1
    return count


@db_task()  # type: ignore[untyped-decorator]  # of a library without types
def update_stale_entries() -> None:
    update_stale(at=timezone.now())
