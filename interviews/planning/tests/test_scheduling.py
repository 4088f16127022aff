import datetime as dt
from dataclasses import replace

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from accounts.factories import CuratorFactory, HiringManagerFactory, InterviewerFactory
from finding.searching import fold
from interviews.factories import (
    START,
    CandidateFactory,
    InterviewFactory,
    LooseEndFactory,
    NoteFactory,
    OpeningFactory,
    RatingFactory,
    TickFactory,
    UnlistedPointFactory,
    small_script,
)
from interviews.models import Candidate, Interview, Panelist, ScriptedQuestion
from interviews.planning.plan_merging import Plan
from interviews.planning.scheduling import (
    AlreadyOver,
    AlreadyStarted,
    CandidateMoved,
    OpeningClosed,
    PanelInvalid,
    PolicyLooser,
    ScriptEmpty,
    ScriptWrittenOn,
    cancel_interview,
    change_interview,
    schedule_interview,
)
from question_bank.factories import QuestionFactory, ScriptFactory, ScriptItemFactory, SectionFactory
from question_bank.models import Question

LEAD, INTERVIEWER, SHADOW = Panelist.Part.LEAD, Panelist.Part.INTERVIEWER, Panelist.Part.SHADOW
NOW = START - dt.timedelta(days=2)


def one_question(prompt):
    item = ScriptItemFactory(question=QuestionFactory(prompt=prompt))
    return item.section.script


class ScheduleInterviewTests(TestCase):
    def schedule(self, **changes):
        candidate = changes.pop("candidate", None) or CandidateFactory()
        plan = {"scheduled_for": START, "time_zone": "Asia/Tokyo", "minutes": 45} | changes
        plan["script"] = plan.get("script") or small_script()
        plan["panel"] = tuple(plan["panel"]) if "panel" in plan else ((InterviewerFactory(), LEAD),)
        return schedule_interview(candidate=candidate, plan=Plan(**plan), at=NOW)

    def test_plan_is_kept_with_the_name_and_version_of_the_script(self):
        script = one_question("Why?")
        script.name, script.version = "Backend", 4
        interview = self.schedule(script=script)
        interview.refresh_from_db()
        self.assertEqual((interview.script_name, interview.script_version), ("Backend", 4))
        self.assertEqual((interview.scheduled_for, interview.time_zone, interview.minutes), (START, "Asia/Tokyo", 45))
        self.assertEqual((interview.created_at, interview.status), (NOW, "scheduled"))
        self.assertEqual(interview.opening, interview.candidate.opening)

    def test_panel_is_read_with_its_lead_first_and_shadows_last(self):
        sam, jo, mira = (InterviewerFactory(name=name) for name in ("Sam", "Jo", "Mira"))
        interview = self.schedule(panel=[(sam, "shadow"), (jo, "interviewer"), (mira, LEAD)])
        self.assertEqual([seat.user for seat in interview.panelists.all()], [mira, jo, sam])

    def test_script_is_frozen(self):
        interview = self.schedule(script=one_question("Why a queue?"))
        self.assertEqual(interview.questions.get().prompt, "Why a queue?")

    def test_blind_policy_is_copied_from_the_opening(self):
        opening = OpeningFactory(blind_policy="after_all", is_fully_blind=True)
        interview = self.schedule(candidate=CandidateFactory(opening=opening))
        opening.blind_policy, opening.is_fully_blind = "after_own", False
        opening.save()
        interview.refresh_from_db()
        self.assertEqual((interview.blind_policy, interview.is_fully_blind), ("after_all", True))

    def test_panel_is_seated_with_its_parts(self):
        mira, jo, sam = InterviewerFactory(), HiringManagerFactory(), InterviewerFactory()
        interview = self.schedule(panel=[(jo, INTERVIEWER), (mira, LEAD), (sam, SHADOW)])
        seats = {seat.user: seat.part for seat in interview.panelists.all()}
        self.assertEqual(seats, {mira: LEAD, jo: INTERVIEWER, sam: SHADOW})

    def test_closed_opening_is_refused(self):
        candidate = CandidateFactory(opening__closed_at=NOW)
        with self.assertRaises(OpeningClosed):
            self.schedule(candidate=candidate)
        self.assertEqual(Interview.objects.count(), 0)

    def test_a_candidate_who_went_elsewhere_meanwhile_is_refused(self):
        candidate, other = CandidateFactory(), OpeningFactory()
        for change in (lambda rows: rows.update(opening=other), lambda rows: rows.delete()):
            change(Candidate.objects.filter(pk=candidate.pk))
            with self.assertRaises(CandidateMoved):
                self.schedule(candidate=candidate)
        self.assertFalse(Interview.objects.exists())

    def test_script_without_a_published_question_is_refused(self):
        item = ScriptItemFactory(question__status=Question.Status.DRAFT)
        for script in (ScriptFactory(), item.section.script):
            with self.subTest(script=script), self.assertRaises(ScriptEmpty):
                self.schedule(script=script)
        self.assertEqual(Interview.objects.count(), 0)

    def test_panel_needs_exactly_one_lead_each_once_interviewers_only(self):
        mira, jo = InterviewerFactory(), InterviewerFactory()
        gone = InterviewerFactory(is_active=False)
        for panel in (
            [],
            [(mira, INTERVIEWER)],
            [(mira, LEAD), (jo, LEAD)],
            [(mira, LEAD), (mira, SHADOW)],
            [(mira, LEAD), (CuratorFactory(), INTERVIEWER)],
            [(gone, LEAD)],
        ):
            with self.subTest(panel=panel), self.assertRaises(PanelInvalid):
                self.schedule(panel=panel)
        self.assertEqual(Interview.objects.count(), 0)
        self.assertEqual(ScriptedQuestion.objects.count(), 0)


