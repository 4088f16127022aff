from django.test import TestCase
from django.utils import timezone

from interviews.factories import LeadFactory
from interviews.models.calendars import CalendarEntry


class CalendarEntryTests(TestCase):
    def test_each_invite_has_a_higher_number(self):
        now, seat = timezone.now(), LeadFactory()
        entry = CalendarEntry.first_sent(
            interview=seat.interview, user=seat.user, digest="a", is_for_manager=False, at=now
        )
        self.assertEqual((entry.sequence, entry.email), (0, "interview_planned"))
        entry.mark_sent(digest="b", is_for_manager=False, is_cancelled=True, at=now)
        entry.refresh_from_db()
        self.assertEqual(
            (entry.sequence, entry.digest, entry.is_cancelled, entry.email), (1, "b", True, "interview_off")
        )
