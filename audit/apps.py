from django.apps import AppConfig

from audit.immutability import AUDIT
from audit.triggers import restore_after_migrations


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        restore_after_migrations(self, lambda: AUDIT.create("sqlite"))
