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

    def test_too_many_lines_to_compare_keep_both_texts(self):
        long = "x\n" * (MOST_LINES + 1)
        assert merge(long, long + "a\n", "b\n" + long) == long + "a\n" + DIVIDER + "b\n" + long

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
