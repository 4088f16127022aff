import datetime as dt
import re

from django.urls import reverse
from django.utils import timezone

from accounts.factories import CuratorFactory, InterviewerFactory
from mail.models import Mail
from question_bank.browsing.tests.test_views import LIST
from question_bank.curation.duplicates import merge_question
from question_bank.curation.tests.test_questions import anchored
from question_bank.curation.tests.test_views_questions import CREATE, CuratorTestCase, read_of, url
from question_bank.factories import PointFactory, QuestionFactory
from question_bank.models import Comment, DismissedPoint, DismissedQuestion, Question, ReviewPolicy, Suggestion
from question_bank.tests.sent_forms import sent_from

SUGGESTIONS, SUGGEST = reverse("suggestion-list"), reverse("suggestion-create")


class TestReview(CuratorTestCase):
    def setUp(self):
        super().setUp()
        self.first, self.second = CuratorFactory(), CuratorFactory()
        self.question = anchored(status="draft", changed_by=self.first)

    def post(self, step, by, **more):
        self.client.force_login(by)
        response = self.client.post(url(step, self.question), more, follow=True)
        self.question.refresh_from_db()
        return response

    def publish(self, by):
        self.client.force_login(by)
        return self.post("publish", by, **read_of(self.client.get(self.question.get_absolute_url())))

    def test_draft_goes_into_review_and_back(self):
        self.assertContains(self.post("review", self.first), "Sent for review.")
        self.assertEqual(self.question.status, "review")
        self.assertContains(self.client.get(LIST, {"status": "review"}), self.question.prompt)
        self.assertContains(self.post("draft", self.first), "Back to draft.")
        self.assertEqual([change.act for change in self.question.changes.all()], ["first", "review", "draft"])

    def test_one_curator_publishes_unless_the_policy_asks_for_two(self):
        self.client.post(reverse("review-policy"), {"needed": "yes"})
        self.assertContains(self.post("publish", self.second), "Send it for review first.", status_code=409)
        page = self.post("review", self.first)
        self.assertNotContains(page, "Approve and publish")
        self.assertContains(page, "You changed it last, so another curator has to approve it.")
        self.assertContains(self.post("publish", self.first), "another curator has to approve", status_code=409)
        self.publish(self.second)
        self.assertEqual(self.question.status, "published")

    def test_nobody_approves_what_was_changed_after_they_read_it(self):
        self.client.post(reverse("review-policy"), {"needed": "yes"})
        self.post("review", self.first)
        self.client.force_login(self.second)
        read = read_of(self.client.get(self.question.get_absolute_url()))
        self.client.force_login(self.first)
        self.client.post(url("edit", self.question), self.form_of(self.question, prompt="Something else?"))
        refused = self.post("publish", self.second, **read)
        self.assertContains(refused, "It was changed while you had it open.", status_code=409)
        self.assertContains(refused, "Something else?", status_code=409)
        self.assertEqual(self.question.status, "review")
        self.post("publish", self.second, **read_of(refused))
        self.assertEqual(self.question.status, "published")

    def test_who_writes_a_condition_beside_the_parent_does_not_approve_the_follow_up(self):
        ReviewPolicy.objects.create(needs_second_person=True)
        parent = anchored()
        self.question = QuestionFactory(parent=parent, condition="next", status="review", changed_by=self.first)
        form = self.form_of(parent)
        name = next(name for name, value in form.items() if value == "next")
        self.client.force_login(self.second)
        self.client.post(url("edit", parent), form | {name: "when it comes up"})
        page = self.client.get(self.question.get_absolute_url())
        self.assertContains(page, "when it comes up")
        self.assertContains(page, "You changed it last, so another curator has to approve it.")

    def test_form_of_a_draft_offers_only_what_its_curator_may_do(self):
        publish, ask = "Save and publish", "Save and send for review"
        for address in (CREATE, url("edit", self.question)):
            page = self.client.get(address)
            self.assertContains(page, publish)
            self.assertNotContains(page, ask)
        self.client.post(reverse("review-policy"), {"needed": "yes"})
        for address in (CREATE, url("edit", self.question)):
            page = self.client.get(address)
            self.assertContains(page, ask)
            self.assertNotContains(page, publish)
        form = self.form_of(self.question, prompt="Where would you cache?", review="1")
        self.assertContains(self.client.post(url("edit", self.question), form, follow=True), "Sent for review.")
        self.question.refresh_from_db()
        self.assertEqual((self.question.prompt, self.question.status), ("Where would you cache?", "review"))
        page = self.client.get(url("edit", self.question))
        for words in (publish, ask):
            self.assertNotContains(page, words)

    def test_what_lacks_a_part_is_neither_saved_nor_sent_at_once(self):
        self.client.post(reverse("review-policy"), {"needed": "yes"})
        form = self.form_of(self.question, prompt="New words?", anchor_1="", review="1")
        self.assertContains(self.client.post(url("edit", self.question), form), "Say what Poor", status_code=422)
        self.question.refresh_from_db()
        self.assertEqual((self.question.prompt != "New words?", self.question.status), (True, "draft"))

    def test_without_the_policy_one_is_enough(self):
        self.publish(self.first)
        self.assertEqual(self.question.status, "published")

    def test_a_team_of_one_needs_no_second_person(self):
        ReviewPolicy.objects.create(needs_second_person=True)
        type(self.first).objects.exclude(pk=self.first.pk).update(is_active=False)
        self.publish(self.first)
        self.assertEqual(self.question.status, "published")

    def test_what_lacks_a_part_is_not_sent(self):
        Question.objects.filter(pk=self.question.pk).update(kind="answer")
        self.question.anchors.all().delete()
        self.assertContains(self.post("review", self.first), "Say what Poor", status_code=409)

    def test_interviewers_do_not_see_it(self):
        self.post("review", self.first)
        self.client.force_login(InterviewerFactory())
        self.assertEqual(self.client.get(self.question.get_absolute_url()).status_code, 404)

    def test_comment(self):
        self.assertContains(self.post("comment", self.first, text="Too <b>long</b>."), "Too &lt;b&gt;long")
        self.assertEqual(Comment.objects.get().by, self.first)
        self.assertContains(self.post("comment", self.first), "Enter a comment.", status_code=422)


