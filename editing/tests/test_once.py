from django.contrib.auth import get_user_model
from django.test import RequestFactory, TestCase

from editing.models import SentForm
from editing.once import once


class OnceTests(TestCase):
    def setUp(self):
        self.user = get_user_model().objects.create(email="jo@example.org", name="Jo")
        self.made = []

    def send(self, *, user=None, **fields):
        request = RequestFactory().post("/openings/new/", fields)
        request.user = user or self.user
        return once(request, self.create).headers["Location"]

    def create(self):
        self.made.append(f"/openings/{len(self.made) + 1}/")
        return self.made[-1]

    def test_the_same_form_again_leads_to_the_same_and_creates_nothing(self):
        fields = {"csrfmiddlewaretoken": "a", "title": "Engineer"}
        self.assertEqual([self.send(**fields), self.send(**fields)], ["/openings/1/", "/openings/1/"])
        self.assertEqual(len(self.made), 1)

    def test_an_address_that_is_too_long_to_remember_is_left_out(self):
        """PostgreSQL refused it, and with it the form."""
        request = RequestFactory().post("/", {"csrfmiddlewaretoken": "a"})
        request.user, address = self.user, f"/bank/?q={'x' * 200}"
        answers = [once(request, lambda: address).headers["Location"] for _ in range(2)]
        self.assertEqual((answers, SentForm.objects.get().led_to), ([address, "/"], "/"))

    def test_another_page_or_person_creates_another(self):
        other = get_user_model().objects.create(email="mira@example.org", name="Mira")
        self.send(csrfmiddlewaretoken="a")
        self.send(csrfmiddlewaretoken="b")
        self.send(csrfmiddlewaretoken="a", user=other)
        self.assertEqual(len(self.made), 3)

    def test_what_failed_may_be_sent_again(self):
        def fail():
            raise ValueError

        request = RequestFactory().post("/", {"csrfmiddlewaretoken": "a"})
        request.user = self.user
        with self.assertRaises(ValueError):
            once(request, fail)
        self.assertFalse(SentForm.objects.exists())
