"""The content of a PDF as plain values; the template adds no fact and makes no decision.

One document per interview and reader, and one for all interviews of a candidate: the submitted scorecards that this
reader may read, and how many are outstanding. It holds no "you" and no clock, so two readers who may read the same get
the same document; the SHA-256 of its canonical JSON is its key."""

import contextlib

from accounts.models import User
from interviews import access
from interviews.exports import unprintable
from interviews.exports.document_types import (
    Document,
    InterviewDocument,
    PacketDocument,
    ScoreLine,
    TopicLine,
    parts,
)
from interviews.models import Candidate, Decision, Interview, Panelist
from interviews.models.interviews import InterviewQuerySet
from interviews.records import answers, scoring, snapshots
from interviews.records.local_times import Zone
from interviews.records.panel import Panel, lead_first
from interviews.records.printed import PanelRow, PrintedDecision, TakeAway
from interviews.records.reading import panel_score, submissions
from interviews.records.snapshot_types import Snapshot
from interviews.records.topics import sharing_rows, shown_topics
from interviews.records.wording import (
    PARTS,
    coverage_words,
    flags_profile,
    head_of,
    name_and_part,
    panel_row,
    plural,
    recommendations,
    take_aways,
)
from interviews.refusals import WrongTime

# Increment it with each change of template or stylesheet, so that older PDFs are built again.
TEMPLATE = 6


class NothingSubmitted(WrongTime):
    """There is no submitted scorecard yet that this person may read."""

    def __init__(self) -> None:
        super().__init__("There are no submitted scorecards you can see yet.")


