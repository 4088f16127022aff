import re

from django.test import TestCase
from django.urls import reverse

from accounts.factories import CuratorFactory, InterviewerFactory
from question_bank.factories import (
    AnchorFactory,
    PointFactory,
    QuestionFactory,
    ReferenceFactory,
    ScriptItemFactory,
    TopicFactory,
)
from question_bank.models import Question
from question_bank.tests.sent_forms import sent_from

CREATE = reverse("question-create")
ANCHORS = {"anchor_1": "guesses", "anchor_2": "recites", "anchor_3": "reasons", "anchor_4": "teaches"}


def url(step, question):
    return reverse(f"question-{step}", args=[question.pk])


def read_of(page):
    """What the page's button to publish sends along."""
    return {"read": re.search(r'name="read" value="(\w+)"', page.content.decode())[1]}


class CuratorTestCase(TestCase):
    def setUp(self):
        self.client.force_login(CuratorFactory())

    def blank_form(self, **changes):
        return sent_from(self.client.get(CREATE), **changes)

    def form_of(self, question, **changes):
        return sent_from(self.client.get(url("edit", question)), **changes)

    def assert_others_are_refused(self, address, question, *methods):
        """Readers: 403 on what they see, 404 on a draft. Anonymous: to the sign-in."""
        for status, code in (("published", 403), ("draft", 404), ("retired", 404)):
            Question.objects.filter(pk=question.pk).update(status=status)
            self.client.force_login(InterviewerFactory())
            for method in methods:
                self.assertEqual(self.client.generic(method, address).status_code, code, (status, method))
        self.client.logout()
        for method in methods:
            response = self.client.generic(method, address)
            self.assertEqual((response.status_code, response["Location"].split("?")[0]), (302, reverse("sign-in")))


