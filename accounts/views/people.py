"""People, for administrators: list, invitations, password links. `interviews` has the page for roles and access,
because it knows which openings depend on a person."""

import contextlib
from collections.abc import Iterator

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import get_text_list
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import people
from accounts.access import require_role
from accounts.forms import InvitationForm, InvitationsForm
from accounts.invitations import DAYS, invite_many, issue_link
from accounts.models import User
from accounts.requests import SignedInRequest
from accounts.roles import Role
from finding.lists import Filter, Order, list_page
from finding.views import render_list
from mail import outbox
from mail.models import Mail

administrators_only = require_role(Role.ADMINISTRATOR, "Only administrators can manage people.")

ROLES = Filter(
    "role",
    "Role",
    "All roles",
    [*((role.value, role.value) for role in Role), ("none", "No role")],
    lambda rows, value: rows.filter(groups=None) if value == "none" else rows.filter(groups__name=value),
)
ACCESS = Filter(
    "access",
    "Access",
    "Access: all",
    [("active", "Active"), ("new", "Not signed in yet"), ("inactive", "Inactive")],
    lambda rows, value: rows.filter(is_active=value != "inactive", **({"last_login": None} if value == "new" else {})),
)


@contextlib.contextmanager
def one_at_a_time(request: SignedInRequest) -> Iterator[None]:
    """On POST, a transaction that waits for other administrators' changes: two of them could give one address to two
    people, each having found it free."""
    if request.method != "POST":
        yield
        return
    with transaction.atomic():
        people.hold_roles()
        yield


@require_GET
@administrators_only
def person_list(request: SignedInRequest) -> HttpResponse:
    page = list_page(
        User.objects.for_people(),
        request.GET,
        search=lambda rows, words: rows.about(words),
        filters=[ROLES, ACCESS],
        orders=[Order("", "By name", ("-is_active", "name", "pk"))],
    )
    return render_list(request, "accounts/person_list.html", page, {"mail_count": Mail.objects.given_up().count()})


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def person_create(request: SignedInRequest) -> HttpResponse:
    with one_at_a_time(request):
        form = InvitationForm(request.POST or None, by=request.user)
        if form.is_valid():
            fields = form.cleaned_data
            person = people.invite(
                name=fields["name"], email=fields["email"], roles=fields["roles"], by=request.user, at=timezone.now()
            )
            return _issue_link(request, person)
    context = {"form": form, "is_mailed": outbox.is_sent()}
    return render(request, "accounts/person_create.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def person_create_many(request: SignedInRequest) -> HttpResponse:
    """Invite a pasted list of people; those who have an account are skipped."""
    form = InvitationsForm(request.POST or None)
    if form.is_valid():
        with one_at_a_time(request):
            return _invite_many(request, form)
    context = {"form": form, "is_mailed": outbox.is_sent()}
    return render(request, "accounts/person_create_many.html", context, status=422 if form.is_bound else 200)


def _invite_many(request: SignedInRequest, form: InvitationsForm) -> HttpResponse:
    invited = invite_many(form.people, roles=form.cleaned_data["roles"], by=request.user, at=timezone.now())
    if invited.skipped:
        names = get_text_list([str(person) for person in invited.skipped], "and")
        messages.warning(request, f"Skipped, because they already have an account: {names}.")
    if not outbox.is_sent() and invited.links:
        return render(request, "accounts/person_links.html", {"links": invited.links, "days": DAYS})
    if invited.links:
        number = len(invited.links)
        messages.success(request, f"Invited {number} {'person' if number == 1 else 'people'}. Sending each a link.")
    return redirect("person-list")


@require_POST
@administrators_only
def person_invite_again(request: SignedInRequest, pk: int) -> HttpResponse:
    """Create a new link for a person who lost their password or link."""
    person = get_object_or_404(User.objects.active(), pk=pk)
    if person == request.user:
        return redirect("password-change")
    return _issue_link(request, person)


def _issue_link(request: SignedInRequest, person: User) -> HttpResponse:
    """Email the link or, on a machine without email, show it once, in this response."""
    link = issue_link(person, by=request.user, at=timezone.now())
    if link is None:
        messages.success(request, f"Sending a link to {person.email}.")
        return redirect("person-list")
    return render(request, "accounts/person_link.html", {"person": person, "link": link, "days": DAYS})