class TestDueForReview(CuratorTestCase):
    def test_not_reviewed_within_a_year_or_with_an_open_suggestion(self):
        today = timezone.localdate()
        fresh = QuestionFactory(prompt="Fresh?", reviewed_on=today)
        QuestionFactory(prompt="Old?", reviewed_on=today - dt.timedelta(days=365))
        QuestionFactory(prompt="Retired?", status="retired")
        page = self.client.get(LIST, {"status": "due"})
        self.assertContains(page, "Old?")
        self.assertNotContains(page, "Fresh?")
        self.assertNotContains(page, "Retired?")
        for text in ("One.", "Two."):
            Suggestion.objects.create(question=fresh, kind="dated", text=text, by=CuratorFactory(), at=timezone.now())
        self.assertContains(self.client.get(LIST, {"status": "due"}), "2 questions")
        self.client.force_login(InterviewerFactory())
        self.assertContains(self.client.get(LIST, {"status": "due"}), "Fresh?")


class TestSuggestions(CuratorTestCase):
    def setUp(self):
        super().setUp()
        self.interviewer = InterviewerFactory()
        self.question = QuestionFactory()

    def suggest(self, *, about=True, **form):
        self.client.force_login(self.interviewer)
        address = f"{SUGGEST}?question={self.question.pk}" if about else SUGGEST
        response = self.client.post(address, {"text": "Ask why."} | form)
        self.client.force_login(CuratorFactory())
        return response

    def answer(self, **form):
        return self.client.post(reverse("suggestion-answer", args=[Suggestion.objects.get().pk]), form, follow=True)

    def test_a_change_is_accepted_and_edited_and_its_author_is_told(self):
        self.suggest(kind="dated")
        self.assertContains(self.client.get(SUGGESTIONS), "Ask why.")
        self.assertContains(self.client.get(LIST), "1 open</span>")
        self.assertContains(self.client.get(self.question.get_absolute_url()), "Ask why.")
        self.assertTemplateUsed(
            self.answer(accept="yes", answer="Thanks."), "question_bank/curation/question_form.html"
        )
        address = f"{url('edit', self.question)}?suggestion={Suggestion.objects.get().pk}"
        page = self.client.get(address)
        self.assertContains(page, f"{self.interviewer} suggested:</b> Ask why.")
        self.client.post(address, sent_from(page, prompt="Why caches?"))
        self.question.refresh_from_db()
        self.assertEqual((self.question.prompt, self.question.reviewed_on), ("Why caches?", timezone.localdate()))
        self.assertEqual(self.question.changes.last().why, f"Suggested by {self.interviewer}.")
        mail = Mail.objects.get()
        self.assertEqual(mail.to, self.interviewer.email)
        for words in ("Ask why.", "Thanks.", "accepted"):
            self.assertIn(words, mail.text)
        self.client.force_login(self.interviewer)
        self.assertContains(self.client.get(SUGGESTIONS), "Accepted by")

    def test_a_new_question_begins_with_its_text(self):
        self.suggest(about=False, text="How do you name things?")
        self.assertContains(self.answer(accept="yes"), "How do you name things?</textarea>")
        self.assertContains(self.client.get(CREATE, {"suggestion": "x"}), "New question")

    def test_what_begins_with_something_has_a_draft_of_its_own(self):
        names = [
            re.search('data-draft="(question:[^"]+)"', self.client.get(CREATE, begun).content.decode())[1]
            for begun in ({}, {"typed": "Why?"}, {"suggestion": "7"}, {"parent": str(self.question.pk)})
        ]
        self.assertEqual([len(set(names)), names[0]], [4, "question:new"])

    def test_what_an_address_names_is_stored_as_a_line(self):
        """PostgreSQL refuses a NUL, and with it the question."""
        address = f"{CREATE}?typed=Why%00so%0Aslow%3F"
        form = sent_from(self.client.get(address), prompt="How so?", topic=self.question.topic_id, kind="conversation")
        self.assertEqual(self.client.post(address, form).status_code, 302)
        self.assertEqual(DismissedQuestion.objects.get().text, "Why so slow?")

    def test_answered_once(self):
        self.suggest(kind="change")
        self.assertContains(self.answer(answer="x" * 301), "in your answer to “Ask why.”.")
        self.assertContains(self.answer(), "Not taken up: “Ask why.”.")
        self.assertContains(self.answer(accept="yes"), "The suggestion “Ask why.” has already been answered.")
        self.assertEqual(Suggestion.objects.get().state, "dismissed")

    def test_a_suggestion_whose_question_is_gone(self):
        self.suggest(kind="change")
        self.question.delete()
        self.assertContains(self.client.get(SUGGESTIONS), "The question was deleted")
        page = self.answer(accept="yes")
        self.assertContains(page, "The question was deleted in the meantime. This is a new one.")
        self.assertContains(page, "Ask why.</textarea>")

    def test_a_suggestion_whose_question_was_merged_is_for_the_other(self):
        self.suggest(kind="change")
        into = QuestionFactory(prompt="The other one?")
        merge_question(question=self.question, into=into, by=CuratorFactory(), at=timezone.now())
        self.assertContains(self.client.get(into.get_absolute_url()), "Ask why.")
        self.assertContains(self.answer(accept="yes"), "The other one?</textarea>")

    def test_it_leads_back_to_the_page_it_came_from_but_to_no_other_site(self):
        self.client.force_login(self.interviewer)
        for back, expected in (
            ("/interviews/3/", "/interviews/3/"),
            ("https://example.org/", "/bank/"),
            ("//example.org/", "/bank/"),
            ("x", "/bank/"),
        ):
            response = self.client.post(f"{SUGGEST}?next={back}", {"text": f"From {back}?"})
            self.assertEqual(response["Location"], expected)

    def test_others_see_only_their_own(self):
        self.suggest(kind="change")
        self.client.force_login(InterviewerFactory())
        self.assertNotContains(self.client.get(SUGGESTIONS), "Ask why.")
        self.assertNotContains(self.client.get(self.question.get_absolute_url()), "Ask why.")

    def test_nothing_written_or_a_question_one_may_not_see(self):
        self.assertContains(self.suggest(kind="change", text=""), "Enter a suggestion.", status_code=422)
        self.client.force_login(self.interviewer)
        draft = QuestionFactory(status="draft")
        self.assertContains(
            self.client.get(SUGGEST, {"question": QuestionFactory(status="retired").pk}), "Suggest a question"
        )
        self.assertEqual(self.client.get(SUGGEST, {"question": draft.pk}).status_code, 404)


