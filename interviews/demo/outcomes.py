"""Revisions and decisions of the demo interviews, made through the same functions as those of people."""

import datetime as dt
import uuid

from accounts.models import User
from interviews.debriefs.decisions import NewDecision, decide
from interviews.demo.calls import NAMESPACE, RATINGS, RECOMMENDATIONS, Times
from interviews.demo.texts import InterviewText
from interviews.models import Decision, Interview
from interviews.scorecards.revisions import Change, revise

CHOICES = {label: value for value, label in Decision.Choice.choices}


def play(*, interview: Interview, text: InterviewText, times: Times, people: dict[str, User]) -> None:
    """Apply the revisions and decisions of `text`, at its hours after the call."""
    if times.ended_at is None:
        return
    questions = dict(interview.questions.exclude(source=None).values_list("source__key", "pk"))
    for who, revision in text.revisions.items():
        changes = [Change("rate", questions[key], RATINGS[word]) for key, word in revision.ratings.items()]
        changes.append(Change("scorecard", "recommendation", RECOMMENDATIONS[revision.recommendation]))
        changes.append(Change("scorecard", "because", revision.because))
        revise(
            user=people[who],
            interview_id=interview.pk,
            changes=changes,
            late=[],
            reason=revision.reason,
            at=times.ended_at + dt.timedelta(hours=revision.after),
        )
    seats = {panelist.user_id: panelist.pk for panelist in interview.panelists.all()}
    for number, decision in enumerate(text.decisions):
        new = NewDecision(
            choice=CHOICES[decision.choice],
            reason=decision.reason,
            token=uuid.uuid5(NAMESPACE, f"{text.key} decision {number}"),
            base=number,
            against=decision.against,
            dissenters=[seats[people[who].pk] for who in decision.dissenters],
            dissent=decision.dissent,
            feedback=decision.feedback,
        )
        at = times.ended_at + dt.timedelta(hours=decision.after)
        decide(user=people[decision.by], interview_id=interview.pk, new=new, at=at)
