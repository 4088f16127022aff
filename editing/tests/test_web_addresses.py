import pytest
from django.core.exceptions import ValidationError

from editing.web_addresses import WebAddressFormField, address_constraint, completed


class TestWebAddressFormField:
    @pytest.mark.parametrize(
        ("typed", "saved"), [("example.org/cv", "https://example.org/cv"), ("http://example.org", "http://example.org")]
    )
    def test_an_address_without_a_scheme_gets_https(self, typed, saved):
        assert WebAddressFormField().clean(typed) == saved

    @pytest.mark.parametrize("typed", ["ftp://example.org", "javascript:alert(1)", "file:///etc/passwd", "no address"])
    def test_other_schemes_are_refused_in_words(self, typed):
        with pytest.raises(ValidationError, match="begins with https:// or http://"):
            WebAddressFormField().clean(typed)


def test_the_database_checks_the_same():
    condition = str(address_constraint("link", name="link_is_http").condition)
    assert "http://" in condition
    assert "https://" in condition


def test_each_line_is_completed_as_one_address_alone_is():
    assert completed("github.com/ana\n\nhttp://example.org\u200b") == "https://github.com/ana\n\nhttp://example.org"
    assert completed("http://[::\nher CV") == "http://[::\nhttps://her CV"
