from string import ascii_uppercase

from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from interviews.debriefs.candidate_comparison import Comparison, Entry, Known, letters, pairs
from interviews.models import Opening
from interviews.records import scoring
from interviews.records.comparison import NOT_COMPARABLE, TOO_CLOSE


def scored(ratings):
    """The score of one panelist's ratings, 0 for none, of the same questions of the bank."""
    blocks = [
        scoring.Question(
            id=n, is_answer=True, is_must_ask=True, state="asked", topic="T", is_behind_gate=False, source=n
        )
        for n in range(len(ratings))
    ]
    view = scoring.View("p", "lead", {n: rating for n, rating in enumerate(ratings) if rating})
    return scoring.score(blocks, [view])


class OfferTests(SimpleTestCase):
    def comparison(self, names, chosen=1):
        known = [Known(pk, name, None) for pk, name in enumerate(names, start=1)]
        entries = [Entry(pk=one.pk, name=one.name, interviews=[], submitted=[]) for one in known[:chosen]]
        return Comparison(Opening(), known, [], chosen=entries, is_hiding=False, is_all_decided=False)

    def test_those_compared_stay_and_others_are_searched(self):
        offer = self.comparison(["Ada Okafor", "Ömer Ak", "Ömer Borg", *(f"Kim {n}" for n in range(60))]).offer("omer")
        self.assertEqual([one.name for one in offer.chosen], ["Ada Okafor"])
        self.assertEqual([one.name for one in offer.others], ["Ömer Ak", "Ömer Borg"])

    def test_others_come_twenty_a_page_each_once_forward_and_back(self):
        comparison = self.comparison([f"Kim {n}" for n in range(48)], chosen=8)
        offer, ahead = comparison.offer(""), []
        while True:
            ahead.append([one.pk for one in offer.others])
            if offer.after is None:
                break
            offer = comparison.offer("", after=offer.after)
        self.assertEqual([len(page) for page in ahead], [20, 20])
        self.assertEqual([pk for page in ahead for pk in page], list(range(9, 49)))
        back = comparison.offer("", before=offer.before)
        self.assertEqual([one.pk for one in back.others], ahead[0])
        self.assertIsNone(back.before)

    def test_beside_one_who_was_chosen_since_the_pages_begin_anew(self):
        comparison = self.comparison([f"Kim {n}" for n in range(48)], chosen=8)
        self.assertEqual(comparison.offer("", after=3), comparison.offer(""))


class LettersTests(SimpleTestCase):
    def test_they_go_on_after_z(self):
        self.assertEqual([letters(n) for n in (0, 25, 26, 51, 52, 701, 702)], ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"])

    @given(st.sets(st.integers(0, 5_000), min_size=2, max_size=50))
    def test_no_two_candidates_have_the_same(self, numbers):
        self.assertEqual(len({letters(number) for number in numbers}), len(numbers))


class PairsTests(SimpleTestCase):
    scores = st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4).map(scored), min_size=2, max_size=5)

    @given(scores, st.randoms())
    def test_the_order_of_candidates_changes_nothing(self, scores, dice):
        named = [(ascii_uppercase[n], score) for n, score in enumerate(scores)]
        shuffled = dice.sample(named, len(named))

        def said(found):
            return {
                (frozenset((pair.first, pair.second)), pair.words, pair.first)
                if pair.words not in (TOO_CLOSE, NOT_COMPARABLE)
                else (frozenset((pair.first, pair.second)), pair.words)
                for pair in found
            }

        self.assertEqual(said(pairs(named)), said(pairs(shuffled)))
        self.assertEqual(len(pairs(named)), len(named) * (len(named) - 1) // 2)

    @given(scores)
    def test_who_leads_comes_first_and_nobody_leads_themselves(self, scores):
        named = [(ascii_uppercase[n], score) for n, score in enumerate(scores)]
        sources = frozenset.intersection(
            *[frozenset(block.source for block in score.blocks if block.by_panelist) for score in scores]
        )
        for pair in pairs(named):
            if pair.words not in (TOO_CLOSE, NOT_COMPARABLE):
                totals = dict(named)
                self.assertGreater(totals[pair.first].on(sources).total, totals[pair.second].on(sources).total)
