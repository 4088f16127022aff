import json

from django.test import TestCase
from django.urls import reverse

from accounts.factories import InterviewerFactory
from interviews.factories import (
    CandidateFactory,
    InterviewFactory,
    LeadFactory,
    NoteFactory,
    PanelistFactory,
    ScriptedPointFactory,
    ScriptedQuestionFactory,
    ScriptedSectionFactory,
    TickFactory,
)


class TestLivePage(TestCase):
    @classmethod
    def setUpTestData(cls):
        candidate = CandidateFactory(name="Ada Okafor")
        cls.interview = InterviewFactory(candidate=candidate, live=True)
        cls.lead = LeadFactory(interview=cls.interview)

    def get(self, user=None, interview=None, **more):
        if user:
            self.client.force_login(user)
        return self.client.get(reverse("live", args=[(interview or self.interview).pk]), **more)

    def test_the_panel_gets_every_question_of_the_script_in_one_page(self):
        response = self.get(self.lead.user)
        for question in self.interview.questions.all():
            self.assertContains(response, f'data-question="{question.pk}"', count=1)
            self.assertContains(response, question.prompt)
        self.assertContains(response, "is-shown", count=1)

    def test_the_title_does_not_name_the_candidate(self):
        self.assertContains(self.get(self.lead.user), "<title>Live · Interview Script</title>", html=True)

    def test_the_state_as_json_says_who_reads(self):
        html = self.get(self.lead.user).content.decode()
        raw = html.partition('id="live-state" type="application/json">')[2].partition("</script>")[0]
        me = json.loads(raw)["me"]
        self.assertEqual((me["panelist"], me["user"], me["may_lead"]), (self.lead.pk, self.lead.user_id, True))

    def test_anonymous_people_sign_in_first(self):
        self.assertRedirects(
            self.get(),
            f"{reverse('sign-in')}?next={reverse('live', args=[self.interview.pk])}",
            fetch_redirect_response=False,
        )

    def test_outsiders_find_nothing(self):
        self.assertEqual(self.get(InterviewerFactory()).status_code, 404)
        elsewhere = PanelistFactory()
        self.assertEqual(self.get(elsewhere.user).status_code, 404)

    def test_a_hiring_manager_who_is_not_on_the_panel_is_refused(self):
        manager = self.interview.opening.managers.get()
        self.assertEqual(self.get(manager).status_code, 403)

    def test_posting_is_no_way_to_read(self):
        self.client.force_login(self.lead.user)
        self.assertEqual(self.client.post(reverse("live", args=[self.interview.pk])).status_code, 405)

    def test_a_cancelled_interview_is_shown_as_a_conflict_with_the_reason(self):
        cancelled = InterviewFactory(cancelled=True, cancel_reason="The candidate withdrew.")
        response = self.get(LeadFactory(interview=cancelled).user, cancelled)
        self.assertContains(response, "The candidate withdrew.", status_code=409)

    def test_notes_are_printed_as_they_were_written(self):
        question = self.interview.questions.first()
        NoteFactory(panelist=self.lead, question=question, text="\n</textarea><script>1</script>\n")
        response = self.get(self.lead.user)
        self.assertContains(response, "\n\n&lt;/textarea&gt;&lt;script&gt;1&lt;/script&gt;\n</textarea>")
        self.assertNotContains(response, "<script>1")

    def test_a_panelist_sees_nobody_elses_notes(self):
        other = PanelistFactory(interview=self.interview)
        NoteFactory(panelist=other, question=self.interview.questions.first(), text="CANARY")
        self.assertNotContains(self.get(self.lead.user), "CANARY")

    def test_only_the_lead_may_start(self):
        scheduled = InterviewFactory()
        shown, hidden = 'data-do="start" data-lead="me">', 'data-do="start" data-lead="me" hidden>'
        self.assertContains(self.get(LeadFactory(interview=scheduled).user, scheduled), shown)
        self.assertContains(self.get(PanelistFactory(interview=scheduled).user, scheduled), hidden)

    def test_it_is_sent_compressed(self):
        response = self.get(self.lead.user, headers={"accept-encoding": "gzip"})
        self.assertEqual(response.headers["Content-Encoding"], "gzip")

    def test_the_queries_do_not_grow_with_the_script_and_are_at_most_fifteen(self):
        TickFactory(panelist=self.lead, point=self.interview.questions.first().points.first())
        self.client.force_login(self.lead.user)
        self.get()
        with self.assertNumQueries(15):
            self.get()
        section = ScriptedSectionFactory(interview=self.interview, position=50)
        for position in range(100, 130):
            ScriptedPointFactory(question=ScriptedQuestionFactory(section=section, position=position))
        with self.assertNumQueries(15):
            self.get()
