import difflib
from unittest import mock

import pytest
from django.test import TestCase
from hypothesis import given
from hypothesis import strategies as st

from interviews.factories import LeadFactory, NoteFactory, ScriptedQuestionFactory
from interviews.live.note_merge import DIVIDER, merge, steps
from interviews.models import Event, LateCommand, Note, NoteRevision, Panelist, Receipt
from interviews.records import note_history
from interviews.records.note_history import difference, text_at
from interviews.tests.commanding import sender

lines = st.lists(st.text(alphabet="abc ", max_size=6), max_size=6).map(lambda parts: "".join(f"{p}\n" for p in parts))


class TestMerge:
    def test_one_left_it_as_it_was_then_the_other_is_kept(self):
        assert merge("a\n", "a\n", "a\nb\n") == "a\nb\n"
        assert merge("a\n", "a\nb\n", "a\n") == "a\nb\n"

    def test_typing_that_went_on_from_the_stored_text_is_kept_once(self):
        assert merge("a", "a b", "a b c") == "a b c"
        assert merge("a", "a b c", "a b") == "a b c"

    def test_lines_added_at_different_places_are_put_together(self):
        assert merge("one\ntwo\n", "zero\none\ntwo\n", "one\nhalf\ntwo\n") == "zero\none\nhalf\ntwo\n"

    def test_lines_added_at_the_same_place_are_both_kept(self):
        assert merge("one\n", "one\nmine\n", "one\ntheirs\n") == "one\nmine" + DIVIDER + "theirs\n"

    def test_a_line_changed_by_both_is_kept_as_both_have_it_where_it_stands(self):
        assert merge("a\none\nz", "a\nuno\nz", "a\neins\nz") == "a\nuno" + DIVIDER + "eins\nz"

    def test_a_line_changed_by_one_is_as_that_one_has_it(self):
        assert merge("a\nb\nc", "a\nB\nc", "a\nb\nc d") == "a\nB\nc d"
        assert merge("a\nb\nc", "a\nc", "a\nb\nc d") == "a\nc d"

    def test_a_line_taken_out_by_one_and_changed_by_the_other_is_kept(self):
        assert merge("a\nb\nc", "a\nc", "a\nb, and more\nc") == "a\nb, and more\nc"

    def test_the_last_line_goes_on_where_the_other_put_lines_behind_it(self):
        assert merge("one", "zero\none", "one\ntwo") == "zero\none\ntwo"
        assert merge("one", "one\ntwo", "one and a half") == "one and a half\ntwo"

    def test_what_takes_too_long_to_compare_keeps_both_texts(self):
        """Of 2 000 lines each, this took 80 seconds."""
        long = "x\ny\n" * 1_000
        assert merge(long, "a\n" + long + "a\n", "b\n" + long + "b\n").startswith("a\nx\ny\n")
        twisted = "y\nx\n" * 1_000
        assert merge(long, "a\n" + twisted, twisted + "b\n") == "a\n" + twisted + DIVIDER + twisted + "b\n"

    def test_long_texts_are_merged_where_little_was_changed(self):
        long = "".join(f"{number}\n" for number in range(5_000))
        changed = merge(long, "a\n" + long, long + "b\n")
        assert changed == "a\n" + long + "b\n"

    @given(before=st.lists(st.sampled_from("abcd"), max_size=30), after=st.lists(st.sampled_from("abcd"), max_size=30))
    def test_difflib_takes_no_more_steps_than_are_reckoned_with(self, before, after):
        taken = 0

        class Counted(list):
            def __iter__(self):
                nonlocal taken
                for item in super().__iter__():
                    taken += 1
                    yield item

        class Matcher(difflib.SequenceMatcher):
            def set_seq2(self, b):
                super().set_seq2(b)
                self.b2j = {line: Counted(places) for line, places in self.b2j.items()}

            def find_longest_match(self, alo=0, ahi=None, blo=0, bhi=None):
                nonlocal taken
                taken += ahi - alo
                return super().find_longest_match(alo, ahi, blo, bhi)

        Matcher(None, before, after, autojunk=False).get_opcodes()
        assert taken <= steps(before, after)

    @pytest.mark.parametrize("same", ["", "x", "x\ny\n"])
    def test_the_same_text_twice_is_one(self, same):
        assert merge("", same, same) == same

    @given(base=lines, stored=lines, sent=lines)
    def test_every_line_that_either_put_in_is_kept(self, base, stored, sent):
        kept, before = merge(base, stored, sent).split("\n"), base.split("\n")
        assert {line for text in (stored, sent) for line in text.split("\n") if line not in before} <= set(kept)

    @given(base=lines, changed=lines)
    def test_what_one_left_as_it_was_is_as_the_other_has_it(self, base, changed):
        assert merge(base, base, changed) == merge(base, changed, base) == changed

    def test_two_who_write_in_turn_and_see_only_their_own_answers_repeat_nothing(self):
        revisions = [""]
        seen = [("", 0), ("", 0)]
        for turn in range(200):
            text, base = seen[turn % 2]
            mine = f"{'left' if turn % 2 else 'right'} "
            # The one who comes first writes at the start, the other at the end.
            sent = (text + mine) if turn % 2 else text.replace("right " * (turn // 2), "right " * (turn // 2 + 1), 1)
            sent = sent or mine
            revisions.append(merge(revisions[base], revisions[-1], sent))
            seen[turn % 2] = (revisions[-1], len(revisions) - 1)
        assert revisions[-1] == "right " * 100 + DIVIDER + "left " * 100


class TestDifference:
    @given(before=st.text(alphabet="ab", max_size=8), after=st.text(alphabet="ab", max_size=8))
    def test_the_text_before_is_made_from_the_text_after(self, before, after):
        start, end, between = difference(before, after)
        assert after[:start] + between + after[len(after) - end :] == before

    @given(text=st.text(max_size=9), put=st.text(max_size=9), place=st.integers(0, 9))
    def test_typing_on_anywhere_removes_nothing(self, text, put, place):
        assert difference(text, text[:place] + put + text[place:])[2] == ""


class TestRevisions(TestCase):
    """What is stored of a note that is typed: each rest is a revision."""

    def setUp(self):
        self.question = ScriptedQuestionFactory(section__interview__live=True)
        self.browser = sender(LeadFactory(interview=self.question.interview))

    def write(self, text: str, revision: int) -> dict:
        answer = self.browser.send("note", self.question.pk, text, base_rev=revision)
        self.assertEqual(answer.status_code, 200, answer.content)
        return answer.json()["result"]

    def test_every_text_can_be_read_again(self):
        texts = ["a", "a b", "x a b", "x b", "", "new", "new\r\n 🦊", "🦊"]
        for number, text in enumerate(texts):
            self.write(text, number)
        note = Note.objects.get()
        self.assertEqual([text_at(note, number) for number in range(1, len(texts) + 1)], texts)
        self.assertEqual([text_at(note, number) for number in (-1, 0, len(texts) + 1, 10**9)], [None] * 4)

    def test_250_rests_in_a_long_note_store_its_text_about_once(self):
        """It was 20 KB, 250 times, as revision and as event: 10 MB."""
        text = ""
        for number in range(250):
            text += f"{number:>5} " + "words " * 13
            self.write(text, number)
        stored = list(NoteRevision.objects.values_list("text", flat=True))
        stored += map(repr, Event.objects.values_list("payload"))
        stored += Receipt.objects.values_list("answer", flat=True)
        self.assertGreater(len(text), 20_000)
        self.assertLess(sum(map(len, stored)), 5 * len(text))
        self.assertEqual(text_at(Note.objects.get(), 100), text[: 100 * 84])

    def test_what_was_written_from_an_old_revision_is_merged_line_by_line(self):
        self.write("one\ntwo\n", 0)
        self.write("one\ntwo\nthree\n", 1)
        self.write("one\ntwo\nthree\nfour\n", 2)
        self.assertEqual(self.write("zero\none\ntwo\n", 1)["text"], "zero\none\ntwo\nthree\nfour\n")

    def test_from_a_revision_that_is_not_stored_any_more_both_are_kept(self):
        self.write("one\ntwo\n", 0)
        self.write("one\ntwo\nthree\n", 1)
        NoteRevision.objects.all().delete()
        self.assertEqual(self.write("zero\none\ntwo\n", 1)["text"], "one\ntwo\nthree" + DIVIDER + "zero\none\ntwo\n")

    def test_the_oldest_go_beyond_a_number_and_a_size(self):
        for limit, value, left in (("MOST_REVISIONS", 5, 5), ("MOST_KEPT", 250, 2)):
            with self.subTest(limit), mock.patch.multiple(note_history, THINNED_EVERY=10, **{limit: value}):
                note = NoteFactory(panelist=self.browser_seat(), question=self.question, text="0" * 100, revision=1)
                for number in range(1, 10):
                    self.write(str(number) * 100, number)
                note.refresh_from_db()
                self.assertEqual(note.revisions.count(), left)
                self.assertEqual(text_at(note, 9), "8" * 100)
                self.assertIsNone(text_at(note, 1))
                note.delete()

    def browser_seat(self) -> Panelist:
        return Panelist.objects.get(interview=self.question.interview)

    def test_a_merge_sent_again_gets_the_same_answer_though_its_receipt_has_no_text(self):
        self.write("here", 0)
        body = self.browser.body("note", self.question.pk, "there", base_rev=0)
        first = self.browser.post(body)
        self.assertEqual(first.json()["result"]["text"], "here" + DIVIDER + "there")
        self.assertFalse(Receipt.objects.filter(answer__contains="there").exists())
        self.write("and on", 2)
        self.assertEqual(self.browser.post(body).content, first.content)

    def test_a_scorecard_s_field_stores_what_was_left_out_of_the_text_before_and_nothing_else(self):
        for text in ("Measures", "Measures first", "Guesses first", ""):
            self.browser.send("scorecard", "because", text)
        self.assertEqual(
            [event.payload for event in Event.objects.filter(kind="scorecard")],
            [
                {"field": "because"},
                {"field": "because"},
                {"field": "because", "removed": "Measur"},
                {"field": "because", "removed": "Guesses first"},
            ],
        )

    def test_a_late_note_takes_the_place_of_one_that_it_goes_on_from_and_of_no_other(self):
        self.browser.send("end")
        self.browser.send("submit")
        for number, text in enumerate(["late", "late, and on", "another", "another one"]):
            self.write(text, number)
        self.browser.send("note", None, "on all of it", base_rev=0)
        self.browser.send("rate", self.question.pk, 1)
        self.browser.send("rate", self.question.pk, 4)
        values = list(LateCommand.objects.values_list("value", flat=True))
        self.assertEqual(values, ["late, and on", "another one", "on all of it", 4])
