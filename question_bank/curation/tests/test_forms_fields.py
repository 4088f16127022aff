from question_bank.curation.forms.fields import Prose


def test_prose_has_plain_line_ends_and_its_rows():
    field = Prose(rows=3)
    assert field.clean("one\r\ntwo") == "one\ntwo"
    assert field.widget.attrs["rows"] == 3
