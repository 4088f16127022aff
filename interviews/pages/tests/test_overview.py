from django.test import TestCase
from django.utils import timezone

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import (
    START,
    InterviewFactory,
    NoteFactory,
    OpeningFactory,
    PanelistFactory,
    RatingFactory,
    ScorecardFactory,
    TickFactory,
    small_script,
)
from interviews.models import Panelist
from interviews.pages.overview import overview, script_of
from question_bank.factories import PointFactory, QuestionFactory, ScriptItemFactory, SectionFactory

LEAD, INTERVIEWER, SHADOW = Panelist.Part.LEAD, Panelist.Part.INTERVIEWER, Panelist.Part.SHADOW


class OverviewTests(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory()
        self.mira, self.jo, self.sam = InterviewerFactory(), InterviewerFactory(), InterviewerFactory()

    def interview(self, **fields):
        return InterviewFactory(
            script=None,
            candidate__opening=OpeningFactory(managers=[self.hana]),
            panel=[(self.mira, LEAD), (self.jo, INTERVIEWER), (self.sam, SHADOW)],
            **fields,
        )

    def seat(self, interview, user):
        return interview.panelists.get(user=user)

    def states(self, interview, reader=None):
        seats = overview(interview=interview, reader=reader or self.hana, now=timezone.now()).seats
        return {seat.panelist.user: seat.state for seat in seats}

    def submit(self, interview, *users):
        for user in users:
            ScorecardFactory(panelist=self.seat(interview, user), submitted_at=START)

    def test_reader_is_placed(self):
        interview = self.interview()
        seen = overview(interview=interview, reader=self.mira, now=timezone.now())
        self.assertEqual((seen.me, seen.is_manager), (self.seat(interview, self.mira), False))
        self.assertEqual(seen.my_seat.panelist, seen.me)
        seen = overview(interview=interview, reader=self.hana, now=timezone.now())
        self.assertEqual((seen.me, seen.my_seat, seen.is_manager), (None, None, True))

    def test_who_has_left_is_not_shown(self):
        interview = self.interview()
        Panelist.objects.filter(user=self.jo).update(left_at=START)
        self.assertEqual(set(self.states(interview)), {self.mira, self.sam})

    def test_before_the_end_nothing_is_said_of_scorecards(self):
        interview = self.interview(live=True)
        ScorecardFactory(panelist=self.seat(interview, self.mira))
        self.assertEqual(set(self.states(interview).values()), {""})

    def test_any_evidence_starts_a_scorecard(self):
        for begin in (
            lambda seat: NoteFactory(question=None, panelist=seat),
            lambda seat: RatingFactory(panelist=seat),
            lambda seat: TickFactory(panelist=seat),
            lambda seat: ScorecardFactory(panelist=seat),
        ):
            interview = self.interview(ended=True)
            begin(self.seat(interview, self.jo))
            self.assertEqual(
                self.states(interview), {self.mira: "not started", self.jo: "started", self.sam: "not started"}
            )

    def test_submitted_ones_are_readable_for_the_manager_and_shadows_are_not_waited_for(self):
        interview = self.interview(ended=True)
        self.submit(interview, self.mira)
        seen = overview(interview=interview, reader=self.hana, now=timezone.now())
        self.assertEqual([seat.panelist.user for seat in seen.readable], [self.mira])
        self.assertEqual([seat.panelist.user for seat in seen.outstanding], [self.jo])

    def test_panelist_reads_the_others_only_after_submitting(self):
        interview = self.interview(ended=True)
        self.submit(interview, self.mira)
        self.assertEqual(overview(interview=interview, reader=self.jo, now=timezone.now()).readable, [])
        self.submit(interview, self.jo)
        readable = {
            seat.panelist.user for seat in overview(interview=interview, reader=self.jo, now=timezone.now()).readable
        }
        self.assertEqual(readable, {self.mira, self.jo})

    def test_number_of_queries_is_constant(self):
        opening = OpeningFactory(managers=[self.hana])
        section = SectionFactory()
        for _ in range(10):
            PointFactory(question=ScriptItemFactory(section=section).question)
        for script, people in ((small_script(), 1), (section.script, 10)):
            interview = InterviewFactory(script=script, ended=True, candidate__opening=opening)
            for _ in range(people):
                ScorecardFactory(panelist=PanelistFactory(interview=interview), submitted_at=START)
            with self.subTest(people=people), self.assertNumQueries(11):
                overview(interview=interview, reader=self.hana, now=timezone.now())


class ScriptOfTests(TestCase):
    def test_questions_stand_in_their_sections_with_depth_and_points(self):
        section = SectionFactory(title="Speed", position=1)
        SectionFactory(script=section.script, title="Empty", position=2)
        top = QuestionFactory(prompt="top")
        PointFactory(question=top, text="names caching")
        QuestionFactory(prompt="deep", parent=QuestionFactory(prompt="below", parent=top))
        ScriptItemFactory(section=section, question=top)
        speed, empty = script_of(InterviewFactory(script=section.script), InterviewerFactory())
        self.assertEqual(
            [(card.question.prompt, card.depth) for card in speed.cards], [("top", 0), ("below", 1), ("deep", 2)]
        )
        points = [point.text for group in speed.cards[0].point_groups for point in group.points]
        self.assertEqual(points, ["names caching"])
        self.assertEqual(empty.cards, [])
