from django.urls import reverse

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import CandidateFactory, InterviewFactory, OpeningFactory, small_script
from interviews.models import Candidate
from interviews.planning.tests.test_stages import INTERVIEWER, LEAD, StagesCase


class StageViewTests(StagesCase):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.hana)

    def at(self, name, pk=None):
        return reverse(name, args=[pk or self.candidate.pk])

    def test_advance_on_the_board_keeps_the_place(self):
        board = self.at("opening-board", self.opening.pk)
        self.assertContains(self.client.get(board), 'Advance<span class="sr-only"> Ada Okafor to Onsite')
        sent = {"stage": self.stage("Onsite").pk, "board": "1"}
        answer = self.client.post(self.at("candidate-stage"), sent)
        self.assertRedirects(answer, f"{board}#candidate-{self.candidate.pk}", fetch_redirect_response=False)
        self.assertEqual(str(Candidate.objects.get().stage), "Onsite")
        self.assertContains(self.client.get(board), "Ada Okafor is now in Onsite.")

    def test_the_candidate_s_page_tells_stage_and_history(self):
        self.client.post(self.at("candidate-stage"), {"stage": self.stage("Offer").pk})
        page = self.client.get(self.at("candidate-detail"))
        self.assertContains(page, 'aria-current="step">Offer')
        self.assertContains(page, "Moved to Offer")
        self.assertNotContains(page, "Advance to")

    def test_a_stage_that_is_gone_is_refused_in_words(self):
        answer = self.client.post(self.at("candidate-stage"), {"stage": "x"})
        self.assertContains(answer, "no longer exists", status_code=422)

    def test_rejecting_takes_the_candidate_off_the_board_and_out_of_what_waits(self):
        InterviewFactory(script=None, candidate=self.candidate)
        self.assertContains(self.client.get(self.at("candidate-outcome")), "This cancels the interviews planned")
        self.assertEqual(self.client.post(self.at("candidate-outcome"), {"reason": ""}).status_code, 422)
        self.client.post(self.at("candidate-outcome"), {"outcome": "rejected", "reason": "Not yet."})
        page = self.client.get(self.at("candidate-detail"))
        self.assertContains(page, "Not yet.")
        self.assertNotContains(page, "Schedule an interview")
        self.assertEqual(self.client.get(self.at("interview-create")).status_code, 409)
        listed = self.client.get(reverse("candidate-list"), {"decision": "rejected"})
        self.assertEqual([row.outcome for row in listed.context["list"].rows], ["Rejected"])
        listed = self.client.get(reverse("candidate-list"), {"waiting": "plan"})
        self.assertEqual(listed.context["list"].rows, [])
        self.client.post(self.at("candidate-reinstate"))
        self.assertContains(self.client.get(self.at("candidate-detail")), "Schedule an interview")

    def test_the_panel_sees_neither_stage_nor_outcome_nor_history(self):
        mira = InterviewerFactory()
        InterviewFactory(script=None, candidate=self.candidate, panel=[(mira, LEAD)])
        self.candidate.tags.create(name="remote")
        Candidate.objects.update(source="Quokka")
        self.candidate.move_to(self.stage("Onsite"), by=self.hana, at=self.candidate.created_at)
        self.client.force_login(mira)
        for path in (self.at("candidate-detail"), reverse("candidate-list")):
            page = self.client.get(path)
            for word in ("Onsite", "History", "Advance to", "remote", "Quokka"):
                with self.subTest(path=path, word=word):
                    self.assertNotContains(page, word)
        for given in ({"stage": "Onsite"}, {"tag": "remote"}):
            rows = self.client.get(reverse("candidate-list"), given).context["list"].rows
            self.assertEqual(len(rows), 1, "no such filter")
        self.assertEqual(self.client.get(self.at("opening-board", self.opening.pk)).status_code, 404)
        self.assertEqual(self.client.post(self.at("candidate-stage"), {"stage": "1"}).status_code, 403)
        self.assertEqual(self.client.get(self.at("candidate-outcome")).status_code, 403)

    def test_filters_do_not_tell_a_manager_who_owes_a_scorecard(self):
        ines = HiringManagerFactory(roles=["Hiring manager", "Interviewer"])
        self.opening.managers.add(ines)
        panel = [(InterviewerFactory(), LEAD), (ines, INTERVIEWER)]
        InterviewFactory(script=None, candidate=self.candidate, ended=True, panel=panel)
        self.candidate.settle("rejected", reason="Quokka", by=self.hana, at=self.candidate.created_at)
        self.client.force_login(ines)
        for given, found in (({"stage": "Technical"}, 0), ({"decision": "rejected"}, 0), ({"decision": "none"}, 1)):
            with self.subTest(given=given):
                rows = self.client.get(reverse("candidate-list"), given).context["list"].rows
                self.assertEqual(len(rows), found)
        page = self.client.get(self.at("candidate-detail"))
        self.assertNotContains(page, "Quokka")
        self.assertNotContains(page, "Rejected")
        self.assertEqual(self.client.get(self.at("candidate-outcome")).status_code, 409)

    def test_the_stages_are_edited_with_the_opening(self):
        sent = {"title": "Backend", "managers": [self.hana.pk], "blind_policy": "after_own"}
        page = self.client.get(self.at("opening-edit", self.opening.pk))
        sent["base"] = page.context["form"].base
        address = self.at("opening-edit", self.opening.pk)
        for stages, words in (
            ("Applied\nOffer", "Candidates are in “Technical”"),
            ("Applied\nApplied", "listed twice"),
            ("x" * 41, "At most 40 characters"),
            ("\n".join(map(str, range(21))), "At most 20 stages"),
        ):
            with self.subTest(words=words):
                answer = self.client.post(address, sent | {"stages": stages})
                self.assertContains(answer, words, status_code=422)
        self.client.post(address, sent | {"stages": "Applied\n Screen \n\nPairing\nOnsite\nOffer"})
        names = [stage.name for stage in self.opening.stages.current()]
        self.assertEqual(names, ["Applied", "Screen", "Pairing", "Onsite", "Offer"])

    def test_a_new_candidate_is_in_the_first_stage_with_source_and_tags(self):
        address = reverse("candidate-create", args=[self.opening.pk])
        for tags, words in (("x" * 31, "At most 30"), (",".join(map(str, range(13))), "At most 12 tags")):
            answer = self.client.post(address, {"name": "Bo", "tags": tags})
            self.assertContains(answer, words, status_code=422)
        self.client.post(address, {"name": "Bo", "source": "Referral", "tags": "senior, remote,, remote"})
        bo = Candidate.objects.get(name="Bo")
        self.assertEqual((str(bo.stage), bo.source), ("Applied", "Referral"))
        self.assertEqual([tag.name for tag in bo.tags.all()], ["remote", "senior"])
        rows = self.client.get(reverse("candidate-list"), {"tag": "remote"}).context["list"].rows
        self.assertEqual([row.candidate for row in rows], [bo])
        page = self.client.get(self.at("candidate-edit", bo.pk))
        sent = {"base": page.context["form"].base, "name": "Bo", "source": "Referral", "tags": "remote, Malta"}
        self.client.post(self.at("candidate-edit", bo.pk), sent)
        self.assertEqual([tag.name for tag in bo.tags.all()], ["Malta", "remote"])

    def test_an_interview_is_planned_in_the_candidate_s_stage(self):
        small_script()
        page = self.client.get(self.at("interview-create"))
        self.assertContains(
            page, f'<option value="{self.stage("Technical").pk}" selected>Technical</option>', html=True
        )
        other = CandidateFactory(opening=OpeningFactory(managers=[self.hana]))
        self.assertNotContains(self.client.get(self.at("interview-create", other.pk)), "No stage")
