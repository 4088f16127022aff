from django.urls import reverse

from interviews.models import Notice, NoticeSettings
from interviews.notices import telling
from interviews.notices.tests.test_telling import NOW, NoticeCase


class NoticeViewsTests(NoticeCase):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.hana)

    def page(self):
        return self.client.get(reverse("notice-list"))

    def test_notices_name_the_interview_to_those_who_may_see_it(self):
        self.assertContains(self.page(), "No notices yet.")
        telling.tell(Notice.Kind.ENDED, people=[self.hana], interview=self.interview, at=NOW)
        telling.tell(Notice.Kind.DECIDED, people=[self.hana], interview=self.interview, at=NOW, by=self.mira.user)
        self.assertContains(self.page(), "Ada Okafor")
        self.assertContains(self.page(), "Call ended automatically")
        self.assertNotContains(self.page(), "Decided")
        self.assertContains(self.client.get(reverse("my-day")), "1 new notice")
        self.submit_all()
        self.assertContains(self.page(), "Decided by Mira Rahman")
        self.interview.opening.managers.clear()
        self.assertNotContains(self.page(), "Okafor")
        self.assertContains(self.page(), "No notices yet.")

    def test_all_are_marked_as_read(self):
        telling.tell(Notice.Kind.ENDED, people=[self.hana, self.mira.user], interview=self.interview, at=NOW)
        telling.tell(Notice.Kind.DECIDED, people=[self.hana], interview=self.interview, at=NOW)  # not for her yet
        page = self.page()
        self.assertContains(page, "New</span>")
        telling.tell(Notice.Kind.NO_SHOW, people=[self.hana], interview=self.interview, at=NOW)  # after she looked
        posted = {"newest": page.context["newest"]}
        self.assertRedirects(self.client.post(reverse("notice-read"), posted), reverse("notice-list"))
        self.assertContains(self.page(), "New</span>", count=1)
        unread = Notice.objects.filter(user=self.hana, read_at=None)
        self.assertEqual(set(unread.values_list("kind", flat=True)), {"decided", "no_show"})

    def test_choices_are_saved(self):
        address = reverse("notice-settings")
        self.assertContains(self.client.get(address), " checked", count=len(Notice.Kind.values) * 2 + 1)
        answer = self.client.post(address, {"page": ["due"], "email": [], "when": "daily"})
        self.assertRedirects(answer, reverse("notice-list"))
        self.assertTrue(NoticeSettings.objects.get(user=self.hana).is_daily)
        self.assertEqual(self.client.post(address, {"when": "never"}).status_code, 422)

    def test_the_number_of_queries_does_not_grow(self):
        for count in (1, 20):
            for _ in range(count):
                telling.tell(Notice.Kind.ENDED, people=[self.hana], interview=self.interview, at=NOW)
            with self.assertNumQueries(4):
                self.page()
