"""The debrief: a panel's submitted scorecards side by side. It gives no verdict and ranks no one."""

from dataclasses import dataclass

from finding.searching import fold
from interviews.access import DebriefAccess
from interviews.debriefs.disagreements import Disagreement, TopicRow, disagreements, split_recommendations, topic_rows
from interviews.debriefs.heard_points import HeardPoint, HeardTopic, heard_points
from interviews.models import Decision, LooseEnd
from interviews.records import answers, scoring, wording
from interviews.records.panel import Panel, lead_first
from interviews.records.printed import Head, NotAsked, PanelRow
from interviews.records.reading import Submission, panel_score, submissions
from interviews.records.scoring import PROVISIONAL_BLOCKS_MIN, two_decimals
from interviews.records.wording import plural
from question_bank.models import Question


@dataclass(frozen=True)
class Open:
    """An open question, with its author."""

    text: str
    who: str
    at: str  # the prompt of its question; "" for the whole interview


@dataclass(frozen=True)
class ScoreWords:
    """Score v1 in sentences. `text` is "3.15 + 0.12", or "" if nothing was rated."""

    text: str
    sentence: str
    remarks: list[str]


class DebriefRow(PanelRow):
    """A submitted scorecard in the list of recommendations."""

    panelist: int
    is_mine: bool


@dataclass(frozen=True)
class AskedBy:
    """A panelist, and the sections in which they asked something."""

    who: str
    sections: str


@dataclass(frozen=True)
class Debrief:
    head: Head
    zone: str
    recommendations: list[DebriefRow]
    said: str  # "2 yes · 1 strong yes"
    score: ScoreWords
    names: list[str]
    topics: list[TopicRow]
    disagreements: list[Disagreement]
    split: str  # "Recommendations are split: Mira No, Jo Yes"; "" if they lean one way
    heard: list[HeardTopic]
    still_open: list[Open]
    asked_by: list[AskedBy]
    not_asked: list[NotAsked]
    flags: str
    decisions: list[Decision]

    @property
    def heard_count(self) -> int:
        return sum(len(topic.good) for topic in self.heard)

    @property
    def unlisted(self) -> list[HeardPoint]:
        return [point for topic in self.heard for point in topic.unlisted]

    @property
    def decision(self) -> Decision | None:
        """The latest one."""
        return self.decisions[-1] if self.decisions else None

    @property
    def earlier_decisions(self) -> list[Decision]:
        """The decisions before it, newest first."""
        return self.decisions[-2::-1]


def debrief(access: DebriefAccess) -> Debrief:
    """Read it for a reader who is not barred; a constant number of queries."""
    assert access.barred is None
    panel = Panel(lead_first(submissions(access.submitted)))
    found = disagreements(panel)
    return Debrief(
        head=wording.head_of(panel.newest["interview"], panel.zone),
        zone=panel.zone.name,
        recommendations=[_recommendation(access, panel, one) for one in panel.submitted],
        said=wording.recommendations(panel.submitted)["text"],
        score=score_words(panel_score(panel.submitted), outstanding=len(access.outstanding)),
        names=list(panel.names.values()),
        topics=topic_rows(panel, found),
        disagreements=found,
        split=split_recommendations(panel),
        heard=heard_points(panel),
        still_open=_still_open(panel),
        asked_by=_asked_by(panel),
        not_asked=_not_covered(panel),
        flags=wording.flags_profile(panel.submitted),
        decisions=list(access.interview.decisions.select_related("decided_by")),
    )


def score_words(score: scoring.Score, *, outstanding: int = 0) -> ScoreWords:
    """The score in one sentence, with the answers it is based on, and its caveats."""
    remarks = []
    if outstanding:
        remarks.append(f"{plural(outstanding, 'scorecard')} outstanding")
    if score.rating_part is None:
        return ScoreWords("", "No questions are rated, so there is no score.", remarks)
    extra = f", plus {two_decimals(score.extra_part)} for good points" if score.points else ""
    sentence = (
        f"The average rating, 1 to 4, on {wording.coverage_words(score)}, is {two_decimals(score.rating_part)}{extra}."
    )
    if score.n < PROVISIONAL_BLOCKS_MIN:
        rated = f"{plural(score.n, 'question')} {'is' if score.n == 1 else 'are'} rated"
        remarks.insert(0, f"Provisional: only {rated} (a follow-up counts with its question)")
    elif score.is_provisional:
        remarks.insert(0, "Provisional: under 60% of the must-ask questions are rated")
    if score.is_single_view:
        remarks.append("Single view: only one person rated")
    return ScoreWords(score.text, sentence, remarks)


def _recommendation(access: DebriefAccess, panel: Panel, one: Submission) -> DebriefRow:
    return {
        **wording.panel_row(one, panel.zone),
        "panelist": one.panelist.pk,
        "is_mine": access.me is not None and one.panelist.pk == access.me.pk,
    }


def _still_open(panel: Panel) -> list[Open]:
    """Open questions of the take-aways, and unfinished follow-ups for later. Both are private until submitted."""
    prompts: dict[int | None, str] = {question["id"]: question["prompt"] for question in panel.newest["questions"]}
    found = [
        Open(text, panel.name(one), "")
        for one in panel.submitted
        for text in wording.take_away_lines(one, "still_open")
    ]
    loose_ends = LooseEnd.objects.filter(panelist__in=[one.panelist for one in panel.submitted], is_done=False)
    said = {(one.who, _plain(one.text)) for one in found}
    ends = [Open(end.text, panel.names[end.panelist_id], prompts.get(end.question_id, "")) for end in loose_ends]
    # Someone who copied a follow-up into their scorecard is quoted once.
    return found + [end for end in ends if (end.who, _plain(end.text)) not in said]


def _plain(text: str) -> str:
    """The words alone, to tell whether two texts say the same."""
    return " ".join(fold(text).strip(" .?!-*•").split())


def _asked_by(panel: Panel) -> list[AskedBy]:
    """Who asked what, in the order of the script."""
    titles = {section["id"]: section["title"] for section in panel.newest["sections"]}
    asked: dict[str, list[str]] = {}
    for question in panel.newest["questions"]:
        if who := question.get("asked_by"):
            asked.setdefault(who, []).append(titles[question["section"]])
    return [AskedBy(who, ", ".join(dict.fromkeys(sections))) for who, sections in asked.items()]


def _not_covered(panel: Panel) -> list[NotAsked]:
    """Questions by reason: not asked, or asked and rated by nobody."""
    rated = {
        pk
        for one in panel.submitted
        for pk, answer in one.answers.items()
        if answer["rating"] and answer["rating"]["value"] is not None
    }
    unrated = [
        question["prompt"]
        for question in panel.newest["questions"]
        if question["kind"] == Question.Kind.ANSWER and question["state"] == "asked" and question["id"] not in rated
    ]
    groups = answers.not_asked(panel)
    return [*groups, {"why": "Asked, but not rated", "prompts": unrated}] if unrated else groups
