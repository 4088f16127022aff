from django.test import SimpleTestCase
from hypothesis import given
from hypothesis import strategies as st

from interviews.debriefs.candidate_comparison import Comparison, Entry, Known, letters
from interviews.models import Opening


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
