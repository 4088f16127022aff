"""A question split into parts, so that concurrent changes of two curators can be merged or shown."""

from typing import Any

from editing.merging import Content, Part, seal
from question_bank.curation.writing import TEXTS, WantedPoint, WantedQuestion, WantedReference
from question_bank.models import Point, Question, RatingStep
from question_bank.models.questions import LEVELS

LABELS = {
    "prompt": "Prompt",
    "purpose": "Why we ask",
    "guidance": "Guidance",
    "condition": "Ask when",
    "kind": "Kind",
    "level": "Level",
    "form": "Form",
    "exhibit": "Exhibit",
    "exhibit_says": "Exhibit in one sentence",
    "minutes": "Minutes",
}
CHOICES: dict[str, Any] = {"kind": Question.Kind, "level": Question.Level, "form": Question.Form}


def question_content(question: WantedQuestion) -> Content:
    """Its parts in page order. Points and follow-ups are identified by row, references by text."""
    content: Content = {}
    for name, label in LABELS.items():
        value = getattr(question, name)
        words = str(CHOICES[name](value).label) if value and name in CHOICES else str(value)
        content[name] = Part(label, words, value)
    topic = (question.parent or question).topic
    content["topic"] = Part("Topic", str(topic), question.topic, key=str(topic.pk if topic else ""))
    parent = question.parent
    content["parent"] = Part(
        "Follow-up to", parent.prompt if parent else "", parent, key=str(parent.pk if parent else "-")
    )
    for point in question.points:
        content[f"points/{point.pk or f'new {point.text}'}"] = Part("Point", _point_words(point), point)
    for rating in RatingStep:
        text = question.anchors.get(rating.value, "")
        content[f"anchor_{rating.value}"] = Part(f"{rating.label} means", text, text)
    for level in LEVELS:
        line = question.expect.get(level.value, "")
        content[f"expect_{level.value}"] = Part(f"What to expect: {level.label}", line, line)
    for reference in question.references:
        words = " · ".join(filter(None, (reference.title, reference.author, reference.url)))
        content[f"references/{words}"] = Part("Reference", words, reference)
    for pk, condition in question.follow_ups.items():
        content[f"follow_ups/{pk}"] = Part("Ask follow-up when", condition, condition)
    return content


def question_of(content: Content, *, is_reviewed: bool) -> WantedQuestion:
    """The question with these parts."""
    anchors = {rating.value: content[f"anchor_{rating.value}"].value for rating in RatingStep}
    points: list[WantedPoint] = _elements(content, "points")
    references: list[WantedReference] = _elements(content, "references")
    follow_ups = {int(path.partition("/")[2]): part.value for path, part in _of(content, "follow_ups")}
    return WantedQuestion(
        **{name: content[name].value for name in TEXTS if name != "expect"},
        expect={level.value: line for level in LEVELS if (line := content[f"expect_{level.value}"].value)},
        topic=content["topic"].value,
        parent=content["parent"].value,
        points=tuple(points),
        anchors={rating: text for rating, text in anchors.items() if text},
        references=tuple(references),
        follow_ups=follow_ups,
        is_reviewed=is_reviewed,
    )


def revision(question: Question) -> str:
    """The revision on the edit page of a question from `with_parts()`; any change gives another one."""
    return seal(question_content(WantedQuestion.of(question)))


def _of(content: Content, name: str) -> list[tuple[str, Part]]:
    return [(path, part) for path, part in content.items() if path.startswith(f"{name}/")]


def _elements(content: Content, name: str) -> list[Any]:
    return [part.value for _, part in _of(content, name)]


def _point_words(point: WantedPoint) -> str:
    lead = f" → {point.leads_to.prompt}" if point.leads_to else ""
    return f"{Point.Kind(point.kind).label}: {point.text}{lead}"
