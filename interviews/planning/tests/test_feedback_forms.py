from interviews.planning.feedback_forms import FeedbackForm
from interviews.planning.tests.test_stages import StagesCase


class FeedbackFormTests(StagesCase):
    def test_the_draft_is_shown_until_something_is_saved(self):
        for saved, shown in (("", "Dear Ada"), ("Thanks.", "Thanks.")):
            self.candidate.feedback = saved
            form = FeedbackForm(instance=self.candidate, by=self.hana, draft="Dear Ada")
            self.assertEqual(form["feedback"].value(), shown)
