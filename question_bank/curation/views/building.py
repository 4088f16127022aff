"""While a curator builds a script: finding questions, and what it adds up to."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require_role
from accounts.requests import SignedInRequest
from accounts.roles import Role
from editing.posted import whole_number
from question_bank.curation.forms.question_choices import QuestionChoices
from question_bank.curation.forms.scripts import ScriptEditor
from question_bank.curation.plans import branch_minutes, plan_of
from question_bank.curation.views.access import BECAUSE
from question_bank.models import Question, Script, Topic

MOST = 30


@dataclass(frozen=True)
class Pick:
    """A question to add, under the label that the script's form takes."""

    question: Question
    label: str
    minutes: int


@require_safe
@require_role(Role.CURATOR, BECAUSE)
def script_pick(request: SignedInRequest) -> HttpResponse:
    """Top-level published questions, by `?find=`, `?topic=`, `?level=` and `?form=`."""
    given = request.GET
    found = Question.objects.to_ask()
    if "\0" in given.get("level_of", "") + given.get("form_of", ""):  # PostgreSQL refuses it
        found = found.none()
    matching = (
        found.matching(given.get("find", "")).at_level(given.get("level_of", "")).of_form(given.get("form_of", ""))
    )
    # Compared here: PostgreSQL refuses a URL's NUL.
    topic = next((each for each in Topic.objects.current() if each.key == given.get("topic_of", "")), None)
    if topic:
        matching = matching.filter(topic=topic)
    # Two steps: the database sorts primary keys, not whole rows.
    pks = list(matching.values_list("pk", flat=True)[: MOST + 1])
    found_rows = Question.objects.select_related("topic").in_bulk(pks[:MOST])
    questions = [found_rows[pk] for pk in pks[:MOST] if pk in found_rows]
    choices, minutes = QuestionChoices(Question.objects.to_ask(), shown=questions), branch_minutes(found_rows)
    shown = [Pick(each, choices.label(each), minutes.get(each.pk, each.minutes)) for each in questions]
    context = {"picks": shown, "has_more": len(pks) > MOST}
    return render(request, "question_bank/curation/_picks.html", context)


@require_POST
@require_role(Role.CURATOR, BECAUSE)
def script_plan(request: SignedInRequest) -> HttpResponse:
    """Minutes of the script being written, per section and against `slot`, and hints, also for the `role` that it is
    begun for. Nothing is saved."""
    script = Script.objects.with_parts().filter(pk=whole_number(request.POST.get("script", "")) or 0).first()
    slot = whole_number(request.POST.get("slot", ""), digits=4) or 0
    role = whole_number(request.POST.get("role", ""))
    pk = script.pk if script else None
    plan = plan_of(ScriptEditor(request.POST, script=script), slot=slot, reader=request.user, script=pk, role=role)
    return render(request, "question_bank/curation/_plan.html", {"plan": plan})
