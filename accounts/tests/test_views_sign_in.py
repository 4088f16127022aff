from unittest import mock

import time_machine
from django.core import mail
from django.core.cache import caches
from django.test import TestCase, override_settings
from django.urls import reverse

from accounts import throttling
from accounts.factories import UserFactory
from accounts.invitations import invitation_link
from accounts.models import User
from audit.models import AuditEntry

WRONG = "Wrong email or password."
PASSWORD = "three calm words"


# A memory of its own: its clock can be moved, and runs beside this one do not count into it.
MEMORY = {
    alias: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": f"sign-in-{alias}"}
    for alias in ("default", "counts")
}


@override_settings(CACHES=MEMORY)
class SignInCase(TestCase):
    def setUp(self):
        caches["default"].clear()
        caches["counts"].clear()

    def person(self, **fields):
        person = UserFactory(email="mira@example.org", **fields)
        person.set_password(PASSWORD)
        person.save()
        return person

    def sign_in(self, email="mira@example.org", password=PASSWORD, **fields):
        return self.client.post(reverse("sign-in"), {"username": email, "password": password, **fields})

    def assert_signed_in(self, person):
        self.assertEqual(self.client.session["_auth_user_id"], str(person.pk))

    def assert_signed_out(self):
        self.assertNotIn("_auth_user_id", self.client.session)


class SignInTests(SignInCase):
    def test_page_is_open_to_everybody_and_keeps_where_they_came_from(self):
        response = self.client.get(reverse("sign-in"), {"next": "/scripts/"})
        self.assertContains(response, '<input type="hidden" name="next" value="/scripts/">', html=True)
        self.assertContains(response, "data-time-zone")

    def test_right_password_leads_to_my_day_under_a_new_session_key(self):
        person = self.person()
        self.client.get(reverse("sign-in"))
        self.client.session.save()
        before = self.client.session.session_key
        self.assertRedirects(self.sign_in(), reverse("my-day"), fetch_redirect_response=False)
        self.assert_signed_in(person)
        self.assertNotEqual(self.client.session.session_key, before)

    def test_a_script_hears_who_is_signed_in_instead_of_being_sent_on(self):
        person = self.person()
        self.client.force_login(UserFactory())
        data = {"username": "mira@example.org", "password": PASSWORD}
        response = self.client.post(reverse("sign-in"), data, headers={"accept": "application/json"})
        self.assertEqual((response.status_code, response.json()), (200, {"user": person.pk}))
        self.assert_signed_in(person)

    def test_a_script_hears_the_reason_and_is_throttled_like_a_form(self):
        self.person()
        data = {"username": "mira@example.org", "password": "wrong"}
        seen = [self.client.post(reverse("sign-in"), data, headers={"accept": "application/json"}) for _ in range(30)]
        self.assertEqual(seen[0].status_code, 422)
        self.assertIn(WRONG, seen[0].json()["error"])
        self.assertEqual(seen[-1].status_code, 429)
        self.assertIn("Retry-After", seen[-1].headers)
        self.assertEqual(list(seen[-1].json()), ["error"])

    def test_email_is_found_in_any_case(self):
        person = self.person()
        self.sign_in(" MIRA@Example.org ")
        self.assert_signed_in(person)

    def test_wrong_password_is_said_in_words(self):
        self.person()
        response = self.sign_in(password="other")
        self.assertContains(response, WRONG, status_code=422)
        self.assert_signed_out()

    def test_unknown_email_and_inactive_person_get_the_same_answer(self):
        self.person(is_active=False)
        for email in ("mira@example.org", "nobody@example.org"):
            with self.subTest(email=email):
                self.assertContains(self.sign_in(email), WRONG, status_code=422)
                self.assert_signed_out()

    def test_invited_person_without_password_cannot_sign_in(self):
        UserFactory(email="mira@example.org")
        self.assertContains(self.sign_in(password=""), "Enter a password.", status_code=422)
        self.assertContains(self.sign_in(password="!"), WRONG, status_code=422)

    def test_what_is_no_email_is_refused(self):
        self.assertContains(self.sign_in("mira"), "Enter a valid email address.", status_code=422)

    def test_next_on_this_site_is_followed(self):
        self.person()
        response = self.sign_in(next="/scripts/")
        self.assertRedirects(response, "/scripts/", fetch_redirect_response=False)

    def test_next_elsewhere_is_not(self):
        self.person()
        for address in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
            with self.subTest(address=address):
                response = self.sign_in(next=address)
                self.assertRedirects(response, reverse("my-day"), fetch_redirect_response=False)
                self.client.logout()

    def test_who_is_signed_in_is_sent_on(self):
        self.client.force_login(self.person())
        response = self.client.get(reverse("sign-in"))
        self.assertRedirects(response, reverse("my-day"), fetch_redirect_response=False)

    def test_first_sign_in_keeps_the_browsers_time_zone(self):
        person = self.person(time_zone="")
        self.sign_in(time_zone="Asia/Tokyo")
        person.refresh_from_db()
        self.assertEqual(person.time_zone, "Asia/Tokyo")

    def test_later_sign_in_from_elsewhere_does_not(self):
        person = self.person(time_zone="Europe/Malta")
        self.sign_in(time_zone="Asia/Tokyo")
        person.refresh_from_db()
        self.assertEqual(person.time_zone, "Europe/Malta")

    def test_person_whose_zone_this_machine_no_longer_knows_signs_in(self):
        person = self.person()
        User.objects.filter(pk=person.pk).update(time_zone="Mars/Olympus")
        self.sign_in()
        self.assert_signed_in(person)

    def test_time_zone_that_nobody_knows_is_left_out(self):
        person = self.person(time_zone="")
        self.sign_in(time_zone="Mars/Olympus")
        person.refresh_from_db()
        self.assertEqual(person.time_zone, "")
        self.assert_signed_in(person)


