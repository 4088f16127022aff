"""While a curator writes a question: what it will look like, what asks the same already, merging duplicates."""

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
from question_bank.curation.duplicates import merge_question
from question_bank.curation.forms.previews import listening_of, preview_of
from question_bank.curation.forms.question_choices import QuestionChoices, QuestionField
from question_bank.curation.forms.questions import QuestionEditor
from question_bank.curation.questions import CurationRefused
from question_bank.curation.views.access import BECAUSE, question_to_curate
from question_bank.models import Question
from question_bank.similar import similar_questions


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
    return render(request, "question_bank/curation/_similar.html", {"similar": found, "beside": beside})


class MergeForm(forms.Form):
    into = QuestionField(label="Merge into")

    def __init__(self, *args: object, picks: QuestionChoices, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        into = self.fields["into"]
        assert isinstance(into, QuestionField)
        into.picks = picks


@require_http_methods(["GET", "POST"])
def question_merge(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask into which question, with the consequences; `?into=` suggests one."""
    question = question_to_curate(request.user, pk)
    picks = QuestionChoices(Question.objects.exclude(status=Question.Status.RETIRED).exclude(pk=pk))
    suggested = picks.labels.get(whole_number(request.GET.get("into", "")) or 0, "")
    form = MergeForm(request.POST if request.method == "POST" else None, picks=picks, initial={"into": suggested})
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        try:
            merge_question(question=question, into=into, by=request.user, at=timezone.now())
            messages.success(request, "Merged. Its history and statistics now belong to the other question.")
            return redirect(into)
        except CurationRefused as refusal:
            form.add_error("into", str(refusal))
    context = {"question": question, "form": form, "picks": picks, "uses": uses(question)}
    return render(request, "question_bank/curation/question_merge.html", context, status=422 if form.is_bound else 200)
