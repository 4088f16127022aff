from django.test import TestCase

from accounts.factories import InterviewerFactory
from interviews.factories import (
    InterviewFactory,
    LooseEndFactory,
    NoteFactory,
    OpeningFactory,
    PanelistFactory,
    RatingFactory,
    ScorecardFactory,
    ScriptedQuestionFactory,
    TickFactory,
    UnlistedPointFactory,
)
from interviews.models import Panelist


class InterviewFactoryTests(TestCase):
    def test_small_script_is_really_frozen(self):
        interview = InterviewFactory()
        self.assertEqual(interview.questions.count(), 3)
        point = interview.questions.in_order()[0].points.get(leads_to__isnull=False)
        self.assertEqual(point.leads_to.condition, "when caching comes up")

    def test_each_state_has_its_times(self):
        self.assertTrue(InterviewFactory(live=True).is_live)
        self.assertTrue(InterviewFactory(ended=True).is_ended)
        self.assertTrue(InterviewFactory(cancelled=True).is_cancelled)

    def test_panel_is_seated_and_policy_is_the_openings(self):
        jo = InterviewerFactory()
        opening = OpeningFactory(managers=[], blind_policy="never")
        interview = InterviewFactory(script=None, candidate__opening=opening, panel=[(jo, Panelist.Part.SHADOW)])
        self.assertEqual(interview.panelists.get().user, jo)
        self.assertTrue(interview.panelists.get().is_shadow)
        self.assertEqual((interview.opening, interview.blind_policy), (opening, "never"))
        self.assertEqual(interview.questions.count(), 0)


class EvidenceFactoriesTests(TestCase):
    def test_author_sits_on_the_panel_of_the_questions_interview(self):
        for made in (RatingFactory(), NoteFactory()):
            self.assertEqual(made.panelist.interview, made.question.interview)
        tick, unlisted = TickFactory(), UnlistedPointFactory()
        self.assertEqual(tick.panelist.interview, tick.point.question.interview)
        self.assertEqual(unlisted.author.interview, unlisted.question.interview)
        heard = TickFactory(point=None, unlisted_point=unlisted, panelist=unlisted.author)
        self.assertEqual(heard.unlisted_point, unlisted)

    def test_the_rest_stands_by_itself(self):
        loose_end = LooseEndFactory()
        self.assertEqual(loose_end.interview, loose_end.panelist.interview)
        self.assertFalse(ScorecardFactory(panelist=PanelistFactory()).is_submitted)
        self.assertTrue(ScriptedQuestionFactory(asked=True).is_asked)
        self.assertTrue(ScriptedQuestionFactory(skipped=True).is_skipped)