class ChangeInterviewTests(TestCase):
    def setUp(self):
        self.mira, self.jo = InterviewerFactory(name="Mira"), InterviewerFactory(name="Jo")

    def interview(self, **fields):
        return InterviewFactory(panel=[(self.mira, LEAD), (self.jo, INTERVIEWER)], **fields)

    def change(self, interview, **changes):
        plan = {
            "script": None, "scheduled_for": START, "time_zone": "Europe/Malta", "minutes": 60,
            "panel": [(self.mira, LEAD), (self.jo, INTERVIEWER)],
        } | changes  # fmt: skip
        plan["panel"] = tuple(plan["panel"])
        return change_interview(interview=interview, plan=Plan(**plan), by=self.mira, at=NOW)

    def test_time_zone_and_length_are_kept(self):
        interview = self.interview()
        later = START + dt.timedelta(days=1)
        self.change(interview, scheduled_for=later, time_zone="Asia/Tokyo", minutes=90)
        interview.refresh_from_db()
        self.assertEqual((interview.scheduled_for, interview.time_zone, interview.minutes), (later, "Asia/Tokyo", 90))

    def test_same_or_no_script_leaves_what_is_frozen_alone(self):
        interview = self.interview()
        before = list(interview.questions.values_list("pk", flat=True))
        self.change(interview)
        self.change(interview, script=interview.script)
        self.assertEqual(list(interview.questions.values_list("pk", flat=True)), before)

    def test_another_script_is_frozen_instead(self):
        interview = self.interview()
        script = one_question("Something else?")
        self.change(interview, script=script)
        interview.refresh_from_db()
        self.assertEqual((interview.script, interview.script_name), (script, script.name))
        self.assertEqual([q.prompt for q in interview.questions.all()], ["Something else?"])
        self.assertEqual(interview.folded_script, fold(script.name))

    def test_script_stays_once_the_call_has_started(self):
        interview = self.interview(live=True)
        with self.assertRaises(AlreadyStarted):
            self.change(interview, script=one_question("Something else?"), minutes=90)
        interview.refresh_from_db()
        self.assertEqual((interview.questions.count(), interview.minutes), (3, 60))

    def test_script_stays_when_somebody_has_written_or_rated_at_its_questions(self):
        for factory in (NoteFactory, RatingFactory):
            interview = self.interview()
            row = factory(question=interview.questions.in_order()[0], panelist=interview.panelists.get(user=self.mira))
            with self.subTest(factory=factory):
                self.assert_script_stays(interview)
            self.assertTrue(type(row).objects.filter(pk=row.pk).exists())

    def assert_script_stays(self, interview):
        with self.assertRaises(ScriptWrittenOn):
            self.change(interview, script=one_question("Something else?"))

    def test_script_of_a_call_that_broke_off_and_was_rescheduled_stays_with_its_records(self):
        """What was heard and asked was deleted with the questions."""
        for record in (
            lambda question, mira: TickFactory(point=question.points.first(), panelist=mira),
            lambda question, mira: TickFactory(
                point=None, unlisted_point=UnlistedPointFactory(question=question, author=mira), panelist=mira
            ),
            lambda question, mira: type(question).objects.filter(pk=question.pk).update(state="asked", asked_at=NOW),
            lambda question, mira: type(question).objects.filter(pk=question.pk).update(added_at=NOW),
        ):
            interview = self.interview()
            record(interview.questions.in_order()[0], interview.panelists.get(user=self.mira))
            with self.subTest(record=record):
                self.assert_script_stays(interview)

    def test_notes_on_the_whole_interview_and_loose_ends_outlive_the_script(self):
        interview = self.interview()
        mira = interview.panelists.get(user=self.mira)
        note = NoteFactory(question=None, panelist=mira)
        loose_end = LooseEndFactory(panelist=mira, question=interview.questions.in_order()[0])
        self.change(interview, script=one_question("Something else?"))
        note.refresh_from_db()
        loose_end.refresh_from_db()
        self.assertEqual((note.text, loose_end.question), ("Measured first.", None))

    def test_empty_script_changes_nothing(self):
        interview = self.interview()
        with self.assertRaises(ScriptEmpty):
            self.change(interview, script=SectionFactory().script, minutes=90)
        interview.refresh_from_db()
        self.assertEqual((interview.questions.count(), interview.minutes), (3, 60))

    def test_lead_can_be_handed_over(self):
        interview = self.interview(live=True)
        self.change(interview, panel=[(self.mira, INTERVIEWER), (self.jo, LEAD)])
        self.assertEqual(interview.panelists.get(user=self.jo).part, LEAD)
        self.assertEqual(interview.panelists.get(user=self.mira).part, INTERVIEWER)

    def test_who_leaves_keeps_their_row_and_may_come_back(self):
        interview = self.interview()
        seat = interview.panelists.get(user=self.jo)
        self.change(interview, panel=[(self.mira, LEAD)])
        seat.refresh_from_db()
        self.assertEqual(seat.left_at, NOW)
        self.change(interview, panel=[(self.mira, LEAD), (self.jo, SHADOW)])
        seat.refresh_from_db()
        self.assertEqual((seat.left_at, seat.part), (None, SHADOW))
        self.assertEqual(interview.panelists.count(), 2)

    def test_lead_who_left_makes_room_for_another(self):
        interview = self.interview()
        self.change(interview, panel=[(self.jo, LEAD)])
        self.assertEqual(interview.panelists.current().get(part=LEAD).user, self.jo)

    def test_number_of_a_panelists_stream_is_left_alone(self):
        interview = self.interview()
        stale = interview.panelists.get(user=self.jo)
        Panelist.objects.filter(pk=stale.pk).update(seq=7)
        self.change(interview, panel=[(self.mira, LEAD), (self.jo, SHADOW)])
        with CaptureQueriesContext(connection) as queries:
            self.change(interview, panel=[(self.mira, LEAD), (self.jo, INTERVIEWER)])
        written = [query["sql"] for query in queries if query["sql"].startswith('UPDATE "interviews_panelist"')]
        self.assertEqual(len(written), 1)
        self.assertNotIn('"seq"', written[0])

    def test_who_lost_the_role_may_stay_but_not_come_anew(self):
        interview = self.interview()
        self.jo.groups.clear()
        jo = type(self.jo).objects.get(pk=self.jo.pk)
        self.change(interview, panel=[(self.mira, LEAD), (jo, INTERVIEWER)])
        self.change(interview, panel=[(self.mira, LEAD)])
        with self.assertRaises(PanelInvalid):
            self.change(interview, panel=[(self.mira, LEAD), (jo, INTERVIEWER)])

    def test_ended_and_cancelled_interviews_do_not_change(self):
        for state in ("ended", "cancelled"):
            interview = self.interview(**{state: True})
            with self.subTest(state=state), self.assertRaises(AlreadyOver):
                self.change(interview, minutes=90)
            interview.refresh_from_db()
            self.assertEqual(interview.minutes, 60)


