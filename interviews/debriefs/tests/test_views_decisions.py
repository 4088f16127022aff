import uuid

from django.urls import reverse

from accounts.factories import CuratorFactory, HiringManagerFactory, InterviewerFactory
from interviews.debriefs.tests.test_views_debriefs import SCRIPT, DebriefViewCase
from interviews.models import Decision, Panelist
from interviews.models.stages import add_stages
from interviews.tests.debriefing import opened_early
from interviews.tests.submitting import submit


class DecisionCreateTests(DebriefViewCase):
    def setUp(self):
        super().setUp()
        self.post_url = reverse("decision-create", args=[self.interview.pk])

    def submit_with(self, *recommendations):
        for panelist, value in zip((self.mira, self.jo, self.luc), recommendations, strict=True):
            submit(panelist, recommendation=value)

    def fields(self, **fields):
        sent = {"choice": "offer", "reason": "She is ready.", "base": "0", "token": str(uuid.uuid4())}
        return sent | {"against": "", "dissent": "", "feedback": ""} | fields

    def post(self, **fields):
        return self.client.post(self.post_url, self.fields(**fields))

    def test_it_is_recorded_and_stands_on_the_debrief(self):
        self.submit_with(3, 4, 3)
        page = self.client.get(self.url)
        self.assertContains(page, "Record the decision")
        response = self.post(reason="She is ready.\r\nNow.", dissenters=[self.luc.pk], dissent="Too early.")
        self.assertRedirects(response, f"{self.url}#decision", fetch_redirect_response=False)
        self.assertEqual(Decision.objects.get().reason, "She is ready.\nNow.")
        for reader in (self.hana, self.jo):
            self.sign_in(reader)
            page = self.client.get(self.url)
            self.assertContains(page, "She is ready.")
            self.assertContains(page, "Dissent: Luc Perrin")
            self.assertContains(page, "Hana Berg")

    def test_interview_and_opening_say_what_was_decided(self):
        self.submit_with(3, 4, 3)
        opening, page = self.interview.opening.get_absolute_url(), self.interview.get_absolute_url()
        self.assertNotContains(self.client.get(page), "Decided:")
        self.post(choice="go_on")
        self.assertContains(self.client.get(page), "Decided: Advance")
        self.assertContains(self.client.get(opening), '<span class="chip accent">Advance</span>')
        Panelist.objects.create(interview=self.interview, user=self.hana)
        for address in (page, opening):
            self.assertNotContains(self.client.get(address), '<span class="chip accent">Advance')
            self.assertNotContains(self.client.get(address), "Decided:")

    def test_the_confirmation_says_where_the_candidate_is_now(self):
        self.submit_with(3, 4, 3)
        add_stages(self.interview.opening, ["Technical", "Onsite"])
        candidate = self.interview.candidate
        candidate.stage = self.interview.stage = self.interview.opening.stages.current().first()
        candidate.save()
        self.interview.save()
        self.post(choice="go_on")
        self.assertContains(self.client.get(self.url), f"Decision recorded. {candidate} is now in Onsite.")
        for number, choice, words in ((1, "decline", "now rejected"), (2, "hold", "no longer rejected")):
            self.post(choice=choice, base=number, against="Because.")
            self.assertContains(self.client.get(self.url), f"Decision recorded. {candidate} is {words}.")

    def test_panelists_find_no_form(self):
        self.submit_with(3, 4, 3)
        self.sign_in(self.jo)
        page = self.client.get(self.url)
        self.assertNotContains(page, "Record the decision")
        self.assertContains(page, "Not decided yet.")

    def test_what_is_missing_is_said_and_what_was_typed_stays(self):
        self.submit_with(3, 4, 3)
        for fields, words in (
            ({"choice": ""}, "Choose a decision."),
            ({"choice": "reject"}, "Select a valid choice."),
            ({"reason": "  "}, "Say why."),
            ({"reason": "x" * 4_001}, "At most 4000 characters"),
            ({"dissent": "Too early."}, "Choose who disagrees."),
            ({"dissenters": [self.luc.pk]}, "Enter what they disagree with."),
            ({"dissenters": ["0"], "dissent": "x"}, "Select a valid choice."),
            ({"token": "x"}, "This page is out of date."),
            ({"base": ""}, "This page is out of date."),
        ):
            with self.subTest(fields):
                response = self.post(**{"feedback": "Kept as typed."} | fields)
                self.assertContains(response, words, status_code=422)
                self.assertContains(response, "Kept as typed.", status_code=422)
        self.assertFalse(Decision.objects.exists())

    def test_against_most_it_asks_for_a_sentence_and_then_takes_it(self):
        self.submit_with(3, 4, 3)
        self.assertContains(self.client.get(self.url), "Decline: Most recommend yes.")
        response = self.post(choice="decline")
        self.assertContains(response, "Enter why you’re overruling this, in one sentence.", status_code=422)
        self.assertEqual(self.post(choice="decline", against="The role is gone.").status_code, 302)
        self.assertContains(self.client.get(self.url), "The role is gone.")

    def test_the_second_manager_reads_the_first_decision_before_theirs_is_saved(self):
        self.submit_with(3, 4, 3)
        tendai = HiringManagerFactory(name="Tendai Moyo")
        self.interview.opening.managers.add(tendai)
        mine = self.fields(choice="hold", reason="No budget yet.")
        self.post()
        self.sign_in(tendai)
        response = self.client.post(self.post_url, mine)
        self.assertContains(response, "A decision was recorded after you opened this page.", status_code=409)
        self.assertContains(response, "She is ready.", status_code=409)
        self.assertContains(response, "No budget yet.", status_code=409)
        self.assertEqual(Decision.objects.count(), 1)
        form = response.context["form"]
        again = mine | {"base": form["base"].value(), "token": form["token"].value()}
        self.assertEqual(self.client.post(self.post_url, again).status_code, 302)
        self.assertEqual([d.choice for d in self.interview.decisions.all()], ["offer", "hold"])
        page = self.client.get(self.url)
        self.assertContains(page, "1 earlier decision")
        self.assertContains(page, "She is ready.")

    def test_sent_twice_it_is_recorded_once(self):
        self.submit_with(3, 4, 3)
        sent = self.fields()
        for _ in range(2):
            self.assertEqual(self.client.post(self.post_url, sent).status_code, 302)
        self.assertEqual(Decision.objects.count(), 1)

    def test_it_is_too_early_while_the_debrief_is_closed(self):
        submit(self.mira)
        self.assertEqual(self.post().status_code, 409)
        Panelist.objects.create(interview=self.interview, user=self.hana)
        opened_early(self.interview, self.mira.user)
        self.assertEqual(self.post().status_code, 409)
        self.assertFalse(Decision.objects.exists())

    def test_those_who_do_not_manage_the_opening(self):
        self.submit_with(3, 4, 3)
        for person, status in ((self.mira, 403), (HiringManagerFactory(), 404), (CuratorFactory(), 404)):
            self.sign_in(person)
            self.assertEqual(self.post().status_code, status)
        self.assertEqual(self.client.get(self.post_url).status_code, 405)
        self.client.logout()
        self.assertIn(reverse("sign-in"), self.post()["Location"])
        self.assertFalse(Decision.objects.exists())

    def test_hostile_text_is_shown_as_text(self):
        self.submit_with(3, 4, 3)
        texts = dict.fromkeys(("reason", "against", "dissent", "feedback"), SCRIPT)
        self.assertNotContains(self.post(**texts), "<script>alert", status_code=422)
        self.post(**texts, choice="decline", dissenters=[self.luc.pk])
        self.assertEqual(Decision.objects.get().against, SCRIPT)
        self.assertNotContains(self.client.get(self.url), "<script>alert")

    def test_a_decision_is_not_shown_to_who_has_not_submitted(self):
        submit(self.mira, recommendation=3)
        opened_early(self.interview, self.hana)
        self.post(reason="canary")
        self.sign_in(self.jo)
        for address in (self.url, self.interview.get_absolute_url(), reverse("my-day"), reverse("interview-list")):
            self.assertNotIn("canary", self.client.get(address).content.decode())
            self.assertNotIn("Offer", self.client.get(address).content.decode())

    def test_interviewers_of_other_interviews_find_nothing(self):
        self.submit_with(3, 4, 3)
        self.sign_in(InterviewerFactory())
        self.assertEqual(self.post().status_code, 404)
