"""Lock candidates before they change: another manager may just have merged or deleted one."""

from interviews.models import Candidate
from interviews.refusals import WrongTime


class Gone(WrongTime):
    """Another manager was quicker: the candidate is no longer there."""


def held(*candidates: Candidate) -> list[Candidate]:
    """Those that are still there, locked until the end of the transaction, with opening and stage."""
    rows = Candidate.objects.select_for_update(of=("self",), no_key=True).select_related("opening", "stage")
    return list(rows.filter(pk__in=[one.pk for one in candidates]).order_by("pk"))


def held_one(candidate: Candidate) -> Candidate:
    """Raises Gone."""
    for row in held(candidate):
        return row
    raise Gone(f"Someone has just merged or deleted {candidate}.")
