from string import ascii_uppercase

from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from interviews.debriefs.candidate_pairs import pairs
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
