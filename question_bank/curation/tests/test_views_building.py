from django.urls import reverse

from accounts.factories import InterviewerFactory
from question_bank.curation.tests.test_views_questions import CuratorTestCase
from question_bank.factories import QuestionFactory, ScriptItemFactory, SectionFactory, TopicFactory
from question_bank.models import Topic
from question_bank.tests.sent_forms import sent_from

PICK, PLAN = reverse("script-pick"), reverse("script-plan")


class TestScriptPick(CuratorTestCase):
    def test_published_top_level_questions_with_their_minutes(self):
        question = QuestionFactory(prompt="Where to cache?", minutes=4)
        QuestionFactory(parent=question, prompt="And then?", minutes=3)
        QuestionFactory(prompt="Half written", status="draft")
        page = self.client.get(PICK)
        self.assertContains(page, 'data-pick="Where to cache?"')
        self.assertContains(page, "7 min")
        for text in ("And then?", "Half written"):
            self.assertNotContains(page, text)

    def test_search_and_filters(self):
        topic = TopicFactory(key="python")
        QuestionFactory(prompt="Where to cache?", topic=topic, level="senior", form="design")
        QuestionFactory(prompt="Which index?")
        for query in ({"find": "CACHE"}, {"topic_of": "python"}, {"level_of": "senior"}, {"form_of": "design"}):
            page = self.client.get(PICK, query)
            self.assertContains(page, "Where to cache?")
            self.assertNotContains(page, "Which index?")
        for query in ({"find": "nothing"}, {"level_of": "\0"}, {"form_of": "x"}):
            self.assertContains(self.client.get(PICK, query), "No matches.")
        self.assertContains(self.client.get(PICK, {"topic_of": "\0"}), "Which index?")

    def test_queries_do_not_grow_with_the_bank(self):
        for size in (1, 40):
            QuestionFactory.create_batch(size)
            # user, roles; topics, questions found and read, labels, minutes of two levels
            with self.assertNumQueries(8):
                page = self.client.get(PICK)
        self.assertContains(page, "There are more matches")


class TestScriptPlan(CuratorTestCase):
    def setUp(self):
        super().setUp()
        self.question = QuestionFactory(prompt="Where to cache?", minutes=8, form="knowledge", level="senior")
        QuestionFactory(parent=self.question, minutes=4)
        self.section = SectionFactory(minutes=10)
        ScriptItemFactory(section=self.section, question=self.question)

    def plan(self, slot=45, **changes):
        script = self.section.script
        form = sent_from(self.client.get(reverse("script-edit", args=[script.pk])), **changes)
        return self.client.post(PLAN, form | {"slot": slot, "script": script.pk})

    def test_minutes_add_up_with_follow_ups(self):
        page = self.plan()
        self.assertContains(page, "Must-ask 12 of 10 min")
        self.assertContains(page, "2 min over.")
        self.assertContains(page, "<b>10 min</b> of 45")
        self.assertContains(page, 'id="plan-0"')

    def test_optional_questions_are_apart_and_the_slot_is_compared(self):
        page = self.plan(slot=5, **{"items-0-is_must_ask": None})
        self.assertContains(page, "Must-ask 0 of 10 min, optional 12 min")
        self.assertContains(page, "5 min over the slot")

    def test_hints_on_balance(self):
        for _ in range(2):
            ScriptItemFactory(
                section=self.section,
                question=QuestionFactory(topic=self.question.topic, level="senior", form="knowledge"),
            )
        page = self.plan()
        for words in ("No behavioural", "one level (senior)", "More than a third", "from one topic", "own questions"):
            self.assertContains(page, words)

    def test_topic_that_is_retired_while_the_script_is_built(self):
        topic = self.question.topic
        form = sent_from(self.client.get(reverse("script-edit", args=[self.section.script_id])), purpose="For all")
        Topic.objects.filter(pk=topic.pk).update(is_retired=True)
        page = self.client.post(PLAN, form | {"script": self.section.script_id})
        self.assertContains(page, f"The topic “{topic}” was retired.")
        self.assertContains(self.client.get(PICK, {"topic_of": topic.key}), "Where to cache?")
        self.client.post(reverse("script-edit", args=[self.section.script_id]), form | {"step": "publish"})
        self.section.script.refresh_from_db()
        self.assertEqual((self.section.script.purpose, self.section.script.version), ("For all", 2))

    def test_nonsense_is_no_error(self):
        page = self.plan(slot="x", **{"sections-0-minutes": "²", "items-0-question": "unknown"})
        self.assertContains(page, "<b>0 min</b>")

    def test_readers_are_refused(self):
        self.client.force_login(InterviewerFactory())
        self.assertEqual((self.client.get(PICK).status_code, self.client.post(PLAN).status_code), (403, 403))


class TestScriptRetire(CuratorTestCase):
    def test_it_asks_first(self):
        script = SectionFactory().script
        address = reverse("script-retire", args=[script.pk])
        self.assertContains(self.client.get(address), "New interviews can’t use it.")
        script.refresh_from_db()
        self.assertFalse(script.is_retired)