class TestExtraPoint(CuratorTestCase):
    def setUp(self):
        super().setUp()
        self.question = anchored()

    def post(self, **form):
        return self.client.post(url("point", self.question), form, follow=True)

    def test_it_becomes_a_brownie_point(self):
        self.assertContains(self.post(text="A CDN in front"), "Added as a brownie point, version 2: “A CDN in front”.")
        self.assertEqual(self.question.points.get().text, "A CDN in front")
        self.assertEqual(self.question.changes.last().why, "Heard in interviews.")

    def test_a_long_one_is_shortened_by_a_person(self):
        text = "Names " + ", ".join(f"cost {number}" for number in range(40))
        self.assertContains(self.post(text=text), "at most 240. Choose “Edit first”", status_code=422)
        self.assertContains(self.post(text=text, list="yes"), "at most 240. Choose “Edit first”")
        self.assertFalse(self.question.points.exists())
        self.assertContains(self.client.get(url("edit", self.question), {"point": text}), text)

    def test_it_is_dismissed(self):
        self.post(text="A CDN in front", dismiss="yes")
        self.assertEqual(DismissedPoint.objects.get().text, "A CDN in front")
        self.assertFalse(self.question.points.exists())

    def test_another_curators_answer_is_not_contradicted(self):
        self.post(text="A CDN in front")
        self.assertContains(self.post(text="A CDN in front", dismiss="yes"), "already been added", status_code=409)
        self.post(text="Names a cost", dismiss="yes")
        self.assertContains(self.post(text="Names a cost"), "or dismissed", status_code=409)
        self.assertEqual(self.question.points.get().text, "A CDN in front")
        self.assertEqual(DismissedPoint.objects.get().text, "Names a cost")

    def test_who_works_through_the_list_returns_there(self):
        for answer, words in (
            ({"text": "A CDN in front"}, "version 2: “A CDN in front”."),
            ({"text": "Names a cost", "dismiss": "yes"}, "Dismissed: “Names a cost”."),
        ):
            page = self.post(list="yes", **answer)
            self.assertRedirects(page, reverse("suggestion-list"))
            self.assertContains(page, words)
        self.assertContains(self.post(list="yes", text="Names a cost"), "The point “Names a cost” has already been")

    def test_it_is_edited_first(self):
        PointFactory(question=self.question, text="Measures first", position=1)
        page = self.client.get(url("edit", self.question), {"point": "A CDN in front"})
        self.assertContains(page, "A CDN in front</textarea>")
        self.assertContains(page, " autofocus", count=1)
        self.assertRegex(page.text, r"<textarea[^>]* autofocus[^>]*>\s*A CDN in front</textarea>")
