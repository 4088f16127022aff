from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory
from interviews.live.tests.call_case import CallCase
from interviews.models import Event, Interview
from interviews.tests.commanding import sender


class MinutesTests(CallCase):
    def minutes(self):
        return Interview.objects.get(pk=self.interview.pk).minutes

    def test_lead_makes_the_call_longer_for_all_and_undoes_it(self):
        answer = self.browser.send("minutes", value=65).json()
        self.assertEqual(self.minutes(), 65)
        self.assertEqual((Event.objects.get().kind, Event.objects.get().payload["minutes"]), ("panel", 65))
        self.browser.send("minutes", value=60, undoes=answer["receipt"])
        self.assertEqual(self.minutes(), 60)

    def test_undo_does_not_take_back_what_someone_else_set_since(self):
        mine = self.browser.send("minutes", value=65).json()["receipt"]
        jo = PanelistFactory(interview=self.interview)
        self.browser.send("lead", value=jo.pk)
        sender(jo).send("minutes", value=75)
        sender(jo).send("lead", value=self.lead.pk)
        stays = self.browser.send("minutes", value=60, undoes=mine).json()["result"]["stays"]
        self.assertIn("has changed this since", stays)
        self.assertEqual(self.minutes(), 75)

    def test_nobody_else_nor_before_the_call_nor_any_length(self):
        jo = PanelistFactory(interview=self.interview)
        self.assert_refused(sender(jo).send("minutes", value=65), 403, "Only the lead")
        for length in (4, 481, True, "65", None):
            self.assert_refused(self.browser.send("minutes", value=length), 422, "between 5 and 480 minutes")
        planned = LeadFactory(interview=InterviewFactory())
        self.assert_refused(sender(planned).send("minutes", value=65), 409, "not started yet")
