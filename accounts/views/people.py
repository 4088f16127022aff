"""People, for administrators: who is here, what they may do, inviting."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import people
from accounts.access import require_role
from accounts.forms import PersonForm
from accounts.invitations import DAYS, invitation_link, mail_invitation
from accounts.models import Mail, User
from accounts.requests import SignedInRequest
from accounts.roles import Role
from editing.views import lock_for_edit, say_saved

administrators_only = require_role(Role.ADMINISTRATOR, "Only administrators look after people.")


@require_GET
@administrators_only
def person_list(request: SignedInRequest) -> HttpResponse:
    context = {"people": User.objects.for_people(), "mail_count": Mail.objects.given_up().count()}
    return render(request, "accounts/person_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def person_create(request: SignedInRequest) -> HttpResponse:
    form = PersonForm(request.POST or None, by=request.user)
    if form.is_valid():
        fields = form.cleaned_data
        person = User.objects.create_user(fields["email"], name=fields["name"], roles=tuple(fields["roles"]))
        _tell_about_invitation(request, person)
        return redirect("person-invitation", person.pk)
    return render(request, "accounts/person_create.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def person_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    with transaction.atomic():
        person = lock_for_edit(request, User.objects.filter(pk=pk))
        form = PersonForm(request.POST or None, instance=person, by=request.user)
        if form.is_valid() and _change(request, form):
            say_saved(request, form, f"{person} is saved.")
            return redirect("person-list")
    context = {"form": form, "person": get_object_or_404(User, pk=pk)}
    return render(request, "accounts/person_edit.html", context, status=form.status)


def _change(request: SignedInRequest, form: PersonForm) -> bool:
    """Whether it was done; if not, the form says why."""
    try:
        people.change_person(person=form.instance, roles=form.cleaned_data["roles"], by=request.user)
    except people.OwnDeactivation:
        form.add_error("is_active", "You cannot end your own access. Ask another administrator.")
    except people.LastAdministrator:
        form.add_error("roles", "There has to be an administrator who may sign in. Make somebody else one first.")
    else:
        return True
    return False


@require_GET
@administrators_only
def person_invitation(request: SignedInRequest, pk: int) -> HttpResponse:
    """The link, for as long as the person has set no password."""
    person = get_object_or_404(User.objects.active(), pk=pk)
    if person.has_usable_password():
        return redirect("person-edit", pk)
    context = {"person": person, "link": invitation_link(person), "days": DAYS}
    return render(request, "accounts/person_invitation.html", context)


@require_POST
@administrators_only
def person_invite_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """For who has lost their password or their link."""
    person = get_object_or_404(User.objects.active(), pk=pk)
    if person == request.user:
        return redirect("password-change")
    people.withdraw_password(person=person)
    _tell_about_invitation(request, person)
    return redirect("person-invitation", pk)


def _tell_about_invitation(request: SignedInRequest, person: User) -> None:
    if mail_invitation(person, by=request.user, at=timezone.now()):
        messages.success(request, f"The link is on its way to {person.email}.")
