from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def make_roles(using: str, **_: Any) -> None:
    """Create the groups of the roles, also after a flush, which sends post_migrate too."""
    from django.contrib.auth.models import Group

    from accounts.roles import Role

    for role in Role:
        Group.objects.using(using).get_or_create(name=role)


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        post_migrate.connect(make_roles, sender=self)
