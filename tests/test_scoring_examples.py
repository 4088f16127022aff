"""docs/scoring.md: its worked examples, worked out again."""

from pathlib import Path

import pytest
from django.conf import settings

from interviews.factories import RatingFactory, ScriptedQuestionFactory
from interviews.records.reading import panel_score, submissions
from interviews.records.scoring import Question, score
from interviews.records.tests.scores import block, points, view
from interviews.tests.submitting import ended_interview, seat, submit

ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in Path(settings.BASE_DIR, "docs/scoring.md").read_text("utf-8").splitlines()
    if line.startswith("|")
][2:]
STATES = {"-": "unasked", "parked": "unasked", "skip": "skipped"}


def worked_out(answers: str, added: str) -> str:
    """The score of these cells."""
    blocks, ratings, heard = list[Question](), dict[int, int](), dict[int, set[int]]()
    script = answers.split()
    for number, cell in enumerate([*script, *added.split()]):
        blocks.append(block(number, state=STATES.get(cell, "asked"), is_must_ask=number < len(script)))
        if cell not in STATES:
            rating, _, count = cell.partition("/")
            ratings |= {number: int(rating)} if rating else {}
            heard[number] = points(int(count))
    return score(blocks, [view(ratings=ratings, heard=heard)]).text


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_each_example_has_the_score_that_is_printed(row):
    _, answers, added, printed = row
    assert worked_out(answers, added) == printed


@pytest.mark.django_db
@pytest.mark.sqlite_only
def test_pauses_and_parked_questions_are_no_input():
    texts = set()
    for call in ({}, {"paused_seconds": 1200, "welcome_seconds": 300, "may_run_over": True}):
        interview = ended_interview(**call)
        lead = seat(interview, "Mira", "lead")
        for rating in (3, 4):
            question = ScriptedQuestionFactory(interview=interview, section__interview=interview, asked=True)
            RatingFactory(panelist=lead, question=question, value=rating)
        ScriptedQuestionFactory(interview=interview, section__interview=interview, is_parked=bool(call))
        submit(lead, recommendation=3)
        texts.add(panel_score(submissions([lead])).text)
    assert texts == {"3.50 + 0.00"}
