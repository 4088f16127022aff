"""Beginning a practice call on My day."""

from dataclasses import replace

from django.test import TestCase
from django.urls import reverse

from accounts.factories import CuratorFactory, InterviewerFactory
from accounts.roles import Role
from interviews.factories import PanelistFactory, small_script
from interviews.models import Interview
from interviews.tests.commanding import sender
from mail.models import Mail
from question_bank.models import Script, ScriptDraft
from question_bank.wanted_scripts import WantedScript


class PracticeCreateTests(TestCase):
    def setUp(self):
        self.lead = InterviewerFactory()
        self.client.force_login(self.lead)

    def test_one_click_on_my_day_opens_the_live_page_with_the_chosen_script(self):
        script = small_script()
        self.assertContains(self.client.get(reverse("my-day")), reverse("practice-create"))
        response = self.client.post(reverse("practice-create"), {"script": script.pk})
        interview = Interview.objects.get()
        self.assertRedirects(response, reverse("live", args=[interview.pk]))
        self.assertEqual(interview.script, script)
        panel = [(seat.user, seat.part) for seat in interview.panelists.all()]
        self.assertEqual(panel, [(self.lead, "lead")])
        self.assertFalse(Mail.objects.exists())

    def test_a_double_click_opens_one_call(self):
        data = {"script": small_script().pk, "csrfmiddlewaretoken": "of this page"}
        addresses = {self.client.post(reverse("practice-create"), data)["Location"] for _ in range(2)}
        self.assertEqual(addresses, {reverse("live", args=[Interview.objects.get().pk])})

    def test_curator_tries_a_draft_and_others_the_published_version(self):
        script = small_script()
        now = Script.objects.with_parts().get(pk=script.pk)
        sections = (replace(WantedScript.of(now).sections[0], title="Pace"),)
        content = replace(WantedScript.of(now), sections=sections).as_content()
        ScriptDraft.objects.create(script=script, content=content)
        curator = InterviewerFactory(roles=[Role.INTERVIEWER, Role.CURATOR])
        for person in (self.lead, curator):
            self.client.force_login(person)
            self.client.post(reverse("practice-create"), {"script": script.pk, "draft": "1"})
        first, second = Interview.objects.order_by("pk")
        self.assertNotIn("Pace", first.sections.values_list("title", flat=True))
        self.assertEqual(list(second.sections.values_list("title", flat=True)), ["Pace"])
        self.client.force_login(curator)
        self.assertContains(self.client.get(reverse("script-draft", args=[script.pk])), "Try it live")

    def test_curator_who_does_not_interview_tries_a_script_in_a_practice_call_only(self):
        curator, script = CuratorFactory(), small_script()
        self.client.force_login(curator)
        self.assertContains(self.client.get(script.get_absolute_url()), "Try it live")
        page = self.client.post(reverse("practice-create"), {"script": script.pk}, follow=True)
        interview = Interview.objects.get()
        self.assertRedirects(page, reverse("live", args=[interview.pk]))
        self.assertContains(page, interview.questions.first().prompt)
        sender(interview.panelists.get()).send("start", None, True)
        interview.refresh_from_db()
        self.assertTrue(interview.is_live)
        seat = interview.panelists.knowing_access().get()
        self.assertTrue(seat.has_access and interview.panelists.get().has_access)
        self.assertContains(self.client.get(reverse("my-day")), interview.get_absolute_url())
        # On the panel of a real interview they see nothing.
        real = PanelistFactory(user=curator).interview
        self.assertEqual(self.client.get(reverse("live", args=[real.pk])).status_code, 404)
        self.assertFalse(real.panelists.with_access().exists() or real.panelists.get().has_access)
        # Nor does anybody without a role in a practice call.
        curator.groups.clear()
        self.assertFalse(interview.panelists.with_access().exists())

    def test_without_a_script_my_day_says_why(self):
        small_script()
        response = self.client.post(reverse("practice-create"), {"script": "x"}, follow=True)
        self.assertContains(response, "Choose a script")
        self.assertFalse(Interview.objects.exists())
