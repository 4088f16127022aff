"""Tell people about interviews, and what became of their suggestions, each as they chose: on pages, by email at once,
or in one email a day."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from interviews.access import debrief_access
from interviews.models import Interview, Notice, NoticeSettings, Panelist
from interviews.models.interviews import TOLD_WITHIN
from interviews.notices.hooks import announce
from mail import outbox
from question_bank.answers import Answer, tell_answers_by

Kind = Notice.Kind
Chosen = Mapping[int, NoticeSettings]
DELETED_AFTER = dt.timedelta(days=90)


def settings_of(people: Iterable[User]) -> Chosen:
    """How each of the people wants to be told, by their key; none of those who want everything at once."""
    return {row.user_id: row for row in NoticeSettings.objects.filter(user__in=list(people))}


def tell(
    kind: Notice.Kind,
    *,
    people: Iterable[User],
    interview: Interview,
    at: dt.datetime,
    by: User | None = None,
    template: str = "notice",
    context: dict[str, Any] | None = None,
    attachments: Sequence[outbox.Attachment] = (),
    chosen: Chosen | None = None,
    is_on_page: bool = True,
) -> None:
    """Tell each of the people, but not `by`. Call it in the transaction of the act. Of practice calls nobody is told.

    `template` names the email; `chosen` is what `settings_of` returns for the people, if it was read already. An email
    with attachments, such as calendar entries, does not wait for the daily one. Without `is_on_page` it is only an
    email."""
    told = {person.pk: person for person in people if person.is_active and person != by}
    if not told or interview.opening.is_practice:
        return
    chosen = settings_of(told.values()) if chosen is None else chosen
    rows = []
    for pk, person in told.items():
        row = Notice(user=person, interview=interview, kind=kind, by=by, at=at)
        is_mailed_now = _choose(row, chosen.get(pk, NoticeSettings()), may_wait=not attachments)
        row.is_on_page &= is_on_page
        if row.is_on_page or row.is_for_digest:
            rows.append(row)
        if is_mailed_now:
            values = {"interview": interview, "notice": row}
            outbox.send(
                kind=template,
                to=person,
                at=at,
                context=values | (context or {}),
                attachments=attachments,
                zone=interview.time_zone,
            )
    Notice.objects.bulk_create(rows)


@tell_answers_by
def tell_of_answer(answer: Answer) -> None:
    """Tell a person what became of a suggestion, or of something they noted for the bank."""
    row = Notice(
        user=answer.person, kind=Kind.BANK, about=answer.words, path=answer.path, by=answer.by, at=answer.at
    )  # fmt: skip
    wants = settings_of([answer.person]).get(answer.person.pk, NoticeSettings())
    if _choose(row, wants):
        outbox.send(kind=answer.template, to=answer.person, at=answer.at, context=answer.context)
    if row.is_on_page or row.is_for_digest:
        row.save()


def _choose(row: Notice, wants: NoticeSettings, *, may_wait: bool = True) -> bool:
    """Set where the notice appears, as its reader wants it; return whether to email it now."""
    is_mailed = outbox.is_sent() and row.kind not in wants.no_email
    row.is_for_digest = is_mailed and wants.is_daily and may_wait and row.kind not in Notice.AT_ONCE
    row.is_on_page = row.kind not in wants.no_page
    return is_mailed and not row.is_for_digest


def readers(interview: Interview) -> list[User]:
    """Managers and panelists who may read the debrief now."""
    people = {manager.pk: manager for manager in interview.opening.managers.all()}
    people |= {seat.user_id: seat.user for seat in Panelist.objects.filter(interview=interview).select_related("user")}
    return [person for person in people.values() if debrief_access(person, interview).barred is None]


def tell_of_complete(*, at: dt.datetime) -> int:
    """Tell the readers of each debrief that opened because nothing is outstanding any more; return how many debriefs.

    Asked of the state, so that it does not matter why: the last scorecard, a waiver, or access that ended."""
    told = Interview.objects.outstanding_scorecards().filter(ended_at__gt=at - TOLD_WITHIN)
    told.exclude(complete_told_at=None).update(complete_told_at=None)
    count = 0
    for pk in Interview.objects.complete_untold(at).values_list("pk", flat=True):
        with transaction.atomic():
            if not Interview.objects.complete_untold(at).filter(pk=pk).update(complete_told_at=at):
                continue  # another worker was quicker, or a scorecard is awaited again
            interview = Interview.objects.select_related("opening", "candidate").get(pk=pk)
            tell(Kind.ALL_IN, people=readers(interview), interview=interview, at=at)
            announce(Kind.ALL_IN, interview=interview, at=at)
            count += 1
    return count


def delete_old(*, at: dt.datetime) -> int:
    """Delete notices that nobody looks for any more, read or not; return how many."""
    return int(Notice.objects.filter(at__lt=at - DELETED_AFTER).delete()[0])


def send_digests(*, at: dt.datetime) -> int:
    """Send each person who wants one email a day what happened since the last one; return how many."""
    count = 0
    waiting = NoticeSettings.objects.filter(user__notices__is_for_digest=True).select_related("user").distinct()
    for wants in waiting.order_by("pk"):
        if not wants.is_digest_due(at):
            continue
        with transaction.atomic():
            unchanged = NoticeSettings.objects.filter(pk=wants.pk, digest_at=wants.digest_at)
            if unchanged.update(digest_at=at):  # or another worker was quicker
                count += _send_digest(wants.user, at=at)
    return count


def _send_digest(person: User, *, at: dt.datetime) -> bool:
    # By their keys: a notice that arrives meanwhile is for the next email.
    keys = list(Notice.objects.filter(user=person, is_for_digest=True).values_list("pk", flat=True))
    waiting = Notice.objects.filter(pk__in=keys)
    # What they may no longer know is in no email.
    found = list(waiting.visible_to(person).select_related("interview__opening", "by").order_by("at", "pk"))
    waiting.update(is_for_digest=False)
    if not found or not person.is_active:
        return False
    outbox.send(kind="digest", to=person, at=at, context={"notices": found})
    return True