class TestQuestionCreate(CuratorTestCase):
    def test_page_is_blank(self):
        TopicFactory(name="Caching")
        response = self.client.get(CREATE)
        self.assertContains(response, "New question")
        self.assertContains(response, "Caching")
        self.assertContains(response, 'name="points-2-text"')
        self.assertNotContains(response, "points-3-text")
        self.assertContains(response, 'name="points-__prefix__-text"')
        self.assertContains(response, '<option value="" selected>Not set</option>', html=True)

    def test_ctrl_enter_saves_each_form_of_the_bank(self):
        for address in (CREATE, *map(reverse, ("suggestion-create", "topic-list", "script-rules", "script-create"))):
            with self.subTest(address):
                page = self.client.get(address)
                self.assertContains(page, "data-ctrl-enter")
                self.assertContains(page, "shortcuts")

    def test_a_topic_that_is_none_is_ignored(self):
        TopicFactory(key="caching")
        for topic in ("cach\0ing", "unknown"):
            self.assertContains(self.client.get(CREATE, {"topic": topic}), "New question")

    def test_page_of_a_follow_up_names_the_question_above_it(self):
        parent = QuestionFactory(prompt="Where to cache?")
        response = self.client.get(CREATE, {"parent": parent.pk})
        self.assertContains(response, 'name="parent" value="Where to cache?"')

    def test_nonsense_in_the_address_is_passed_over(self):
        for query in ({"parent": "x"}, {"parent": "99"}, {"parent": "²"}, {"topic": "cobol"}):
            self.assertContains(self.client.get(CREATE, query), "New question")

    def test_draft_is_saved_with_its_parts(self):
        topic = TopicFactory()
        offered = QuestionFactory(prompt="Which index?")
        form = self.blank_form(
            topic=topic.pk, prompt="Where to cache?\r\nAnd why?", minutes=6, **ANCHORS, **{
                "points-0-text": "headers", "points-0-ORDER": "2",
                "points-2-text": "names indexes", "points-2-kind": "cue", "points-2-ORDER": "1",
                "points-2-leads_to": "which  INDEX?",
                "references-0-title": "Caching", "references-0-url": "example.org/caching",
            },
        )  # fmt: skip
        response = self.client.post(CREATE, form)
        question = Question.objects.get(prompt="Where to cache?\nAnd why?")
        self.assertRedirects(response, question.get_absolute_url())
        self.assertEqual((question.status, question.topic, question.minutes), ("draft", topic, 6))
        first, second = question.points.all()
        self.assertEqual((first.text, first.kind, first.leads_to), ("names indexes", "cue", offered))
        self.assertEqual((second.text, second.kind, second.leads_to), ("headers", "brownie", None))
        self.assertEqual([anchor.text for anchor in question.anchors.all()], list(ANCHORS.values()))
        self.assertEqual([reference.url for reference in question.references.all()], ["https://example.org/caching"])

    def test_published_at_once_where_nothing_is_missing(self):
        form = self.blank_form(topic=TopicFactory().pk, prompt="Where to cache?", publish="1", **ANCHORS)
        self.client.post(CREATE, form)
        self.assertEqual(Question.objects.get().status, "published")

    def test_publishing_what_lacks_something_saves_nothing_and_keeps_the_form(self):
        form = self.blank_form(topic=TopicFactory().pk, prompt="Where to cache?", publish="1")
        response = self.client.post(CREATE, form)
        self.assertContains(response, "Say what Poor, Mixed, Good and Excellent look like.", status_code=422)
        self.assertContains(response, "Where to cache?", status_code=422)
        self.assertFalse(Question.objects.exists())

    def test_invalid_form_comes_back_with_what_was_typed(self):
        form = self.blank_form(
            guidance="Let them walk", minutes=0, anchor_1="one two three four five six seven eight nine ten 11 12 13",
            **{"points-0-text": "names it", "points-0-kind": "cue", "references-0-url": "javascript:alert(1)"},
        )  # fmt: skip
        response = self.client.post(CREATE, form)
        for text in (
            "Let them walk", "Choose a topic", "Enter a prompt.", "At most 12 words",
            "A cue suggests a question.", "begins with https:// or http://", "greater than or equal to 1",
        ):  # fmt: skip
            self.assertContains(response, text, status_code=422)
        self.assertFalse(Question.objects.exists())

    def test_words_that_are_no_question_are_refused(self):
        form = self.blank_form(topic=TopicFactory().pk, prompt="Where?", parent="No such question")
        self.assertContains(
            self.client.post(CREATE, form), "No question you can choose contains these words.", status_code=422
        )

    def test_watch_out_that_offers_a_question_is_refused(self):
        QuestionFactory(prompt="Which index?")
        form = self.blank_form(prompt="Where?", **{
            "points-0-text": "a", "points-0-kind": "watch_out", "points-0-leads_to": "Which index?",
        })  # fmt: skip
        self.assertContains(self.client.post(CREATE, form), "A watch-out can’t suggest a question.", status_code=422)

    def test_point_that_is_listed_twice_is_refused(self):
        form = self.blank_form(topic=TopicFactory().pk, prompt="Where?", **{
            "points-0-text": "headers", "points-1-text": " headers ",
        })  # fmt: skip
        self.assertContains(self.client.post(CREATE, form), "“headers” is listed twice.", status_code=422)
        self.assertFalse(Question.objects.exists())

    def test_more_points_than_anybody_can_listen_for_are_refused(self):
        form = self.blank_form(topic=TopicFactory().pk, prompt="Where?", **{"points-TOTAL_FORMS": "61"}, **{
            f"points-{n}-{name}": value for n in range(61) for name, value in (("text", f"p{n}"), ("kind", "brownie"))
        })  # fmt: skip
        self.assertContains(self.client.post(CREATE, form), "At most 60 points; there are 61.", status_code=422)

    def test_conversation_keeps_no_anchors(self):
        form = self.blank_form(topic=TopicFactory().pk, prompt="What would you ask us?", kind="conversation", **ANCHORS)
        self.client.post(CREATE, form)
        self.assertFalse(Question.objects.get().anchors.exists())

    def test_forged_choices_and_fields_change_nothing(self):
        form = self.blank_form(topic=TopicFactory().pk, prompt="Where?", kind="essay")
        self.assertEqual(self.client.post(CREATE, form).status_code, 422)
        form |= {"kind": "answer", "status": "published", "version": "9", "key": "forged", "seeded_digest": "x"}
        self.client.post(CREATE, form)
        question = Question.objects.get()
        self.assertEqual(
            (question.status, question.version, question.key, question.seeded_digest), ("draft", 1, None, "")
        )

    def test_forged_follow_ups_are_refused(self):
        question = QuestionFactory()
        form = self.form_of(question, **{"follow_ups-TOTAL_FORMS": "1", "follow_ups-0-condition": "when slow"})
        for number in ("", "-1", "x"):
            answer = self.client.post(url("edit", question), form | {"follow_ups-0-pk": number})
            self.assertEqual(answer.status_code, 422, number)

    def test_form_without_its_management_fields_is_refused(self):
        response = self.client.post(CREATE, {"prompt": "Where?", "topic": TopicFactory().pk})
        self.assertEqual(response.status_code, 422)
        self.assertFalse(Question.objects.exists())

    def test_readers_are_refused(self):
        self.client.force_login(InterviewerFactory())
        for method in ("GET", "POST"):
            self.assertEqual(self.client.generic(method, CREATE).status_code, 403)
        self.assertFalse(Question.objects.exists())

    def test_anonymous_is_asked_to_sign_in(self):
        self.client.logout()
        self.assertRedirects(
            self.client.get(CREATE), f"{reverse('sign-in')}?next={CREATE}", fetch_redirect_response=False
        )

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.put(CREATE).status_code, 405)


