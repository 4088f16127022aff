"""The second part of a printed scorecard: the asked questions with ratings, heard points and notes."""

from collections.abc import Sequence

from interviews.models import Rating, ScriptedQuestion
from interviews.records.local_times import Zone
from interviews.records.panel import Panel
from interviews.records.printed import (
    NotAsked,
    NoteEntry,
    PrintedAnswers,
    PrintedQuestion,
    PrintedSection,
    RatingEntry,
    TakeAway,
)
from interviews.records.reading import Submission, has_evidence
from interviews.records.snapshot_types import Snapshot, SnapshotNote, SnapshotQuestion, SnapshotSection
from question_bank.models import Point, RatingStep

DID_NOT_GO_ON = "not asked: the panel stopped at the gate"
GATE_LEFT_OPEN = "not asked: the panel didn’t reach it"
# A question with less than this on it stays on one page. Characters.
UNBROKEN_MAX = 1_500


def printed(panel: Panel) -> PrintedAnswers:
    """General notes, the sections with their asked questions, and the questions not asked by reason."""
    questions = panel.newest["questions"]
    shown = _shown(panel)
    depths: dict[int | None, int] = {}
    sections: dict[int, list[PrintedQuestion]] = {}
    for question in questions:
        # Indented below the nearest printed question above it; a follow-up by one step at least.
        depths[question["id"]] = depth = depths.get(question["parent"], 0)
        if question["id"] in shown:
            depths[question["id"]] += 1
            depth = max(depth, question["parent"] is not None)
            sections.setdefault(question["section"], []).append(_question(question, panel, depth=min(int(depth), 3)))
    return {
        "notes": note_entries(
            panel,
            [(one, one.snapshot["note"], [later["note"] for later in one.later]) for one in panel.submitted],
        ),
        "sections": [
            PrintedSection(title=section["title"], time=_time(section, questions), questions=sections[section["id"]])
            for section in panel.newest["sections"]
            if section["id"] in sections
        ],
        "not_asked": _not_asked(panel.newest, shown),
    }


def _time(section: SnapshotSection, questions: Sequence[SnapshotQuestion]) -> str:
    """ "12 of 14 min": how long its questions were being asked, of the minutes planned; "" if they never were."""
    seconds = sum(question["seconds"] for question in questions if question["section"] == section["id"])
    return f"{max(1, round(seconds / 60))} of {section['minutes']} min" if seconds else ""


def not_asked(panel: Panel) -> list[NotAsked]:
    """By reason, the questions that were not asked and at which nobody recorded anything."""
    return _not_asked(panel.newest, _shown(panel))


def why_not_rated(newest: Snapshot, topic: str) -> str:
    """Why nobody rated a topic: the one reason that all its top-level questions share, else "not rated"."""
    blocks = [q for q in newest["questions"] if q["topic"] == topic and q["parent"] is None and not q.get("is_removed")]
    reasons = list(dict.fromkeys(_why(newest, block) for block in blocks))
    return reasons[0] if len(reasons) == 1 else "not rated"


def _why(newest: Snapshot, question: SnapshotQuestion) -> str:
    if question["state"] == "asked":
        return "asked, not rated"
    if question["skip_reason"] is not None:
        return f"skipped: {ScriptedQuestion.SkipReason(question['skip_reason']).label}"
    if question["is_behind_gate"]:
        return DID_NOT_GO_ON if _is_gate_closed(newest) else GATE_LEFT_OPEN
    return "not asked"


def _is_gate_closed(newest: Snapshot) -> bool:
    """Whether the panel closed the first gate that is not open, which holds back all sections after it."""
    gates = (section for section in newest["sections"] if section["gate"] and not section["is_gate_open"])
    return next(gates)["is_gate_open"] is False


def _shown(panel: Panel) -> set[int]:
    """Questions that were asked, or at which a panelist recorded something; the rest is summarised."""
    return {question["id"] for question in panel.newest["questions"] if _is_shown(question, panel)}


def _is_shown(question: SnapshotQuestion, panel: Panel) -> bool:
    versions = [answer for one in panel.submitted for answer in one.versions_of(question)]
    return question["state"] == "asked" or any(has_evidence(answer) or answer["note"] for answer in versions)


def _question(question: SnapshotQuestion, panel: Panel, *, depth: int) -> PrintedQuestion:
    said = [(one, one.versions_of(question)) for one in panel.submitted]
    heard = [(one, answers[0]) for one, answers in said]
    notes = note_entries(panel, [(one, answers[0]["note"], [a["note"] for a in answers[1:]]) for one, answers in said])
    length = len(question["prompt"]) + sum(map(_length, notes))
    # Nobody saw the exhibit of a question that was not asked. Older scorecards have none.
    is_seen = question["state"] == "asked" and "exhibit" in question
    return {
        "prompt": question["prompt"],
        "exhibit": question["exhibit"] if is_seen else "",
        "exhibit_says": question["exhibit_says"] if is_seen else "",
        "asked": _asked(question, panel.zone),
        "ratings": [
            RatingEntry(who=panel.name(one), word=word) for one, answers in said if (word := _rating_words(answers))
        ],
        "flags": _flags(panel, heard),
        "points": _points(heard, Point.Kind.BROWNIE),
        "unlisted": _unlisted(panel, heard),
        "watch_outs": _points(heard, Point.Kind.WATCH_OUT),
        "cues": _points(heard, Point.Kind.CUE),
        "notes": notes,
        "is_long": length > UNBROKEN_MAX,
        "depth": depth,
    }


