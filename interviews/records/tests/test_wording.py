from unittest import TestCase

from interviews.records.panel import Panel
from interviews.records.scoring import score
from interviews.records.tests.scores import block, rated, view
from interviews.records.tests.submitted import submission
from interviews.records.wording import (
    coverage_words,
    flags_profile,
    name_and_part,
    plural,
    recommendations,
    take_away_lines,
    take_aways,
)


class RecommendationsTests(TestCase):
    def said(self, *values, **fields):
        found = recommendations([submission(pk, recommendation=value, **fields) for pk, value in enumerate(values)])
        return found["text"], found["leaning"]

    def test_counted_from_strong_no_to_strong_yes(self):
        self.assertEqual(self.said(4, 1, 3, 3)[0], "1 strong no · 2 yes · 1 strong yes")

    def test_leaning_only_where_all_lean_the_same_way(self):
        self.assertEqual([self.said(3, 4)[1], self.said(1, 2)[1], self.said(2, 3)[1]], ["yes", "no", "open"])
        self.assertEqual(self.said(3, None), ("1 yes · 1 no decision", "open"))

    def test_shadows_do_not_count(self):
        self.assertEqual(self.said(4, part="shadow")[1], "open")


class TakeAwayTests(TestCase):
    def test_one_a_line_without_bullets_and_blank_lines(self):
        one = submission(1, stood_out="- Measures first\n\n  • Knows why \n*\n+ Asks")
        self.assertEqual(take_away_lines(one, "stood_out"), ["Measures first", "Knows why", "Asks"])

    def test_names_only_where_there_are_several(self):
        lead = submission(1, still_open="Scale?")
        other = submission(2, "Jo Tanaka", "interviewer", still_open="Tests?")
        self.assertEqual(take_aways(Panel([lead]), "still_open"), [{"text": "Scale?", "who": ""}])
        self.assertEqual(
            take_aways(Panel([other, lead]), "still_open"),
            [{"text": "Scale?", "who": "Mira"}, {"text": "Tests?", "who": "Jo"}],
        )


class CoverageWordsTests(TestCase):
    def test_must_asks_and_others(self):
        blocks = [block(1), block(2), block(3, is_must_ask=False)]
        self.assertEqual(
            coverage_words(score(blocks, [view(ratings={1: 3, 3: 3})])),
            "1 of 2 must-ask questions and 1 other question",
        )

    def test_must_asks_alone(self):
        self.assertEqual(coverage_words(rated(3)), "1 of 1 must-ask question")

    def test_without_must_asks(self):
        self.assertEqual(coverage_words(rated(3, 4, is_must_ask=False)), "2 questions")
        self.assertEqual(coverage_words(score([], [])), "0 questions")


class WordsTests(TestCase):
    def test_plural(self):
        self.assertEqual([plural(n, "answer") for n in (0, 1, 2)], ["0 answers", "1 answer", "2 answers"])

    def test_name_and_part(self):
        parts = ("lead", "interviewer", "shadow")
        self.assertEqual(
            [name_and_part(submission(1, "Jo", part).snapshot) for part in parts],
            ["Jo, leading", "Jo", "Jo, shadowing"],
        )

    def test_flag_is_counted_once_a_question_and_not_for_a_shadow(self):
        said = {"questions": [{"id": 7, "rating": {"value": 3, "flags": ["depth"]}}]}
        panel = [submission(1, **said), submission(2, **said), submission(3, part="shadow", **said)]
        self.assertRegex(flags_profile(panel), r" once$")
