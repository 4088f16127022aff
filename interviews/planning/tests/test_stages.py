import datetime as dt

from django.test import TestCase

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import START, CandidateFactory, InterviewFactory, OpeningFactory
from interviews.models import Candidate, Interview, Panelist
from interviews.models.stages import add_stages
from interviews.planning import stages
from interviews.refusals import NotAllowed
from interviews.tests.submitting import submit

LEAD, INTERVIEWER = Panelist.Part.LEAD, Panelist.Part.INTERVIEWER


class StagesCase(TestCase):
    def setUp(self):
        self.hana = HiringManagerFactory(name="Hana Berg")
        self.opening = OpeningFactory(managers=[self.hana])
        add_stages(self.opening)
        self.candidate = CandidateFactory(opening=self.opening, name="Ada Okafor", stage=self.stage("Technical"))

    def stage(self, name):
        return self.opening.stages.get(name=name)

    def history(self):
        return [
            (change.get_kind_display(), change.was, change.now, change.by) for change in self.candidate.changes.all()
        ]


class SetStagesTests(StagesCase):
    def names(self):
        return [stage.name for stage in self.opening.stages.current()]

    def test_they_are_renamed_added_and_put_in_order(self):
        technical = self.stage("Technical")
        stages.set_stages(opening=self.opening, names=["Screen", "Applied", "Pairing", "Team", "Onsite", "Offer"])
        self.assertEqual(self.names(), ["Screen", "Applied", "Pairing", "Team", "Onsite", "Offer"])
        technical.refresh_from_db()
        self.assertEqual(technical.name, "Pairing")

    def test_one_with_candidates_stays(self):
        with self.assertRaisesMessage(stages.StageInUse, "Candidates are in “Technical”"):
            stages.set_stages(opening=self.opening, names=["Applied", "Screen", "Offer"])
        self.assertEqual(len(self.names()), 5)

    def test_interviews_keep_one_that_was_removed_and_it_may_come_back(self):
        interview = InterviewFactory(script=None, candidate=self.candidate, stage=self.stage("Screen"))
        stages.set_stages(opening=self.opening, names=["Applied", "Technical"])
        self.assertEqual(self.names(), ["Applied", "Technical"])
        self.assertEqual(str(Interview.objects.get(pk=interview.pk).stage), "Screen")
        stages.set_stages(opening=self.opening, names=["Applied", "Screen", "Technical"])
        self.assertEqual(interview.stage, self.stage("Screen"))

    def test_candidates_without_one_are_put_into_the_first(self):
        other = CandidateFactory(opening=self.opening)
        stages.set_stages(opening=self.opening, names=self.names())
        self.assertEqual(str(Candidate.objects.get(pk=other.pk).stage), "Applied")


class MoveTests(StagesCase):
    def move(self, name, by=None):
        stages.move(candidate=self.candidate, stage_pk=self.stage(name).pk, by=by or self.hana, at=START)

    def test_it_is_in_the_history_once(self):
        self.move("Onsite")
        self.move("Onsite")
        self.assertEqual(str(Candidate.objects.get().stage), "Onsite")
        self.assertEqual(self.history(), [("Moved to", "Technical", "Onsite", self.hana)])

    def test_a_stage_of_another_opening_is_refused(self):
        other = OpeningFactory()
        add_stages(other)
        with self.assertRaises(stages.NotHere):
            stages.move(candidate=self.candidate, stage_pk=other.stages.first().pk, by=self.hana, at=START)

    def test_others_than_managers_are_refused(self):
        with self.assertRaises(NotAllowed):
            self.move("Onsite", by=InterviewerFactory())

    def test_a_manager_on_the_panel_learns_nothing_before_they_have_submitted(self):
        ines = HiringManagerFactory(roles=["Hiring manager", "Interviewer"])
        self.opening.managers.add(ines)
        panel = [(InterviewerFactory(), LEAD), (ines, INTERVIEWER)]
        interview = InterviewFactory(script=None, candidate=self.candidate, ended=True, panel=panel)
        with self.assertRaises(stages.StillOwing):
            self.move("Onsite", by=ines)
        self.assertIsNone(stages.known_stage(ines, self.candidate))
        self.assertEqual(str(stages.known_stage(self.hana, self.candidate)), "Technical")
        submit(interview.panelists.get(user=ines), at=START, recommendation=3, because="Measures.")
        self.move("Onsite", by=ines)
        self.assertEqual(str(Candidate.objects.get().stage), "Onsite")


class SettleTests(StagesCase):
    def test_another_reason_for_the_same_outcome_is_recorded(self):
        for reason in ("No SQL.", "No SQL, and no time."):
            stages.settle(candidate=self.candidate, outcome="rejected", reason=reason, by=self.hana, at=START)
        reasons = list(self.candidate.changes.values_list("reason", flat=True))
        self.assertEqual(reasons, ["No SQL.", "No SQL, and no time."])
        self.assertEqual(Candidate.objects.get().outcome_reason, reasons[1])

    def test_what_is_planned_is_cancelled_in_words_that_tell_nothing(self):
        interview = InterviewFactory(script=None, candidate=self.candidate)
        for _ in range(2):
            stages.settle(candidate=self.candidate, outcome="hired", reason="The best.", by=self.hana, at=START)
        candidate, interview = Candidate.objects.get(), Interview.objects.get(pk=interview.pk)
        self.assertEqual((candidate.outcome, candidate.outcome_reason), ("hired", "The best."))
        self.assertEqual((interview.status, interview.cancel_reason), ("cancelled", stages.NO_LONGER_IN_PROCESS))
        self.assertEqual(self.history(), [("Hired", "", "", self.hana)])
        with self.assertRaisesMessage(stages.Settled, "This candidate was hired."):
            stages.known_stage(self.hana, candidate)
        candidate.reinstate(by=self.hana, at=START + dt.timedelta(hours=1))
        candidate.reinstate(by=self.hana, at=START + dt.timedelta(hours=2))
        self.assertEqual(Candidate.objects.get().outcome, "")
        self.assertEqual([kind for kind, *_ in self.history()], ["Hired", "Reinstated"])