class TestQuestionEdit(CuratorTestCase):
    def published(self, **values):
        question = QuestionFactory(**values)
        for rating in range(1, 5):
            AnchorFactory(question=question, rating=rating, text=f"own {rating}")
        return question

    def test_page_holds_everything(self):
        question = self.published(prompt="Where to cache?", guidance="Let them walk")
        PointFactory(question=question, text="names it", kind="cue", leads_to=QuestionFactory(prompt="Which index?"))
        ReferenceFactory(question=question, title="HTTP caching")
        QuestionFactory(parent=question, prompt="What does it cost?", condition="next")
        response = self.client.get(url("edit", question))
        for text in (
            "Where to cache?", "Let them walk", "own 1", "names it", "Which index?", "HTTP caching",
            "What does it cost?", 'value="next"',
        ):  # fmt: skip
            self.assertContains(response, text)

    def test_change_makes_a_new_version(self):
        question = self.published(prompt="Where to cache?", version=3)
        response = self.client.post(url("edit", question), self.form_of(question, prompt="Where would you cache?"))
        self.assertRedirects(response, question.get_absolute_url())
        question.refresh_from_db()
        self.assertEqual((question.prompt, question.version), ("Where would you cache?", 4))
        self.assertContains(self.client.get(question.get_absolute_url()), "version 4")

    def test_saving_as_it_is_changes_nothing(self):
        question = self.published(guidance="Two\nlines", purpose="Levels")
        PointFactory(question=question, leads_to=QuestionFactory())
        ReferenceFactory(question=question)
        QuestionFactory(parent=question, condition="next")
        response = self.client.post(url("edit", question), self.form_of(question), follow=True)
        self.assertContains(response, "Saved. The wording hasn’t changed.")
        question.refresh_from_db()
        self.assertEqual((question.version, question.guidance), (1, "Two\nlines"))

    def test_form_sent_again_after_a_lost_answer_adds_its_rows_once(self):
        question = self.published()
        form = self.form_of(question, csrfmiddlewaretoken="of one page", **{"points-0-text": "names headers"})
        answers = [self.client.post(url("edit", question), form) for _ in range(2)]
        self.assertEqual([answer.status_code for answer in answers], [302, 302])
        self.assertEqual(question.points.get().text, "names headers")

    def test_row_that_is_removed_goes(self):
        question = self.published()
        point = PointFactory(question=question)
        self.client.post(
            url("edit", question), self.form_of(question, **{"points-0-DELETE": "on", "points-0-text": ""})
        )
        self.assertFalse(question.points.filter(pk=point.pk).exists())

    def test_row_that_is_emptied_is_refused(self):
        question = self.published()
        PointFactory(question=question, text="headers")
        response = self.client.post(url("edit", question), self.form_of(question, **{"points-0-text": ""}))
        self.assertContains(response, "Enter a point.", status_code=422)
        self.assertEqual([point.text for point in question.points.all()], ["headers"])

    def test_review_is_noted(self):
        question = self.published()
        self.client.post(url("edit", question), self.form_of(question, is_reviewed="on"))
        question.refresh_from_db()
        self.assertIsNotNone(question.reviewed_on)

    def test_second_of_two_curators_is_told_and_keeps_what_was_typed(self):
        question = self.published(prompt="Where to cache?")
        PointFactory(question=question, text="headers")
        mine = self.form_of(question, prompt="My words", **{"points-0-text": "my point"})
        self.client.post(url("edit", question), self.form_of(question, prompt="Their words"))
        response = self.client.post(url("edit", question), mine)
        for text in ("This was changed while you had it open", "Their words", "My words"):
            self.assertContains(response, text, status_code=409)
        self.assertContains(response, 'data-unsaved="sent"', status_code=409)
        question.refresh_from_db()
        self.assertEqual((question.prompt, question.version), ("Their words", 2))

        again = sent_from(response)
        self.assertEqual(self.client.post(url("edit", question), again).status_code, 302)
        question.refresh_from_db()
        self.assertEqual((question.prompt, question.version), ("My words", 3))

    def test_second_of_two_curators_who_wrote_the_same_saves_it_once(self):
        question = self.published()
        mine = self.form_of(question, prompt="Same words")
        self.client.post(url("edit", question), mine)
        self.assertEqual(self.client.post(url("edit", question), mine).status_code, 302)
        question.refresh_from_db()
        self.assertEqual((question.prompt, question.version), ("Same words", 2))

    def test_form_without_its_base_is_a_conflict(self):
        question = self.published()
        response = self.client.post(url("edit", question), self.form_of(question, base="", prompt="My words"))
        self.assertEqual(response.status_code, 409)

    def test_invalid_form_keeps_the_base_it_came_with(self):
        question = self.published()
        response = self.client.post(url("edit", question), self.form_of(question, prompt="", base="as sent"))
        self.assertContains(response, 'name="base" value="as sent"', status_code=422)

    def test_published_question_cannot_lose_its_anchors(self):
        question = self.published()
        response = self.client.post(url("edit", question), self.form_of(question, anchor_1="", prompt="My words"))
        self.assertContains(response, "Say what Poor looks like.", status_code=422)
        self.assertContains(response, "My words", status_code=422)

    def test_ring_is_refused(self):
        question = self.published(prompt="Top?")
        QuestionFactory(parent=question, prompt="Below?", condition="next")
        form = self.form_of(question, parent="Below?", condition="next")
        self.assertContains(
            self.client.post(url("edit", question), form), "can’t be a follow-up to itself", status_code=422
        )

    def test_draft_can_be_saved_and_published(self):
        question = self.published(status="draft")
        self.client.post(url("edit", question), self.form_of(question, publish="1"))
        question.refresh_from_db()
        self.assertEqual(question.status, "published")

    def test_hostile_texts_are_escaped(self):
        question = self.published(prompt="</textarea><script>alert(1)</script>")
        PointFactory(question=question, text='"><script>alert(2)</script>')
        for response in (
            self.client.get(url("edit", question)),
            self.client.post(url("edit", question), self.form_of(question, minutes="<script>alert(3)</script>")),
            self.client.post(url("edit", question), self.form_of(question, base="<script>alert(4)</script>")),
        ):
            self.assertNotIn(b"<script>alert", response.content)

    def test_queries_do_not_grow_with_its_parts(self):
        question = self.published()
        PointFactory(question=question, leads_to=QuestionFactory())
        ReferenceFactory(question=question)
        QuestionFactory(parent=question)
        self.client.get(url("edit", question))
        # user, roles; the question with five kinds of parts; questions to pick, topics; tree, scripts, merged, asked
        with self.assertNumQueries(14):
            self.client.get(url("edit", question))
        PointFactory.create_batch(29, question=question, leads_to=QuestionFactory())
        ReferenceFactory.create_batch(19, question=question)
        QuestionFactory.create_batch(29, parent=question)
        with self.assertNumQueries(14):
            self.client.get(url("edit", question))

    def test_others_are_refused(self):
        question = self.published()
        self.assert_others_are_refused(url("edit", question), question, "GET", "POST")

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.put(url("edit", self.published())).status_code, 405)


