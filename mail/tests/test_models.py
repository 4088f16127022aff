from mail.models import Mail
from mail.tests.mail_case import MINUTE, NOW, MailCase


class ClaimTests(MailCase):
    def test_two_workers_do_not_send_the_same(self):
        row = self.store()
        self.assertTrue(row.claim(at=NOW))
        self.assertFalse(Mail.objects.get().claim(at=NOW + MINUTE))

    def test_what_a_killed_worker_left_behind_is_taken_up_again(self):
        self.store().claim(at=NOW)
        later = NOW + Mail.LEASE + MINUTE
        self.assertTrue(Mail.objects.due(later).get().claim(at=later))
