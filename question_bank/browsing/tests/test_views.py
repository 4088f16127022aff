from django.test import TestCase
from django.urls import reverse

from accounts.factories import CuratorFactory, InterviewerFactory, UserFactory
from question_bank.factories import (
    AnchorFactory,
    PointFactory,
    QuestionFactory,
    ReferenceFactory,
    ScriptItemFactory,
    TopicFactory,
)

LIST = reverse("question-list")


def htmx(target: str, *, page: str = LIST, trigger: str = "") -> dict[str, str]:
    return {
        "HX-Request": "true",
        "HX-Target": target,
        "HX-Current-URL": f"http://testserver{page}",
        "HX-Trigger": trigger,
    }


class TestQuestionList(TestCase):
    def setUp(self):
        self.client.force_login(InterviewerFactory())

    def test_plain_page_has_topics_list_and_how_to_read(self):
        QuestionFactory(topic=TopicFactory(name="Caching"), prompt="Where to cache?")
        response = self.client.get(LIST)
        self.assertTemplateUsed(response, "base.html")
        for text in ("Caching", "Where to cache?", "1 question", "Rating guide"):
            self.assertContains(response, text)
        self.assertNotContains(response, "New question")
        self.assertNotContains(response, "To do")

    def test_curators_see_what_is_to_do(self):
        self.client.force_login(CuratorFactory())
        QuestionFactory(status="draft", prompt="Half written")
        response = self.client.get(LIST)
        self.assertContains(response, "New question")
        self.assertContains(response, f'href="{LIST}?status=draft"')
        # A long list of topics would push them out of sight.
        places = [response.text.index(words) for words in ("Suggestions", "New question", "To do", 'id="topics-label"')]
        self.assertEqual(places, sorted(places))
        self.assertContains(self.client.get(LIST, {"status": "draft"}), "Half written")

    def test_numbers_say_what_they_count(self):
        QuestionFactory(topic__name="Speed")
        self.client.force_login(InterviewerFactory())
        page = self.client.get(LIST)
        self.assertContains(page, '<span title="1 question">1<span class="sr-only"> question</span></span>')

    def test_search_works_without_a_script(self):
        QuestionFactory(prompt="Where to cache?")
        QuestionFactory(prompt="Which index?")
        response = self.client.get(LIST, {"q": "CACHE"})
        self.assertContains(response, "Where to cache?")
        self.assertNotContains(response, "Which index?")
        self.assertContains(response, "1 question matching “CACHE”")

    def test_htmx_search_gets_the_list_and_the_counts_only(self):
        question = QuestionFactory(prompt="Where to cache?")
        response = self.client.get(LIST, {"q": "cache"}, headers=htmx("results", trigger="bank-search"))
        self.assertTemplateNotUsed(response, "base.html")
        self.assertContains(response, f"{question.get_absolute_url()}?q=cache")
        self.assertContains(response, 'hx-swap-oob="true"')
        self.assertContains(response, "1 question matching “cache”")
        self.assertEqual(response["HX-Replace-Url"], f"{LIST}?q=cache")

    def test_htmx_search_keeps_the_open_question_in_the_address(self):
        question = QuestionFactory(prompt="Where to cache?")
        page = f"{question.get_absolute_url()}?q=cach"
        response = self.client.get(LIST, {"q": "cache"}, headers=htmx("results", page=page, trigger="bank-search"))
        self.assertEqual(response["HX-Replace-Url"], f"{question.get_absolute_url()}?q=cache")
        self.assertContains(response, 'aria-current="true"', 2)  # the question, and "All"

    def test_htmx_choice_of_a_topic_can_be_gone_back_from(self):
        topic = TopicFactory(key="python")
        response = self.client.get(LIST, {"topic": topic.key}, headers=htmx("results"))
        self.assertEqual(response["HX-Push-Url"], f"{LIST}?topic=python")
        self.assertNotIn("HX-Replace-Url", response)

    def test_address_of_another_page_or_site_is_not_taken_over(self):
        response = self.client.get(LIST, headers=htmx("results", page="/elsewhere/"))
        self.assertEqual(response["HX-Push-Url"], LIST)
        for foreign in ("https://evil.example/bank/1/", "http://["):
            response = self.client.get(LIST, headers=htmx("results") | {"HX-Current-URL": foreign})
            self.assertEqual(response["HX-Push-Url"], LIST)

    def test_going_back_gets_the_whole_page(self):
        headers = htmx("results") | {"HX-History-Restore-Request": "true"}
        self.assertTemplateUsed(self.client.get(LIST, headers=headers), "base.html")

    def test_search_text_is_escaped(self):
        for headers in ({}, htmx("results")):
            response = self.client.get(LIST, {"q": "<script>alert(1)</script>"}, headers=headers)
            self.assertNotContains(response, "<script>alert")
            self.assertContains(response, "&lt;script&gt;alert")

    def test_nul_in_a_search_is_no_accident(self):
        QuestionFactory(prompt="Where to cache?")
        self.assertContains(self.client.get(LIST, {"q": "cache\0"}), "Where to cache?")

    def test_empty_bank_says_so_and_leads_curators_on(self):
        self.assertContains(self.client.get(LIST), "There are no questions yet.")
        self.assertNotContains(self.client.get(LIST), "Write the first one")
        self.client.force_login(CuratorFactory())
        self.assertContains(self.client.get(LIST), "Write the first one")

    def test_search_without_a_hit_offers_to_search_everywhere(self):
        TopicFactory(key="python", name="Python")
        QuestionFactory()
        response = self.client.get(LIST, {"q": "zebra", "topic": "python"})
        self.assertContains(response, "No matches in Python.")
        self.assertContains(response, f'href="{LIST}?q=zebra"')

    def test_slash_is_no_key_for_those_who_switched_keys_off(self):
        self.assertContains(self.client.get(LIST), 'aria-keyshortcuts="/"')
        self.client.force_login(UserFactory(has_keys_on=False))
        self.assertNotContains(self.client.get(LIST), "aria-keyshortcuts")

    def test_queries_do_not_grow_with_the_list(self):
        topic = TopicFactory()
        QuestionFactory(topic=topic)
        self.client.get(LIST)
        with self.assertNumQueries(7):  # user, roles; topics, counts, hits, places, questions
            self.client.get(LIST, {"q": "case"})
        QuestionFactory.create_batch(29, topic=topic)
        with self.assertNumQueries(7):
            self.client.get(LIST, {"q": "case"})

    def test_follow_ups_found_without_their_question_take_one_query_more_at_any_number(self):
        self.client.force_login(CuratorFactory())
        for size in (1, 20):
            for _ in range(size):
                QuestionFactory(parent=QuestionFactory(prompt="Which index?"), prompt="Where to cache?")
            self.client.get(LIST)
            # user, roles; topics, counts, hits, places, those above, questions; due, suggestions
            with self.subTest(size=size), self.assertNumQueries(10):
                self.client.get(LIST, {"q": "cache"})
            with self.subTest(size=size), self.assertNumQueries(8):
                self.client.get(LIST)

    def test_anonymous_is_asked_to_sign_in(self):
        self.client.logout()
        self.assertRedirects(self.client.get(LIST), f"{reverse('sign-in')}?next={LIST}", fetch_redirect_response=False)

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.post(LIST).status_code, 405)


