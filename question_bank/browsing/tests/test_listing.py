from dataclasses import replace

from django.http import QueryDict
from django.test import TestCase

from accounts.factories import CuratorFactory, InterviewerFactory
from question_bank.browsing.listing import LIST_LENGTH, REACH, ListFilter, browse
from question_bank.factories import QuestionFactory, TopicFactory
from question_bank.models import Question
from question_bank.tree import in_reading_order


def prompts(bank):
    return [question.prompt for question in bank.questions]


def ways(bank):
    return {way.label: way.size for way in bank.topics}


class TestChoice(TestCase):
    def test_sensible_query_is_taken(self):
        curator = CuratorFactory()
        choice = ListFilter.of(curator, QueryDict("q= cache &topic=python&level=mid&status=draft&upto=120"))
        self.assertEqual(choice, ListFilter(q="cache", topic="python", level="mid", status="draft", upto=120))

    def test_nonsense_restricts_nothing(self):
        for query in ("level=boss&status=gone&upto=all", "upto=-1", "upto=99999999999", "upto=²", "level=any", ""):
            self.assertEqual(ListFilter.of(CuratorFactory(), QueryDict(query)), ListFilter(), query)

    def test_reader_cannot_ask_for_drafts(self):
        self.assertEqual(ListFilter.of(InterviewerFactory(), QueryDict("status=draft")).status, "")

    def test_query_holds_what_was_chosen_and_nothing_else(self):
        self.assertEqual(ListFilter(q="a&b", topic="python").query(), "?q=a%26b&topic=python")
        self.assertEqual(ListFilter(q="a", topic="python").query(topic="", upto=LIST_LENGTH), "?q=a")
        self.assertEqual(ListFilter().query(), "")
        self.assertEqual(str(ListFilter(upto=120)), "?upto=120")