class TestQuestionPublish(CuratorTestCase):
    def test_complete_draft_is_published(self):
        question = QuestionFactory(status="draft", parent=QuestionFactory(), condition="next")
        read = read_of(self.client.get(question.get_absolute_url()))
        self.assertRedirects(self.client.post(url("publish", question), read), question.get_absolute_url())
        question.refresh_from_db()
        self.assertEqual(question.status, "published")

    def test_draft_that_lacks_something_is_refused_with_the_reason(self):
        question = QuestionFactory(status="draft", parent=QuestionFactory())
        response = self.client.post(url("publish", question))
        self.assertContains(response, "Enter when to ask this follow-up.", status_code=409)
        question.refresh_from_db()
        self.assertEqual(question.status, "draft")

    def test_published_question_is_refused(self):
        response = self.client.post(url("publish", QuestionFactory()))
        self.assertContains(response, "This question is already published.", status_code=409)

    def test_others_are_refused(self):
        question = QuestionFactory()
        self.assert_others_are_refused(url("publish", question), question, "POST")

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.get(url("publish", QuestionFactory())).status_code, 405)


class TestQuestionRetire(CuratorTestCase):
    def test_page_says_where_it_stands_and_what_follows(self):
        item = ScriptItemFactory(section__script__name="Backend engineer")
        QuestionFactory(parent=item.question)
        response = self.client.get(url("retire", item.question))
        for text in ("1 script", "Backend engineer", "won’t include it or its 1 follow-up", "has no other questions"):
            self.assertContains(response, text)
        item.question.refresh_from_db()
        self.assertEqual(item.question.status, "published")

    def test_question_is_retired(self):
        question = QuestionFactory()
        self.assertRedirects(self.client.post(url("retire", question)), question.get_absolute_url())
        question.refresh_from_db()
        self.assertEqual(question.status, "retired")

    def test_what_is_not_published_is_refused(self):
        for method in ("GET", "POST"):
            response = self.client.generic(method, url("retire", QuestionFactory(status="draft")))
            self.assertContains(response, "Only a published question can be retired.", status_code=409)

    def test_others_are_refused(self):
        question = QuestionFactory()
        self.assert_others_are_refused(url("retire", question), question, "GET", "POST")

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.put(url("retire", QuestionFactory())).status_code, 405)


