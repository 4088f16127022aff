"""Edit people together with the openings that depend on them, and name managers of openings."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import people
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.roles import Role
from accounts.views.people import administrators_only, one_at_a_time
from editing.posted import whole_number
from editing.views import lock_for_edit, say_saved
from finding.lists import Order, list_page
from finding.views import render_list
from interviews.models import Opening
from interviews.planning import leaving
from interviews.planning.forms import LeavingForm
from interviews.refusals import Refused
from mail import outbox


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def person_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    with transaction.atomic(), one_at_a_time(request):
        person = lock_for_edit(request, User.objects.filter(pk=pk))
        hanging = leaving.hanging_on(person)
        form = LeavingForm(request.POST or None, instance=person, by=request.user, openings=hanging.openings)
        if form.is_valid() and _change(request, form):
            say_saved(request, form, " ".join([f"{person} saved.", *_handed_over(form, hanging.openings)]))
            return redirect("person-list")
    context = {"form": form, "person": get_object_or_404(User, pk=pk), "hanging": hanging}
    context["is_mailed"] = outbox.is_sent()
    return render(request, "accounts/person_edit.html", context, status=form.status)


def _handed_over(form: LeavingForm, alone: list[Opening]) -> list[str]:
    """Who manages the openings now that this person managed `alone`, in sentences."""
    if leaving.may_manage(User.objects.get(pk=form.instance.pk)):
        return []
    successors = form.successors()
    # One that another administrator gave a second manager just now needs no successor.
    return [f"{successors[opening.pk]} now manages {opening}." for opening in alone if opening.pk in successors]


def _change(request: SignedInRequest, form: LeavingForm) -> bool:
    """Return True if the change was made; if not, the form shows the reason."""
    try:
        leaving.change_person(
            person=form.instance,
            roles=form.cleaned_data["roles"],
            successors=form.successors(),
            by=request.user,
            at=timezone.now(),
        )
    except people.OwnDeactivation:
        form.add_error("is_active", "You cannot end your own access. Ask another administrator.")
    except people.LastAdministrator:
        form.add_error("roles", "There must be an active administrator. Make someone else one first.")
    except leaving.SuccessorWanted as wanted:
        form.ask_successors(wanted.openings)
    else:
        return True
    return False


@require_GET
@administrators_only
def opening_managers(request: SignedInRequest) -> HttpResponse:
    """All openings with their managers, those without one first. Shows nothing of candidates and interviews."""
    page = list_page(
        Opening.objects.with_current_managers(),
        request.GET,
        search=lambda rows, words: rows.about(words),
        orders=[Order("", "Without a manager first", ("-is_unmanaged", "is_closed", "title", "pk"))],
    )
    context = {"people": list(User.objects.with_role(Role.HIRING_MANAGER))}
    return render_list(request, "interviews/planning/opening_managers.html", page, context)


@require_POST
@administrators_only
def opening_manager_name(request: SignedInRequest, pk: int) -> HttpResponse:
    opening = get_object_or_404(Opening.objects.real(), pk=pk)
    person = User.objects.filter(pk=whole_number(request.POST.get("person", "")) or 0).first()
    try:
        if person is None:
            raise leaving.NotAManager("Choose an active hiring manager.")
        leaving.name_manager(opening=opening, person=person, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, f"{opening}: {refusal}")
    else:
        messages.success(request, f"{person} now manages {opening}.")
    return redirect("opening-managers")
