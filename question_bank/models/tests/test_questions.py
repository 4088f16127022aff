import pytest
from django.core.exceptions import ValidationError

from question_bank.models.questions import EXHIBIT_LINES, in_level_order, validate_exhibit, validate_expect


class TestValidateExhibit:
    def test_it_has_at_most_forty_lines(self):
        validate_exhibit("x\n" * (EXHIBIT_LINES - 1))
        with pytest.raises(ValidationError, match="at most 40 lines"):
            validate_exhibit("x\n" * EXHIBIT_LINES)


class TestValidateExpect:
    def test_one_short_line_for_each_level(self):
        validate_expect({"junior": "names the loop"})
        validate_expect({})

    @pytest.mark.parametrize("value", [{"any": "x"}, {"junior": ""}, {"junior": "x" * 121}, {"junior": 3}, ["junior"]])
    def test_anything_else_is_refused(self, value):
        with pytest.raises(ValidationError):
            validate_expect(value)


def test_levels_come_junior_first_with_their_labels():
    assert in_level_order({"senior": "b", "junior": "a"}) == [("Junior", "a"), ("Senior", "b")]
