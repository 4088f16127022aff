"""Checks whether a question can be published."""

from django.utils.text import get_text_list

from accounts.models import User
from question_bank.models import Question, RatingStep, ReviewPolicy


def reasons_against_publishing(question: Question) -> list[str]:
    """Missing parts of a question from `with_parts()`, in sentences; empty if it can be published."""
    return sentences(lacking_in(question))


def needs_another(question: Question, by: User | None) -> str:
    """A sentence if a second curator has to act before this draft is published, else blank."""
    if not ReviewPolicy.is_second_person_needed():
        return ""
    if not question.is_in_review:
        return "A second curator approves questions. Send it for review first."
    is_author = by is None or by.pk == question.changed_by_id
    return "You changed it last, so another curator has to approve it." if is_author else ""


def lacking_in(question: Question) -> set[str]:
    """Labels of the ratings without an anchor, "condition", "parent"."""
    if question.parent is not None:
        lacking = {"condition": not question.condition, "parent": question.parent.is_draft}
        return {name for name, is_lacking in lacking.items() if is_lacking}
    there = {anchor.get_rating_display() for anchor in question.anchors.all()}
    return set(RatingStep.labels) - there if question.is_answer else set()


def sentences(lacking: set[str]) -> list[str]:
    sentences = []
    if ratings := [label for label in RatingStep.labels if label in lacking]:
        sentences.append(f"Say what {get_text_list(ratings, 'and')} {'look' if len(ratings) > 1 else 'looks'} like.")
    if "condition" in lacking:
        sentences.append("Enter when to ask this follow-up.")
    if "parent" in lacking:
        sentences.append("Its parent question is a draft. Publish that first.")
    return sentences