class SignInThrottlingTests(SignInCase):
    def fail(self, times, email="mira@example.org"):
        for _ in range(times):
            response = self.sign_in(email, password="other")
        return response

    def test_ten_failures_are_answered_then_there_is_a_wait(self):
        self.person()
        self.assertContains(self.fail(throttling.FAILURES_MAX), WRONG, status_code=422)
        response = self.sign_in()
        self.assertContains(response, "Wait 15 minutes", status_code=429)
        self.assertEqual(response.headers["Retry-After"], "900")
        self.assert_signed_out()

    def test_unknown_email_waits_in_the_same_words(self):
        response = self.fail(throttling.FAILURES_MAX + 1, "nobody@example.org")
        self.assertContains(response, "Wait 15 minutes", status_code=429)

    def test_email_in_another_case_is_the_same_email(self):
        self.person()
        self.fail(throttling.FAILURES_MAX)
        self.assertEqual(self.sign_in("MIRA@example.org").status_code, 429)

    def test_other_emails_and_other_addresses_are_not_held_up(self):
        person = self.person()
        self.fail(throttling.FAILURES_MAX + 1)
        self.assertEqual(self.sign_in("jo@example.org").status_code, 422)
        self.client.defaults["REMOTE_ADDR"] = "10.0.0.9"
        self.sign_in()
        self.assert_signed_in(person)

    def test_after_the_wait_it_works_again(self):
        person = self.person()
        with time_machine.travel("2026-11-20 14:00Z", tick=False) as clock:
            self.fail(throttling.FAILURES_MAX + 1)
            clock.shift(throttling.WAIT_SECONDS + 1)
            self.sign_in()
        self.assertTrue(User.objects.get(pk=person.pk).last_login)

    def test_right_password_forgets_the_failures_before_it(self):
        self.person()
        self.fail(throttling.FAILURES_MAX - 1)
        self.sign_in()
        self.client.logout()
        self.assertContains(self.fail(throttling.FAILURES_MAX), WRONG, status_code=422)

    def test_strangers_lock_nobody_out_of_a_browser_they_have_used_before(self):
        person = self.person()
        self.sign_in()
        self.client.post(reverse("sign-out"))
        strangers = self.client_class()
        for number in range(throttling.EMAIL_FAILURES_MAX + 1):
            response = strangers.post(
                reverse("sign-in"), {"username": person.email, "password": "x"}, REMOTE_ADDR=f"10.1.{number}.1"
            )
        self.assertEqual(response.status_code, 429)
        self.sign_in()
        self.assert_signed_in(person)

    def test_whoever_has_just_set_a_password_by_a_link_is_known(self):
        person = self.person()
        page = self.client.get(invitation_link(person).removeprefix("http://testserver"), follow=True)
        new = "four other calm words"
        self.client.post(page.redirect_chain[-1][0], {"new_password1": new, "new_password2": new})
        strangers = self.client_class()
        for number in range(throttling.EMAIL_FAILURES_MAX):
            strangers.post(
                reverse("sign-in"), {"username": person.email, "password": "x"}, REMOTE_ADDR=f"10.1.{number}.1"
            )
        self.sign_in(password=new)
        self.assert_signed_in(person)

    def test_an_address_that_tries_many_emails_waits_in_the_same_words(self):
        for number in range(throttling.ADDRESS_FAILURES_MAX):
            self.assertEqual(self.fail(1, f"nobody{number}@example.org").status_code, 422)
        self.assertContains(self.fail(1, "one-more@example.org"), "Wait 15 minutes", status_code=429)

    @override_settings(TRUSTED_PROXIES=1)
    def test_behind_a_web_server_each_client_has_an_address_of_its_own(self):
        person = self.person()
        for _ in range(throttling.FAILURES_MAX + 1):
            response = self.client.post(
                reverse("sign-in"),
                {"username": person.email, "password": "x"},
                headers={"x-forwarded-for": f"10.9.9.{_}, 203.0.113.7"},
            )
        self.assertEqual(response.status_code, 429)
        self.client.defaults["HTTP_X_FORWARDED_FOR"] = "203.0.113.8"
        self.sign_in()
        self.assert_signed_in(person)


