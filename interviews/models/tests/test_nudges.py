"""Nudges: one row for an id made by the browser."""

import uuid

from django.db import IntegrityError, transaction
from django.test import TestCase

from interviews.factories import START, PanelistFactory
from interviews.models import Nudge


class TestNudge(TestCase):
    def test_the_same_id_is_stored_once_in_an_interview(self):
        panelist = PanelistFactory()
        about = {"interview": panelist.interview, "author": panelist, "client_id": uuid.uuid4(), "at": START}
        self.assertEqual(str(Nudge.objects.create(**about, text="ask about Vary")), "ask about Vary")
        with self.assertRaises(IntegrityError), transaction.atomic():
            Nudge.objects.create(**about, text="again")
