"""What it takes to undo the merge of two entries of one candidate."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models

from interviews.models.candidate_files import CandidateFile
from interviews.models.interviews import Interview
from interviews.models.openings import Candidate, Opening
from interviews.models.stages import CandidateChange

FIELDS = (
    "name", "email", "links", "assignment_url", "notes", "source", "feedback", "created_at", "withdrew_at",
    "withdraw_reason", "outcome", "outcome_at", "outcome_reason", "stage_id",
)  # fmt: skip


def _values(candidate: Candidate) -> dict[str, Any]:
    values = {name: getattr(candidate, name) for name in FIELDS}
    return {name: value.isoformat() if isinstance(value, dt.datetime) else value for name, value in values.items()}


def _set(candidate: Candidate, name: str, value: Any) -> None:
    is_time = name.endswith("_at") and value is not None
    setattr(candidate, name, dt.datetime.fromisoformat(value) if is_time else value)


def _file_values(file: CandidateFile) -> dict[str, Any]:
    values = {name: getattr(file, name) for name in ("pk", "name", "kind", "size", "sha256", "added_by_id")}
    return {**values, "added_at": file.added_at.isoformat()}


class CandidateMerge(models.Model):
    """A merge that was not undone: the other entry as it was, and what it brought. It is deleted with the candidate."""

    # Its candidate is the one that stayed, and after further merges the one that stayed then.
    change = models.OneToOneField(CandidateChange, on_delete=models.CASCADE, related_name="merge")
    # The key of the other, who gets it back: old addresses lead to the one that stayed, and work again afterwards.
    other_pk = models.BigIntegerField(unique=True)
    # `other`, and `before` and `after` of the one that stayed: FIELDS. `files`: rows. The rest are keys, and tags.
    content = models.JSONField()

    objects: ClassVar = models.Manager()

    @classmethod
    def prepared(cls, *, kept: Candidate, other: Candidate, interviews: Sequence[Interview]) -> "CandidateMerge":
        """Before the merge; `complete` stores it."""
        content = {
            "other": _values(other),
            "before": _values(kept),
            "interviews": [interview.pk for interview in interviews],
            "files": [_file_values(file) for file in other.files.all()],
            "tags": list(other.tags.values_list("name", flat=True)),
            "own_tags": list(kept.tags.values_list("name", flat=True)),
            "changes": list(other.changes.values_list("pk", flat=True)),
        }
        return cls(other_pk=other.pk, content=content)

    def complete(self, change: CandidateChange, *, kept: Candidate) -> None:
        """After the merge, which `change` is about."""
        self.change, self.content["after"] = change, _values(kept)
        self.save()

    def other(self, opening: Opening) -> Candidate:
        """The other entry as it was, not saved; in `opening`, where the one that stayed is now."""
        row = Candidate(pk=self.other_pk, opening=opening)
        for name, value in self.content["other"].items():
            _set(row, name, value)
        return row

    def give_back(self, kept: Candidate) -> None:
        """Set the fields of the one that stayed as they were, unless someone has changed them since; does not save."""
        after = _values(kept)
        for name, value in self.content["before"].items():
            if after[name] == self.content["after"][name]:
                _set(kept, name, value)
