from question_bank.models.history import Change
from question_bank.models.questions import Anchor, Point, Question, RatingStep, Reference, Topic
from question_bank.models.reviews import Comment, DismissedPoint, DismissedQuestion, ReviewPolicy, Suggestion
from question_bank.models.scripts import Rule, Script, ScriptItem, Section

__all__ = [
    "Anchor",
    "Change",
    "Comment",
    "DismissedPoint",
    "DismissedQuestion",
    "Point",
    "Question",
    "RatingStep",
    "Reference",
    "ReviewPolicy",
    "Rule",
    "Script",
    "ScriptItem",
    "Section",
    "Suggestion",
    "Topic",
]
