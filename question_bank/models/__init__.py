from question_bank.models.history import Change, ListChange
from question_bank.models.questions import Anchor, Point, Question, RatingStep, Reference, Topic
from question_bank.models.reviews import Comment, DismissedPoint, DismissedQuestion, ReviewPolicy, Suggestion
from question_bank.models.scripts import Rule, Script, ScriptDraft, ScriptItem, Section
from question_bank.models.search_texts import QuestionText

__all__ = [
    "Anchor",
    "Change",
    "Comment",
    "DismissedPoint",
    "DismissedQuestion",
    "ListChange",
    "Point",
    "Question",
    "QuestionText",
    "RatingStep",
    "Reference",
    "ReviewPolicy",
    "Rule",
    "Script",
    "ScriptDraft",
    "ScriptItem",
    "Section",
    "Suggestion",
    "Topic",
]
