"""Web addresses that people type: http and https only, in the form, the model and the database."""

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q

from editing.fields import seen

# Django's own fields also take ftp. Other schemes could run a script or start a program when someone follows the link.
SCHEMES = ["http", "https"]
LENGTH = 400

check_address = URLValidator(schemes=SCHEMES, message="Enter a web address that begins with https:// or http://.")


class WebAddressFormField(forms.URLField):
    """A web address; https if it has no scheme."""

    default_validators = [check_address]
    default_error_messages = {"invalid": check_address.message}

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"assume_scheme": "https"} | options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(seen(value) if isinstance(value, str) else value)


def completed(text: str) -> str:
    """One address on each line, each as a WebAddressFormField takes it; a line that is none stays as it was typed."""
    return "\n".join(map(_completed, text.split("\n")))


def _completed(line: str) -> str:
    try:
        return str(WebAddressFormField().to_python(line))
    except forms.ValidationError:
        return line


class WebAddressField(models.URLField):  # type: ignore[type-arg]  # only its stubs are generic
    default_validators = [check_address]

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": WebAddressFormField} | options)


def address_constraint(field: str, *, name: str) -> models.CheckConstraint:
    """The database's check that a WebAddressField is empty or has one of SCHEMES."""
    begins = [Q(**{f"{field}__istartswith": f"{scheme}://"}) for scheme in SCHEMES]
    return models.CheckConstraint(condition=Q(**{field: ""}) | begins[0] | begins[1], name=name)
