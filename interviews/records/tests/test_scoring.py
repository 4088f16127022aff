"""Score v1: the worked examples, the edge cases, and the six properties on generated interviews."""

from collections.abc import Sequence
from dataclasses import FrozenInstanceError, fields, replace
from decimal import Decimal
from fractions import Fraction
from itertools import count
from unittest import TestCase

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interviews.records import scoring
from interviews.records.scoring import Question, Score, View, score, topic_word, two_decimals

generated = settings(deadline=None, max_examples=50, database=None, suppress_health_check=[HealthCheck.too_slow])


def block(question, *follow_ups, **fields) -> Question:
    """An asked must-ask question of kind answer, unless said otherwise."""
    values = {
        "is_answer": True,
        "is_must_ask": True,
        "state": "asked",
        "topic": "Python",
        "is_behind_gate": False,
    }
    return Question(id=question, follow_ups=follow_ups, **(values | fields))


def view(panelist="Mira", part="lead", ratings=None, heard=None) -> View:
    return View(panelist, part, ratings or {}, heard or {})


def points(number: int) -> set[int]:
    return set(range(number))


def rated(*ratings: int, **fields) -> Score:
    """One panelist's ratings, one asked block each."""
    blocks = [block(number, **fields) for number, _ in enumerate(ratings)]
    return score(blocks, [view(ratings=dict(enumerate(ratings)))])


def shown(value) -> str:
    return two_decimals(value)


class WorkedExamples(TestCase):
    def test_one_panelist_with_unasked_and_skipped_blocks(self):
        blocks = [
            block(1),
            block(2),
            block(3),
            block(4, state="unasked"),
            block(5, state="skipped"),
            block(6),
        ]
        heard = {1: points(2), 2: points(5), 6: points(1)}

        result = score(blocks, [view(ratings={1: 3, 2: 4, 3: 2, 6: 3}, heard=heard)])

        self.assertEqual(result.rating_part, 3)
        self.assertEqual(result.points, 6)
        self.assertEqual(result.extra_part, Fraction(15, 100))
        self.assertEqual(result.total, Fraction(315, 100))
        self.assertEqual(shown(result.se), "0.41")
        self.assertEqual(result.text, "3.00 + 0.15")
        self.assertEqual(result.version, "score v1")

    def test_follow_ups(self):
        blocks = [
            block("a", block("a1"), block("a2")),
            block("b", block("b1")),
            block("c", block("c1")),
            block("d", block("d1", state="unasked")),
        ]
        ratings = {"a": 3, "a1": 4, "a2": 4, "b": 3, "b1": 2, "c": 2, "c1": 4, "d": 2}

        result = score(blocks, [view(ratings=ratings)])

        self.assertEqual([b.rating for b in result.blocks], [Fraction(7, 2), 3, 3, 2])
        self.assertEqual(result.rating_part, Fraction(2875, 1000))
        self.assertEqual(result.points, 0)
        self.assertEqual(shown(result.total), "2.88")
        self.assertEqual(result.text, "2.88 + 0.00")

    def test_two_panelists(self):
        views = [
            view("Mira", "lead", {1: 3, 2: 4, 3: 2}, {1: {"a", "b"}}),
            view("Jo", "interviewer", {1: 4, 2: 3}, {1: {"b", "c"}}),
        ]

        result = score([block(1), block(2), block(3)], views)

        self.assertEqual([b.rating for b in result.blocks], [Fraction(7, 2), Fraction(7, 2), 2])
        self.assertEqual(result.rating_part, 3)
        self.assertEqual(result.points, 3)
        self.assertEqual(result.extra_part, Fraction(1, 10))
        self.assertEqual(shown(result.total), "3.10")
        self.assertFalse(result.is_single_view)

    def test_scorecard_and_debrief_of_the_design(self):
        blocks = [
            block(1, topic="Response time"),
            block(2, topic="Authentication"),
            block(3, topic="Task queues"),
            block(4, topic="REST design"),
            block(5, topic="Django", state="unasked", is_behind_gate=True),
        ]
        views = [
            view("Mira", "lead", {1: 3, 2: 2, 3: 4, 4: 3}, {1: points(4), 2: points(1)}),
            view("Jo", "interviewer", {1: 3, 2: 4, 3: 4, 4: 3}, {3: points(6), 4: points(3)}),
            view("Luc", "interviewer", {1: 3, 2: 3, 3: 3}),
        ]

        result = score(blocks, views)
        topics = {b.topic: topic_word(result, b.topic) for b in blocks}

        self.assertEqual(result.text, "3.17 + 0.19")
        self.assertEqual((result.coverage.rated, result.coverage.must_ask), (4, 4))
        self.assertFalse(result.is_provisional)
        self.assertEqual(
            {name: topic.text for name, topic in topics.items()},
            {
                "Response time": "Good",
                "Authentication": "Good (Mixed to Excellent)",
                "Task queues": "Excellent",
                "REST design": "Good",
                "Django": "",
            },
        )
        self.assertEqual([topic.heard for topic in topics.values()], [4, 1, 6, 3, 0])
        self.assertEqual(topics["Authentication"].by_panelist, {"Mira": "Mixed", "Jo": "Excellent", "Luc": "Good"})
        self.assertNotIn("Luc", topics["REST design"].by_panelist)


