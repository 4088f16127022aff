"""A panel whose scorecards are in, for tests of the debrief, decisions and the comparison."""

import re
from typing import Any

from django.test import TestCase

from accounts.factories import HiringManagerFactory
from interviews.access import debrief_access
from interviews.debriefs.debrief import Debrief, debrief
from interviews.factories import CandidateFactory, OpeningFactory
from interviews.models import EarlyDebrief, Interview, Panelist
from interviews.tests.submitting import END, ended_interview, questions, rate, seat, submit


def managed_interview(**fields: Any) -> tuple[Any, Interview]:
    """A hiring manager, and an ended interview of her opening without questions or panel."""
    hana = HiringManagerFactory(name="Hana Berg")
    candidate = CandidateFactory(opening=OpeningFactory(managers=[hana]), name="Ada Okafor")
    return hana, ended_interview(candidate=candidate, **fields)


def three_seats(interview: Interview) -> tuple[Panelist, Panelist, Panelist]:
    return seat(interview, "Mira Rahman", "lead"), seat(interview, "Jo Tanaka"), seat(interview, "Luc Perrin")


def body(response: Any) -> str:
    """The page without the token, which is another one each time."""
    return re.sub(r"[A-Za-z0-9]{64}", "", response.content.decode())


def opened_early(interview: Interview, by: Any, reason: str = "She has another offer.") -> EarlyDebrief:
    opened: EarlyDebrief = EarlyDebrief.objects.create(interview=interview, opened_by=by, reason=reason, opened_at=END)
    return opened


def large_panel(interview: Interview) -> None:
    """Twelve panelists who rated thirty questions, all submitted."""
    asked = questions(interview, 30)
    for number in range(12):
        panelist = seat(interview, f"Panelist {number}")
        for question in asked:
            rate(panelist, question, 1 + number % 4)
        submit(panelist)


class DebriefCase(TestCase):
    """A panel of three with nothing submitted, and the manager's debrief of it."""

    def setUp(self) -> None:
        self.hana, self.interview = managed_interview()
        self.mira, self.jo, self.luc = three_seats(self.interview)

    def submit_all(self, *others: Panelist) -> None:
        for panelist in (self.mira, self.jo, self.luc, *others):
            submit(panelist)

    def debrief(self) -> Debrief:
        return debrief(debrief_access(self.hana, self.interview))
