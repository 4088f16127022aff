"""Whose sockets may still be told something."""

from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client, TestCase

from interviews.factories import InterviewFactory, PanelistFactory
from interviews.streams.subscriptions import numbers_of, signed_in, subscribe


class TestSubscriptions(TestCase):
    def setUp(self):
        self.seats = [PanelistFactory(interview=InterviewFactory(live=True)) for _ in range(5)]
        self.places = [self.place_of(seat) for seat in self.seats]

    def place_of(self, seat):
        client = Client()
        client.force_login(seat.user)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        place, numbers = subscribe(user=seat.user, interview_id=seat.interview_id, session_key=key)
        self.assertEqual(numbers, {"shared": 0, "own": 0})
        return place

    def test_only_those_who_still_have_access(self):
        stays, signed_out, _, left, _ = self.places
        Session.objects.get(session_key=signed_out.session_key).delete()
        self.seats[2].user.set_password("another one")
        self.seats[2].user.save()
        self.seats[3].left_at = self.seats[3].interview.created_at
        self.seats[3].save()
        self.seats[4].user.is_active = False
        self.seats[4].user.save()
        with self.assertNumQueries(2):
            self.assertEqual(numbers_of(self.places), {stays: {"shared": 0, "own": 0}})
        with self.assertNumQueries(2):
            # Someone who has left is refused at their next command.
            self.assertEqual(signed_in(self.places), {stays: self.seats[0].user, left: self.seats[3].user})

    def test_people_who_are_not_on_the_panel_have_none(self):
        [user, other] = self.seats[0].user, self.seats[1]
        self.assertIsNone(subscribe(user=user, interview_id=other.interview_id, session_key="key"))