class OwnRating(TestCase):
    """Rule 1, b_kp."""

    def own(self, question: Question, **ratings: int):
        return score([question], [view(ratings=ratings)]).blocks[0].by_panelist.get("Mira")

    def test_blank_parent_takes_the_best_follow_up(self):
        self.assertEqual(self.own(block("q", block("f"), block("g")), f=2, g=3), 3)

    def test_unasked_parent_takes_the_follow_up_that_was_asked(self):
        self.assertEqual(self.own(block("q", block("f"), state="unasked"), q=4, f=2), 2)

    def test_nothing_rated_is_blank(self):
        self.assertIsNone(self.own(block("q", block("f"))))

    def test_follow_up_of_a_follow_up_counts_nested_as_well_as_flat(self):
        nested = block("q", block("f", block("g")))
        flat = block("q", block("f"), block("g"))

        self.assertEqual(self.own(nested, q=2, g=4), 3)
        self.assertEqual(self.own(flat, q=2, g=4), 3)

    def test_asked_follow_up_below_a_skipped_one_counts(self):
        self.assertEqual(self.own(block("q", block("f", block("g"), state="skipped")), q=2, f=4, g=3), 2.5)

    def test_conversation_is_not_rated(self):
        self.assertIsNone(self.own(block("q", is_answer=False), q=4))
        self.assertEqual(self.own(block("q", block("f", is_answer=False)), q=2, f=4), 2)

    def test_skipped_or_unasked_follow_up_counts_nothing(self):
        for state in ("skipped", "unasked"):
            with self.subTest(state):
                self.assertEqual(self.own(block("q", block("f", state=state)), q=2, f=4), 2)

    def test_rating_outside_the_scale_is_refused(self):
        for rating in (0, 5, 2.5, None):
            with self.subTest(rating), self.assertRaisesRegex(ValueError, "must be 1 to 4"):
                view(ratings={"q": rating})


class Points(TestCase):
    """Rule 4, t_k."""

    def test_three_of_a_block_count_and_all_are_heard(self):
        result = score([block("q", block("f"))], [view(heard={"q": points(2), "f": points(2)})])

        self.assertEqual((result.blocks[0].heard, result.blocks[0].points), (4, 3))

    def test_point_heard_by_two_counts_once(self):
        views = [view(heard={"q": {"a"}}), view("Jo", "interviewer", heard={"q": {"a"}})]

        self.assertEqual(score([block("q")], views).points, 1)

    def test_shadow_counts_nowhere(self):
        shadow = view("Ana", "shadow", {"q": 1}, {"q": {"b"}})

        self.assertEqual(
            score([block("q")], [view(ratings={"q": 3}), shadow]),
            score([block("q")], [view(ratings={"q": 3})]),
        )

    def test_tick_on_an_unrated_answer_counts_and_asks_for_a_rating(self):
        result = score([block(1), block(2)], [view(ratings={1: 3}, heard={1: points(1), 2: points(2)})])

        self.assertEqual(result.points, 3)
        self.assertEqual([b.is_rating_wanted for b in result.blocks], [False, True])

    def test_point_in_a_conversation_counts_and_asks_for_no_rating(self):
        result = score([block("q", is_answer=False)], [view(heard={"q": points(1)})])

        self.assertEqual(result.points, 1)
        self.assertFalse(result.blocks[0].is_rating_wanted)

    def test_nothing_heard_asks_for_no_rating(self):
        self.assertFalse(score([block("q")], [view()]).blocks[0].is_rating_wanted)

    def test_skipped_block_counts_nothing_not_even_its_follow_ups(self):
        question = block("q", block("f"), state="skipped")

        result = score([question], [view(ratings={"q": 4, "f": 4}, heard={"q": {"a"}, "f": {"b"}})])

        self.assertEqual((result.n, result.points), (0, 0))


