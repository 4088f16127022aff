"""The content of a script apart from its rows: as a curator wants it, as published, or as in its draft."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from question_bank.models import Question, Script

TEXTS = ("name", "purpose", "level")


@dataclass(frozen=True, kw_only=True)
class WantedItem:
    question: Question
    is_must_ask: bool = True


@dataclass(frozen=True, kw_only=True)
class WantedSection:
    title: str
    minutes: int
    gate: str = ""
    is_for_candidate: bool = False
    items: tuple[WantedItem, ...] = ()


_SECTION = ("title", "minutes", "gate", "is_for_candidate")


@dataclass(frozen=True, kw_only=True)
class WantedScript:
    """A curator's version of a script."""

    name: str
    purpose: str = ""
    level: str = Question.Level.ANY
    # Minutes that the call may take; None if that was not said.
    slot: int | None = None
    sections: tuple[WantedSection, ...] = ()

    @classmethod
    def of(cls, script: Script) -> Self:
        """The published version, from `with_parts()`."""
        return cls(
            **{name: getattr(script, name) for name in TEXTS},
            slot=script.slot,
            sections=tuple(
                WantedSection(
                    **{name: getattr(section, name) for name in _SECTION},
                    items=tuple(
                        WantedItem(question=item.question, is_must_ask=item.is_must_ask) for item in section.items.all()
                    ),
                )
                for section in script.sections.all()
            ),
        )

    @classmethod
    def newest(cls, script: Script) -> Self:
        """The draft, or without one the published version; from `with_parts()`. One query for a draft."""
        if not script.has_draft:
            return cls.of(script)
        content = script.draft.content
        questions = Question.objects.select_related("topic", "merged_into__topic").in_bulk(set(questions_in(content)))
        # Merged since: the other question takes its place.
        return cls.from_content(content, {pk: row.merged_into or row for pk, row in questions.items()})

    @classmethod
    def from_content(cls, content: Mapping[str, Any], questions: Mapping[int, Question]) -> Self:
        """The script that `as_content` wrote. A question that is not in `questions`, or comes twice, is left out."""
        seen: set[int] = set()

        def items(section: Mapping[str, Any]) -> Iterator[WantedItem]:
            for item in section["items"]:
                question = questions.get(item["question"])
                if question is not None and question.pk not in seen:
                    seen.add(question.pk)
                    yield WantedItem(question=question, is_must_ask=item["is_must_ask"])

        return cls(
            **{name: content[name] for name in TEXTS},
            slot=content.get("slot"),
            sections=tuple(
                WantedSection(**{name: section[name] for name in _SECTION}, items=tuple(items(section)))
                for section in content["sections"]
            ),
        )

    @property
    def level_label(self) -> str:
        return str(Question.Level(self.level).label)

    def as_content(self) -> dict[str, Any]:
        """As JSON. Questions are primary keys."""
        return {
            **{name: getattr(self, name) for name in TEXTS},
            "slot": self.slot,
            "sections": [
                {
                    **{name: getattr(section, name) for name in _SECTION},
                    "items": [
                        {"question": item.question.pk, "is_must_ask": item.is_must_ask} for item in section.items
                    ],
                }
                for section in self.sections
            ],
        }


def questions_in(content: Mapping[str, Any]) -> Iterator[int]:
    """The primary keys of the questions that `as_content` wrote."""
    for section in content["sections"]:
        for item in section["items"]:
            yield item["question"]
