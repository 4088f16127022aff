from accounts.factories import InterviewerFactory
from interviews.factories import START, InterviewFactory
from interviews.planning import feedback
from interviews.planning.tests.test_stages import LEAD, StagesCase
from interviews.tests.deciding import decide
from interviews.tests.submitting import submit


class DraftTests(StagesCase):
    def setUp(self):
        super().setUp()
        panel = [(InterviewerFactory(name="Mira Rahman"), LEAD)]
        self.interview = InterviewFactory(script=None, candidate=self.candidate, ended=True, panel=panel)
        submit(self.interview.panelists.get(), at=START, recommendation=1, because="Mira heard nothing.")

    def draft(self):
        decision = feedback.decision_known_to(reader=self.hana, candidate=self.candidate)
        return feedback.draft(candidate=self.candidate, decision=decision, by=self.hana)

    def test_it_tells_the_decision_but_not_its_reason(self):
        self.assertIn("Dear Ada Okafor,", self.draft())
        decide(self.interview, "decline", by=self.hana)
        text = self.draft()
        self.assertIn("decided not to take", text)
        for word in ("Said so.", "Mira", "heard nothing", "Strong no"):
            self.assertNotIn(word, text)

    def test_whom_of_the_panel_it_names(self):
        mira = ["Mira Rahman"]
        for text, named in (("Thank mira for", mira), ("Mira’s", mira), ("As Mira, said.", mira), ("admirable", [])):
            self.assertEqual(feedback.named_panelists(candidate=self.candidate, text=text), named)

    def test_the_email_has_subject_and_text(self):
        self.assertEqual(feedback.mail_address(candidate=self.candidate, text="Hi"), "")
        self.candidate.email = "ada+jobs@example.org"
        address = feedback.mail_address(candidate=self.candidate, text="Hi\n&")
        self.assertTrue(address.startswith("mailto:ada+jobs@example.org?subject=Your%20application"))
        self.assertTrue(address.endswith("&body=Hi%0D%0A%26"))
        self.assertEqual(feedback.mail_address(candidate=self.candidate, text="x" * 2_000), "")
