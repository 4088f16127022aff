"""While a curator builds a script: finding questions, and what it adds up to."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import require_role
from accounts.requests import SignedInRequest
from accounts.roles import Role
from editing.posted import whole_number
from question_bank.curation.forms.question_choices import labelled
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
    prompts = Question.objects.to_ask().values_list("pk", "prompt")
    labels = {pk: label for pk, label, _ in labelled(prompts)}
    matching = (
        found.matching(given.get("find", "")).at_level(given.get("level_of", "")).of_form(given.get("form_of", ""))
    )
    # Compared here: PostgreSQL refuses a URL's NUL.
    topic = next((each for each in Topic.objects.current() if each.key == given.get("topic_of", "")), None)
    if topic:
        matching = matching.filter(topic=topic)
    minutes = branch_minutes()
    questions = list(matching.select_related("topic")[: MOST + 1])
    shown = [Pick(each, labels.get(each.pk, ""), minutes.get(each.pk, each.minutes)) for each in questions[:MOST]]
    context = {"picks": shown, "has_more": len(questions) > MOST}
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
