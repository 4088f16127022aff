from accounts.alerts import tell_administrators
from accounts.factories import AdministratorFactory, CuratorFactory
from mail.models import Mail
from mail.tests.mail_case import NOW, REFUSED, MailCase, failing


class TellAdministratorsTests(MailCase):
    def test_each_active_one_is_told_once_an_hour(self):
        AdministratorFactory(email="ana@example.org")
        AdministratorFactory(is_active=False)
        CuratorFactory()
        for _ in range(3):
            tell_administrators(kind="mail_given_up", at=NOW, context={"mail": Mail(kind="invitation")})
        self.assertEqual([row.to for row in Mail.objects.all()], ["ana@example.org"])


class EmailGivenUpTests(MailCase):
    def test_administrators_are_told_in_words(self):
        ana = AdministratorFactory(name="Ana Silva", email="ana@example.org")
        with failing(REFUSED), self.assertLogs("mail.delivery", "ERROR"):
            self.deliver(self.store())
        told = Mail.objects.get(to=ana.email)
        self.assertEqual(told.kind, "mail_given_up")
        for words in ("To: jo@example.org", "Email: Invitation", "The email server rejects this address."):
            self.assertIn(words, told.text)

    def test_an_email_about_one_does_not_report_itself(self):
        AdministratorFactory(email="ana@example.org")
        row = self.store(kind="mail_given_up", to="ana@example.org", context={"mail": Mail(kind="invitation")})
        with failing(REFUSED), self.assertLogs("mail.delivery", "ERROR"):
            self.deliver(row)
        self.assertEqual(Mail.objects.count(), 1)
