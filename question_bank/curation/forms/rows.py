"""Rows that can be added, removed and reordered, with JavaScript or by number without it."""

from abc import ABC, abstractmethod
from typing import Any

from django import forms
from django.forms.formsets import DELETION_FIELD_NAME, ORDERING_FIELD_NAME, BaseFormSet

BLANK_ROWS = 3


class RowForm(forms.Form):
    """One row. A new row is ignored while all its `significant_fields` are blank."""

    significant_fields: tuple[str, ...] = ()
    pk = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def has_changed(self) -> bool:
        return any(name in self.changed_data for name in self.significant_fields)


class RowFormSet(BaseFormSet):
    """Rows of a page. Bound ones depend only on the sent data, not on the database."""

    form: type[forms.BaseForm]
    row_name = "Row"
    extra = BLANK_ROWS
    can_order = can_delete = can_delete_extra = True
    # Maximum of rows that are not blank.
    most = 60
    min_num, max_num, absolute_max = 0, 300, 300
    validate_min = validate_max = False
    renderer = None

    def __init__(self, data: Any = None, *, initial: list[dict[str, Any]], **options: Any) -> None:
        super().__init__(data, initial=initial if data is None else None, **options)

    def add_fields(self, form: forms.BaseForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields[ORDERING_FIELD_NAME].label = "Place"
        if DELETION_FIELD_NAME in form.fields:
            form.fields[DELETION_FIELD_NAME].label = f"Remove this {self.row_name.lower()}"

    def clean(self) -> None:
        if len(self.kept()) > self.most:
            raise forms.ValidationError(f"At most {self.most} {self.row_name.lower()}s; there are {len(self.kept())}.")

    def kept(self) -> list[forms.BaseForm]:
        """The rows that are neither blank nor removed, valid or not, in page order."""
        rows = enumerate(self.forms)
        said = (form for number, form in rows if number < self.initial_form_count() or form.has_changed())
        return [form for form in said if not form.cleaned_data.get(DELETION_FIELD_NAME)]

    def wanted(self) -> list[dict[str, Any]]:
        """The cleaned rows that stay, in order."""
        return [form.cleaned_data for form in self.ordered_forms]


class Editor(ABC):
    """The forms of one page, which are sent and saved together: `form`, and rows."""

    form: forms.BaseForm

    @property
    @abstractmethod
    def parts(self) -> tuple[forms.BaseForm | RowFormSet, ...]:
        """All forms of the page, in the order of their errors."""

    @property
    def why(self) -> str:
        """Why it is saved, from the sent data."""
        return str(self.form.cleaned_data["why"])

    def is_valid(self) -> bool:
        # A list, not a generator: validate all forms, so that every error is shown.
        outcomes = [form.is_valid() for form in self.parts]
        return all(outcomes)
