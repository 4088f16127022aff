from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def make_roles(using: str, **kwargs: Any) -> None:
    """One group a role; again after a flush, which post_migrate also follows."""
    from django.contrib.auth.models import Group

    from accounts.roles import Role

    for role in Role:
        Group.objects.using(using).get_or_create(name=role)


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        post_migrate.connect(make_roles, sender=self)
