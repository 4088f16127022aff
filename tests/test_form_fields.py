"""Every form takes a text as its writer sees it."""

from collections.abc import Iterator

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import get_resolver

pytestmark = pytest.mark.sqlite_only
OURS = {"accounts", "interviews", "question_bank"}


def all_fields() -> Iterator[tuple[str, forms.Field]]:
    """The fields of every form, by "form.field"."""
    get_resolver().url_patterns  # noqa: B018  imports all views
    found: list[type] = [forms.BaseForm]
    for form in found:
        found += form.__subclasses__()
        if form.__module__.partition(".")[0] in OURS:
            for name, field in getattr(form, "base_fields", {}).items():
                yield f"{form.__name__}.{name}", field


def is_too_long(field: forms.Field, text: str) -> bool:
    try:
        field.clean(text)
    except ValidationError as error:
        return any(one.code == "max_length" for one in error.error_list)
    return False


def test_a_text_of_several_lines_may_be_as_long_as_its_box_says():
    limits = {
        name: (field, int(field.max_length))
        for name, field in all_fields()
        if isinstance(field, forms.CharField) and isinstance(field.widget, forms.Textarea) and field.max_length
    }
    assert "CandidateForm.notes" in limits
    texts = {name: ("a\n" * most)[:most].replace("\n", "\r\n") for name, (_, most) in limits.items()}
    refused = [name for name, (field, _) in limits.items() if is_too_long(field, texts[name])]
    assert refused == [], "A form sends two characters for a line break: use editing.fields.Text."


ADDRESSES = {forms.EmailField: "mira@example.org", forms.URLField: "https://example.org/call"}


@pytest.mark.parametrize("kind", ADDRESSES)
def test_what_nobody_can_see_in_a_pasted_address_is_no_part_of_it(kind):
    found = {name: field for name, field in all_fields() if isinstance(field, kind)}
    assert len(found) > 1
    pasted = f"\ufeff {ADDRESSES[kind]}\u200b\u200e"
    assert [name for name, field in found.items() if field.clean(pasted) != ADDRESSES[kind]] == []
