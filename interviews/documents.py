"""What a PDF prints, as plain values: the template adds no fact and makes no decision.

One document per interview and reader, and one for all interviews of a candidate: the submitted scorecards that this
reader may read, and how many are outstanding. It holds no "you" and no clock, so two readers who may read the same get
the same document; the SHA-256 of its canonical JSON is its key."""

import contextlib
from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from accounts.models import User
from interviews import policies, printed_answers, scoring
from interviews.local_times import Zone
from interviews.models import Candidate, Interview, Panelist, Rating, Recommendation
from interviews.refusals import WrongTime
from interviews.submitted import Snapshot, Submission, facts, panel_score, submissions

# Counted up whenever template or stylesheet changes, so that no PDF of the old look is taken for the new one.
TEMPLATE = 2

PARTS = {Panelist.Part.LEAD: "leading", Panelist.Part.INTERVIEWER: "", Panelist.Part.SHADOW: "shadowing"}
NOT_DECIDED = "No decision"


class NothingSubmitted(WrongTime):
    """There is no submitted scorecard yet that this person may read."""


def interview_document(interview: Interview, reader: User) -> dict[str, Any]:
    """What is printed for `reader`, who sees the interview. Raises NothingSubmitted."""
    submitted = submissions(policies.readable_panelists(reader, interview))
    if not submitted:
        raise NothingSubmitted("There is no submitted scorecard yet that is yours to read.")
    newest = facts(submitted)
    zone = Zone(newest["interview"]["time_zone"])
    names = short_names(submitted)
    panel = _panel(interview, submitted, zone)
    score = panel_score(submitted)
    return {
        "template": TEMPLATE,
        "created": newest["submitted_at"],
        "interview": interview.pk,
        "head": head_of(newest["interview"], zone),
        "recommendations": recommendations(submitted),
        "score": _score(score, sum(row["state"] == "outstanding" for row in panel)),
        "say": _say(submitted),
        "topics": _topics(newest, score),
        "flags": flags_profile(submitted),
        "stood_out": take_aways(submitted, "stood_out", names),
        "still_open": take_aways(submitted, "still_open", names),
        "panel": panel,
        **printed_answers.printed(submitted, newest, names, zone),
        "sources": [
            {
                "name": one.snapshot["author"]["name"],
                "version": number,
                "sha256": sha256,
                "is_counted": one.counts and number == one.version.number,
            }
            for one in submitted
            for number, sha256 in enumerate(one.hashes, start=1)
        ],
    }


def packet_document(candidate: Candidate, reader: User) -> dict[str, Any]:
    """All interviews of the candidate of which `reader` may read something, by their times, under one cover.

    Raises NothingSubmitted."""
    printed = []
    for interview in Interview.objects.visible_to(reader).filter(candidate=candidate).with_people().in_order():
        with contextlib.suppress(NothingSubmitted):
            printed.append(interview_document(interview, reader))
    if not printed:
        raise NothingSubmitted("There is no submitted scorecard yet that is yours to read.")
    head = printed[-1]["head"]
    return {
        "template": TEMPLATE,
        "created": max(document["created"] for document in printed),
        "head": {
            "title": f"Scorecards, {head['opening']}",
            **{field: head[field] for field in ("candidate", "opening", "role")},
        },
        "interviews": printed,
    }


def sources(document: dict[str, Any]) -> list[str]:
    """The SHA-256 of every submitted version that a document prints."""
    parts = document.get("interviews", [document])
    return sorted({source["sha256"] for part in parts for source in part["sources"]})


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
        **printed_answers.printed([submission], said, names, zone),
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


def _score(score: scoring.Score, outstanding: int) -> dict[str, Any]:
    """The score with its coverage, never without, and what there is to say against it."""
    coverage = score.coverage
    others = score.n - coverage.rated
    if not coverage.must_ask:
        on = f"on {_count(score.n, 'question')}"
    elif others:
        on = f"on {coverage.rated} of {coverage.must_ask} must-ask questions and {_count(others, 'other')}"
    else:
        on = f"on {coverage.rated} of {_count(coverage.must_ask, 'question')}"
    remarks = []
    if score.text:
        remarks += ["provisional"] if score.is_provisional else []
        remarks += ["single view"] if score.is_single_view else []
    if outstanding:
        remarks.append(f"{_count(outstanding, 'scorecard')} outstanding")
    return {
        "version": score.version,
        "text": f"Score {score.text}, {on}" if score.text else "No answer is rated",
        "remarks": " · ".join(remarks).capitalize(),
    }


def _say(submitted: Sequence[Submission]) -> dict[str, str] | None:
    """The sentence on top: the lead's, else the first that was given."""
    said = [submission for submission in lead_first(submitted) if submission.snapshot["because"].strip()]
    said.sort(key=lambda submission: submission.is_shadow)
    return {"text": said[0].snapshot["because"].strip(), "who": _who(said[0].snapshot)} if said else None


def _topics(newest: Snapshot, score: scoring.Score) -> list[dict[str, Any]]:
    """A row per topic in the order of the script; neighbours not rated for one reason share a row."""
    rows: list[dict[str, Any]] = []
    for topic in dict.fromkeys(block.topic for block in score.blocks):
        word = scoring.topic_word(score, topic)
        if word.word:
            step = list(scoring.RATING_WORDS.values()).index(word.word) + 1
            rows.append({"topic": topic, "step": step, "text": word.text, "heard": word.heard, "why": ""})
        elif word.heard or any(block.is_answer for block in score.blocks if block.topic == topic):
            why = printed_answers.why_not_rated(newest, topic)
            rows.append({"topic": topic, "step": 0, "text": "", "heard": word.heard, "why": why})
    merged: list[dict[str, Any]] = []
    for (why, heard), group in groupby(rows, key=lambda row: (row["why"], row["heard"])):
        if why and not heard:
            topics = ", ".join(row["topic"] for row in group)
            merged.append({"topic": topics, "step": 0, "text": "", "heard": 0, "why": why})
        else:
            merged += group
    return merged


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


def _panel(interview: Interview, submitted: Sequence[Submission], zone: Zone) -> list[dict[str, Any]]:
    """Who recommends what; of the others the state alone, which the whole panel shares."""
    rows = [panel_row(submission, zone) for submission in lead_first(submitted)]
    shown = {submission.panelist.pk for submission in submitted}
    for panelist in Panelist.objects.filter(interview=interview).counting().select_related("user", "scorecard"):
        if panelist.pk not in shown and (panelist.has_submitted or panelist.left_at is None):
            state = "withheld" if panelist.has_submitted else "outstanding"
            part = PARTS[Panelist.Part(panelist.part)]
            rows.append({"name": str(panelist.user), "part": part, "state": state})
    return rows


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


def _word(snapshot: Snapshot) -> str:
    value = snapshot["recommendation"]
    return NOT_DECIDED if value is None else str(Recommendation(value).label)


def _who(snapshot: Snapshot) -> str:
    return ", ".join(filter(None, [snapshot["author"]["name"], PARTS[Panelist.Part(snapshot["author"]["part"])]]))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
