"""Practice calls: a call with an invented candidate that counts nowhere and is told to nobody.

Each has an opening that nobody manages. `visible_to` and the `real()` querysets leave it out, `Interview.open_to` does
not."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from interviews.models import Candidate, Interview, Opening, Panelist
from interviews.planning import erasing
from interviews.planning.plan_merging import Plan
from interviews.planning.scheduling import schedule_interview
from interviews.refusals import Invalid, TooMany
from question_bank.models import Script
from question_bank.wanted_scripts import WantedScript

TITLE = "Practice call"
DELETED_AFTER = dt.timedelta(days=30)
# Of one person, until the older ones are deleted.
CALLS_MAX = 20
# Names, and a part to play.
CANDIDATES = (
    (
        "Nora Lindqvist",
        "Six years of Django at a web shop. Strong in databases, says “I don’t know” about caching, thinks aloud.",
    ),
    (
        "Tomás Echeverría",
        "Two years out of university. Knows the terms, has rarely run anything. Takes a hint well, speaks quickly.",
    ),
    (
        "Grace Adeyemi",
        "Ten years of operations, then code. Tells stories of outages, asks questions back, gives long answers.",
    ),
)


def begin_practice(*, script: Script | None, by: User, at: dt.datetime, is_draft: bool = False) -> Interview:
    """A practice call that `by` leads alone, planned for now; they add colleagues on its page. Of the script's draft
    with `is_draft`, which is how a curator sees it as the live page.

    Raises Invalid or TooMany, and then nothing was created."""
    if script is None:
        raise Invalid("Choose a script to practise with.")
    with transaction.atomic():
        # The row is the lock: two requests at once cannot pass the limit together.
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        leads = Panelist.objects.filter(user=by, part=Panelist.Part.LEAD, interview__opening__is_practice=True)
        if leads.count() >= CALLS_MAX:
            days = DELETED_AFTER.days
            raise TooMany(f"You have {CALLS_MAX} practice calls. Use one of them: each is deleted after {days} days.")
        opening = Opening.objects.create(title=TITLE, is_practice=True, created_at=at)
        name, notes = CANDIDATES[opening.pk % len(CANDIDATES)]
        candidate = Candidate.objects.create(opening=opening, name=name, notes=notes, created_at=at)
        return schedule_interview(candidate=candidate, plan=_plan(script, by=by, at=at, is_draft=is_draft), at=at)


def _plan(script: Script, *, by: User, at: dt.datetime, is_draft: bool) -> Plan:
    script = Script.objects.with_parts().get(pk=script.pk)
    wanted = WantedScript.newest(script) if is_draft else WantedScript.of(script)
    minutes = sum(section.minutes for section in wanted.sections)
    return Plan(
        script=script,
        scheduled_for=at,
        time_zone=by.time_zone or timezone.get_default_timezone_name(),
        minutes=min(max(minutes, Interview.MINUTES_MIN), Interview.MINUTES_MAX),
        panel=((by, Panelist.Part.LEAD.value),),
        is_draft=is_draft,
    )


def delete_old(*, at: dt.datetime) -> int:
    """Delete the practice calls that are older than DELETED_AFTER, with all their records; return how many. Their PDFs
    are deleted with other files that no row names."""
    old = Opening.objects.filter(is_practice=True, created_at__lte=at - DELETED_AFTER)
    numbers = list(old.values_list("pk", flat=True))
    for pk in numbers:
        _delete(pk, at=at)
    return len(numbers)


@transaction.atomic
def _delete(pk: int, *, at: dt.datetime) -> None:
    opening = Opening.objects.filter(pk=pk, is_practice=True).select_for_update().first()
    if opening is None:  # another worker was quicker
        return
    for number in opening.interviews.values_list("pk", flat=True):
        interview = erasing.held_for_erasing(number)
        erasing.erase(interview, requested_by=interview.panelists.earliest("pk").user, at=at)
    opening.candidates.all().delete()
    opening.delete()
