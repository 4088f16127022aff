from django.urls import reverse

from accounts.factories import InterviewerFactory
from question_bank.browsing.tests.test_views import LIST
from question_bank.curation.tests.test_views_questions import CREATE, CuratorTestCase, url
from question_bank.factories import QuestionFactory, ScriptFactory, TopicFactory
from question_bank.models import Rule, Topic
from question_bank.tests.sent_forms import sent_from

TOPICS = reverse("topic-list")


class TestTopicList(CuratorTestCase):
    def setUp(self):
        super().setUp()
        self.topic = TopicFactory(name="Caching", key="caching", position=1)

    def form(self, **changes):
        return sent_from(self.client.get(TOPICS), **changes)

    def test_a_topic_is_added_and_renamed(self):
        form = self.form(**{"topics-0-name": "Caches", "topics-1-name": "GraphQL"})
        self.assertContains(self.client.post(TOPICS, form, follow=True), "Saved.")
        self.assertEqual([topic.name for topic in Topic.objects.all()], ["Caches", "GraphQL"])

    def test_a_name_that_is_taken_is_refused_in_words(self):
        form = self.form(**{"topics-1-name": "Caching"})
        response = self.client.post(TOPICS, form)
        self.assertContains(response, "A topic named “Caching” already exists.", status_code=422)
        self.assertContains(response, 'value="Caching"', 2, status_code=422)

    def test_a_retired_topic_is_chosen_no_more_and_its_questions_stay(self):
        question = QuestionFactory(topic=self.topic)
        self.client.post(TOPICS, self.form(**{"topics-0-is_retired": "on"}))
        self.assertNotContains(self.client.get(CREATE), "Caching")
        self.assertContains(self.client.get(LIST), "Caching")
        page = self.client.get(url("edit", question))
        self.assertContains(page, f'<option value="{self.topic.pk}" selected>')
        self.assertEqual(self.client.post(url("edit", question), sent_from(page, prompt="Which?")).status_code, 302)

    def test_a_topic_retired_while_a_question_is_written_is_refused_in_words(self):
        form = self.blank_form(topic=self.topic.pk, prompt="Where to cache?")
        Topic.objects.update(is_retired=True)
        self.assertContains(self.client.post(CREATE, form), "This topic was retired or merged.", status_code=422)

    def test_an_empty_retired_topic_is_not_listed(self):
        Topic.objects.update(is_retired=True)
        self.assertNotContains(self.client.get(LIST), "Caching")

    def test_readers_are_refused(self):
        self.client.force_login(InterviewerFactory())
        self.assertEqual(self.client.get(TOPICS).status_code, 403)
        self.assertNotContains(self.client.get(LIST), "Edit topics")


class TestTopicMerge(CuratorTestCase):
    def test_it_asks_and_moves(self):
        topic, into = TopicFactory(name="Caching"), TopicFactory(name="Speed")
        QuestionFactory(topic=topic)
        address = reverse("topic-merge", args=[topic.pk])
        page = self.client.get(address)
        self.assertContains(page, "1 question moves to the other topic")
        response = self.client.post(address, sent_from(page, into=into.pk), follow=True)
        self.assertContains(response, "“Caching” was merged into “Speed”: 1 question moved.")
        self.assertEqual(self.client.get(address).status_code, 404)

    def test_nothing_chosen(self):
        topic = TopicFactory()
        response = self.client.post(reverse("topic-merge", args=[topic.pk]), {})
        self.assertContains(response, "Choose a topic to merge into.", status_code=422)


class TestRules(CuratorTestCase):
    def setUp(self):
        super().setUp()
        self.script = ScriptFactory()

    def add(self, address, title):
        rows = len(Rule.objects.filter(script=None if address == reverse("script-rules") else self.script))
        form = sent_from(self.client.get(address), **{f"rules-{rows}-title": title, f"rules-{rows}-text": "Always."})
        self.assertEqual(self.client.post(address, form).status_code, 302)

    def test_rules_for_all_and_of_one_script(self):
        own = reverse("script-own-rules", args=[self.script.pk])
        self.add(own, "Share the screen")
        self.add(reverse("script-rules"), "Listen")
        page = self.client.get(self.script.get_absolute_url()).content.decode()
        self.assertLess(page.index("<dt>Listen"), page.index("<dt>Share the screen"))
        other = self.client.get(ScriptFactory().get_absolute_url())
        self.assertContains(other, "<dt>Listen")
        self.assertNotContains(other, "Share the screen")

    def test_a_rule_is_removed(self):
        address = reverse("script-rules")
        self.add(address, "Listen")
        self.client.post(address, sent_from(self.client.get(address), **{"rules-0-DELETE": "on"}))
        self.assertFalse(Rule.objects.exists())

    def test_a_change_meanwhile_is_not_overwritten(self):
        address = reverse("script-rules")
        self.add(address, "Listen")
        form = sent_from(self.client.get(address), **{"rules-0-text": "Mine."})
        Rule.objects.update(text="Theirs.")
        response = self.client.post(address, form)
        self.assertContains(response, "changed while you had it open", status_code=409)
        self.assertEqual(Rule.objects.get().text, "Theirs.")