class SignOutTests(TestCase):
    def test_post_ends_the_session(self):
        self.client.force_login(UserFactory())
        self.assertRedirects(self.client.post(reverse("sign-out")), reverse("sign-in"))
        self.assertNotIn("_auth_user_id", self.client.session)

    def test_get_does_not(self):
        self.client.force_login(UserFactory())
        self.assertEqual(self.client.get(reverse("sign-out")).status_code, 405)
        self.assertIn("_auth_user_id", self.client.session)

    def test_who_is_signed_out_already_comes_to_the_sign_in_page(self):
        self.assertRedirects(self.client.post(reverse("sign-out")), reverse("sign-in"))


class PasswordChangeTests(TestCase):
    def setUp(self):
        self.person = UserFactory()
        self.person.set_password(PASSWORD)
        self.person.save()
        self.client.force_login(self.person)

    def change(self, old=PASSWORD, new="four other calm words", again=None):
        posted = {"old_password": old, "new_password1": new, "new_password2": again or new}
        return self.client.post(reverse("password-change"), posted)

    def test_new_password_counts_and_this_session_goes_on(self):
        self.assertRedirects(self.change(), reverse("account"))
        self.person.refresh_from_db()
        self.assertTrue(self.person.check_password("four other calm words"))
        self.assertEqual(self.client.get(reverse("account")).status_code, 200)

    def test_without_its_entry_in_the_audit_log_no_password_changes(self):
        with mock.patch.object(AuditEntry.objects, "record", side_effect=OSError), self.assertRaises(OSError):
            self.change()
        self.person.refresh_from_db()
        self.assertTrue(self.person.check_password(PASSWORD))

    def test_every_other_session_ends(self):
        other = self.client_class()
        other.force_login(self.person)
        self.change()
        self.assertRedirects(other.get(reverse("account")), f"{reverse('sign-in')}?next={reverse('account')}")

    def test_wrong_weak_and_different_passwords_are_refused(self):
        for given, words in (
            ({"old": "other"}, "incorrectly"),
            ({"new": "short"}, "too short"),
            ({"again": "something else here"}, "match"),
        ):
            with self.subTest(given=given):
                self.assertContains(self.change(**given), words, status_code=422)
                self.person.refresh_from_db()
                self.assertTrue(self.person.check_password(PASSWORD))

    def test_guessing_the_current_password_is_slowed_down(self):
        for _ in range(throttling.FAILURES_MAX):
            self.assertEqual(self.change(old="other").status_code, 422)
        response = self.change()
        self.assertContains(response, "Wait 15 minutes", status_code=429)
        self.assertEqual(response.headers["Retry-After"], "900")
        self.person.refresh_from_db()
        self.assertTrue(self.person.check_password(PASSWORD))

    def test_anonymous_signs_in_first(self):
        self.client.logout()
        self.assertRedirects(
            self.client.get(reverse("password-change")), f"{reverse('sign-in')}?next={reverse('password-change')}"
        )