class Whole(TestCase):
    """Rules 3 and 5."""

    def test_nothing_rated_is_blank_never_0(self):
        result = score([block("q")], [view(heard={"q": points(3)})])

        self.assertIsNone(result.rating_part)
        self.assertIsNone(result.total)
        self.assertEqual(result.text, "")
        self.assertEqual(result.extra_part, Fraction(1, 10))
        self.assertFalse(result.is_single_view)

    def test_no_questions_is_blank(self):
        result = score([], [])

        self.assertEqual((result.text, result.n, result.points), ("", 0, 0))
        self.assertIsNone(result.coverage.share)

    def test_documented_weight(self):
        result = score([block(1, weight=3), block(2)], [view(ratings={1: 4, 2: 2})])

        self.assertEqual(result.rating_part, Fraction(7, 2))

    def test_one_panelist_rating_is_a_single_view_though_two_heard(self):
        views = [view(ratings={"q": 3}), view("Jo", "interviewer", heard={"q": points(1)})]

        self.assertTrue(score([block("q")], views).is_single_view)

    def test_extra_nears_its_limit_and_never_reaches_it(self):
        for blocks, extra in (
            (0, 0),
            (2, Fraction(15, 100)),
            (4, Fraction(2, 10)),
            (1000, Fraction(150, 501)),
        ):
            with self.subTest(blocks):
                heard = {number: points(9) for number in range(blocks)}
                result = score([block(number) for number in range(blocks)], [view(heard=heard)])

                self.assertEqual(result.extra_part, extra)
                self.assertLess(result.extra_part, Fraction(3, 10))

    def test_question_or_panelist_that_comes_twice_is_refused(self):
        with self.assertRaisesRegex(ValueError, "question comes twice"):
            score([block(1, block(2)), block(2)], [])
        with self.assertRaisesRegex(ValueError, "panelist comes twice"):
            score([block(1)], [view("Jo"), view("Jo")])

    def test_result_cannot_be_changed(self):
        with self.assertRaises(FrozenInstanceError):
            rated(3).version = "score v2"


class StandardError(TestCase):
    """Rule 6."""

    def test_undefined_below_three_rated_blocks(self):
        self.assertIsNone(rated(3, 4).se)
        self.assertIsNotNone(rated(3, 4, 3).se)

    def test_equal_ratings_keep_a_spread_of_half_a_step(self):
        self.assertEqual(rated(3, 3, 3, 3).se, Decimal("0.25"))

    def test_sample_deviation_of_the_blocks(self):
        self.assertEqual(rated(1, 2, 3).se_squared, Fraction(1, 3))
        self.assertEqual(shown(rated(1, 2, 3).se), "0.58")


class CoverageShare(TestCase):
    """Rule 7."""

    def coverage(self, *blocks: Question) -> tuple[int, int]:
        coverage = score(blocks, [view(ratings={b.id: 3 for b in blocks})]).coverage
        return coverage.rated, coverage.must_ask

    def test_optional_conversation_and_gated_blocks_are_left_out(self):
        asked, unasked = block(1), block(2, state="unasked")

        self.assertEqual(self.coverage(asked, unasked), (1, 2))
        for left_out in ({"is_must_ask": False}, {"is_answer": False}, {"is_behind_gate": True}):
            with self.subTest(left_out):
                self.assertEqual(self.coverage(asked, unasked, block(3, **left_out)), (1, 2))

    def test_skipped_must_ask_is_not_covered(self):
        self.assertEqual(self.coverage(block(1), block(2, state="skipped")), (1, 2))

    def test_four_rated_blocks_are_not_provisional(self):
        self.assertTrue(rated(3, 3, 3).is_provisional)
        self.assertFalse(rated(3, 3, 3, 3).is_provisional)

    def test_provisional_below_sixty_percent(self):
        for unasked, share, is_provisional in ((4, Fraction(3, 5), False), (5, Fraction(6, 11), True)):
            with self.subTest(share):
                blocks = [block(number) for number in range(6)]
                blocks += [block(number, state="unasked") for number in range(6, 6 + unasked)]
                result = score(blocks, [view(ratings=dict.fromkeys(range(6), 3))])

                self.assertEqual(result.coverage.share, share)
                self.assertEqual(result.is_provisional, is_provisional)

    def test_without_must_asks_the_share_is_undefined_and_the_number_decides(self):
        self.assertIsNone(rated(3, 3, 3, 3, is_must_ask=False).coverage.share)
        self.assertFalse(rated(3, 3, 3, 3, is_must_ask=False).is_provisional)
        self.assertTrue(rated(3, 3, 3, is_must_ask=False).is_provisional)


