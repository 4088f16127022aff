"""Submitted scorecards in words, for their page, the debrief, the comparison and the PDF."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from interviews.models import Panelist, Rating, Recommendation
from interviews.records import answers
from interviews.records.local_times import Zone
from interviews.records.panel import Panel, lead_first
from interviews.records.printed import Head, PanelRow, Recommended, SingleDocument, TakeAway
from interviews.records.reading import Submission
from interviews.records.scoring import Score
from interviews.records.snapshot_types import Snapshot, SnapshotInterview

PARTS = {Panelist.Part.LEAD: "leading", Panelist.Part.INTERVIEWER: "", Panelist.Part.SHADOW: "shadowing"}
TakeAwayField = Literal["stood_out", "still_open"]


def single_document(submission: Submission) -> SingleDocument:
    """One submitted scorecard for its own page: the counted version, and what later revisions changed."""
    panel = Panel([submission])
    return {
        "head": head_of(submission.snapshot["interview"], panel.zone),
        "row": panel_row(submission, panel.zone),
        "stood_out": take_aways(panel, "stood_out"),
        "still_open": take_aways(panel, "still_open"),
        **answers.printed(panel),
    }


def head_of(interview: SnapshotInterview, zone: Zone) -> Head:
    """Which interview it is: candidate, role, time and script."""
    opening, script = interview["opening"], interview["script"]
    start, end = interview["started_at"], interview["ended_at"]
    candidate = interview["candidate"]["name"]
    return {
        # Without names: a PDF viewer shows the title on a shared screen.
        "title": f"Scorecards, {opening['title']}",
        "candidate": candidate,
        "opening": opening["title"],
        "role": " · ".join(filter(None, [opening["title"], opening["team"]])),
        "when": f"{zone.date(start)}, {zone.clock(start)} to {zone.clock(end)}, {zone.name}",
        "time": _time(interview),
        "script": f"{interview['script']['name']}, version {script['version']}",
    }


def _time(interview: SnapshotInterview) -> str:
    """ "41 min of 60 planned, welcome 4 min, paused for 5 min (not counted)" """
    took = dt.datetime.fromisoformat(interview["ended_at"]) - dt.datetime.fromisoformat(interview["started_at"])
    # Scorecards submitted before calls could be paused have neither.
    paused, welcome = interview.get("paused_seconds", 0), interview.get("welcome_seconds") or 0
    parts = [f"{minutes(took.total_seconds() - paused)} of {interview['minutes']} planned"]
    parts += [f"welcome {minutes(welcome)}"] if round(welcome / 60) else []
    parts += [f"paused for {minutes(paused)} (not counted)"] if paused else []
    return ", ".join(parts)


def minutes(seconds: float) -> str:
    """ "4 min", rounded; what has begun is a minute at least."""
    return f"{max(1, round(seconds / 60)) if seconds > 0 else 0} min"


def recommendations(submitted: Sequence[Submission]) -> Recommended:
    """ "2 yes · 1 strong yes", from strong no to strong yes, and what was revised; with a leaning if all lean the same
    way."""
    counting = [submission for submission in submitted if not submission.is_shadow]
    values = [submission.snapshot["recommendation"] for submission in counting]
    counted = Counter(values)
    words = [f"{counted[each]} {each.label.lower()}" for each in Recommendation if counted[each]]
    if counted[None]:
        words.append(f"{counted[None]} {Recommendation.words_of(None).lower()}")
    revised = Counter(
        one.newest["recommendation"]
        for one in counting
        if one.newest["recommendation"] != one.snapshot["recommendation"]
    )
    later = [f"{revised[each]} revised to {Recommendation.words_of(each).lower()}" for each in revised]
    leanings = {"open" if value is None else "yes" if value >= Recommendation.YES else "no" for value in values}
    leaning = leanings.pop() if len(leanings) == 1 else "open"
    text = " · ".join(words) or "None counted"
    return {"text": ", ".join([text, *later]), "leaning": "open" if later else leaning}


def flags_profile(submitted: Sequence[Submission]) -> str:
    """ "went deep 4 times": in how many answers a counting panelist saw it. Never added to anything."""
    seen = {
        (flag, pk)
        for submission in submitted
        if submission.counts
        for pk, answer in submission.answers.items()
        if answer["rating"]
        for flag in answer["rating"]["flags"]
    }
    often = Counter(flag for flag, _ in seen)
    times = {1: "once", 2: "twice"}
    return " · ".join(
        f"{words} {times.get(often[flag], f'{often[flag]} times')}"
        for flag, words in Rating.FLAGS.items()
        if often[flag]
    )


def take_aways(panel: Panel, field: TakeAwayField) -> list[TakeAway]:
    """Everybody's take-aways, the lead's first; with names if there are several scorecards."""
    is_named = len(panel.submitted) > 1
    return [
        TakeAway(text=text, who=panel.name(submission) if is_named else "")
        for submission in lead_first(panel.submitted)
        for text in take_away_lines(submission, field)
    ]


def take_away_lines(submission: Submission, field: TakeAwayField) -> list[str]:
    """One take-away for each line, without the bullets that people type."""
    lines = (line.strip().lstrip("-*+•").strip() for line in submission.snapshot[field].splitlines())
    return [line for line in lines if line]


def panel_row(submission: Submission, zone: Zone) -> PanelRow:
    """Who recommends what and why, with later revisions."""
    said = submission.snapshot
    return {
        "name": said["author"]["name"],
        "part": PARTS[Panelist.Part(said["author"]["part"])],
        "state": "submitted",
        "is_counted": submission.counts,
        "recommendation": Recommendation.words_of(said["recommendation"]),
        "because": said["because"].strip(),
        "submitted": zone.short(said["submitted_at"]),
        "later": [
            {
                "recommendation": Recommendation.words_of(later["recommendation"]),
                "because": later["because"].strip(),
                "submitted": zone.short(later["submitted_at"]),
                "reason": later["reason"].strip(),
            }
            for later in submission.later
        ],
    }


def plural(number: int, noun: str) -> str:
    """ "1 answer", "2 answers" """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def coverage_words(score: Score) -> str:
    """ "5 of 6 must-ask questions and 2 other questions": the rated questions that a score is based on, each with its
    follow-ups."""
    coverage = score.coverage
    must_ask = f"{coverage.rated} of {plural(coverage.must_ask, 'must-ask question')}" if coverage.must_ask else ""
    others = score.n - coverage.rated
    rest = plural(others, "other question" if must_ask else "question") if others or not must_ask else ""
    return " and ".join(filter(None, [must_ask, rest]))


def name_and_part(snapshot: Snapshot) -> str:
    """ "Mira Sammut, leading" """
    return ", ".join(filter(None, [snapshot["author"]["name"], PARTS[Panelist.Part(snapshot["author"]["part"])]]))
