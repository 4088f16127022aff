"""Only curators change the bank. Others get 404 for rows they cannot see, else 403."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from accounts.models import User
from question_bank.models import Question, Script

BECAUSE = "Only curators can edit the question bank."


def question_to_curate(user: User, pk: int) -> Question:
    question = get_object_or_404(Question.objects.visible_to(user).with_parts(), pk=pk)
    if not user.is_curator:
        raise PermissionDenied(BECAUSE)
    return question


def script_to_curate(user: User, pk: int) -> Script:
    script = get_object_or_404(Script.objects.visible_to(user).with_parts(), pk=pk)
    if not user.is_curator:
        raise PermissionDenied(BECAUSE)
    return script
