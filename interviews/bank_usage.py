"""What the question bank learns from interviews: numbers, never who was interviewed."""

from collections.abc import Collection

from interviews.models import Interview, ScriptedQuestion
from question_bank.usage import count_asked_by


@count_asked_by
def asked(questions: Collection[int]) -> int:
    """How often these questions of the bank were asked in interviews that ended."""
    return ScriptedQuestion.objects.filter(
        source__in=questions, state=ScriptedQuestion.State.ASKED, interview__status=Interview.Status.ENDED
    ).count()
