import pytest

from accounts.emails import one_spelling


@pytest.mark.parametrize("typed", ["Zoe@Example.org ", "ZOE@EXAMPLE.ORG", " zoe@example.org"])
def test_spellings_of_one_address_have_one_form(typed):
    assert one_spelling(typed) == "zoe@example.org"


def test_letters_that_postgresql_takes_for_the_same_are_the_same():
    assert one_spelling("jeſı@example.org") == one_spelling("JESI@example.org")
