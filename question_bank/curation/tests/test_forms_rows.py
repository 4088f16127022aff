from django import forms

from question_bank.curation.forms.rows import RowForm, RowFormSet


class LineForm(RowForm):
    significant_fields = ("text",)
    text = forms.CharField()


class Lines(RowFormSet):
    form = LineForm
    row_name = "Line"
    most = 2


def lines(*rows):
    data = {"form-TOTAL_FORMS": len(rows), "form-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"form-{number}-{name}": value for name, value in row.items()}
    return Lines(data, initial=[])


class TestRowFormSet:
    def test_blank_rows_are_ignored_and_the_rest_come_in_order(self):
        rows = lines({"text": "b", "ORDER": 2}, {"text": "", "ORDER": 3}, {"text": "a", "ORDER": 1})
        assert rows.is_valid(), rows.errors
        assert [row["text"] for row in rows.wanted()] == ["a", "b"]

    def test_removed_rows_do_not_count(self):
        assert lines({"text": "a"}, {"text": "b"}, {"text": "c", "DELETE": "on"}).is_valid()

    def test_too_many_are_refused_in_words(self):
        rows = lines({"text": "a"}, {"text": "b"}, {"text": "c"})
        assert rows.non_form_errors() == ["At most 2 lines; there are 3."]
