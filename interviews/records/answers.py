"""The second part of a printed scorecard: each question that was asked, with what was heard and written."""

from collections.abc import Sequence
from typing import Any

from interviews.models import Rating, ScriptedQuestion
from interviews.records.local_times import Zone
from interviews.records.reading import Snapshot, Submission, has_evidence
from question_bank.models import Point, RatingStep

DID_NOT_GO_ON = "not asked: the panel did not go on"
GATE_LEFT_OPEN = "not asked: the panel did not get there"
# A question with less than this on it stays on one page. Characters.
UNBROKEN_MAX = 1_500


def printed(submitted: Sequence[Submission], newest: Snapshot, names: dict[int, str], zone: Zone) -> dict[str, Any]:
    """`notes` on the whole interview, `sections` with their asked questions, and `not_asked` in few words."""
    questions = newest["questions"]
    shown = {question["id"] for question in questions if _is_shown(question, submitted)}
    depths: dict[int, int] = {}
    sections: dict[int, list[dict[str, Any]]] = {}
    for question in questions:
        # Set in below the nearest question above it that is printed; a follow-up at least by one step.
        depths[question["id"]] = depth = depths.get(question["parent"], 0)
        if question["id"] in shown:
            depths[question["id"]] += 1
            depth = max(depth, question["parent"] is not None)
            entry = _question(question, submitted, names, zone) | {"depth": min(int(depth), 3)}
            sections.setdefault(question["section"], []).append(entry)
    return {
        "notes": note_entries(
            [(one, one.snapshot["note"], [later["note"] for later in one.later]) for one in submitted], names
        ),
        "sections": [
            {"title": section["title"], "questions": sections[section["id"]]}
            for section in newest["sections"]
            if section["id"] in sections
        ],
        "not_asked": _not_asked(newest, shown),
    }


def not_asked(submitted: Sequence[Submission], newest: Snapshot) -> list[dict[str, Any]]:
    """What nobody asked, skipped or said anything about, by reason: facts that take nothing away."""
    return _not_asked(newest, {q["id"] for q in newest["questions"] if _is_shown(q, submitted)})


def why_not_rated(newest: Snapshot, topic: str) -> str:
    """Why a topic has no word: of its top-level questions, the first reason that holds for all of them."""
    blocks = [q for q in newest["questions"] if q["topic"] == topic and q["parent"] is None]
    reasons = list(dict.fromkeys(_why(newest, block) for block in blocks))
    return reasons[0] if len(reasons) == 1 else "not rated"


def _why(newest: Snapshot, question: Snapshot) -> str:
    if question["state"] == ScriptedQuestion.State.ASKED:
        return "asked, not rated"
    if question["state"] == ScriptedQuestion.State.SKIPPED:
        return f"skipped: {ScriptedQuestion.SkipReason(question['skip_reason']).label}"
    if question["is_behind_gate"]:
        return DID_NOT_GO_ON if _gate(newest, question)["is_gate_open"] is False else GATE_LEFT_OPEN
    return "not asked"


def _gate(newest: Snapshot, question: Snapshot) -> Snapshot:
    """The section whose gate holds the question back: the first that is not open."""
    return next(section for section in newest["sections"] if section["gate"] and not section["is_gate_open"])


def _is_shown(question: Snapshot, submitted: Sequence[Submission]) -> bool:
    """Asked, or said something about by anybody; the rest is summarised."""
    versions = [answer for one in submitted for answer in _versions(one, question["id"])]
    return question["state"] == ScriptedQuestion.State.ASKED or any(
        has_evidence(answer) or answer["note"] for answer in versions
    )


def _versions(submission: Submission, pk: int) -> list[Snapshot]:
    """What each of its versions says about a question, the counted one first."""
    later = [next(q for q in snapshot["questions"] if q["id"] == pk) for snapshot in submission.later]
    return [submission.answers[pk], *later]


def _question(question: Snapshot, submitted: Sequence[Submission], names: dict[int, str], zone: Zone) -> dict[str, Any]:
    said = [(one, _versions(one, question["id"])) for one in submitted]
    heard = [(one, answers[0]) for one, answers in said]
    entry: dict[str, Any] = {
        "prompt": question["prompt"],
        # Scorecards submitted before questions had exhibits have none.
        "exhibit": question.get("exhibit", ""),
        "exhibit_says": question.get("exhibit_says", ""),
        "asked": _asked(question, zone),
        "ratings": [
            {"who": names[one.panelist.pk], "word": word} for one, answers in said if (word := _rating_words(answers))
        ],
        "flags": _flags(heard, names),
        "points": _points(heard, Point.Kind.BROWNIE),
        "unlisted": _unlisted(heard, names),
        "watch_outs": _points(heard, Point.Kind.WATCH_OUT),
        "cues": _points(heard, Point.Kind.CUE),
        "notes": note_entries(
            [(one, answers[0]["note"], [a["note"] for a in answers[1:]]) for one, answers in said], names
        ),
    }
    length = len(question["prompt"]) + sum(len(text) for note in entry["notes"] for text in note.values())
    return entry | {"is_long": length > UNBROKEN_MAX}


