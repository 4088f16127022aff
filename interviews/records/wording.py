"""Submitted scorecards in words: what their page, the debrief, the comparison and the PDF have in common."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from interviews.models import Panelist, Rating, Recommendation
from interviews.records import answers
from interviews.records.local_times import Zone
from interviews.records.reading import Snapshot, Submission

PARTS = {Panelist.Part.LEAD: "leading", Panelist.Part.INTERVIEWER: "", Panelist.Part.SHADOW: "shadowing"}
NOT_DECIDED = "No decision"


def single_document(submission: Submission) -> dict[str, Any]:
    """One submitted scorecard by itself, for its page: what counts of it, and what was corrected later."""
    said = submission.snapshot
    zone = Zone(said["interview"]["time_zone"])
    names = short_names([submission])
    return {
        "head": head_of(said["interview"], zone),
        "row": panel_row(submission, zone),
        "stood_out": take_aways([submission], "stood_out", names),
        "still_open": take_aways([submission], "still_open", names),
        **answers.printed([submission], said, names, zone),
    }


def short_names(submitted: Sequence[Submission]) -> dict[int, str]:
    """First names by panelist, or whole names where two share the first one."""
    authors = [submission.snapshot["author"] for submission in submitted]
    often = Counter(author["short_name"] for author in authors)
    return {
        author["panelist"]: author["short_name"] if often[author["short_name"]] == 1 else author["name"]
        for author in authors
    }


def head_of(interview: Snapshot, zone: Zone) -> dict[str, str]:
    opening, script = interview["opening"], interview["script"]
    start, end = interview["started_at"], interview["ended_at"]
    candidate = interview["candidate"]["name"]
    return {
        # Without names: a viewer puts it where others see it on a shared screen.
        "title": f"Scorecards, {opening['title']}",
        "candidate": candidate,
        "opening": opening["title"],
        "role": " · ".join(filter(None, [opening["title"], opening["team"]])),
        "when": f"{zone.date(start)}, {zone.clock(start)} to {zone.clock(end)}, {zone.name}",
        "script": f"{interview['script']['name']}, version {script['version']}",
    }


def recommendations(submitted: Sequence[Submission]) -> dict[str, str]:
    """ "2 yes · 1 strong yes", from strong no to strong yes; the leaning only where all lean the same way."""
    values = [submission.snapshot["recommendation"] for submission in submitted if not submission.is_shadow]
    counted = Counter(values)
    words = [f"{counted[each]} {each.label.lower()}" for each in Recommendation if counted[each]]
    if counted[None]:
        words.append(f"{counted[None]} {NOT_DECIDED.lower()}")
    leanings = {"open" if value is None else "yes" if value >= Recommendation.YES else "no" for value in values}
    leaning = leanings.pop() if len(leanings) == 1 else "open"
    return {"text": " · ".join(words) or "None that counts", "leaning": leaning}


def flags_profile(submitted: Sequence[Submission]) -> str:
    """ "depth 4 times": in how many answers somebody who counts saw it. Never added to anything."""
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


def take_aways(submitted: Sequence[Submission], field: str, names: dict[int, str]) -> list[dict[str, str]]:
    """One a line, as people write them; with names where there are several."""
    return [
        {"text": text, "who": names[submission.panelist.pk] if len(submitted) > 1 else ""}
        for submission in lead_first(submitted)
        for line in submission.snapshot[field].splitlines()
        if (text := line.strip().lstrip("-*+•").strip())
    ]


def panel_row(submission: Submission, zone: Zone) -> dict[str, Any]:
    said = submission.snapshot
    return {
        "name": said["author"]["name"],
        "part": PARTS[Panelist.Part(said["author"]["part"])],
        "state": "submitted",
        "is_counted": submission.counts,
        "recommendation": _word(said),
        "because": said["because"].strip(),
        "submitted": zone.short(said["submitted_at"]),
        "later": [
            {
                "recommendation": _word(later),
                "because": later["because"].strip(),
                "submitted": zone.short(later["submitted_at"]),
                "reason": later["reason"].strip(),
            }
            for later in submission.later
        ],
    }


def lead_first(submitted: Sequence[Submission]) -> list[Submission]:
    return sorted(submitted, key=lambda one: one.snapshot["author"]["part"] != Panelist.Part.LEAD)


def plural(number: int, noun: str) -> str:
    """ "1 answer", "2 answers" """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _word(snapshot: Snapshot) -> str:
    value = snapshot["recommendation"]
    return NOT_DECIDED if value is None else str(Recommendation(value).label)


def name_and_part(snapshot: Snapshot) -> str:
    return ", ".join(filter(None, [snapshot["author"]["name"], PARTS[Panelist.Part(snapshot["author"]["part"])]]))
