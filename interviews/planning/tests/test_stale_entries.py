from interviews.models import Interview
from interviews.planning.stale_entries import mark_stale, update_stale
from interviews.planning.tests.test_calendar_entries import LATER, START, CalendarCase


class MarkStaleTests(CalendarCase):
    def test_only_planned_interviews_wait_and_only_once(self):
        planned, off = self.schedule(), self.schedule()
        Interview.objects.filter(pk=off.pk).update(status="cancelled", cancelled_at=START)
        mark_stale(self.candidate.interviews.all())
        waiting = Interview.objects.filter(has_stale_entries=True)
        self.assertEqual([row.pk for row in waiting], [planned.pk])
        self.told()
        self.assertEqual((update_stale(at=LATER), self.told(), waiting.all().exists()), (1, [], False))
