from django.urls import reverse

from accounts.factories import HiringManagerFactory
from interviews.factories import CandidateFactory, InterviewFactory, PanelistFactory, small_script
from interviews.models import Interview
from interviews.planning.tests.test_views_scheduling import PlanningCase, workday


class LoopCreateTests(PlanningCase):
    def setUp(self):
        super().setUp()
        self.script = small_script()
        self.ada = CandidateFactory(opening=self.opening, name="Ada Okafor")
        self.address = reverse("loop-create", args=[self.ada.pk])

    def rounds(self, *times, **changes):
        """What the form sends: a round for each time, and a blank one."""
        posted = {"rounds": len(times) + 1, f"round-{len(times) + 1}-script": ""}
        for number, time in enumerate(times, start=1):
            plan = self.posted((self.mira, "lead"), (self.jo, "interviewer"), script=self.script.pk, time=time)
            posted |= {f"round-{number}-{name}": value for name, value in plan.items()}
        return posted | changes

    def test_several_are_scheduled_together(self):
        page = self.client.post(self.address, self.rounds("10:00", "11:00"), follow=True)
        self.assertContains(page, "2 interviews scheduled.")
        starts = [f"{one.local_start:%H:%M}" for one in Interview.objects.in_order()]
        self.assertEqual((starts, Interview.objects.first().candidate), (["10:00", "11:00"], self.ada))

    def test_the_same_plan_is_copied_for_the_next_candidate(self):
        hired, kwame = (CandidateFactory(opening=self.opening, name=name) for name in ("Hired One", "Kwame Mensah"))
        hired.settle("hired", reason="", by=self.hana, at=hired.created_at)
        CandidateFactory(name="Someone elsewhere")
        self.assertContains(self.client.get(self.ada.get_absolute_url()), "Schedule several at once")
        self.assertNotContains(self.client.get(hired.get_absolute_url()), "Schedule several")
        self.assertContains(self.client.get(self.address), "Schedule all and copy for Kwame Mensah")
        page = self.client.post(self.address, self.rounds("10:00", "11:00") | {"again": "1"}, follow=True)
        self.assertContains(page, "2 interviews with Ada Okafor scheduled.")
        self.assertContains(page, "Copied from Ada Okafor")
        self.assertEqual((page.context["candidate"], len(page.context["rounds"])), (kwame, 2))
        self.assertNotContains(page, "and copy for")  # nobody is left
        [first, second] = page.context["rounds"]
        self.assertIn("autofocus", str(first.form["date"]))
        self.assertNotIn("autofocus", str(second.form["date"]))

    def test_what_is_wrong_in_one_round_saves_none(self):
        for changes, words in (
            ({"round-2-date": ""}, ">Round 2, date</a>: Enter a date."),
            ({"round-2-panel-0-part": "interviewer"}, ">Round 2, panel</a>: Choose a lead."),
            ({"round-2-panel-1-part": "guest"}, ">Round 2, panelist 2, panel role</a>:"),
            ({"round-2-script": ""}, "Choose a script, or clear the date"),
            (
                {f"round-{number}-{name}": "" for number in (1, 2) for name in ("script", "date")},
                "Choose a script for at least one round.",
            ),
        ):
            with self.subTest(words):
                page = self.client.post(self.address, self.rounds("10:00", "11:00", **changes))
                self.assertContains(page, words, status_code=422)
        self.assertFalse(Interview.objects.exists())

    def test_warnings_of_all_rounds_are_read_before_anything_is_saved(self):
        posted = self.rounds("10:00", "10:15")
        page = self.client.post(self.address, posted)
        self.assertContains(page, "Schedule all anyway", status_code=422)
        self.assertContains(page, "Ada Okafor has another interview", status_code=422)
        checked = {"checked": page.context["unchecked"].seal}
        self.assertEqual(self.client.post(self.address, posted | checked).status_code, 302)
        self.assertEqual(Interview.objects.count(), 2)

    def test_nothing_is_planned_for_who_was_rejected(self):
        self.ada.settle("rejected", reason="", by=self.hana, at=self.ada.created_at)
        page = self.client.post(self.address, self.rounds("10:00"))
        self.assertContains(page, "This candidate was rejected.", status_code=409)
        self.assertFalse(Interview.objects.exists())

    def test_rounds_are_in_the_stage_of_the_candidate(self):
        stage = self.opening.stages.create(name="Onsite", position=0)
        self.ada.move_to(stage, by=self.hana, at=self.ada.created_at)
        rounds = self.client.get(self.address).context["rounds"]
        self.assertEqual({one.form.initial["stage"] for one in rounds}, {stage.pk})

    def test_the_plan_of_another_candidate_is_copied(self):
        grace = CandidateFactory(opening=self.opening, name="Grace Hall")
        for _ in range(2):
            InterviewFactory(candidate=grace, script=self.script, panel=[(self.jo, "lead")])
        self.assertContains(self.client.get(self.address), "Grace Hall (2 interviews)")
        page = self.client.get(self.address, {"from": grace.pk})
        self.assertContains(page, "Copied from Grace Hall")
        self.assertEqual([one.panel.initial[0]["person"] for one in page.context["rounds"]], [str(self.jo.pk)] * 2)

    def test_a_foreign_candidate_is_neither_offered_nor_copied(self):
        other = InterviewFactory(candidate__name="Zebrafinch").candidate
        self.assertNotContains(self.client.get(self.address, {"from": other.pk}), "Zebrafinch")

    def test_more_rounds_keep_what_is_filled_in(self):
        page = self.client.post(self.address, self.rounds("10:00", "11:00") | {"more": "8"})
        self.assertContains(page, "Round 8")
        self.assertContains(page, 'name="rounds" value="8"')
        self.assertContains(page, 'value="11:00"')
        self.assertFalse(Interview.objects.exists())

    def test_the_number_of_rounds_is_bounded(self):
        for asked, shown in (("0", 3), ("9" * 18, 8), ("x", 3)):
            self.assertEqual(len(self.client.get(self.address, {"rounds": asked}).context["rounds"]), shown)

    def test_only_managers_and_only_while_it_is_open(self):
        self.client.force_login(PanelistFactory(interview=InterviewFactory(candidate=self.ada)).user)
        self.assertEqual(self.client.get(self.address).status_code, 403)
        self.client.force_login(HiringManagerFactory())
        self.assertEqual(self.client.get(self.address).status_code, 404)
        self.client.force_login(self.hana)
        self.opening.closed_at = self.ada.created_at
        self.opening.save()
        self.assertContains(self.client.get(self.address), "This opening is closed.", status_code=409)
        self.assertEqual(workday().weekday() < 5, True)