def _asked(question: Snapshot, zone: Zone) -> str:
    if question["asked_at"] is None:
        return "Came up without being asked"
    minutes = f", {max(1, round(question['seconds'] / 60))} min" if question["seconds"] else ""
    return f"Asked {zone.clock(question['asked_at'])}{minutes}"


def _rating_words(answers: Sequence[Snapshot]) -> str:
    """ "Good", or "Good, later Excellent" where a correction says otherwise; "" without any."""
    words: list[str] = []
    for answer in answers:
        value = answer["rating"]["value"] if answer["rating"] else None
        word = "not rated" if value is None else str(RatingStep(value).label)
        if not words or word != words[-1]:
            words.append(word)
    return "" if words == ["not rated"] else ", later ".join(words)


def _flags(heard: Sequence[tuple[Submission, Snapshot]], names: dict[int, str]) -> list[str]:
    """ "depth (Mira, Jo)" """
    lines = []
    for flag, words in Rating.FLAGS.items():
        who = [names[one.panelist.pk] for one, said in heard if said["rating"] and flag in said["rating"]["flags"]]
        if who:
            lines.append(f"{words} ({', '.join(who)})" if len(heard) > 1 else words)
    return lines


def _points(heard: Sequence[tuple[Submission, Snapshot]], kind: str) -> list[str]:
    """Each point that anybody heard, once, in the order in which they were first heard."""
    ticks = [point for _, said in heard for point in said["points"] if point["kind"] == kind]
    ticks.sort(key=lambda point: point["at"])
    return list({point["id"]: point["text"] for point in ticks}.values())


def _unlisted(heard: Sequence[tuple[Submission, Snapshot]], names: dict[int, str]) -> list[dict[str, str]]:
    who: dict[int, list[str]] = {}
    text: dict[int, str] = {}
    for one, said in heard:
        for point in said["unlisted"]:
            who.setdefault(point["id"], []).append(names[one.panelist.pk])
            text[point["id"]] = point["text"]
    return [{"text": text[pk], "who": ", ".join(who[pk])} for pk in sorted(who)]


def note_entries(
    written: Sequence[tuple[Submission, Snapshot | None, list[Snapshot | None]]], names: dict[int, str]
) -> list[dict[str, str]]:
    """Each panelist's note under their name; what a correction changed stands below it."""
    entries = []
    for one, note, later in written:
        who = names[one.panelist.pk]
        if note:
            entries.append({"who": who, **_parts(note)})
        before = note
        for corrected in later:
            if corrected and corrected["text"] != (before or {}).get("text"):
                entries.append({"who": who, **_blank(corrected["text"], "in a later correction")})
            before = corrected
    return entries


def _blank(text: str, mark: str) -> dict[str, str]:
    return {"text": text, "mark": mark, "added": "", "before": ""}


def _parts(note: Snapshot) -> dict[str, str]:
    """The note, and what was done to it after the call: nothing, added, rewritten, or all of it."""
    text, call_text = note["text"], note["call_text"]
    if call_text is None:
        return _blank(text, "")
    if not call_text.strip():
        return _blank(text, "written after the call")
    rest = text.removeprefix(call_text)
    is_added = len(rest) < len(text) and (rest[0].isspace() or call_text[-1].isspace())
    if is_added:
        return {"text": call_text.rstrip(), "mark": "", "added": rest.strip(), "before": ""}
    return {"text": text, "mark": "edited after the call", "added": "", "before": call_text}


def _not_asked(newest: Snapshot, shown: set[int]) -> list[dict[str, Any]]:
    """Top-level questions that were not asked, by reason. Follow-ups are never missed: they are not in it."""
    groups: dict[str, list[str]] = {}
    for question in newest["questions"]:
        if question["id"] in shown:
            continue
        is_skipped = question["state"] == ScriptedQuestion.State.SKIPPED
        if question["parent"] is None or is_skipped:
            groups.setdefault(_why(newest, question), []).append(question["prompt"])
    return [{"why": why[:1].upper() + why[1:], "prompts": prompts} for why, prompts in groups.items()]