def _length(note: NoteEntry) -> int:
    return sum(map(len, (note["who"], note["text"], note["mark"], note["added"], note["before"])))


def _asked(question: SnapshotQuestion, zone: Zone) -> str:
    added = " · added in the call" if question.get("is_added") else ""
    if question["asked_at"] is None:
        return f"Came up without being asked{added}"
    minutes = f", {max(1, round(question['seconds'] / 60))} min" if question["seconds"] else ""
    # Scorecards submitted before it was recorded do not have it.
    by = f" by {name}" if (name := question.get("asked_by")) else ""
    return f"Asked {zone.clock(question['asked_at'])}{by}{minutes}{added}"


def _rating_words(answers: Sequence[SnapshotQuestion]) -> str:
    """ "Good", or "Good, revised to Excellent" where a revision changed the rating; "" without any."""
    words: list[str] = []
    for answer in answers:
        value = answer["rating"]["value"] if answer["rating"] else None
        word = "not rated" if value is None else str(RatingStep(value).label)
        if not words or word != words[-1]:
            words.append(word)
    return "" if words == ["not rated"] else ", revised to ".join(words)


def _flags(panel: Panel, heard: Sequence[tuple[Submission, SnapshotQuestion]]) -> list[str]:
    """ "went deep (Mira, Jo)" """
    lines = []
    for flag, words in Rating.FLAGS.items():
        who = [panel.name(one) for one, said in heard if said["rating"] and flag in said["rating"]["flags"]]
        if who:
            lines.append(f"{words} ({', '.join(who)})" if len(heard) > 1 else words)
    return lines


def _points(heard: Sequence[tuple[Submission, SnapshotQuestion]], kind: str) -> list[str]:
    """Each point that a panelist heard, once, in the order in which they were first heard."""
    ticks = [point for _, said in heard for point in said["points"] if point["kind"] == kind]
    ticks.sort(key=lambda point: point["at"])
    return list({point["id"]: point["text"] for point in ticks}.values())


def _unlisted(panel: Panel, heard: Sequence[tuple[Submission, SnapshotQuestion]]) -> list[TakeAway]:
    who: dict[int, list[str]] = {}
    text: dict[int, str] = {}
    for one, said in heard:
        for point in said["unlisted"]:
            who.setdefault(point["id"], []).append(panel.name(one))
            text[point["id"]] = point["text"]
    return [{"text": text[pk], "who": ", ".join(who[pk])} for pk in sorted(who)]


def note_entries(
    panel: Panel, written: Sequence[tuple[Submission, SnapshotNote | None, Sequence[SnapshotNote | None]]]
) -> list[NoteEntry]:
    """Each panelist's note under their name, and below it the texts of later revisions that differ."""
    entries = []
    for one, note, later in written:
        who = panel.name(one)
        if note:
            entries.append(_entry(who, note))
        before = note
        for revised in later:
            if revised and (before is None or revised["text"] != before["text"]):
                entries.append(_plain(who, revised["text"], "in a later revision"))
            before = revised
    return entries


def _plain(who: str, text: str, mark: str) -> NoteEntry:
    return {"who": who, "text": text, "mark": mark, "added": "", "before": ""}


def _entry(who: str, note: SnapshotNote) -> NoteEntry:
    """The note, and how it was changed after the call: not at all, added to, rewritten, or begun then."""
    text, call_text = note["text"], note["call_text"]
    if call_text is None:
        return _plain(who, text, "")
    if not call_text.strip():
        return _plain(who, text, "written after the call")
    rest = text.removeprefix(call_text)
    is_added = len(rest) < len(text) and (rest[0].isspace() or call_text[-1].isspace())
    if is_added:
        return {"who": who, "text": call_text.rstrip(), "mark": "", "added": rest.strip(), "before": ""}
    return {"who": who, "text": text, "mark": "edited after the call", "added": "", "before": call_text}


def _not_asked(newest: Snapshot, shown: set[int]) -> list[NotAsked]:
    """Top-level questions that were not asked, by reason. A follow-up is listed only if it was skipped."""
    groups: dict[str, list[str]] = {}
    for question in newest["questions"]:
        if question["id"] in shown or question.get("is_removed"):
            continue
        is_skipped = question["state"] == "skipped"
        if question["parent"] is None or is_skipped:
            groups.setdefault(_why(newest, question), []).append(question["prompt"])
    return [{"why": why[:1].upper() + why[1:], "prompts": prompts} for why, prompts in groups.items()]
