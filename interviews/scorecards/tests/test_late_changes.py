from interviews.scorecards.tests.test_views_revisions import RevisionCase


class TestLateChanges(RevisionCase):
    def test_every_kind_of_late_change_has_its_words(self):
        self.browser.send(
            "unlisted", "7b0f3f0e-6a3c-4a39-9f8b-0a5a3f3f1c11", {"question": self.question.pk, "text": "ETag"}
        )
        self.browser.send("flag", self.question.pk, {"flag": "depth", "on": True})
        self.browser.send(
            "loose_end", "7b0f3f0e-6a3c-4a39-9f8b-0a5a3f3f1c12", {"text": "Ask Jo", "question": None, "is_done": False}
        )
        self.browser.send("unlisted_tick", "7b0f3f0e-6a3c-4a39-9f8b-0a5a3f3f1c13", True)
        self.browser.send("note", None, "Whole", base_rev=0)
        response = self.client.get(self.url)
        for words in (
            "Extra point: ETag",
            f"Flag on “{self.question.prompt}”: went deep",
            "Follow up later: Ask Jo",
            "Ticked: a point",
            "General notes: Whole",
        ):
            self.assertContains(response, words)
