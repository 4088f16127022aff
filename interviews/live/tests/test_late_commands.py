import uuid
from unittest import mock

from interviews.live import late_commands
from interviews.live.tests.call_case import CallCase


class TestKeep(CallCase):
    def test_late_changes(self):
        self.browser.send("end")
        self.browser.send("submit")
        ballast = {"question": None, "text": "Vary", "is_done": False, "more": "x" * 30_000}
        self.assert_refused(self.browser.send("loose_end", str(uuid.uuid4()), ballast), 413, "too large to save")
        with mock.patch.object(late_commands, "MOST_LATE", 1):
            self.assertEqual(self.browser.send("rate", self.first.pk, 1).status_code, 200)
            self.assertEqual(self.browser.send("rate", self.first.pk, 2).status_code, 200)
            self.assert_refused(self.browser.send("note", None, "x", base_rev=0), 413, "waiting for your revision")
