from django.utils import timezone

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import START, CandidateFactory, InterviewFactory, OpeningFactory
from interviews.models import Candidate
from interviews.planning import board
from interviews.planning.tests.test_stages import INTERVIEWER, LEAD, StagesCase


class BoardTests(StagesCase):
    def read(self, reader=None):
        return board.board_of(reader=reader or self.hana, opening=self.opening, now=timezone.now())

    def names(self, found):
        return {column.stage.name: [row.candidate.name for row in column.rows] for column in found.columns}

    def test_candidates_are_in_their_stage_until_they_leave(self):
        applied = self.stage("Applied")
        for name, more in (
            ("Bo", {}),
            ("Cy", {"withdrew_at": START}),
            ("Di", {"outcome": Candidate.Outcome.HIRED, "outcome_at": START}),
        ):
            CandidateFactory(opening=self.opening, stage=applied, name=name, **more)
        found = self.read()
        expected = {"Applied": ["Bo"], "Screen": [], "Technical": ["Ada Okafor"], "Onsite": [], "Offer": []}
        self.assertEqual(self.names(found), expected)
        self.assertEqual(found.settled_count, 2)
        self.assertEqual([str(column.next) for column in found.columns][2:], ["Onsite", "Offer", "None"])

    def test_an_opening_without_stages_has_no_columns(self):
        self.assertEqual(board.board_of(reader=self.hana, opening=OpeningFactory(), now=timezone.now()).columns, [])

    def test_a_column_shows_the_newest_and_counts_the_rest(self):
        for number in range(board.COLUMN_MAX + 3):
            CandidateFactory(opening=self.opening, stage=self.stage("Applied"), name=f"No {number}")
        with self.assertNumQueries(6):
            column = self.read().columns[0]
        self.assertEqual((len(column.rows), column.count, column.more), (board.COLUMN_MAX, board.COLUMN_MAX + 3, 3))
        self.assertEqual(column.rows[0].candidate.name, f"No {board.COLUMN_MAX + 2}")

    def test_a_manager_who_owes_a_scorecard_does_not_see_where_the_candidate_is(self):
        ines = HiringManagerFactory(roles=["Hiring manager", "Interviewer"])
        self.opening.managers.add(ines)
        panel = [(InterviewerFactory(), LEAD), (ines, INTERVIEWER)]
        InterviewFactory(script=None, candidate=self.candidate, ended=True, panel=panel)
        found = self.read(ines)
        self.assertEqual(self.names(found)["Technical"], [])
        self.assertEqual([column.count for column in found.columns], [0] * 5)
        self.assertEqual([row.candidate for row in found.hidden], [self.candidate])
        self.assertEqual(self.read().hidden, [])
