"""The questions of a block: a top-level question with its follow-ups, such as one added in the call."""

from interviews.live.context import CommandContext
from interviews.models import Interview, ScriptedQuestion


def block_ids(interview: Interview, root: ScriptedQuestion) -> set[int]:
    """The question and all below it; parents come before their follow-ups."""
    ids = {root.pk}
    for pk, parent in interview.questions.in_order().values_list("pk", "parent"):
        if parent in ids:
            ids.add(pk)
    return ids


def block_of_added(context: CommandContext) -> set[int]:
    """The questions that a command about an added question is about."""
    client_id = context.command.target_uuid()
    row = ScriptedQuestion.objects.filter(interview=context.interview, added_id=client_id).first()
    return block_ids(context.interview, row) if row else set()