class Topic(TestCase):
    def word(self, *views: View, blocks: Sequence[Question] = (block(1), block(2))):
        return topic_word(score(blocks, views), "Python")

    def test_half_goes_down_and_more_goes_up(self):
        self.assertEqual(self.word(view(ratings={1: 3, 2: 4})).text, "Good")
        self.assertEqual(self.word(view(ratings={1: 1, 2: 2})).text, "Poor")
        views = [view(ratings={1: 3, 2: 4}), view("Jo", "interviewer", {1: 4, 2: 4})]
        self.assertEqual(self.word(*views).text, "Excellent")

    def test_one_step_apart_prints_no_span(self):
        topic = self.word(view(ratings={1: 3}), view("Jo", "interviewer", {1: 4}))

        self.assertEqual((topic.text, topic.is_split), ("Good", False))
        self.assertEqual(topic.by_panelist, {"Mira": "Good", "Jo": "Excellent"})

    def test_three_steps_apart_prints_the_span(self):
        topic = self.word(view(ratings={1: 1}), view("Jo", "interviewer", {1: 4}))

        self.assertEqual((topic.word, topic.text, topic.is_split), ("Mixed", "Mixed (Poor to Excellent)", True))

    def test_panelists_are_compared_by_their_own_words_for_the_topic(self):
        # Opposite on each question, the same on the topic.
        topic = self.word(view(ratings={1: 2, 2: 4}), view("Jo", "interviewer", {1: 4, 2: 2}))

        self.assertEqual((topic.text, topic.is_split), ("Good", False))

    def test_panelists_who_rated_different_blocks_are_compared_too(self):
        topic = self.word(view(ratings={1: 2}), view("Jo", "interviewer", {2: 4}))

        self.assertEqual(topic.text, "Good (Mixed to Excellent)")

    def test_every_rating_counts_once(self):
        # The mean of b_k, (7/3 + 4) / 2, would say Good; a mean of the panelists' means, 17/6, too.
        views = [
            view(ratings={1: 1, 2: 4}),
            view("Jo", "interviewer", {1: 2}),
            view("Luc", "interviewer", {1: 2}),
        ]

        self.assertEqual(self.word(*views).text, "Mixed")

    def test_other_topics_and_shadows_do_not_count(self):
        shadow = view("Ana", "shadow", {1: 1}, {1: points(1)})
        topic = self.word(
            view(ratings={1: 3, 2: 1}, heard={2: points(2)}),
            shadow,
            blocks=[block(1), block(2, topic="REST")],
        )

        self.assertEqual((topic.text, topic.heard), ("Good", 0))
        self.assertEqual(topic.by_panelist, {"Mira": "Good"})

    def test_unrated_topic_has_no_word_and_keeps_what_was_heard(self):
        topic = self.word(view(heard={1: points(5)}))

        self.assertEqual((topic.word, topic.text, topic.is_split, topic.heard), ("", "", False, 5))
        self.assertEqual(topic.by_panelist, {})


class TwoDecimals(TestCase):
    def test_half_goes_up(self):
        for value, text in (
            (Fraction(2875, 1000), "2.88"),
            (Fraction(2885, 1000), "2.89"),
            (Fraction(28749, 10000), "2.87"),
            (Fraction(3995, 1000), "4.00"),
            (Fraction(5, 1000), "0.01"),
            (Decimal("1.005"), "1.01"),
            (0, "0.00"),
        ):
            with self.subTest(text):
                self.assertEqual(two_decimals(value), text)


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
                "weight",
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
