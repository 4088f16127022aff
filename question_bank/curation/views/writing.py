"""While a curator writes a question: what it will look like, what asks the same already, merging duplicates."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import require_role
from accounts.requests import SignedInRequest
from accounts.roles import Role
from editing.posted import whole_number
from question_bank.browsing.cards import uses
from question_bank.curation.duplicates import merge_question, to_merge_into
from question_bank.curation.forms.previews import listening_of, preview_of
from question_bank.curation.forms.question_choices import QuestionChoices, QuestionField, typed_in
from question_bank.curation.forms.questions import QuestionEditor
from question_bank.curation.questions import CurationRefused
from question_bank.curation.views.access import BECAUSE, question_to_curate
from question_bank.models import Question
from question_bank.similar import similar_questions

# Questions that a field offers at a time.
MOST = 20


@require_POST
@require_role(Role.CURATOR, BECAUSE)
def question_preview(request: SignedInRequest) -> HttpResponse:
    """The card of the question being written, as interviewers will see it."""
    card = preview_of(QuestionEditor(request.POST))
    return render(request, "question_bank/curation/_preview.html", {"card": card, "listening": listening_of(card)})


@require_safe
@require_role(Role.CURATOR, BECAUSE)
def question_similar(request: SignedInRequest) -> HttpResponse:
    """Questions that read like `?prompt=`; `?beside=` is the one being edited."""
    beside = whole_number(request.GET.get("beside", ""))
    found = similar_questions(request.GET.get("prompt", "")[:2_000], beside=beside)
    question = Question.objects.filter(pk=beside).first() if found and beside else None
    mergeable = list(to_merge_into(question).filter(pk__in=[each.pk for each in found])) if question else []
    context = {"similar": found, "beside": beside, "mergeable": mergeable}
    return render(request, "question_bank/curation/_similar.html", context)


@require_safe
@require_role(Role.CURATOR, BECAUSE)
def question_choose(request: SignedInRequest) -> HttpResponse:
    """Questions with `?words=` in their prompt, to follow or suggest; with `?merge=`, to merge into. `?beside=` is the
    edited one."""
    beside = whole_number(request.GET.get("beside", ""))
    question = Question.objects.filter(pk=beside).first() if beside else None
    offered = Question.objects.to_pick(beside=question)
    if question and "merge" in request.GET:
        offered = to_merge_into(question)
    found = list(
        offered.labelled(request.GET.get("words", ""))
        .select_related("topic")
        .order_by("folded_label", "pk")[: MOST + 1]
    )
    choices = QuestionChoices(offered, shown=found[:MOST])
    shown = [(each, choices.label(each)) for each in found[:MOST]]
    return render(request, "question_bank/curation/_choices.html", {"shown": shown, "has_more": len(found) > MOST})


class MergeForm(forms.Form):
    into = QuestionField(label="Merge into")

    def __init__(self, *args: Any, picks: QuestionChoices, **options: Any) -> None:
        super().__init__(*args, **options)
        into = self.fields["into"]
        assert isinstance(into, QuestionField)
        into.picks = picks
        into.widget.attrs["autofocus"] = True


@require_http_methods(["GET", "POST"])
def question_merge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask into which question, with the consequences; `?into=` suggests one."""
    question = question_to_curate(request.user, pk)
    # More than the list under the field offers: for those the refusal says why not.
    offered = Question.objects.to_pick(beside=question)
    suggested = to_merge_into(question).filter(pk=whole_number(request.GET.get("into", "")) or 0).first()
    data = request.POST if request.method == "POST" else None
    picks = QuestionChoices(offered, shown=[suggested] if suggested else [], typed=typed_in(data, "into"))
    form = MergeForm(data, picks=picks, initial={"into": picks.label(suggested)})
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        try:
            merge_question(question=question, into=into, by=request.user, at=timezone.now())
            messages.success(request, "Merged. Its history and statistics now belong to the other question.")
            return redirect(into)
        except CurationRefused as refusal:
            form.add_error("into", str(refusal))
    context = {"question": question, "form": form, "uses": uses(question)}
    return render(request, "question_bank/curation/question_merge.html", context, status=422 if form.is_bound else 200)
