"""Who asks which section: planned on the interview's page, seen on the live page."""

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory, ScriptedSectionFactory, ShadowFactory
from interviews.live.page import live_page
from interviews.models import Event, Interview, Panelist, ScriptedSection
from interviews.planning import scheduling
from interviews.planning.concerns import concerns
from interviews.planning.plan_merging import Plan
from interviews.tests.commanding import sender


class AskersTests(TestCase):
    def setUp(self):
        self.manager = HiringManagerFactory()
        self.interview = InterviewFactory()
        self.interview.opening.managers.add(self.manager)
        self.lead = LeadFactory(interview=self.interview)
        self.jo = PanelistFactory(interview=self.interview)
        self.section = self.interview.sections.get()
        self.client.force_login(self.manager)

    def save(self, asker, was=""):
        fields = {f"asker-{self.section.pk}": asker, f"was-{self.section.pk}": was}
        return self.client.post(reverse("interview-askers", args=[self.interview.pk]), fields, follow=True)

    def asker(self):
        return ScriptedSection.objects.get(pk=self.section.pk).asker

    def test_a_section_is_given_on_the_page_and_the_live_page_has_it(self):
        self.assertContains(self.save(self.jo.pk), f"asked by {self.jo}")
        self.assertEqual(self.asker(), self.jo)
        self.assertEqual(Event.objects.get().payload, {"section": self.section.pk, "asker": self.jo.pk})
        page = live_page(interview=self.interview, panelist=self.lead, now=timezone.now())
        self.assertEqual(page.state["sections"][0]["asker"], self.jo.pk)
        self.save("", was=self.jo.pk)
        self.assertIsNone(self.asker())

    def test_what_another_has_chosen_meanwhile_stays(self):
        ScriptedSection.objects.update(asker=self.lead)
        self.assertContains(self.save(self.jo.pk), "Someone else has changed this")
        self.assertEqual(self.asker(), self.lead)

    def test_a_shadow_a_stranger_and_an_ended_call_are_refused_in_words(self):
        browser = sender(self.lead)
        shadow, stranger = ShadowFactory(interview=self.interview), PanelistFactory()
        for value, status in ((shadow.pk, 422), (stranger.pk, 404)):
            self.assertEqual(browser.send("asker", self.section.pk, value).status_code, status)
        self.assertEqual(browser.send("asker", ScriptedSectionFactory().pk, self.jo.pk).status_code, 404)
        answer = sender(self.jo).send("asker", self.section.pk, self.lead.pk)
        self.assertIn("can say who asks what", answer.json()["error"])
        browser.send("start")
        browser.send("end")
        self.assertEqual(browser.send("asker", self.section.pk, self.jo.pk).status_code, 409)
        self.assertIsNone(self.asker())

    def test_a_stand_in_takes_a_section_that_nobody_asks_and_no_other(self):
        self.client.force_login(self.jo.user)
        self.assertContains(self.save(self.jo.pk), f"asked by {self.jo}")
        self.assertEqual(self.asker(), self.jo)
        ScriptedSection.objects.update(asker=self.lead)
        self.assertContains(self.save(self.jo.pk, was=self.lead.pk), "Only the lead", status_code=403)
        self.lead.user.groups.clear()
        self.save(self.jo.pk, was=self.lead.pk)
        self.assertEqual(self.asker(), self.jo)

    def test_a_stand_in_takes_over_the_sections_of_whom_they_replace(self):
        ScriptedSection.objects.update(asker=self.jo)
        kai = InterviewerFactory()
        data = {"person": kai.pk, "instead_of": self.jo.pk}
        self.client.post(reverse("interview-panel-add", args=[self.interview.pk]), data)
        self.assertEqual(self.asker().user, kai)
        told = Event.objects.get(kind="panel").payload["askers"]
        self.assertEqual(told, {str(self.section.pk): self.asker().pk})

    def test_a_removed_panelist_s_section_is_nobody_s_and_the_manager_hears_of_it(self):
        self.section.asker = self.jo
        self.section.save()
        other = ScriptedSectionFactory(interview=self.interview, title="Depth", position=9, asker=self.lead)
        plan = Plan.of(self.interview)
        without = [seat for seat in plan.panel if seat[0] != self.jo.user]
        changed = Plan(**(vars(plan) | {"panel": tuple(without)}))
        scheduling.change_interview(interview=self.interview, plan=changed, by=self.manager, at=timezone.now())
        self.assertIsNone(self.asker())
        told = Event.objects.get(kind="panel").payload["askers"]
        self.assertEqual(told, {str(self.section.pk): None, str(other.pk): self.lead.pk})
        words = concerns(interview=Interview.objects.get(pk=self.interview.pk), by=self.manager, at=timezone.now())
        self.assertTrue(any(f"No one is assigned to ask: {self.section.title}." in one for one in words), words)

    def test_renewing_the_script_keeps_who_asks_a_section_of_the_same_title(self):
        ScriptedSection.objects.update(asker=self.jo)
        scheduling.renew_script(interview=self.interview, by=self.manager, at=timezone.now())
        self.assertEqual(self.interview.sections.get().asker, Panelist.objects.get(pk=self.jo.pk))
