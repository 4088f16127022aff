from typing import Any

import pytest
from django.core.exceptions import ValidationError

from question_bank.models.questions import EXHIBIT_LINES, in_level_order, validate_exhibit, validate_expect


class TestValidateExhibit:
    def test_it_has_at_most_forty_lines(self):
        validate_exhibit("x\n" * (EXHIBIT_LINES - 1))
        with pytest.raises(ValidationError, match="at most 40 lines"):
            validate_exhibit("x\n" * EXHIBIT_LINES)
        with pytest.raises(ValidationError, match="This one has 2000"):
            validate_exhibit("\tx שלום\n" * 1_999)


def refusal_of(value: Any) -> str:
    try:
        validate_expect(value)
    except ValidationError as error:
        return error.messages[0]
    return ""


class TestValidateExpect:
    def test_one_short_line_for_each_level(self):
        assert refusal_of({"junior": "names the loop"}) == refusal_of({}) == ""

    @pytest.mark.parametrize("value", [{"any": "x"}, {"junior": ""}, {"junior": "x" * 121}, {"junior": 3}, ["junior"]])
    def test_anything_else_is_refused(self, value):
        assert refusal_of(value)


def test_levels_come_junior_first_with_their_labels():
    assert in_level_order({"senior": "b", "junior": "a"}) == [("Junior", "a"), ("Senior", "b")]
