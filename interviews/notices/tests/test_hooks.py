import datetime as dt
from unittest import mock

from interviews.models import HookMessage, Notice, Opening
from interviews.notices import hooks, tasks
from interviews.notices.tests.test_telling import NOW, NoticeCase
from interviews.notices.web_posts import AddressRefused, NotTaken

HOUR = dt.timedelta(hours=1)


class HookTests(NoticeCase):
    def setUp(self):
        super().setUp()
        Opening.objects.update(hook_url="https://hooks.example.org/x")
        self.interview.refresh_from_db()
        self.post = self.enterContext(mock.patch.object(hooks, "post"))

    def announce(self, kind=Notice.Kind.DECIDED):
        hooks.announce(kind, interview=type(self.interview).objects.get(), at=NOW)

    def failure(self):
        return Opening.objects.get().hook_failure

    def test_it_names_nobody_unless_the_opening_allows_it(self):
        for allowed in (False, True):
            Opening.objects.update(hook_has_names=allowed)
            self.announce()
            text = HookMessage.objects.latest("pk").text
            self.assertIn("Decided: interview", text)
            self.assertIn("Senior backend engineer, 20 November, 15:00 (Malta). http://testserver/interviews/", text)
            self.assertEqual("Ada Okafor" in text, allowed)

    def test_a_title_calls_nobody_in_the_channel(self):
        Opening.objects.update(title="Engineer <!channel>")
        self.announce()
        self.assertIn("Engineer ‹!channel›", HookMessage.objects.get().text)

    def test_without_an_address_and_for_practice_there_is_none(self):
        for fields in ({"is_practice": True}, {"hook_url": ""}):
            Opening.objects.update(**fields)
            self.announce()
        self.assertFalse(HookMessage.objects.exists())

    def test_all_in_is_announced_with_the_notices_and_sent_by_the_worker(self):
        self.submit_all()
        with self.captureOnCommitCallbacks() as callbacks:
            self.complete()
        self.assertEqual(HookMessage.objects.count(), 1)
        with mock.patch.object(tasks.timezone, "now", return_value=NOW):
            for callback in callbacks:
                callback()
            tasks.send_waiting_messages.call_local()
        [(address, content)] = [call.args for call in self.post.call_args_list]
        self.assertEqual(address, "https://hooks.example.org/x")
        self.assertTrue(content["text"].startswith("All scorecards in: interview for"))
        self.assertFalse(HookMessage.objects.exists())

    def test_what_is_not_taken_is_tried_again_for_a_day_and_said(self):
        self.announce()
        self.post.side_effect = NotTaken("The server responded with 500.")
        hooks.send_waiting(at=NOW)
        hooks.send_waiting(at=NOW + dt.timedelta(seconds=59))
        self.assertEqual((self.post.call_count, self.failure()), (1, "The server responded with 500."))
        self.post.side_effect = None
        hooks.send_waiting(at=NOW + HOUR)
        self.assertEqual((HookMessage.objects.count(), self.failure()), (0, ""))
        self.announce()
        self.post.side_effect = NotTaken("The server responded with 500.")
        hooks.send_waiting(at=NOW + 24 * HOUR)
        self.assertFalse(HookMessage.objects.exists())

    def test_a_server_that_takes_nothing_is_asked_once_at_a_time(self):
        self.announce()
        self.announce()
        self.post.side_effect = NotTaken("The server can’t be reached.")
        hooks.send_waiting(at=NOW)
        self.assertEqual((self.post.call_count, HookMessage.objects.filter(attempts=0).count()), (1, 1))

    def test_what_waits_for_an_address_that_was_removed_is_dropped_without_a_complaint(self):
        self.announce()
        Opening.objects.update(hook_url="")
        self.post.side_effect = AddressRefused("The address must begin with https://.")
        hooks.send_waiting(at=NOW)
        self.assertEqual((HookMessage.objects.count(), self.failure()), (0, ""))

    def test_what_is_refused_for_good_is_given_up_at_once(self):
        for refusal in (AddressRefused("Inside."), NotTaken("The server responded with 404.", is_final=True)):
            self.announce()
            self.post.side_effect = refusal
            hooks.send_waiting(at=NOW)
            self.assertEqual((HookMessage.objects.count(), self.failure()), (0, str(refusal)))
