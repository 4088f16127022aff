import pytest
from django.core.exceptions import ValidationError

from editing.fields import Email, Line, Text, seen


class TestLine:
    @pytest.mark.parametrize(
        ("sent", "saved"),
        [
            ("  Senior  engineer ", "Senior engineer"),
            ("Engineer\r\nBcc: x@example.org\x07", "Engineer Bcc: x@example.org"),
            ("\u202egnp.exe\u2069", "gnp.exe"),
            ("\ufeffCach\u200bing\u2060", "Caching"),
            ("Zoë 👩\u200d👩\u200d👧 שרה", "Zoë 👩\u200d👩\u200d👧 שרה"),
        ],
    )
    def test_it_is_one_line_of_what_can_be_seen(self, sent, saved):
        assert Line().clean(sent) == saved

    @pytest.mark.parametrize("sent", ["", " \n", "\u200b", "\u202e\x07"])
    def test_nothing_to_see_is_nothing(self, sent):
        with pytest.raises(ValidationError, match="required"):
            Line().clean(sent)

    def test_nul_is_refused_in_words(self):
        with pytest.raises(ValidationError, match="Null characters"):
            Line().clean("a\0b")


class TestText:
    def test_a_line_break_counts_as_one_character(self):
        assert Text(max_length=3).clean("a\r\nb") == "a\nb"
        with pytest.raises(ValidationError, match="at most 3"):
            Text(max_length=3).clean("a\r\nbc")

    def test_no_text_is_no_text(self):
        assert Text(required=False).clean(None) == ""


class TestEmail:
    @pytest.mark.parametrize("sent", ["mira@example.org\u200b", "\ufeffmira@example.org", "mira@\u2060example.org "])
    def test_what_cannot_be_seen_is_left_out(self, sent):
        assert Email().clean(sent) == "mira@example.org"

    def test_what_can_be_seen_stays(self):
        assert Email().clean("zoe@bücher.example") == "zoe@bücher.example"
        with pytest.raises(ValidationError):
            Email().clean("mira@exa mple.org")


class TestSeen:
    def test_letters_may_be_joined(self):
        assert seen("https://example.org/می\u200cشود\u00ad\u202c ") == "https://example.org/می\u200cشود"
