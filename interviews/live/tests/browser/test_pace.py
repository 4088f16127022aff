"""The pace of a call, from plain states: no rows and no page but for a place to run in."""

import datetime as dt
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
START = dt.datetime(2026, 11, 20, 14, 0, tzinfo=dt.UTC)
NAMES = ["one", "two", "three", "yours"]


def iso(minute: float) -> str:
    return (START + dt.timedelta(minutes=minute)).isoformat()


def question(number: int, section: int, **changes: Any) -> dict[str, Any]:
    plain = {"id": number, "section": section, "parent": None, "kind": "answer", "minutes": 5, "must_ask": True}
    covered = {"state": "unasked", "asked_at": None, "asked_by": None, "skip_reason": None, "seconds": 0}
    return plain | covered | changes


def section(number: int, minutes: int, **changes: Any) -> dict[str, Any]:
    plain = {"id": number, "title": NAMES[number - 1], "minutes": minutes}
    return plain | {"gate": "", "is_gate_open": None, "is_for_candidate": False} | changes


def state(**changes: Any) -> dict[str, Any]:
    """Sections of 10, 10, 10 (behind a gate) and 5 minutes in a call of 25; the first question is being asked."""
    return {
        "interview": {"status": "live", "started_at": iso(0), "ended_at": None, "minutes": 25, "welcome": 0},
        "sections": [
            section(1, 10),
            section(2, 10),
            section(3, 10, gate="Go on?"),
            section(4, 5, is_for_candidate=True),
        ],
        "questions": [
            question(1, 1, state="asked", asked_at=iso(0)),
            question(2, 1, must_ask=False, minutes=3),
            question(3, 2, minutes=8),
            question(4, 2, parent=3, minutes=4),
            question(5, 3, minutes=9),
            question(6, 4, kind="conversation"),
        ],
        "current": {"question": 1, "since": iso(0)},
        "points": [],
        "ticks": [],
    } | changes


@pytest.fixture
def pace(open_page):
    """`pace(state, minute)` is the pace that many minutes after the start, with its words and the clock's."""
    page = open_page()
    page.goto("/sign-in/")

    def told(of: dict[str, Any], minute: float) -> dict[str, Any]:
        script = """async ([state, now]) => {
            const { paceOf } = await import("/static/js/live/pace.js");
            const { paceWords, paceLine, leftWords, clockWords } = await import("/static/js/live/pace-words.js");
            const pace = paceOf(state, null, now);
            const said = {words: paceWords(pace), line: paceLine(pace, true), leftWords: leftWords(pace)};
            return {...pace, ...said, clock: clockWords(state, now),
                planned: clockWords(state, now, (iso) => iso.slice(11, 16))};
        }"""
        return page.evaluate(script, [of, (START.timestamp() + minute * 60) * 1000])

    return told


class TestPace:
    def test_on_time_counts_what_is_used_and_keeps_the_candidates_minutes(self, pace):
        told = pace(state(), 4)
        assert told["words"] == "On time. 5 min reserved for the candidate’s questions."
        assert (told["question"]["used"], told["section"]["used"], told["call"]["used"]) == (4, 4, 4)
        assert told["leftWords"] == "2 questions before the gate, 10 min after it."
        line = "On time · 4/25 min · section 4/10 min · 2 questions before the gate, 10 min after it · 5 reserved"
        assert told["line"] == line
        assert told["clock"] == "21:00"

    def test_what_lies_behind_an_undecided_or_closed_gate_is_not_in_it(self, pace):
        undecided = pace(state(), 4)
        assert undecided["gate"] == {"minutes": 10}
        sections = state()["sections"]
        sections[2]["is_gate_open"] = False
        closed = pace(state(sections=sections), 4)
        assert closed["gate"] is None
        assert undecided["behind"] == closed["behind"] == 0
        sections[2]["is_gate_open"] = True
        opened = pace(state(sections=sections), 4)
        assert round(opened["behind"]) == 10
        assert opened["leftWords"] == "3 questions left."

    def test_behind_it_suggests_the_optional_before_the_longest_follow_up(self, pace):
        asked = {"state": "asked", "asked_at": iso(9)}
        questions = [one | (asked if one["id"] == 3 else {}) for one in state()["questions"]]
        questions.append(question(7, 2, parent=3, minutes=2))
        told = pace(state(questions=questions, current={"question": 3, "since": iso(9)}), 19)
        assert told["words"].startswith("About ")
        assert [one["id"] for one in told["drop"]] == [2, 4, 7]
        assert "behind" in told["line"]

    def test_a_must_ask_question_is_never_suggested(self, pace):
        questions = [question(1, 1, state="asked", asked_at=iso(0)), question(3, 2, minutes=8), question(6, 4)]
        told = pace(state(questions=questions), 20)
        assert told["behind"] > 2
        assert told["drop"] == []

    def test_over_time_is_calm_and_suggests_nothing(self, pace):
        told = pace(state(), 28.5)
        assert told["words"].startswith("3 min over; wrap up when you can.")
        assert told["words"].endswith("The candidate’s questions are still to come.")
        assert told["clock"] == "3 min over"
        assert told["drop"] == []

    def test_a_skipped_section_wants_no_time(self, pace):
        skipped = {"state": "skipped", "skip_reason": 1}
        questions = [one | (skipped if one["id"] in (2, 3) else {}) for one in state()["questions"]]
        told = pace(state(questions=questions), 14)
        assert told["behind"] == 0
        assert told["leftWords"] == "The gate is next, 10 min after it."

    def test_before_the_call_the_clock_shows_the_planned_time_and_the_countdown(self, pace):
        interview = {"status": "scheduled", "started_at": None, "ended_at": None, "minutes": 25}
        interview["scheduled_for"] = iso(0)
        before = state(interview=interview, current={"question": None, "since": None})
        clocks = [pace(before, minute)["planned"] for minute in (-4320, -300, -25, -0.5, 2)]
        assert clocks == ["14:00 · in 3 days", "14:00 · in 5 h", "14:00 · in 25 min", "14:00 · in 1 min", "14:00"]

    def test_nothing_ticks_before_the_start_nor_after_the_end(self, pace):
        interview = {"status": "scheduled", "started_at": None, "ended_at": None, "minutes": 25}
        nobody = {"question": None, "since": None}
        told = pace(state(interview=interview, current=nobody), 60)
        assert (told["call"]["used"], told["clock"]) == (0, "25 min")
        interview |= {"status": "ended", "started_at": iso(0), "ended_at": iso(22)}
        told = pace(state(interview=interview, current=nobody), 60)
        assert (told["call"]["used"], told["clock"]) == (22, "22 min")
