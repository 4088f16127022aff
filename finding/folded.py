"""Columns with the folded texts of a row, so that a search folds only its words."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, TypeVar

from django.db import models, transaction

from finding.searching import fold

# Rows written by one statement: more are too many variables for SQLite.
BATCH = 100

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class FoldedField(models.TextField):  # type: ignore[type-arg]  # generic in the stubs only
    """The folded texts of other fields, one after another with line breaks between.

    Its model is a `FoldedModel` with a `FoldedQuerySet`: then no write of these fields leaves it behind."""

    def __init__(self, *sources: str, **options: Any) -> None:
        self.sources = sources
        super().__init__(**options | {"default": "", "editable": False})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, _, options = super().deconstruct()
        del options["default"], options["editable"]
        return name, path, self.sources, options

    def pre_save(self, model_instance: Any, add: bool) -> str:
        text = self.text_of(*(getattr(model_instance, source) for source in self.sources))
        setattr(model_instance, self.attname, text)
        return text

    def text_of(self, *texts: str) -> str:
        """The column's value for these texts."""
        return "\n".join(fold(text) for text in texts)


def folded_fields(model: type[models.Model], written: set[str]) -> list[FoldedField]:
    """The folded columns that change with one of these fields."""
    fields = model._meta.concrete_fields  # noqa: SLF001  Django documents it
    return [field for field in fields if isinstance(field, FoldedField) and not written.isdisjoint(field.sources)]


class FoldedQuerySet(models.QuerySet[Row_co]):
    """Writes by column name write the folded columns too."""

    def update(self, **values: Any) -> int:
        missing = [field for field in folded_fields(self.model, set(values)) if field.name not in values]
        if not missing:
            return super().update(**values)
        with transaction.atomic(using=self.db):
            # Listed first: the new values may no longer match the filter.
            pks = list(self.order_by().values_list("pk", flat=True))
            changed = super().update(**values)
            again = models.QuerySet[Any](self.model, using=self.db)
            rows = list(again.filter(pk__in=pks))
            _refold(rows, missing)
            again.bulk_update(rows, [field.name for field in missing], batch_size=BATCH)
        return changed

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        rows, names = list(objs), set(fields)
        folded = folded_fields(self.model, names)
        _refold(rows, folded)
        return super().bulk_update(
            rows, [*names, *(each.name for each in folded if each.name not in names)], batch_size
        )


class FoldedModel(models.Model):
    """A row with folded columns. `save(update_fields=…)` writes those of the named fields too."""

    objects: ClassVar[Any] = FoldedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        if update_fields is not None:
            names = set(update_fields)
            update_fields = names | {field.name for field in folded_fields(type(self), names)}
        super().save(*args, update_fields=update_fields, **options)


def _refold(rows: Iterable[models.Model], fields: Sequence[FoldedField]) -> None:
    for row in rows:
        for field in fields:
            field.pre_save(row, add=False)
