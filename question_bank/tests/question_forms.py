"""What a browser sends from the edit page of a question."""

from typing import Any

from question_bank.curation import revision
from question_bank.forms.questions import QuestionEditor
from question_bank.models import Question


def blank_form(**changes: Any) -> dict[str, Any]:
    """The page of a new question, as it opens, with `changes` typed into it."""
    return sent(QuestionEditor()) | changes


def form_of(question: Question, **changes: Any) -> dict[str, Any]:
    """The page of `question`, as it opens, with `changes` typed into it."""
    question = Question.objects.with_parts().get(pk=question.pk)
    return sent(QuestionEditor(question=question)) | {"base": revision(question)} | changes


def sent(editor: QuestionEditor) -> dict[str, Any]:
    forms = [editor.form]
    for rows in (editor.points, editor.references, editor.follow_ups):
        forms += [rows.management_form, *rows.forms]
    fields = [field for form in forms for field in form]
    values = {field.html_name: field.value() for field in fields if field.name not in ("DELETE", "is_reviewed")}
    return {name: "" if value is None else value for name, value in values.items()}
