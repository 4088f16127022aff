from django.urls import reverse

from accounts.factories import InterviewerFactory
from question_bank.curation.tests.test_questions import anchored
from question_bank.curation.tests.test_views_questions import CREATE, CuratorTestCase, url
from question_bank.factories import QuestionFactory, ScriptItemFactory, TopicFactory
from question_bank.tests.sent_forms import sent_from

PREVIEW, SIMILAR, CHOOSE = reverse("question-preview"), reverse("question-similar"), reverse("question-choose")


class TestQuestionPreview(CuratorTestCase):
    def test_half_written_question_is_shown_as_interviewers_see_it(self):
        form = self.blank_form(**{
            "prompt": "What does `__init__` do?\r\nAnd <b>why</b>?", "level": "senior", "minutes": "x",
            "points-0-text": "second", "points-0-ORDER": "2", "points-1-text": "first", "points-1-ORDER": "1",
            "points-2-text": "gone", "points-2-DELETE": "on", "anchor_3": "reasons",
        })  # fmt: skip
        page = self.client.post(PREVIEW, form)
        for text in ("<code>__init__</code>", "&lt;b&gt;why", "senior", "reasons"):
            self.assertContains(page, text)
        self.assertNotContains(page, "gone")
        content = page.content.decode()
        self.assertLess(content.index("first"), content.index("second"))

    def test_a_saved_question_looks_the_same(self):
        question = anchored(prompt="Which index?")
        self.assertContains(self.client.post(PREVIEW, self.form_of(question)), "Which index?")

    def test_nothing_written(self):
        self.assertContains(self.client.post(PREVIEW, self.blank_form()), "Write the prompt")

    def test_readers_are_refused(self):
        self.client.force_login(InterviewerFactory())
        answers = [self.client.post(PREVIEW), self.client.get(SIMILAR), self.client.get(CHOOSE)]
        self.assertEqual([answer.status_code for answer in answers], [403, 403, 403])


class TestQuestionSimilar(CuratorTestCase):
    def test_similar_questions_with_a_way_to_merge(self):
        own = QuestionFactory(prompt="Where can results be cached?")
        other = QuestionFactory(prompt="Where are results cached?")
        page = self.client.get(SIMILAR, {"prompt": own.prompt, "beside": own.pk})
        self.assertContains(page, "1 similar question")
        self.assertContains(page, f"{url('merge', own)}?into={other.pk}")
        self.assertNotContains(page, own.prompt)

    def test_no_way_to_merge_that_would_be_refused(self):
        own = QuestionFactory(prompt="Where can results be cached?")
        draft = QuestionFactory(prompt="Where are results cached?", status="draft")
        page = self.client.get(SIMILAR, {"prompt": own.prompt, "beside": own.pk})
        self.assertContains(page, "1 similar question")
        self.assertNotContains(page, "Merge…")
        self.assertNotContains(self.client.get(url("merge", own), {"into": draft.pk}), draft.prompt)
        merge = {"words": "results", "beside": own.pk, "merge": "yes"}
        self.assertContains(self.client.get(CHOOSE, merge), "No matches.")
        self.assertContains(self.client.get(CHOOSE, {**merge, "beside": draft.pk}), own.prompt)
        refused = self.client.post(url("merge", own), {"into": draft.prompt})
        self.assertContains(refused, "Choose a published question.", status_code=422)

    def test_nonsense_in_the_address(self):
        for query in ({}, {"prompt": "\0", "beside": "x"}, {"prompt": "x" * 9_000}):
            self.assertNotContains(self.client.get(SIMILAR, query), "similar")


class TestQuestionChoose(CuratorTestCase):
    def test_those_with_the_words_in_their_prompt_that_can_be_chosen(self):
        own, topic = QuestionFactory(prompt="Where to cache?"), TopicFactory(name="Speed")
        QuestionFactory(prompt="Where else would you CACHE?", topic=topic, parent=QuestionFactory(topic=topic))
        QuestionFactory(prompt="Where do you cache now?", status="draft")
        QuestionFactory(prompt="Where to index?", guidance="Never cache it")
        QuestionFactory(prompt="Where was the cache?", status="retired")
        page = self.client.get(CHOOSE, {"words": "cache where", "beside": own.pk})
        self.assertEqual(page.content.decode().count("data-choice="), 2)
        for text in ('data-choice="Where else would you CACHE?"', "Speed · follow-up", "draft"):
            self.assertContains(page, text)

    def test_at_most_twenty_in_the_same_number_of_queries(self):
        for size in (1, 30):
            QuestionFactory.create_batch(size, prompt="Where to cache?")
            # user, roles; questions, labels
            with self.assertNumQueries(4):
                page = self.client.get(CHOOSE, {"words": "cache"})
        self.assertEqual(page.content.decode().count("data-choice="), 20)
        self.assertContains(page, "There are more matches: type more words.")

    def test_nonsense_in_the_address(self):
        QuestionFactory()
        for query in ({}, {"words": " "}, {"words": "\0", "beside": "x"}, {"words": "x" * 9_000, "beside": "9" * 30}):
            self.assertContains(self.client.get(CHOOSE, query), "No matches.")

    def test_no_page_names_the_whole_bank(self):
        QuestionFactory(prompt="Far away?")
        own = anchored(prompt="Where to cache?")
        for page in (CREATE, url("edit", own), url("merge", own)):
            self.assertNotContains(self.client.get(page), "Far away?")


class TestQuestionMerge(CuratorTestCase):
    def test_it_asks_with_the_consequences_and_merges(self):
        question, into = anchored(prompt="Old?"), anchored(prompt="New?")
        ScriptItemFactory(question=question)
        page = self.client.get(url("merge", question), {"into": into.pk})
        self.assertContains(page, "Used in 1 script")
        self.assertContains(page, "Not asked yet.")
        self.assertContains(page, 'value="New?"')
        response = self.client.post(url("merge", question), sent_from(page), follow=True)
        self.assertContains(response, "Merged.")
        again = self.client.post(url("merge", question), {"into": "New?"})
        self.assertContains(again, "already merged", status_code=422)


class TestFormOfAFollowUp(CuratorTestCase):
    def test_it_names_parent_and_topic_and_folds_the_rating_guide(self):
        parent = QuestionFactory(prompt="Where to cache?")
        page = self.client.get(CREATE, {"parent": parent.pk})
        self.assertContains(page, "New follow-up")
        self.assertContains(page, f"in {parent.topic}.")
        self.assertNotContains(page, '<details class="card stack only-answer" open>')
        self.assertContains(self.client.get(CREATE), '<details class="card stack only-answer" open>')

    def test_edit_page_says_where_it_is_used(self):
        item = ScriptItemFactory(question=anchored())
        self.assertContains(self.client.get(url("edit", item.question)), "Used in 1 script")