class TestQuestionDetail(TestCase):
    def setUp(self):
        self.client.force_login(InterviewerFactory())

    def test_page_shows_the_question_with_its_parts(self):
        top = QuestionFactory(prompt="How would you speed it up?")
        question = QuestionFactory(
            parent=top, condition="when caching comes up", prompt="Where to cache?", purpose="Knows the levels",
            guidance="Let them walk", level="senior", minutes=7, version=3, reviewed_on="2026-03-09",
        )  # fmt: skip
        PointFactory(question=question, text="headers")
        PointFactory(question=question, text="asks for freshness", kind="watch_out")
        PointFactory(question=question, text="names indexes", kind="cue", leads_to=top)
        AnchorFactory(question=question, rating=1, text="guesses")
        ReferenceFactory(question=question, title="HTTP caching", author="MDN", url="https://example.org/caching")
        item = ScriptItemFactory(question=top)
        response = self.client.get(question.get_absolute_url())
        for text in (
            "Where to cache?", "Knows the levels", "Let them walk", "Senior", "~7 min", "version 3", "Published",
            "headers", "Watch-outs", "asks for freshness", "Cues", "names indexes", "guesses", "for this question",
            "when caching comes up", "How would you speed it up?", "9 March 2026", str(item.section.script), "MDN",
        ):  # fmt: skip
            self.assertContains(response, text)
        self.assertContains(
            response, '<a href="https://example.org/caching" target="_blank" rel="noopener noreferrer">'
        )
        self.assertNotContains(response, "Edit")

    def test_list_stands_beside_it_and_marks_it(self):
        question = QuestionFactory()
        response = self.client.get(question.get_absolute_url())
        self.assertContains(response, f'data-question="{question.pk}" aria-current="true"')

    def test_htmx_gets_the_question_with_its_title_and_nothing_else(self):
        question = QuestionFactory(prompt="Where to cache?")
        response = self.client.get(question.get_absolute_url(), headers=htmx("question"))
        self.assertTemplateNotUsed(response, "base.html")
        self.assertContains(response, "<title>Where to cache? ·")
        self.assertNotContains(response, 'id="results"')

    def test_way_back_keeps_topic_and_search(self):
        question = QuestionFactory()
        response = self.client.get(question.get_absolute_url(), {"q": "case", "topic": "x"}, headers=htmx("question"))
        self.assertContains(response, f'href="{LIST}?q=case&amp;topic=x"')

    def test_texts_are_escaped(self):
        question = QuestionFactory(prompt="<b>bold</b>", guidance="<script>alert(1)</script>", purpose="a & b")
        PointFactory(question=question, text="<i>point</i>")
        response = self.client.get(question.get_absolute_url())
        for text in ("<b>bold", "<script>alert", "<i>point"):
            self.assertNotContains(response, text)
        self.assertContains(response, "&lt;i&gt;point")

    def test_book_without_an_address_is_no_link(self):
        question = QuestionFactory()
        ReferenceFactory(question=question, title="A book", url="")
        self.assertContains(self.client.get(question.get_absolute_url()), "<cite>A book</cite>")

    def test_conversation_is_not_rated(self):
        response = self.client.get(QuestionFactory(kind="conversation").get_absolute_url(), headers=htmx("question"))
        self.assertContains(response, "Not rated")
        self.assertNotContains(response, "Rating guide")

    def test_drafts_and_retired_questions_are_there_for_curators_only(self):
        for status in ("draft", "retired"):
            address = QuestionFactory(status=status).get_absolute_url()
            self.client.force_login(InterviewerFactory())
            self.assertEqual(self.client.get(address).status_code, 404)
            self.client.force_login(CuratorFactory())
            self.assertContains(self.client.get(address), "Edit")

    def test_draft_says_what_it_lacks(self):
        self.client.force_login(CuratorFactory())
        question = QuestionFactory(status="draft")
        response = self.client.get(question.get_absolute_url())
        self.assertContains(response, "Say what Poor, Mixed, Good and Excellent look like.")
        self.assertNotContains(response, reverse("question-publish", args=[question.pk]))

    def test_what_does_not_exist_is_404(self):
        self.assertEqual(self.client.get(reverse("question-detail", args=[404])).status_code, 404)

    def test_queries_do_not_grow_with_its_parts(self):
        question = QuestionFactory()
        PointFactory(question=question, leads_to=question)
        ReferenceFactory(question=question)
        QuestionFactory(parent=question)
        ScriptItemFactory(question=question)
        address = question.get_absolute_url()
        self.client.get(address)
        # user, roles; the question with five kinds of parts; tree, nearby, scripts; topics, counts, its place (two),
        # places, listed
        with self.assertNumQueries(17):
            self.client.get(address)
        PointFactory.create_batch(29, question=question, leads_to=question)
        ReferenceFactory.create_batch(29, question=question)
        QuestionFactory.create_batch(29, parent=question)
        for _ in range(5):
            ScriptItemFactory(question=question)
        with self.assertNumQueries(17):
            self.client.get(address)

    def test_anonymous_is_asked_to_sign_in(self):
        self.client.logout()
        response = self.client.get(QuestionFactory().get_absolute_url())
        self.assertEqual(response.status_code, 302)
        self.assertIn(reverse("sign-in"), response["Location"])

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.post(QuestionFactory().get_absolute_url()).status_code, 405)
