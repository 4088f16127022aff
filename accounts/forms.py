"""Forms for sign-in, account and people."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Layout, Submit
from django import forms
from django.contrib.auth import forms as auth_forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from accounts import people, throttling
from accounts.devices import known_device
from accounts.models import User
from accounts.pasted_addresses import Pasted, read_pasted
from accounts.requests import client_address
from accounts.roles import Role
from accounts.time_zones import time_zone_choices
from editing.fields import Email, Line, Text
from editing.forms import EditForm

HINT_FOR_NEW = "At least 10 characters, not a common password. Three or four words work well."


def ends_with(label: str, *, back: str = "", again: str = "") -> ButtonHolder:
    """The end of a form: its button, with a label for `again` a second one that posts "again", and, if `back` gives a
    template address, a Cancel link."""
    another = [HTML(f'<button class="btn" name="again" value="1">{again}</button>')] if again else []
    cancel = [HTML(f'<a class="btn" href="{back}">Cancel</a>')] if back else []
    return ButtonHolder(Submit("", label), *another, *cancel)


class SignInForm(auth_forms.AuthenticationForm):
    """Email and password. The error never says which of them was wrong."""

    username = Email(
        label="Email",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    time_zone = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput(attrs={"data-time-zone": ""}))

    error_messages = {
        "invalid_login": "Wrong email or password. Passwords are case-sensitive.",
        "too_many": "Too many attempts. Wait 15 minutes, or use a browser you’ve signed in with before.",
    }

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        if self.initial.get("username"):
            del self.fields["username"].widget.attrs["autofocus"]
            self.fields["password"].widget.attrs["autofocus"] = True
        self.is_throttled = False
        self.helper = FormHelper()
        self.helper.is_required_obvious = True
        self.helper.layout = Layout(
            "username",
            "password",
            "time_zone",
            HTML('<input type="hidden" name="next" value="{{ next }}">'),
            ButtonHolder(Submit("", "Sign in")),
        )

    def clean(self) -> dict[str, Any]:
        email = self.cleaned_data.get("username", "")
        if not (email and self.cleaned_data.get("password")):
            return super().clean()
        assert self.request is not None
        attempt = throttling.SignInAttempt(
            email=email, address=client_address(self.request), device=known_device(self.request, email)
        )
        try:
            attempt.begin()
        except throttling.TooManyAttempts:
            self.is_throttled = True
            raise ValidationError(self.error_messages["too_many"], code="too_many") from None
        cleaned = super().clean()
        if self.get_user() is not None:
            attempt.succeed()
        return cleaned

    def get_invalid_login_error(self) -> ValidationError:
        return ValidationError(self.error_messages["invalid_login"], code="invalid_login")


class AccountForm(EditForm):
    class Meta:
        model = User
        fields = ("name", "time_zone", "has_keys_on")
        field_classes = {"name": Line}
        labels = {"has_keys_on": "Single-key shortcuts on the live page"}
        help_texts = {
            "time_zone": "All times are shown in this zone.",
            "has_keys_on": "One key ticks, rates or moves on. If off, use the mouse, Tab and Enter.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Not chosen"), *time_zone_choices(self.instance.time_zone)]
        self.fields["time_zone"] = forms.ChoiceField(
            choices=choices, required=False, help_text=self.fields["time_zone"].help_text
        )
        self.helper = FormHelper()
        self.helper.layout = Layout("name", "time_zone", "has_keys_on", ends_with("Save"))


class _NewPassword:
    """Two fields for a new password, with our hint instead of Django's list. Saving also records the change."""

    fields: dict[str, forms.Field]
    is_by_link: bool

    def save(self, commit: bool = True) -> User:
        # Hash first: half a second is too long for a transaction.
        person: User = super().save(commit=False)  # type: ignore[misc]  # of Django's form beside it
        people.save_password(person=person, at=timezone.now(), is_by_link=self.is_by_link)
        return person

    def _prepare(self, label: str, back: str = "") -> None:
        self.fields["new_password1"].help_text = HINT_FOR_NEW
        self.fields["new_password2"].label, self.fields["new_password2"].help_text = "Confirm new password", ""
        self.fields["new_password2"].error_messages["required"] = "Confirm the new password."
        self.helper = FormHelper()
        self.helper.is_required_obvious = True
        self.helper.layout = Layout(*self.fields, ends_with(label, back=back))


