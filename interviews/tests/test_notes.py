import pytest
from hypothesis import given
from hypothesis import strategies as st

from interviews.notes import DIVIDER, MOST_LINES, merge

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
        assert merge("one\n", "one\nmine\n", "one\ntheirs\n") == "one\nmine\n" + DIVIDER + "one\ntheirs\n"

    def test_a_changed_line_keeps_both_texts(self):
        assert merge("one\n", "uno\n", "eins\n") == "uno\n" + DIVIDER + "eins\n"

    def test_a_last_line_without_a_break_keeps_both_texts(self):
        assert merge("one", "zero\none", "one\ntwo") == "zero\none" + DIVIDER + "one\ntwo"

    def test_too_many_lines_to_compare_keep_both_texts(self):
        long = "x\n" * (MOST_LINES + 1)
        assert merge(long, long + "a\n", "b\n" + long) == long + "a\n" + DIVIDER + "b\n" + long

    @pytest.mark.parametrize("same", ["", "x", "x\ny\n"])
    def test_the_same_text_twice_is_one(self, same):
        assert merge("", same, same) == same

    @given(base=lines, stored=lines, sent=lines)
    def test_every_line_of_both_is_kept(self, base, stored, sent):
        kept = merge(base, stored, sent).splitlines()
        if sent == base:
            assert kept == stored.splitlines()
        elif stored == base:
            assert kept == sent.splitlines()
        else:
            assert all(line in kept for line in stored.splitlines() + sent.splitlines())
