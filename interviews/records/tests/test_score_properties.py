"""The six properties of the score on generated interviews."""

from collections.abc import Sequence
from dataclasses import fields, replace
from fractions import Fraction
from itertools import count
from unittest import TestCase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interviews.records import scoring
from interviews.records.scoring import Question, Score, View, score, topic_word
from interviews.records.tests.scores import block, points

pytestmark = pytest.mark.sqlite_only

generated = settings(max_examples=50)


@st.composite
def interviews(draw) -> tuple[list[Question], list[View]]:
    """Blocks in every state and kind, with nested follow-ups; one to four panelists.

    Ratings and points may also lie where they count nothing: on unasked, skipped or conversation questions.
    """
    ids = count()

    def question(depth: int) -> Question:
        follow_ups = draw(st.integers(0, 2)) if depth < 2 else 0
        return Question(
            id=next(ids),
            is_answer=draw(st.sampled_from([True, True, True, False])),
            is_must_ask=draw(st.booleans()),
            state=draw(st.sampled_from(["asked", "asked", "asked", "unasked", "skipped"])),
            topic=draw(st.sampled_from(["Python", "REST"])),
            is_behind_gate=draw(st.booleans()),
            follow_ups=tuple(question(depth + 1) for _ in range(follow_ups)),
        )

    blocks = [question(0) for _ in range(draw(st.integers(1, 5)))]
    known = st.sampled_from(range(next(ids)))
    views = [
        View(
            panelist=f"panelist {number}",
            part=draw(st.sampled_from(["lead", "interviewer", "interviewer", "shadow"])),
            ratings=draw(st.dictionaries(known, st.integers(1, 4), max_size=12)),
            heard=draw(st.dictionaries(known, st.frozensets(st.sampled_from("abcdef")), max_size=8)),
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    return blocks, views


def ids_of(blocks: Sequence[Question]) -> list:
    return [q.id for block in blocks for q in block.with_descendants()]


def figures(result: Score) -> tuple:
    return result.rating_part, result.points, result.n, result.se_squared, result.is_single_view


class Properties(TestCase):
    @generated
    @given(interviews(), st.data())
    def test_ticking_never_lowers_the_score(self, interview, data):
        blocks, views = interview
        before = score(blocks, views)
        at = data.draw(st.integers(0, len(views) - 1))
        question = data.draw(st.sampled_from(ids_of(blocks)))
        heard = dict(views[at].heard)
        heard[question] = frozenset(heard.get(question, ())) | {"one more"}
        views[at] = replace(views[at], heard=heard)

        after = score(blocks, views)

        self.assertEqual(after.rating_part, before.rating_part)
        self.assertGreaterEqual(after.extra_part, before.extra_part)

    @generated
    @given(interviews())
    def test_adding_points_to_the_bank_changes_nothing(self, interview):
        # A point that nobody heard can at most show as a question with nothing ticked.
        blocks, views = interview
        offered = dict.fromkeys(ids_of(blocks), frozenset())

        self.assertEqual(
            score(blocks, [replace(view, heard=offered | dict(view.heard)) for view in views]),
            score(blocks, views),
        )

    def test_how_many_points_a_question_lists_is_no_input(self):
        self.assertEqual(
            {field.name for field in fields(Question)},
            {
                "id",
                "is_answer",
                "is_must_ask",
                "state",
                "topic",
                "is_behind_gate",
                "follow_ups",
                "source",
            },
        )
        self.assertEqual({field.name for field in fields(View)}, {"panelist", "part", "ratings", "heard"})

    @generated
    @given(interviews(), st.sampled_from(["unasked", "skipped"]), st.data())
    def test_an_unasked_or_skipped_block_changes_nothing(self, interview, state, data):
        blocks, views = interview
        follow_up = block("follow-up", state=state)
        added = block("added", follow_up, state=state, is_must_ask=data.draw(st.booleans()))
        place = data.draw(st.integers(0, len(blocks)))
        rating = {"added": 1, "follow-up": 1}
        heard = {"added": points(3), "follow-up": points(3)}
        with_it = score(
            [*blocks[:place], added, *blocks[place:]],
            [replace(view, ratings={**view.ratings, **rating}, heard={**view.heard, **heard}) for view in views],
        )

        self.assertEqual(figures(with_it), figures(score(blocks, views)))

    @generated
    @given(interviews(), st.data())
    def test_a_question_added_in_the_call_and_not_rated_changes_nothing(self, interview, data):
        blocks, views = interview
        place = data.draw(st.integers(0, len(blocks)))
        added = block("added", is_must_ask=False)
        before, after = score(blocks, views), score([*blocks[:place], added, *blocks[place:]], views)

        self.assertEqual((figures(after), after.coverage), (figures(before), before.coverage))

    @generated
    @given(interviews(), st.integers(1, 4), st.integers(1, 4))
    def test_a_follow_up_never_lowers_a_rated_parent(self, interview, parent, follow_up):
        blocks, views = interview
        first = replace(blocks[0], state="asked", is_answer=True)
        first = replace(first, follow_ups=(*first.follow_ups, block("added")))
        rater = replace(views[0], part="lead", ratings={**views[0].ratings, first.id: parent})
        before = score([first, *blocks[1:]], [rater, *views[1:]])
        rater = replace(rater, ratings={**rater.ratings, "added": follow_up})
        after = score([first, *blocks[1:]], [rater, *views[1:]])

        own = after.blocks[0].by_panelist[rater.panelist]
        self.assertGreaterEqual(own, before.blocks[0].by_panelist[rater.panelist])
        self.assertGreaterEqual(own, parent)
        self.assertGreaterEqual(after.total, before.total)

    @generated
    @given(interviews(), st.integers(1, 3), st.data())
    def test_raising_a_rating_never_lowers_the_score(self, interview, low, data):
        blocks, views = interview
        question = data.draw(st.sampled_from(ids_of(blocks)))
        high = data.draw(st.integers(low + 1, 4))
        before, after = (
            score(blocks, [replace(views[0], ratings={**views[0].ratings, question: rating}), *views[1:]])
            for rating in (low, high)
        )

        self.assertEqual(after.n, before.n)
        if before.total is not None:
            self.assertGreaterEqual(after.total, before.total)

    @generated
    @given(interviews(), st.randoms(use_true_random=False))
    def test_order_is_irrelevant(self, interview, random):
        blocks, views = interview

        def shuffled(items):
            items = list(items)
            return random.sample(items, len(items))

        def turned(question: Question) -> Question:
            return replace(question, follow_ups=tuple(turned(f) for f in shuffled(question.follow_ups)))

        before = score(blocks, views)
        after = score(
            [turned(question) for question in shuffled(blocks)],
            [
                replace(
                    view,
                    ratings=dict(shuffled(view.ratings.items())),
                    heard=dict(shuffled(view.heard.items())),
                )
                for view in shuffled(views)
            ],
        )

        self.assertEqual(figures(after), figures(before))
        self.assertEqual(after.coverage, before.coverage)
        self.assertEqual({b.id: b for b in after.blocks}, {b.id: b for b in before.blocks})
        for topic in ("Python", "REST"):
            self.assertEqual(topic_word(after, topic), topic_word(before, topic))

    @generated
    @given(interviews())
    def test_every_figure_stays_in_its_range(self, interview):
        result = score(*interview)

        self.assertTrue(0 <= result.extra_part < Fraction(3, 10))
        self.assertEqual(result.total is None, result.n == 0)
        if result.total is not None:
            self.assertTrue(1 <= result.total < Fraction(43, 10))
        if result.coverage.share is not None:
            self.assertTrue(0 <= result.coverage.share <= 1)

    @generated
    @given(interviews())
    def test_a_topics_word_lies_within_the_panelists_words(self, interview):
        step = {word: number for number, word in scoring.RATING_WORDS.items()}
        topic = topic_word(score(*interview), "Python")

        if topic.word:
            steps = [step[word] for word in topic.by_panelist.values()]
            self.assertTrue(min(steps) <= step[topic.word] <= max(steps))
            self.assertEqual(topic.is_split, max(steps) - min(steps) >= 2)
