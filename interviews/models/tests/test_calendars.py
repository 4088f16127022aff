from django.test import TestCase
from django.utils import timezone

from interviews.factories import LeadFactory
from interviews.models.calendars import CalendarEntry


class CalendarEntryTests(TestCase):
    def test_each_invite_has_a_higher_number(self):
        now = timezone.now()
        entry = CalendarEntry.objects.create(panelist=LeadFactory(), digest="a", told_at=now)
        entry.mark_sent(digest="b", is_cancelled=True, at=now)
        entry.refresh_from_db()
        self.assertEqual((entry.sequence, entry.digest, entry.is_cancelled), (1, "b", True))
