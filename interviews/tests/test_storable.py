import math

import pytest

from interviews.refusals import Invalid, TooLarge
from interviews.storable import DEEPEST, require_storable, text


class TestText:
    def test_text_within_the_limit_is_returned_as_it_is(self):
        assert text(" é\n", name="note", limit=3) == " é\n"

    def test_longer_text_says_how_long_it_is(self):
        with pytest.raises(TooLarge, match="has 4 characters; the limit is 3"):
            text("four", name="note", limit=3)

    def test_no_text_is_invalid(self):
        with pytest.raises(Invalid, match="The note is text"):
            text(None, name="note", limit=3)


def is_storable(value):
    try:
        require_storable(value)
    except Invalid:
        return False
    return True


class TestRequireStorable:
    @pytest.mark.parametrize("value", [None, True, 1, 1.5, "é 🦊\r\n", [], {"a": ["b", {"c": 1}]}])
    def test_what_both_databases_store_passes(self, value):
        assert is_storable(value)

    @pytest.mark.parametrize("value", ["a\x00b", "\ud800", math.inf, math.nan, ["a\x00"], {"a\x00": 1}, {"a": "\x00"}])
    def test_what_no_database_stores_is_invalid_at_any_depth(self, value):
        assert not is_storable(value)

    def test_nested_deeper_than_the_limit_is_invalid(self):
        deep = fits = "leaf"
        for _ in range(DEEPEST):
            deep = fits = [fits]
        assert is_storable(fits)
        with pytest.raises(Invalid, match="too deep"):
            require_storable([deep])