class PasswordSetTests(TestCase):
    def open(self, person):
        """The page behind the link, as a browser reaches it."""
        return self.client.get(invitation_link(person).removeprefix("http://testserver"), follow=True)

    def set(self, page, password="four other calm words"):
        return self.client.post(page.redirect_chain[-1][0], {"new_password1": password, "new_password2": password})

    def test_link_sets_a_password_and_leads_to_sign_in(self):
        person = UserFactory()
        page = self.open(person)
        self.assertNotIn("-".join(invitation_link(person).split("/")[-2].split("-")), page.redirect_chain[-1][0])
        self.assertRedirects(self.set(page), reverse("sign-in"))
        person.refresh_from_db()
        self.assertTrue(person.check_password("four other calm words"))

    def test_the_next_page_has_the_address_once(self):
        person = UserFactory()
        self.set(self.open(person))
        page = self.client.get(reverse("sign-in"))
        self.assertContains(page, f'value="{person.email}"')
        self.assertContains(page, "autofocus", count=1)
        self.assertIn("autofocus", page.context["form"].fields["password"].widget.attrs)
        self.assertNotContains(self.client.get(reverse("sign-in")), person.email)

    def test_link_works_once(self):
        person = UserFactory()
        link = invitation_link(person)
        self.set(self.open(person))
        response = self.client_class().get(link.removeprefix("http://testserver"))
        self.assertContains(response, "no longer works", status_code=410)

    def test_link_works_for_three_days(self):
        person = UserFactory()
        with time_machine.travel("2026-11-20 14:00Z") as clock:
            link = invitation_link(person).removeprefix("http://testserver")
            clock.shift(3 * 24 * 60 * 60 + 1)
            self.assertEqual(self.client.get(link).status_code, 410)

    def test_without_its_entry_in_the_audit_log_no_password_is_set(self):
        person = UserFactory()
        page = self.open(person)
        with mock.patch.object(AuditEntry.objects, "record", side_effect=OSError), self.assertRaises(OSError):
            self.set(page)
        person.refresh_from_db()
        self.assertFalse(person.has_usable_password())

    def test_weak_password_is_refused(self):
        person = UserFactory()
        self.assertContains(self.set(self.open(person), "short"), "too short", status_code=422)
        person.refresh_from_db()
        self.assertFalse(person.has_usable_password())

    def test_link_of_somebody_deactivated_does_not_work(self):
        self.assertEqual(self.open(UserFactory(is_active=False)).status_code, 410)

    def test_nonsense_does_not_work(self):
        response = self.client.get(reverse("password-set", args=["MQ", "x-y"]))
        self.assertContains(response, "no longer works", status_code=410)
        self.assertEqual(mail.outbox, [])
