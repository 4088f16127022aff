from django.urls import reverse

from interviews.planning.tests.test_calendar_entries import CalendarCase, event_of


class InterviewCalendarTests(CalendarCase):
    def setUp(self):
        super().setUp()
        self.interview = self.schedule()
        self.path = reverse("interview-calendar", args=[self.interview.pk])

    def test_a_panelist_gets_the_file_and_nothing_changes(self):
        self.client.force_login(self.mira)
        self.told()
        response = self.client.get(self.path)
        self.assertEqual(response["Content-Type"], "text/calendar; charset=utf-8")
        self.assertEqual(response["Content-Disposition"], f'attachment; filename="interview-{self.interview.pk}.ics"')
        self.assertEqual(event_of(response.content)["sequence"], 0)
        self.assertIn(self.interview.get_absolute_url(), event_of(response.content)["url"])
        self.assertEqual(self.client.get(self.path).content, response.content)
        self.assertEqual(self.told(), [])

    def test_it_is_what_was_mailed(self):
        self.told()
        self.client.force_login(self.jo)
        self.assertEqual(
            self.client.get(self.path).content.decode(), self.newest["jo@example.org"].attachments[0]["text"]
        )

    def test_who_left_finds_nothing(self):
        self.change(self.interview, panel=((self.mira, "lead"),))
        self.client.force_login(self.jo)
        self.assertEqual(self.client.get(self.path).status_code, 404)

    def test_a_manager_off_the_panel_gets_one_that_leaves_them_free(self):
        self.client.force_login(self.hana)
        event = event_of(self.client.get(self.path).content)
        self.assertEqual((str(event["attendee"]), event["transp"]), ("mailto:hana@example.org", "TRANSPARENT"))

    def test_the_pages_lead_there(self):
        self.client.force_login(self.jo)
        for page in ("/", self.interview.get_absolute_url()):
            self.assertContains(self.client.get(page), f'href="{self.path}"')
        self.client.force_login(self.hana)
        self.assertContains(self.client.get(self.interview.get_absolute_url()), f'href="{self.path}"')
