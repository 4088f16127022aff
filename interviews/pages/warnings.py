"""Dismiss a warning of My day, for all managers of the opening, or show it again."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from interviews.access import is_manager_of
from interviews.models import DismissedWarning, Interview
from interviews.pages.day_rows import Managed
from interviews.refusals import NotAllowed, WrongTime


@transaction.atomic
def dismiss(*, interview: Interview, words: str, by: User, at: dt.datetime) -> None:
    """Raises NotAllowed, or WrongTime if the warning has other words by now, or cannot be dismissed."""
    _require_manager(by, interview)
    [row] = Interview.objects.with_people().filter(pk=interview.pk)
    managed = Managed(row, at)
    if not managed.may_dismiss or managed.warning != words:
        raise WrongTime("This warning has changed. Look at it again on My day.")
    values = {"words": words, "by": by, "at": at}
    DismissedWarning.objects.update_or_create(interview=interview, defaults=values)


@transaction.atomic
def show_again(*, interview: Interview, by: User) -> None:
    """Raises NotAllowed."""
    _require_manager(by, interview)
    DismissedWarning.objects.filter(interview=interview).delete()


def _require_manager(user: User, interview: Interview) -> None:
    if not is_manager_of(user, interview.opening):
        raise NotAllowed("Only the opening’s hiring managers can dismiss warnings.")
