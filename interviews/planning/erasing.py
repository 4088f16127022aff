"""Erase interviews with every record of them. Nothing brings them back."""

import datetime as dt

from accounts.models import User
from interviews.models import Erasure, Export, Interview, Panelist, ScorecardVersion


def held_for_erasing(number: int) -> Interview:
    """The interview, locked in the order of commands: panel first."""
    Panelist.objects.lock(number)
    return Interview.objects.select_for_update(of=("self",)).select_related("candidate").get(pk=number)


def erase(interview: Interview, *, requested_by: User, at: dt.datetime) -> None:
    """Erase a held interview. Its PDFs are deleted with other files that no row names."""
    versions = ScorecardVersion.objects.filter(scorecard__panelist__interview=interview)
    _delete_zips_with(set(versions.values_list("sha256", flat=True)))
    # Only this lets the triggers pass submitted versions.
    erasure = Erasure.objects.create(candidate=interview.candidate, requested_by=requested_by, at=at)
    interview.delete()
    erasure.delete()


def _delete_zips_with(versions: set[str]) -> None:
    """Zips belong to an opening, so they are not deleted with the interview."""
    zips = Export.objects.filter(kind=Export.Kind.ZIP).exclude(state=Export.State.EXPIRED)
    found = [pk for pk, sources in zips.values_list("pk", "sources") if not versions.isdisjoint(sources)]
    Export.objects.filter(pk__in=found).delete()
