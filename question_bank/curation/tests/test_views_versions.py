from django.urls import reverse

from accounts.factories import InterviewerFactory
from question_bank.curation.questions import retire_question
from question_bank.curation.tests.test_questions import SAVED, anchored, changed, found
from question_bank.curation.tests.test_scripts import changed as changed_script
from question_bank.curation.tests.test_views_questions import CuratorTestCase, url
from question_bank.factories import QuestionFactory, ScriptItemFactory
from question_bank.tests.sent_forms import sent_from


class TestQuestionHistory(CuratorTestCase):
    def setUp(self):
        super().setUp()
        self.question = anchored(prompt="Where to cache?")

    def test_question_without_changes(self):
        page = self.client.get(url("history", self.question))
        self.assertContains(page, "No changes yet")
        self.assertNotContains(page, "0 changes")

    def test_newest_difference_is_shown_and_any_two_can_be_chosen(self):
        for prompt in ("Where do you cache?", "Which cache?"):
            changed(self.question, prompt=prompt)
        page = self.client.get(url("history", self.question))
        self.assertContains(page, "<del>Where do you</del><ins>Which</ins>")
        first, _, last = self.question.changes.all()
        for query in ({"old": first.pk, "new": last.pk}, {"old": last.pk, "new": first.pk}):
            self.assertContains(
                self.client.get(url("history", self.question), query), "<del>Where to</del><ins>Which</ins>"
            )
        for nonsense in ({"old": "x", "new": "²"}, {"old": "999999", "new": "\0"}):
            self.assertContains(self.client.get(url("history", self.question), nonsense), "What changed")

    def test_a_version_with_the_content_of_now_offers_no_restoring_that_would_be_refused(self):
        older = "Which cache?"
        for prompt in (older, self.question.prompt):
            changed(found(self.question), prompt=prompt)
        retire_question(question=found(self.question), **SAVED)
        page = self.client.get(url("history", self.question))
        offered = [
            change.content["prompt"]
            for change in self.question.changes.all()
            if reverse("question-revert", args=[self.question.pk, change.pk]) in page.text
        ]
        self.assertEqual(offered, [older])
        self.assertContains(page, "Same content as now", count=2)

    def test_the_reason_typed_into_the_form_is_shown(self):
        self.client.post(url("edit", self.question), self.form_of(self.question, prompt="Which?", why="Too vague."))
        self.assertContains(self.client.get(url("history", self.question)), "Too vague.")

    def test_queries_do_not_grow_with_the_changes(self):
        changed(self.question, prompt="Two?")
        self.client.get(url("history", self.question))
        # user, roles; the question with its parts; changes; topics
        with self.assertNumQueries(9):
            self.client.get(url("history", self.question))
        for number in range(9):
            changed(self.question, prompt=f"Three {number}?")
        with self.assertNumQueries(9):
            self.client.get(url("history", self.question))

    def test_others_are_refused(self):
        self.assert_others_are_refused(url("history", self.question), self.question, "GET")


class TestQuestionRevert(CuratorTestCase):
    def setUp(self):
        super().setUp()
        self.question = anchored(prompt="Where to cache?")
        changed(self.question, prompt="Which cache?")
        self.address = reverse("question-revert", args=[self.question.pk, self.question.changes.first().pk])

    def test_it_asks_with_the_difference_and_says_what_stays(self):
        QuestionFactory(parent=self.question, condition="next")
        page = self.client.get(self.address)
        self.assertContains(page, "<del>Which</del><ins>Where to</ins>")
        self.assertContains(page, "Its 1 follow-up and its position stay as they are now, including 1 added since.")

    def test_it_restores(self):
        response = self.client.post(self.address, sent_from(self.client.get(self.address)), follow=True)
        self.assertContains(response, "Restored as version 3.")
        self.question.refresh_from_db()
        self.assertEqual(self.question.prompt, "Where to cache?")

    def test_a_change_meanwhile_is_shown_and_not_overwritten(self):
        form = sent_from(self.client.get(self.address))
        changed(self.question, prompt="Another?")
        response = self.client.post(self.address, form)
        self.assertContains(response, "changed while you had it open", status_code=409)
        self.assertContains(response, "<del>Another", status_code=409)
        self.question.refresh_from_db()
        self.assertEqual(self.question.prompt, "Another?")

    def test_a_change_of_another_question_is_not_found(self):
        other = anchored()
        changed(other, prompt="Other?")
        address = reverse("question-revert", args=[self.question.pk, other.changes.first().pk])
        self.assertEqual(self.client.get(address).status_code, 404)


class TestScriptVersions(CuratorTestCase):
    def setUp(self):
        super().setUp()
        self.script = ScriptItemFactory().section.script
        changed_script(self.script, purpose="A short call.")
        self.address = reverse("script-revert", args=[self.script.pk, self.script.changes.first().pk])

    def test_history_and_restore(self):
        page = self.client.get(reverse("script-history", args=[self.script.pk]))
        self.assertContains(page, "<ins>A short call.</ins>")
        self.client.post(self.address, sent_from(self.client.get(self.address)))
        self.script.refresh_from_db()
        self.assertEqual((self.script.purpose, self.script.version), ("A short call.", 2))
        self.assertEqual(self.script.draft.content["purpose"], "")

    def test_a_name_taken_meanwhile_is_refused_in_words(self):
        old = self.script.name
        changed_script(self.script, name="Another")
        ScriptItemFactory(section__script__name=old)
        response = self.client.post(self.address, sent_from(self.client.get(self.address)))
        self.assertContains(response, "Another script has this name.", status_code=422)

    def test_readers_are_refused(self):
        self.client.force_login(InterviewerFactory())
        for address in (self.address, reverse("script-history", args=[self.script.pk])):
            self.assertEqual(self.client.get(address).status_code, 403)
