"""A form for rows that several people may edit at once."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from editing.merging import BASE, Content, Difference, Merged, Part, choices, merge, opened, plain, seal


class EditForm(forms.ModelForm):
    """A ModelForm that carries the revision it was opened with; see `editing.merging`.

    To save, build it from a row locked until the end of the transaction, so that concurrent saves wait for each other.
    A stale form merges fields its sender did not touch. If both changed the same field, it is invalid, with `clashes`
    to choose from and `status` 409.
    """

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.clashes: list[Difference] = []
        self.taken: list[str] = []

    @property
    def status(self) -> int:
        """The HTTP status of its page."""
        return 409 if self.clashes else 422 if self.is_bound and self.errors else 200

    @property
    def base(self) -> str:
        """The value of the hidden field: the revision shown on the page. Empty for a new row."""
        if self.instance.pk is None:
            return ""
        if self.is_bound and not self.clashes:
            return str(self.data.get(self.add_prefix(BASE), ""))
        return seal(self._saved())

    @property
    def chosen(self) -> list[str]:
        """Paths where the sender chose the saved text; sent again until the form is saved."""
        return sorted(choices(self.data)) if self.is_bound and not self.clashes else []

    def is_valid(self) -> bool:
        return super().is_valid() and not self.clashes

    def save(self, commit: bool = True) -> Any:
        if self.clashes:
            raise ValueError("The same fields were changed in the meantime; the sender has not chosen yet.")
        return super().save(commit)

    def _post_clean(self) -> None:
        if self.instance.pk is not None and not self.errors:
            self._reconcile()
        super()._post_clean()  # type: ignore[misc]  # Django's hook after all cleaning; its stubs leave it out
        if not self.clashes:
            self.instance.mark_changed(by=self.by, at=timezone.now())

    @property
    def last_change(self) -> Any:
        """The row, for who changed it last and when."""
        return self.instance

    def _saved(self) -> Content:
        return self._content({name: self.get_initial_for_field(field, name) for name, field in self.fields.items()})

    def _content(self, values: dict[str, Any]) -> Content:
        content: Content = {}
        for name, field in self.fields.items():
            if not field.disabled:
                content |= _parts(name, field, values.get(name))
        return content

    def _reconcile(self) -> None:
        """Merge the stored row into the sent data."""
        base = opened(str(self.data.get(self.add_prefix(BASE), "")))
        mine = self._content(self.cleaned_data)
        merged = merge(base, mine, self._saved(), give_up=choices(self.data))
        self.taken, self.clashes = merged.taken, merged.clashes
        for name, value in self._changed(mine, merged):
            self._put(name, value)

    def _changed(self, mine: Content, merged: Merged) -> Iterable[tuple[str, Any]]:
        """Fields whose merged value differs from the sent one."""
        for name, field in self.fields.items():
            if field.disabled:
                continue
            if _is_list(field):
                here = [part.value for path, part in merged.content.items() if path.startswith(f"{name}/")]
                sent = [part.value for path, part in mine.items() if path.startswith(f"{name}/")]
                if set(here) != set(sent):
                    yield name, here
            elif merged.content[name] is not mine[name]:
                yield name, merged.content[name].value

    def _put(self, name: str, value: Any) -> None:
        """Set the value in `cleaned_data` and in `data`, which the page shows if it returns."""
        field = self.fields[name]
        try:
            self.cleaned_data[name] = field.clean(value)
        except ValidationError as error:
            self.add_error(name, error)
        posted = QueryDict(mutable=True)
        posted.update(self.data)
        shown = value if isinstance(value, list) else [] if value in (False, None) else [_shown(field, value)]
        posted.setlist(self.add_prefix(name), ["on"] if value is True else shown)
        self.data = posted


def _is_list(field: forms.Field) -> bool:
    return isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)


def _shown(field: forms.Field, value: Any) -> str:
    """The value as its control shows it, such as a time without seconds."""
    if isinstance(field.widget, forms.widgets.DateTimeBaseInput):
        return str(field.widget.format_value(value) or "")
    return "" if value is None else str(value)


def _parts(name: str, field: forms.Field, value: Any) -> Content:
    label = str(field.label or name.replace("_", " ").capitalize())
    value = field.prepare_value(value)
    if _is_list(field):
        words = {str(key): str(text) for key, text in _choices(field)}
        keys = [str(key) for key in value or []]
        return {f"{name}/{key}": Part(f"{label}: {words.get(key, key)}", "yes", key) for key in keys}
    if isinstance(field, forms.BooleanField):
        return {name: Part(label, "Yes" if value else "No", bool(value))}
    text = plain(_shown(field, value))
    if isinstance(field, forms.ChoiceField):
        return {name: Part(label, _word(field, text), value, key=text)}
    return {name: Part(label, text, value)}


def _choices(field: Any) -> list[tuple[Any, Any]]:
    """The keys and labels of a field with choices, of a kind that its caller knows; groups have a list as label."""
    return list(field.choices)


def _word(field: forms.ChoiceField, key: str) -> str:
    """The label of a choice, which may be in a group."""
    for value, words in _choices(field):
        inner = words if isinstance(words, list | tuple) else [(value, words)]
        for one, label in inner:
            if str(one) == key:
                return str(label)
    return key