def interview_document(interview: Interview, reader: User) -> InterviewDocument:
    """The document of an interview for `reader`, who can see it. Raises NothingSubmitted."""
    submitted = submissions(access.readable_panelists(reader, interview))
    if not submitted:
        raise NothingSubmitted
    panel, score = Panel(submitted), panel_score(submitted)
    rows = _panel_rows(interview, panel)
    printed = answers.printed(panel)
    decision = _decision(interview, reader, panel.zone)
    created = max(panel.newest["submitted_at"], decision["at"] if decision else "")
    document: InterviewDocument = {
        "template": TEMPLATE,
        "created": created,
        "as_of": f"{panel.zone.date(created)}, {panel.zone.clock(created)}",
        "decision": decision,
        "interview": interview.pk,
        "head": head_of(panel.newest["interview"], panel.zone),
        "recommendations": recommendations(submitted),
        "score": _score(score, sum(row["state"] == "outstanding" for row in rows)),
        "say": _say(panel),
        "topics": _topics(panel.newest, score),
        "flags": flags_profile(submitted),
        "stood_out": take_aways(panel, "stood_out"),
        "still_open": take_aways(panel, "still_open"),
        "panel": rows,
        "notes": printed["notes"],
        "sections": printed["sections"],
        "not_asked": printed["not_asked"],
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
    if boxes := unprintable.boxes(document):
        document["boxes"] = boxes
    return document


def packet_document(candidate: Candidate, reader: User) -> PacketDocument:
    """One document of all the candidate's interviews, by their times, that have a scorecard `reader` may read.

    Raises NothingSubmitted."""
    printed = []
    for interview in Interview.objects.visible_to(reader).filter(candidate=candidate).with_people().in_order():
        with contextlib.suppress(NothingSubmitted):
            printed.append(interview_document(interview, reader))
    if not printed:
        raise NothingSubmitted
    head = printed[-1]["head"]
    document: PacketDocument = {
        "template": TEMPLATE,
        "created": max(each["created"] for each in printed),
        "head": {
            "title": f"Scorecards, {head['opening']}",
            "candidate": head["candidate"],
            "opening": head["opening"],
            "role": head["role"],
        },
        "interviews": printed,
    }
    if boxes := unprintable.boxes(document):
        document["boxes"] = boxes
    return document


def sources(document: Document) -> list[str]:
    """The SHA-256 of every submitted version that a document prints, and a mark for each decision that it tells of.

    A reader who may see all of them may read a file made for another reader."""
    printed = parts(document)
    versions = {source["sha256"] for part in printed for source in part["sources"]}
    return sorted(
        versions.union(
            *(
                decision_marks(part["interview"], part["decision"]["number"] if part["decision"] else 0)
                for part in printed
            )
        )
    )


def decision_marks(interview: int, number: int) -> set[str]:
    """A mark for the decision of this number on an interview and for each before it; 0: there is none."""
    return {f"decision {one} on {interview}" for one in range(1, number + 1)}


def decisions(interviews: InterviewQuerySet, reader: User) -> dict[int, Decision]:
    """The latest decision on each of these interviews, by its key, if the debrief is open to `reader`. One query."""
    known = Decision.objects.filter(interview__in=interviews.order_by().debrief_open_to(reader))
    return {one.interview_id: one for one in known.select_related("decided_by").order_by("number")}


def _decision(interview: Interview, reader: User, zone: Zone) -> PrintedDecision | None:
    made = decisions(Interview.objects.filter(pk=interview.pk), reader).get(interview.pk)
    return printed_decision(made, zone) if made else None


def printed_decision(made: Decision, zone: Zone) -> PrintedDecision:
    at = snapshots.moment(made.decided_at)
    return {
        "number": made.number,
        "choice": str(made.get_choice_display()),
        "reason": made.reason.strip(),
        "against": made.against.strip(),
        "dissent": made.dissent.strip(),
        "dissenters": [one["name"] for one in made.dissenters],
        "who": str(made.decided_by),
        "at": at,
        "when": f"{zone.date(at)}, {zone.clock(at)}",
    }


def _score(score: scoring.Score, outstanding: int) -> ScoreLine:
    """The score with its coverage and its caveats."""
    remarks = []
    if score.text:
        remarks += ["provisional"] if score.is_provisional else []
        remarks += ["single view"] if score.is_single_view else []
    if outstanding:
        remarks.append(f"{plural(outstanding, 'scorecard')} outstanding")
    return {
        "version": score.version,
        "text": f"Score {score.text}, on {coverage_words(score)}" if score.text else "No answers rated",
        "remarks": " · ".join(remarks).capitalize(),
    }


def _say(panel: Panel) -> TakeAway | None:
    """The sentence at the top: the lead's, else the first one."""
    said = [submission for submission in lead_first(panel.submitted) if submission.snapshot["because"].strip()]
    said.sort(key=lambda submission: submission.is_shadow)
    return {"text": said[0].snapshot["because"].strip(), "who": name_and_part(said[0].snapshot)} if said else None


def _topics(newest: Snapshot, score: scoring.Score) -> list[TopicLine]:
    """A row per topic in the order of the script; neighbours not rated for one reason share a row."""
    rows: list[TopicLine] = []
    for topic, word in shown_topics(score):
        why = "" if word.word else answers.why_not_rated(newest, topic)
        step = scoring.STEPS.get(word.word, 0)
        rows.append({"topic": topic, "step": step, "text": word.text, "heard": word.heard, "why": why})
    groups = sharing_rows(rows, lambda row: (row["why"], row["heard"]))
    return [{**group[0], "topic": ", ".join(row["topic"] for row in group)} for group in groups]


def _missing_as(panelist: Panelist) -> str:
    """Whether a missing scorecard is awaited, and if not, why."""
    if panelist.is_waived:
        return "waived"
    return "outstanding" if panelist.is_awaited else "absent"


def _panel_rows(interview: Interview, panel: Panel) -> list[PanelRow]:
    """The recommendations. For other panelists, only the state, which the whole panel may know."""
    rows = [panel_row(submission, panel.zone) for submission in lead_first(panel.submitted)]
    shown = {submission.panelist.pk for submission in panel.submitted}
    everybody = Panelist.objects.filter(interview=interview).counting().knowing_access()
    for panelist in everybody.select_related("scorecard"):
        is_submitted = panelist.has_submitted
        if panelist.pk not in shown and (is_submitted or panelist.left_at is None):
            state = "withheld" if is_submitted else _missing_as(panelist)
            part = PARTS[Panelist.Part(panelist.part)]
            rows.append({"name": str(panelist.user), "part": part, "state": state})
    return rows
