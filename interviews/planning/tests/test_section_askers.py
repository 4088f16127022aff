"""Who asks what, in the form of the plan."""

from django.urls import reverse

from accounts.factories import InterviewerFactory
from interviews.factories import CandidateFactory, small_script
from interviews.models import Event, Interview
from interviews.planning.section_askers import SectionAsker, askers_of
from interviews.planning.tests.test_views_scheduling import PlanningCase
from question_bank.factories import SectionFactory


class PlanAskersTests(PlanningCase):
    def setUp(self):
        super().setUp()
        self.script = small_script()
        SectionFactory(script=self.script, title="Depth", position=2)
        self.first = self.script.sections.first().title
        self.ada = CandidateFactory(opening=self.opening)

    def rows(self, *rows):
        """(title, was, chosen) as the form sends them."""
        return {
            f"asks-{name}-{number}": getattr(value, "pk", value)
            for number, row in enumerate(rows)
            for name, value in zip(("title", "was", "who"), row, strict=True)
        }

    def schedule(self, *rows, **changes):
        seats = ((self.mira, "lead"), (self.jo, "interviewer"))
        form = self.posted(*seats, script=self.script.pk, **changes) | self.rows(*rows)
        return self.send(reverse("interview-create", args=[self.ada.pk]), form)

    def edit(self, interview, *seats, rows=()):
        form = self.posted(*(seats or ((self.mira, "lead"), (self.jo, "interviewer"))), script=self.script.pk)
        page = self.client.get(reverse("interview-edit", args=[interview.pk]))
        self.assertContains(page, "Who asks what")
        address = reverse("interview-edit", args=[interview.pk])
        return self.client.post(address, form | self.rows(*rows), follow=True)

    def planned(self, interview):
        return [(row.title, row.chosen) for row in askers_of(None, interview)]

    def test_a_new_plan_gives_the_sections_of_its_script(self):
        self.schedule((self.first, "", ""), ("Depth", "", self.jo))
        interview = Interview.objects.get()
        self.assertEqual(self.planned(interview), [(self.first, None), ("Depth", self.jo.pk)])
        self.assertContains(self.client.get(interview.get_absolute_url()), f"asked by {self.jo}")

    def test_someone_who_is_not_on_the_panel_is_refused_and_the_form_keeps_what_was_chosen(self):
        kai = InterviewerFactory()
        answer = self.schedule((self.first, "", kai))
        self.assertContains(answer, f"to ask “{self.first}”", status_code=422)
        self.assertContains(answer, f'<option value="{kai.pk}" selected>{kai}</option>', status_code=422, html=True)
        self.assertFalse(Interview.objects.exists())

    def test_a_change_gives_only_what_was_changed_and_tells_the_panel(self):
        self.schedule((self.first, "", self.mira), ("Depth", "", self.jo))
        interview = Interview.objects.get()
        interview.sections.filter(title="Depth").update(asker=interview.panelists.get(user=self.mira))
        rows = ((self.first, self.mira, self.jo), ("Depth", self.jo, self.jo))
        self.edit(interview, rows=rows)
        self.assertEqual(self.planned(interview), [(self.first, self.jo.pk), ("Depth", self.mira.pk)])
        told = Event.objects.filter(kind="panel").order_by("seq").last().payload["askers"]
        self.assertEqual(len(set(told.values())), 2)

    def test_what_someone_else_gave_meanwhile_stays_and_is_said(self):
        self.schedule()
        interview = Interview.objects.get()
        interview.sections.filter(title="Depth").update(asker=interview.panelists.get(user=self.mira))
        answer = self.edit(interview, rows=(("Depth", "", self.jo),))
        self.assertContains(answer, "Someone else has changed who asks")
        self.assertEqual(self.planned(interview)[1], ("Depth", self.mira.pk))

    def test_a_section_goes_from_a_removed_panelist_to_another(self):
        self.schedule(("Depth", "", self.jo))
        interview = Interview.objects.get()
        self.edit(interview, (self.mira, "lead"), rows=(("Depth", self.jo, self.mira),))
        self.assertEqual(self.planned(interview)[1], ("Depth", self.mira.pk))

    def test_another_script_brings_its_sections(self):
        answer = self.client.get(reverse("plan-sections"), {"script": self.script.pk})
        self.assertContains(answer, "Depth")
        self.assertContains(self.client.get(reverse("plan-sections"), {"script": "x"}), "Choose a script")
        self.assertEqual(askers_of(self.script)[1], SectionAsker("Depth", None, None))
