from django.urls import reverse
from django.utils import timezone

from interviews.live.tests.test_closing import HOUR, ClosingCase
from interviews.pages.my_day import my_day


class NotEndedTests(ClosingCase):
    def test_long_over_its_time_it_is_not_called_live(self):
        left = self.interview(live=True, scheduled_for=timezone.now() - 26 * HOUR)
        late = self.interview(live=True, scheduled_for=timezone.now() - HOUR * 1.5)
        for interview, words in ((left, "Not ended"), (late, "Live")):
            with self.subTest(words=words):
                self.assertContains(self.page(interview), words)
        self.client.force_login(self.mira)
        response = self.client.get(reverse("interview-list"))
        self.assertContains(response, "Not ended", count=1)
        self.assertContains(response, "Live now", count=1)
        self.assertContains(self.client.get("/"), "End the call")

    def test_its_manager_finds_it_under_what_needs_attention(self):
        left = self.interview(live=True, scheduled_for=timezone.now() - 26 * HOUR)
        day = my_day(user=self.hana, now=timezone.now())
        self.assertEqual([managed.interview for managed in day.to_mend], [left])
        self.assertEqual(day.managed_live, [])

    def test_one_that_began_late_has_its_whole_time(self):
        started_at = timezone.now() - HOUR / 2
        interview = self.interview(live=True, scheduled_for=timezone.now() - 5 * HOUR, started_at=started_at)
        self.assertFalse(interview.is_left_open(timezone.now()))