class PasswordSetForm(_NewPassword, auth_forms.SetPasswordForm):
    is_by_link = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare("Set password")


class PasswordChangeForm(_NewPassword, auth_forms.PasswordChangeForm):
    is_by_link = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_throttled = False
        self.fields["old_password"].label = "Current password"
        self.fields["old_password"].error_messages["required"] = "Enter your current password."
        self._prepare("Change password", back="{% url 'account' %}")

    def clean_old_password(self) -> str:
        attempt = throttling.password_check(self.user.pk)
        try:
            attempt.spend()
        except throttling.TooManyAttempts:
            self.is_throttled = True
            raise ValidationError("Too many attempts. Wait 15 minutes, then try again.", code="too_many") from None
        password: str = super().clean_old_password()
        attempt.give_back()
        return password


class RoleBoxes(forms.CheckboxSelectMultiple):
    """A checkbox for each role, with what the role lets a person do."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        return {**option, "hint": Role(value).means}


class RolesField(forms.MultipleChoiceField):
    widget = RoleBoxes

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[(role, role) for role in Role.values], required=False, **kwargs)


class WithRoles(forms.Form):
    """The roles of new people. Having none is chosen, never forgotten."""

    roles = RolesField(help_text="People can have several roles.")
    has_no_role = forms.BooleanField(label="No role for now: they can only read the question bank", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("roles") and "roles" not in self.errors and not cleaned.get("has_no_role"):
            self.add_error("roles", "Choose at least one role, or tick “No role for now”.")
        elif cleaned.get("roles") and cleaned.get("has_no_role"):
            self.add_error("has_no_role", "You chose a role as well. Untick this, or untick the roles.")
        return cleaned


class PersonForm(EditForm):
    """A person as administrators see them."""

    roles = RolesField(help_text="People can have several roles. Without one, they can only read the question bank.")

    class Meta:
        model = User
        fields = ("name", "email", "is_active")
        field_classes = {"name": Line, "email": Email}
        help_texts = {"is_active": "Turning this off signs them out at once. Their records stay."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.fields["roles"].initial = sorted(self.instance.roles) if self.instance.pk else []
        self.helper.layout = Layout(*self.fields, ends_with("Save", back="{% url 'person-list' %}"))

    def clean_email(self) -> str:
        email: str = User.objects.normalize_email(self.cleaned_data["email"])
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError("This email is already in use.")
        return email


class InvitationForm(WithRoles, PersonForm):
    """A new person."""

    field_order = ("name", "email", "roles", "has_no_role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_active"]
        self.helper.layout = Layout(*self.fields, ends_with("Invite", back="{% url 'person-list' %}"))


class InvitationsForm(WithRoles):
    """Many new people with the same roles. Nobody is invited until every line can be read."""

    field_order = ("addresses", "roles", "has_no_role")

    addresses = Text(
        label="People",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text="One per line, as “Mira Rossi <mira@example.org>” or the address alone. "
        "People who already have an account are skipped.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: list[Pasted] = []
        self.helper = FormHelper()
        self.helper.layout = Layout(*self.fields, ends_with("Invite everyone", back="{% url 'person-list' %}"))

    def clean_addresses(self) -> str:
        text: str = self.cleaned_data["addresses"]
        self.people, errors = read_pasted(text)
        if errors:
            raise ValidationError(errors)
        return text


class ForgottenForm(forms.Form):
    """Asks for a password link."""

    email = Email(max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.is_required_obvious = True
        self.helper.layout = Layout("email", ends_with("Email me a link", back="{% url 'sign-in' %}"))
