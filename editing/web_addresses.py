"""Web addresses that people type: http and https only, in the form, the model and the database."""

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q

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


class WebAddressField(models.URLField):  # type: ignore[type-arg]  # only its stubs are generic
    default_validators = [check_address]

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": WebAddressFormField} | options)


def address_constraint(field: str, *, name: str) -> models.CheckConstraint:
    """The database's check that a WebAddressField is empty or has one of SCHEMES."""
    begins = [Q(**{f"{field}__istartswith": f"{scheme}://"}) for scheme in SCHEMES]
    return models.CheckConstraint(condition=Q(**{field: ""}) | begins[0] | begins[1], name=name)
