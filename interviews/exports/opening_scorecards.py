"""All submitted scorecards of an opening that a hiring manager may read, as CSV and as JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from interviews import access
from interviews.exports.csv_safe import Cell, csv_text
from interviews.exports.documents import decisions, printed_decision
from interviews.models import Interview, Opening, Rating, Recommendation
from interviews.records import snapshots
from interviews.records.local_times import Zone
from interviews.records.printed import PrintedDecision
from interviews.records.reading import Submission, has_evidence, submissions
from interviews.records.snapshot_types import SnapshotQuestion
from question_bank.models import Point, RatingStep

FORMAT = "interview-script/opening-scorecards/1"
COLUMNS = (
    *("Candidate", "Interview", "Started", "Started, local time", "Time zone"),
    *("Decision", "Decided by", "Decided", "Reason for decision", "Dissent"),
    *("Panelist", "Panel role", "Counted", "Recommendation", "Reason for recommendation", "Submitted"),
    *("What stood out", "Open questions", "General notes"),
    *("Revised later", "Question", "Topic", "Follow-up", "Added in the call", "Asked", "Rating", "Rating in words"),
    *(words[0].upper() + words[1:] for words in Rating.FLAGS.values()),
    *("Points heard", "Extra points heard", "Watch-outs", "Cues", "Note"),
)


@dataclass(frozen=True)
class Run:
    """One interview, with the scorecards its reader may see."""

    interview: Interview
    submitted: list[Submission]
    # The latest one, if the debrief is open to the reader.
    decision: PrintedDecision | None


def runs(*, opening: Opening, reader: User) -> list[Run]:
    """The opening's ended interviews with the scorecards that `reader` may see, by start time; constant queries.

    Without shadows' practice scorecards, even the reader's own."""
    seen = Interview.objects.visible_to(reader).filter(opening=opening).ended()
    interviews = list(seen.order_by("started_at", "pk").select_related("candidate", "opening"))
    readable, decided = access.readable_panels(reader, interviews), decisions(seen, reader)
    found = []
    for interview in interviews:
        made = decided.get(interview.pk)
        submitted = submissions(seat for seat in readable[interview] if not seat.is_shadow)
        found.append(Run(interview, submitted, printed_decision(made, Zone(interview.time_zone)) if made else None))
    return found


def as_csv(found: list[Run], *, delimiter: str = ",") -> str:
    """A row for each answer with a record, from the counted version; one row for a scorecard without any."""
    rows: list[tuple[Cell, ...]] = [COLUMNS]
    for run in found:
        for submission in run.submitted:
            rows += _rows(run, submission)
    return csv_text(rows, delimiter=delimiter)


def as_json(opening: Opening, found: list[Run]) -> str:
    """The shape is described in docs/scorecards-for-other-programs.md, that of a scorecard in `snapshots`."""
    document = {
        "format": FORMAT,
        "opening": {"id": opening.pk, "title": opening.title, "team": opening.team},
        "interviews": [
            {
                "id": run.interview.pk,
                "candidate": {"id": run.interview.candidate_id, "name": run.interview.candidate.name},
                "started_at": snapshots.moment(run.interview.started_at),
                "time_zone": run.interview.time_zone,
                "decision": run.decision,
                "scorecards": [_scorecard(submission) for submission in run.submitted],
            }
            for run in found
        ],
    }
    return snapshots.canonical(document)


def _scorecard(submission: Submission) -> dict[str, Any]:
    return {
        "counts": submission.counts,
        "sha256": list(submission.hashes),
        "scorecard": submission.snapshot,
        "revisions": list(submission.later),
    }


def _rows(run: Run, submission: Submission) -> Iterator[tuple[Cell, ...]]:
    said = submission.snapshot
    zone, started = Zone(run.interview.time_zone), snapshots.moment(run.interview.started_at)
    recommendation = said["recommendation"]
    author = (
        run.interview.candidate.name,
        run.interview.pk,
        started,
        f"{zone.local(started):%Y-%m-%d %H:%M}" if started else "",
        zone.name,
        *_decision(run.decision),
        said["author"]["name"],
        said["author"]["part"],
        _yes(submission.counts),
        "" if recommendation is None else str(Recommendation(recommendation).label),
        said["because"],
        said["submitted_at"],
        said["stood_out"],
        said["still_open"],
        said["note"]["text"] if said["note"] else "",
        _yes(bool(submission.later)),
    )
    answers = [answer for answer in said["questions"] if has_evidence(answer) or answer["note"]]
    for answer in answers:
        yield (*author, *_answer(answer))
    if not answers:
        yield (*author, *([""] * (len(COLUMNS) - len(author))))


def _decision(made: PrintedDecision | None) -> tuple[Cell, ...]:
    if made is None:
        return ("",) * 5
    because = "\n".join(filter(None, [made["reason"], made["against"]]))
    dissent = f"{', '.join(made['dissenters'])}: {made['dissent']}" if made["dissent"] else ""
    return made["choice"], made["who"], made["at"], because, dissent


def _answer(answer: SnapshotQuestion) -> tuple[Cell, ...]:
    value = answer["rating"]["value"] if answer["rating"] else None
    flags = answer["rating"]["flags"] if answer["rating"] else []
    return (
        answer["prompt"],
        answer["topic"],
        _yes(answer["parent"] is not None),
        _yes(answer.get("is_added", False)),
        _yes(answer["state"] == "asked" or has_evidence(answer)),
        value,
        "" if value is None else str(RatingStep(value).label),
        *(_yes(flag in flags) for flag in Rating.FLAGS),
        _texts(answer, Point.Kind.BROWNIE),
        "\n".join(point["text"] for point in answer["unlisted"]),
        _texts(answer, Point.Kind.WATCH_OUT),
        _texts(answer, Point.Kind.CUE),
        answer["note"]["text"] if answer["note"] else "",
    )


def _texts(answer: SnapshotQuestion, kind: str) -> str:
    return "\n".join(point["text"] for point in answer["points"] if point["kind"] == kind)


def _yes(is_so: bool) -> str:
    """ "yes", or blank instead of "no": points only add."""
    return "yes" if is_so else ""
