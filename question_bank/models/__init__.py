from question_bank.models.questions import Anchor, Point, Question, Rating4, Reference, Topic
from question_bank.models.scripts import Rule, Script, ScriptItem, Section

__all__ = ["Anchor", "Point", "Question", "Rating4", "Reference", "Rule", "Script", "ScriptItem", "Section", "Topic"]
