"""Advice on how a question is written. It blocks nothing; docs/question-bank.md gives the reasons."""

import re
from collections.abc import Iterator

from question_bank.entries import QuestionEntry
from question_bank.models import Point, Question

PROMPT_WORDS = 25  # ten seconds aloud at 150 words a minute
POINT_WORDS = 12
GUIDANCE_WORDS = 60
FEWEST_POINTS, MOST_POINTS = 2, 4

_CLOSED = re.compile(r"^(is|are|am|was|were|do|does|did|can|could|have|has|will|would|should)\b", re.IGNORECASE)
# Two listeners disagree on degrees.
_DEGREES = re.compile(
    r"\b(understands?|knows?|good|clear(ly)?|deep(ly)?|strong(ly)?|aware|confident(ly)?|passionate|senior|fits?)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(and|or)\b", re.IGNORECASE)
_PRIVATE = re.compile(
    r"\b(age|born|birth|native (speaker|language)|first language|married|children|pregnan\w*|disab\w*|religio\w*"
    r"|church|politic\w*|trade union|sexual|arrest\w*|salary history|earn(ed)? before|gap in (the|your) cv)\b",
    re.IGNORECASE,
)


def advice_on(question: QuestionEntry) -> list[str]:
    """Advice in sentences; empty if the question follows the rules."""
    return [*_on_prompt(question), *_on_points(question), *_on_guidance(question), *_on_privacy(question)]


def _on_prompt(question: QuestionEntry) -> Iterator[str]:
    if question.kind != Question.Kind.ANSWER:
        return
    if (words := len(question.prompt.split())) > PROMPT_WORDS:
        yield f"The prompt has {words} words. Up to {PROMPT_WORDS} can be said in ten seconds."
    # Single sentences only: a case may begin with any word.
    if _CLOSED.match(question.prompt) and question.prompt.count("?") == 1 and "." not in question.prompt:
        yield "Open the prompt with how, what, when or which: a closed question only gets a yes or no."


def _on_points(question: QuestionEntry) -> Iterator[str]:
    points = [point.text for point in question.points if point.kind == Point.Kind.BROWNIE]
    if (
        question.kind == Question.Kind.ANSWER
        and not question.parent
        and not FEWEST_POINTS <= len(points) <= MOST_POINTS
    ):
        yield f"Write {FEWEST_POINTS} to {MOST_POINTS} brownie points. This question has {len(points)}."
    for text in points:
        if len(text.split()) > POINT_WORDS:
            yield f"Shorten “{text}” to {POINT_WORDS} words."
        if several := _SEVERAL.search(text):
            yield f"“{text}” is more than one point: split it at “{several[0]}”."
        if degree := _DEGREES.search(text):
            yield f"“{degree[0]}” in “{text}” is a matter of degree. Say what you would hear."


def _on_guidance(question: QuestionEntry) -> Iterator[str]:
    if (words := len(question.guidance.split())) > GUIDANCE_WORDS:
        yield f"The guidance has {words} words. Up to {GUIDANCE_WORDS} can be read during a call."


def _on_privacy(question: QuestionEntry) -> Iterator[str]:
    texts = [question.prompt, *(point.text for point in question.points)]
    if found := next(filter(None, map(_PRIVATE.search, texts)), None):
        yield f"“{found[0]}” may touch on something private or protected by law. Ask about work only."