class TestBrowse(TestCase):
    def setUp(self):
        self.python = TopicFactory(key="python", name="Python", position=1)
        self.django = TopicFactory(key="django", name="Django", position=2)

    def test_questions_come_by_topic_with_follow_ups_behind_their_question(self):
        QuestionFactory(topic=self.django, prompt="Last", position=1)
        second = QuestionFactory(topic=self.python, prompt="Second", position=2)
        first = QuestionFactory(topic=self.python, prompt="First", position=1)
        QuestionFactory(parent=second, prompt="After second", position=1)
        QuestionFactory(parent=first, prompt="After first", position=2)
        below = QuestionFactory(parent=first, prompt="At once after first", position=1)
        QuestionFactory(parent=below, prompt="Below that", position=1)
        self.assertEqual(
            prompts(browse(InterviewerFactory(), ListFilter())),
            ["First", "At once after first", "Below that", "After first", "Second", "After second", "Last"],
        )

    def test_readers_find_published_questions_only(self):
        QuestionFactory(topic=self.python, prompt="Published")
        QuestionFactory(topic=self.python, prompt="Draft", status="draft")
        QuestionFactory(topic=self.python, prompt="Retired", status="retired")
        bank = browse(InterviewerFactory(), ListFilter())
        self.assertEqual(prompts(bank), ["Published"])
        self.assertEqual(ways(bank), {"All": 1, "Python": 1, "Django": 0})
        self.assertEqual(bank.tasks, [])
        self.assertEqual(bank.bank_size, 1)

    def test_curators_find_drafts_among_the_others_and_retired_ones_apart(self):
        curator = CuratorFactory()
        QuestionFactory(topic=self.python, prompt="Published")
        QuestionFactory(topic=self.python, prompt="Draft", status="draft")
        QuestionFactory(topic=self.python, prompt="Retired", status="retired")
        bank = browse(curator, ListFilter())
        self.assertEqual(prompts(bank), ["Published", "Draft"])
        self.assertEqual(
            [(way.label, way.size) for way in bank.tasks], [("Due for review", 1), ("Drafts", 1), ("Retired", 1)]
        )
        self.assertEqual(prompts(browse(curator, ListFilter(status="draft"))), ["Draft"])
        self.assertEqual(prompts(browse(curator, ListFilter(status="retired"))), ["Retired"])

    def test_topic_narrows_the_list_but_not_the_counts(self):
        QuestionFactory(topic=self.python, prompt="Python one")
        QuestionFactory(topic=self.django, prompt="Django one")
        bank = browse(InterviewerFactory(), ListFilter(topic="django"))
        self.assertEqual(prompts(bank), ["Django one"])
        self.assertEqual(ways(bank), {"All": 2, "Python": 1, "Django": 1})
        self.assertEqual([way.label for way in bank.topics if way.is_current], ["Django"])

    def test_search_finds_follow_ups_in_the_order_of_the_whole_list(self):
        second = QuestionFactory(topic=self.django, prompt="Second?")
        first = QuestionFactory(topic=self.python, prompt="First?", position=2)
        retired = QuestionFactory(topic=self.python, prompt="Retired?", position=3, status="retired")
        QuestionFactory(topic=self.django, parent=second, prompt="Cache last?")
        QuestionFactory(topic=self.python, parent=retired, prompt="Cache of the retired one?")
        below = QuestionFactory(topic=self.python, parent=first, prompt="Below?", position=9)
        QuestionFactory(topic=self.python, parent=below, prompt="Cache below that?", position=9)
        QuestionFactory(topic=self.python, prompt="Cache first?", position=1)
        wanted = ["Cache first?", "Cache below that?", "Cache of the retired one?", "Cache last?"]
        bank = browse(CuratorFactory(), ListFilter(q="cache"))
        self.assertEqual(prompts(bank), wanted)
        self.assertEqual([text for text in prompts(browse(CuratorFactory(), ListFilter())) if text in wanted], wanted)
        self.assertEqual(ways(bank), {"All": 4, "Python": 3, "Django": 1})
        self.assertEqual(prompts(browse(CuratorFactory(), ListFilter(q="cache", topic="django"))), ["Cache last?"])
        self.assertEqual(prompts(browse(CuratorFactory(), ListFilter(q="cache", status="due"))), wanted)

    def test_signs_that_mean_something_to_the_database_are_letters_of_a_search(self):
        QuestionFactory(topic=self.python, prompt=r"Is 50% of snake_case in C:\temp?")
        QuestionFactory(topic=self.python, prompt="Is 500 of snake-case in C:/temp?")
        for word in ("50%", "snake_", "\\"):
            with self.subTest(word=word):
                self.assertEqual(browse(InterviewerFactory(), ListFilter(q=word)).found, 1)

    def test_unknown_topic_lists_all(self):
        QuestionFactory(topic=self.python, prompt="Python one")
        bank = browse(InterviewerFactory(), ListFilter(topic="cobol"))
        self.assertEqual(prompts(bank), ["Python one"])
        self.assertEqual([way.label for way in bank.topics if way.is_current], ["All"])

    def test_search_narrows_the_list_and_the_counts(self):
        QuestionFactory(topic=self.python, prompt="Where to cache?")
        QuestionFactory(topic=self.django, prompt="Django's cache?")
        QuestionFactory(topic=self.django, prompt="Migrations?")
        bank = browse(InterviewerFactory(), ListFilter(q="cache", topic="django"))
        self.assertEqual(prompts(bank), ["Django's cache?"])
        self.assertEqual(ways(bank), {"All": 2, "Python": 1, "Django": 1})
        self.assertEqual(bank.wider, "?q=cache")

    def test_level_lists_just_that_level(self):
        QuestionFactory(prompt="For all")
        QuestionFactory(prompt="For seniors", level="senior")
        self.assertEqual(prompts(browse(InterviewerFactory(), ListFilter(level="senior"))), ["For seniors"])

    def test_long_list_is_cut_and_says_how_to_go_on(self):
        QuestionFactory.create_batch(LIST_LENGTH + 1, topic=self.python)
        bank = browse(InterviewerFactory(), ListFilter(q="case"))
        self.assertEqual((len(bank.questions), bank.found), (LIST_LENGTH, LIST_LENGTH + 1))
        self.assertEqual(bank.more, f"?q=case&upto={2 * LIST_LENGTH}")
        bank = browse(InterviewerFactory(), ListFilter(q="case", upto=2 * LIST_LENGTH))
        self.assertEqual((len(bank.questions), bank.more), (LIST_LENGTH + 1, ""))

    def test_pages_of_many_topics_are_those_of_one_long_list(self):
        topics = [TopicFactory(position=position) for position in (2, 1, 3, 3)]
        for n in range(130):
            question = QuestionFactory(topic=topics[n % 4], position=n // 4)
            if n % 10 == 0:
                QuestionFactory(parent=question)
        QuestionFactory(topic=topics[0], status="retired")
        visible = Question.objects.exclude(status="retired")
        everything = in_reading_order(visible, list(visible.places()))
        for since in range(0, 160, 20):
            page = browse(CuratorFactory(), ListFilter(since=since, upto=since + 60))
            with self.subTest(since=since):
                self.assertEqual([question.pk for question in page.questions], everything[since : since + 60])
                self.assertEqual((page.skipped, page.found), (min(since, 143), 143))
        for pk in everything[::25]:
            page = browse(CuratorFactory(), ListFilter(), current=pk)
            with self.subTest(current=pk):
                self.assertIn(pk, [question.pk for question in page.questions])

    def test_list_reaches_the_current_question(self):
        last = QuestionFactory.create_batch(LIST_LENGTH + 5, topic=self.python)[-1]
        bank = browse(InterviewerFactory(), ListFilter(), current=last.pk)
        self.assertEqual(bank.questions[-1], last)

    def test_far_down_only_its_page_is_listed_with_ways_to_the_others(self):
        rows = QuestionFactory.create_batch(REACH + LIST_LENGTH + 2, topic=self.python)
        bank = browse(InterviewerFactory(), ListFilter(q="case"), current=rows[REACH + 3].pk)
        self.assertEqual((bank.skipped, len(bank.questions)), (REACH, LIST_LENGTH))
        self.assertEqual(bank.more, f"?q=case&since={REACH}&upto={REACH + 2 * LIST_LENGTH}")
        self.assertEqual(bank.earlier, f"?q=case&since={REACH - LIST_LENGTH}&upto={REACH + LIST_LENGTH}")
        on = ListFilter.of(InterviewerFactory(), {"since": str(REACH - LIST_LENGTH), "upto": str(REACH + LIST_LENGTH)})
        bank = browse(InterviewerFactory(), on, current=rows[REACH + 3].pk)
        self.assertEqual((bank.skipped, len(bank.questions)), (REACH - LIST_LENGTH, 2 * LIST_LENGTH))
        # The first page is "since=0", which is in no address; a new search begins there.
        self.assertEqual(browse(InterviewerFactory(), replace(on, since=LIST_LENGTH)).earlier, "?upto=360")
        self.assertNotIn("since", bank.topics[0].query)

    def test_current_question_that_was_not_found_leaves_the_list_as_it_is(self):
        QuestionFactory(topic=self.python, prompt="In the list")
        other = QuestionFactory(topic=self.django)
        self.assertEqual(
            prompts(browse(InterviewerFactory(), ListFilter(topic="python"), current=other.pk)), ["In the list"]
        )

    def test_follow_up_of_a_question_that_a_reader_cannot_see_stands_by_itself(self):
        QuestionFactory(parent=QuestionFactory(status="retired"), prompt="Follow-up")
        self.assertEqual(prompts(browse(InterviewerFactory(), ListFilter())), ["Follow-up"])