class CancelInterviewTests(TestCase):
    def test_reason_and_time_are_kept(self):
        interview = InterviewFactory()
        cancel_interview(interview=interview, reason="Withdrawn.", by=InterviewerFactory(), at=NOW)
        interview.refresh_from_db()
        self.assertEqual(
            (interview.status, interview.cancel_reason, interview.cancelled_at), ("cancelled", "Withdrawn.", NOW)
        )

    def test_live_ended_and_cancelled_ones_are_refused(self):
        for state, refusal in (("live", AlreadyStarted), ("ended", AlreadyOver), ("cancelled", AlreadyOver)):
            interview = InterviewFactory(**{state: True})
            with self.subTest(state=state), self.assertRaises(refusal):
                cancel_interview(interview=interview, reason="Withdrawn.", by=InterviewerFactory(), at=NOW)
            interview.refresh_from_db()
            self.assertEqual((interview.status, interview.cancel_reason), (state, ""))


class PolicyTests(TestCase):
    """What the panel was promised when it was planned: it becomes stricter, never looser."""

    def change(self, interview, **policy):
        seats = [(seat.user, seat.part) for seat in interview.panelists.all()]
        plan = Plan(
            script=None, scheduled_for=START, time_zone="Europe/Malta", minutes=60, panel=tuple(seats), **policy
        )
        change_interview(interview=interview, plan=plan, by=seats[0][0], at=NOW)
        interview.refresh_from_db()

    def test_stricter_is_taken_and_looser_is_refused(self):
        interview = InterviewFactory(panel=[(InterviewerFactory(), LEAD)])
        self.change(interview, blind_policy="after_all")
        self.assertEqual(interview.blind_policy, "after_all")
        for looser in ("after_own", "whenever"):
            with self.subTest(looser), self.assertRaises(PolicyLooser):
                self.change(interview, blind_policy=looser)
        self.change(interview)
        self.assertEqual(interview.blind_policy, "after_all")

    def test_fully_blind_is_for_good_and_only_from_before_the_start(self):
        interview = InterviewFactory(panel=[(InterviewerFactory(), LEAD)])
        self.change(interview, is_fully_blind=True)
        self.change(interview, is_fully_blind=False)
        self.assertTrue(interview.is_fully_blind)
        live = InterviewFactory(live=True, panel=[(InterviewerFactory(), LEAD)])
        with self.assertRaises(AlreadyStarted):
            self.change(live, is_fully_blind=True)

    def test_shadow_of_a_live_call_stays_one_until_its_end(self):
        mira, sam = InterviewerFactory(), InterviewerFactory()
        interview = InterviewFactory(live=True, panel=[(mira, LEAD), (sam, SHADOW)])
        plan = replace(Plan.of(interview), panel=((mira, LEAD), (sam, INTERVIEWER)))
        with self.assertRaisesMessage(PanelInvalid, "keeps that role until it ends"):
            change_interview(interview=interview, plan=plan, by=mira, at=NOW)
