"""A column with the folded texts of a row, so that a search folds only its words."""

from collections.abc import Iterable
from typing import Any

from django.db import models

from finding.searching import fold


class FoldedField(models.TextField):  # type: ignore[type-arg]  # generic in the stubs only
    """The folded texts of other fields, one after another with line breaks between.

    It is set whenever its row is saved, also with `bulk_create`. Before `bulk_update`, call `refold`."""

    def __init__(self, *sources: str, **options: Any) -> None:
        self.sources = sources
        super().__init__(**options | {"default": "", "editable": False})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, _, options = super().deconstruct()
        del options["default"], options["editable"]
        return name, path, self.sources, options

    def pre_save(self, model_instance: Any, add: bool) -> str:
        text = "\n".join(fold(getattr(model_instance, source)) for source in self.sources)
        setattr(model_instance, self.attname, text)
        return text


def refold(rows: Iterable[models.Model]) -> None:
    """Set the folded texts of rows that `bulk_update` saves."""
    for row in rows:
        for field in row._meta.get_fields():  # noqa: SLF001  Django documents it
            if isinstance(field, FoldedField):
                field.pre_save(row, add=False)
