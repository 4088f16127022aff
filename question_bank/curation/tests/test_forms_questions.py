import pytest
from django import forms

from question_bank.curation.forms.questions import at_most_twelve_words


def test_an_anchor_has_at_most_twelve_words():
    at_most_twelve_words("word " * 12)
    with pytest.raises(forms.ValidationError, match="This has 13"):
        at_most_twelve_words("word " * 13)