class TestQuestionRestore(CuratorTestCase):
    def test_retired_question_is_brought_back(self):
        question = QuestionFactory(status="retired")
        self.assertRedirects(self.client.post(url("restore", question)), question.get_absolute_url())
        question.refresh_from_db()
        self.assertEqual(question.status, "published")

    def test_question_in_use_is_refused(self):
        response = self.client.post(url("restore", QuestionFactory()))
        self.assertContains(response, "This question is not retired.", status_code=409)

    def test_others_are_refused(self):
        question = QuestionFactory(status="retired")
        self.assert_others_are_refused(url("restore", question), question, "POST")

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.get(url("restore", QuestionFactory())).status_code, 405)


class TestQuestionDelete(CuratorTestCase):
    def test_page_asks_first(self):
        question = QuestionFactory(status="draft", prompt="Half written")
        self.assertContains(self.client.get(url("delete", question)), "Half written")
        self.assertTrue(Question.objects.filter(pk=question.pk).exists())

    def test_draft_with_follow_ups_offers_no_button_that_refuses(self):
        question = QuestionFactory(status="draft")
        self.assertContains(self.client.get(question.get_absolute_url()), "Delete draft…")
        QuestionFactory(parent=question, status="draft")
        self.assertNotContains(self.client.get(question.get_absolute_url()), "Delete draft…")

    def test_draft_is_deleted(self):
        question = QuestionFactory(status="draft")
        page = self.client.post(url("delete", question), follow=True)
        self.assertRedirects(page, reverse("question-list"))
        self.assertContains(page, f"Draft deleted: “{question.prompt}”.")
        self.assertFalse(Question.objects.exists())

    def test_what_was_published_is_refused(self):
        question = QuestionFactory()
        for method in ("GET", "POST"):
            response = self.client.generic(method, url("delete", question))
            self.assertContains(response, "Only a draft can be deleted.", status_code=409)
        self.assertTrue(Question.objects.filter(pk=question.pk).exists())

    def test_draft_with_follow_ups_is_refused(self):
        question = QuestionFactory(status="draft")
        QuestionFactory(parent=question, status="draft")
        self.assertContains(self.client.post(url("delete", question)), "It has follow-ups.", status_code=409)

    def test_others_are_refused(self):
        question = QuestionFactory(status="draft")
        self.assert_others_are_refused(url("delete", question), question, "GET", "POST")

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.put(url("delete", QuestionFactory(status="draft"))).status_code, 405)
