from question_bank.models.history import Change
from question_bank.models.questions import Anchor, Point, Question, RatingStep, Reference, Topic
from question_bank.models.scripts import Rule, Script, ScriptItem, Section

__all__ = [
    "Anchor",
    "Change",
    "Point",
    "Question",
    "RatingStep",
    "Reference",
    "Rule",
    "Script",
    "ScriptItem",
    "Section",
    "Topic",
]
