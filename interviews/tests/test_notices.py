"""What each act tells people, across the rooms."""

from accounts.models import User
from interviews.debriefs.decisions import decide
from interviews.debriefs.early_debrief import open_early
from interviews.debriefs.tests.test_decisions import new
from interviews.live import closing, outcomes
from interviews.models import Interview
from interviews.notices.tests.test_telling import NOW, NoticeCase
from interviews.tests.submitting import submit


class ActsTests(NoticeCase):
    def test_opened_early_readers_are_told_but_who_opened_it(self):
        submit(self.mira)
        open_early(user=self.hana, interview_id=self.interview.pk, reason="She can’t wait.", at=NOW)
        self.assertEqual(self.told(), [("Mira", "opened")])
        self.assertNotIn("wait", self.mails()[0].text)

    def test_decided_readers_are_told_without_the_decision(self):
        self.submit_all()
        decided = new("decline", "Too little depth.", against="Said so.")
        decide(user=User.objects.get(pk=self.hana.pk), interview_id=self.interview.pk, new=decided, at=NOW)
        self.assertEqual(self.told(), [(name, "decided") for name in ("Jo", "Luc", "Mira")])
        text = "".join(mail.subject + mail.text for mail in self.mails())
        self.assertIn("Decided by Hana Berg", text)
        for secret in ("Decline", "depth", "Okafor"):
            self.assertNotIn(secret, text)

    def test_a_no_show_is_told_to_managers_who_did_not_say_so(self):
        Interview.objects.update(status="live", ended_at=None)
        interview = Interview.objects.get()
        outcomes.call_off(
            interview=interview, outcome=outcomes.NO_SHOW, reason="Nobody came.", by=self.mira.user, at=NOW
        )
        self.assertEqual(self.told(), [("Hana", "no_show")])

    def test_an_automatic_end_is_told_to_lead_and_managers(self):
        Interview.objects.update(status="live", ended_at=None)
        closing.end_forgotten(at=NOW)
        self.assertEqual(self.told(), [("Hana", "ended"), ("Mira", "ended")])
