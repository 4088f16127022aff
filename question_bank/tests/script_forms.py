"""What a browser sends from the edit page of a script."""

from typing import Any

from question_bank.forms.scripts import ScriptEditor
from question_bank.models import Script
from question_bank.scripting import script_revision


def blank_script_form(**changes: Any) -> dict[str, Any]:
    """The page of a new script, as it opens, with `changes` typed into it."""
    return sent(ScriptEditor()) | changes


def script_form_of(script: Script, **changes: Any) -> dict[str, Any]:
    """The page of `script`, as it opens, with `changes` typed into it."""
    script = Script.objects.with_parts().get(pk=script.pk)
    return sent(ScriptEditor(script=script)) | {"base": script_revision(script)} | changes


def sent(editor: ScriptEditor) -> dict[str, Any]:
    forms = [editor.form]
    for rows in (editor.sections, editor.items):
        forms += [rows.management_form, *rows.forms]
    values = {field.html_name: field.value() for form in forms for field in form if field.name != "DELETE"}
    # A box that is not ticked is not sent.
    return {name: "" if value is None else value for name, value in values.items() if value is not False}
