"""Consistency of a bank: unique keys, existing keys, rules between fields."""

from collections.abc import Iterable, Iterator

from question_bank.entries import Bank, Place, QuestionEntry, ScriptEntry
from question_bank.models import Question
from question_bank.seeds.strict_yaml import Problem


def check_bank(bank: Bank) -> list[Problem]:
    """All problems. Blank keys stand for errors already reported and are skipped."""
    questions = {question.key: question for question in bank.questions if question.key}
    return [
        *_used_once("key", ((topic.key, topic.place) for topic in bank.topics)),
        *_used_once("name", ((topic.name, topic.place) for topic in bank.topics)),
        *_used_once("key", ((question.key, question.place) for question in bank.questions)),
        *_used_once("key", ((script.key, script.place) for script in bank.scripts)),
        *_used_once("name", ((script.name, script.place) for script in bank.scripts)),
        *_check_topics(bank),
        *_check_questions(bank.questions),
        *_check_leads(questions),
        *(problem for script in bank.scripts for problem in _check_script(script, questions)),
    ]


def _used_once(name: str, uses: Iterable[tuple[str, Place]]) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for value, place in uses:
        if value and value in first:
            there = first[value]
            yield _problem(place, f"{name}: expected once, found {value!r} in {there.file}:{there.line} already")
        first.setdefault(value, place)


def _check_topics(bank: Bank) -> Iterator[Problem]:
    known = {topic.key for topic in bank.topics}
    told = set()
    for question in bank.questions:
        if question.topic and question.topic not in known and (question.place.file, question.topic) not in told:
            told.add((question.place.file, question.topic))
            yield _problem(question.place, f"topic: expected one of topics.yaml, found {question.topic!r}")


def _check_questions(questions: Iterable[QuestionEntry]) -> Iterator[Problem]:
    for question in questions:
        is_answer = question.kind == Question.Kind.ANSWER
        if question.anchors and not is_answer:
            yield _problem(question.place, "anchors: expected only on a question that is rated")
        is_published = question.status == Question.Status.PUBLISHED
        if is_answer and is_published and not question.parent and not question.anchors:
            yield _problem(question.place, "anchors: missing; expected poor, mixed, good and excellent")
        yield from _used_once("point", ((point.text, point.place) for point in question.points))


def _check_leads(questions: dict[str, QuestionEntry]) -> Iterator[Problem]:
    leads = {key: [point.leads_to for point in question.points] for key, question in questions.items()}
    for question in questions.values():
        for point in question.points:
            if point.leads_to and point.leads_to not in questions:
                yield _problem(point.place, f"leads_to: expected the key of a question, found {point.leads_to!r}")
            elif circle := _way_back(point.leads_to, question.key, leads):
                shown = " → ".join([question.key, *circle])
                yield _problem(point.place, f"leads_to: expected no circle, found {shown}")


def _way_back(start: str, goal: str, leads: dict[str, list[str]]) -> list[str]:
    """Keys from `start` to `goal` along cues, or an empty list."""
    ways = [[start]]
    seen = set()
    while ways:
        way = ways.pop()
        if way[-1] == goal:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, further] for further in leads.get(way[-1], ()) if further]
    return []


def _check_script(script: ScriptEntry, questions: dict[str, QuestionEntry]) -> Iterator[Problem]:
    yield from _used_once("question", ((item.question, item.place) for part in script.sections for item in part.items))
    for section in script.sections:
        if section.gate and section.is_for_candidate:
            yield _problem(section.place, "gate: expected none before the candidate’s own questions")
        for item in section.items:
            question = questions.get(item.question)
            if question is None and item.question:
                yield _problem(item.place, f"expected the key of a question, found {item.question!r}")
            elif question and question.parent:
                found = f"{item.question!r}, a follow-up of {question.parent!r}"
                yield _problem(item.place, f"expected a top-level question, found {found}")
            elif question and question.status != Question.Status.PUBLISHED:
                yield _problem(item.place, f"expected a published question, found {item.question!r}, {question.status}")


def _problem(place: Place, text: str) -> Problem:
    return Problem(place.file, place.line, text)
