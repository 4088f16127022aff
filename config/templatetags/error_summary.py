"""A list of all form errors on top of the page."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import template
from django.forms import BaseForm, BoundField, Field
from django.forms.formsets import DELETION_FIELD_NAME, BaseFormSet
from django.forms.widgets import ChoiceWidget

register = template.Library()


_REQUIRED = str(Field.default_error_messages["required"])


@register.filter
def naming(text: str, bound: BoundField) -> str:
    """ "Enter a role." or "Choose the topics." in place of "This field is required."; other errors as they are."""
    if text != _REQUIRED or bound.label is None:
        return text
    label = str(bound.label)
    name = f"{label[:1].lower()}{label[1:]}"
    article = "the" if name.endswith("s") and not name.endswith("ss") else "an" if name[:1] in "aeiou" else "a"
    verb = "Choose" if isinstance(bound.field.widget, ChoiceWidget) else "Enter"
    return f"{verb} {article} {name}."


class Error(NamedTuple):
    target: str  # id of the field; "" for an error of the whole form
    label: str
    text: str


def _form_errors(form: BaseForm, row: str = "") -> Iterator[Error]:
    for text in form.non_field_errors():
        yield Error("", row, str(text))
    for bound in [*form.visible_fields(), *form.hidden_fields()]:
        label = f"{row}, {str(bound.label).lower()}" if row else str(bound.label)
        target = "" if bound.is_hidden else bound.id_for_label or bound.auto_id
        for text in bound.errors:
            yield Error(target, label, naming(str(text), bound))


def _formset_errors(formset: BaseFormSet, part: str) -> Iterator[Error]:
    # A formset may name its rows; its own errors then link to the first row.
    first = formset.forms[0].visible_fields()[0].id_for_label if formset.forms else ""
    name = getattr(formset, "set_name", "")
    for text in formset.non_form_errors():
        yield Error(first if name else "", f"{part}, {name.lower()}" if part and name else part or name, str(text))
    # "Point 3" instead of "Row 3".
    row_name = getattr(formset, "row_name", "Row")
    for number, form in enumerate(formset.forms, start=1):
        if not getattr(form, "cleaned_data", {}).get(DELETION_FIELD_NAME):
            row = f"{row_name} {number}"
            yield from _form_errors(form, f"{part}, {row.lower()}" if part else row)


@register.inclusion_tag("plain/error_summary.html")
def error_summary(*forms: BaseForm | BaseFormSet | list[Any] | None) -> dict[str, list[Error]]:
    """The errors of all these forms, formsets and lists of them, in order, with links; empty without errors.

    `{% crispy form %}` shows it by itself unless the helper's `form_tag` is False: a page that puts
    several forms into one <form> calls this once with all of them. Where it has several of a kind, each has a
    `summary_name`, such as "Round 2".
    """
    errors: list[Error] = []
    for form in [one for given in forms for one in (given if isinstance(given, list) else [given])]:
        if form is not None and form.is_bound:
            name = getattr(form, "summary_name", "")
            errors += _formset_errors(form, name) if isinstance(form, BaseFormSet) else _form_errors(form, name)
    return {"errors": errors}
