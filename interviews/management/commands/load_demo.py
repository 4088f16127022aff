"""`manage.py load_demo`: people, openings and interviews to look around in, and how to sign in as them."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from interviews.demo.loading import Demo, DemoRefused, load

CHANGED = "(another one)"


class Command(BaseCommand):
    help = "Loads the demo data once, never beside real people, and prints one login per role."

    def handle(self, *args: Any, **options: Any) -> None:
        password_file = Path(settings.VAR_DIR) / "demo_password"
        try:
            demo = load(password_file=password_file, now=timezone.now())
        except DemoRefused as refused:
            raise CommandError(str(refused)) from None
        self._say_logins(demo, password_file)
        if not demo.is_new:
            self.stdout.write("\nThe demo data was already loaded and hasn’t changed.")
            if connection.vendor == "sqlite":
                self.stdout.write(f"To start again, stop this and delete {_shown(connection.settings_dict['NAME'])}")

    def _say_logins(self, demo: Demo, password_file: Path) -> None:
        rows = [("Role", "Name", "Email", "Password")]
        rows += [(one.role, one.name, one.email, one.password or CHANGED) for one in demo.logins]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            line = "  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True))
            self.stdout.write(line.rstrip())
        if any(one.password is None for one in demo.logins):
            self.stdout.write(
                f"{CHANGED}: not the one in {_shown(password_file)}. `manage.py changepassword` sets a new one."
            )


def _shown(path: Any) -> str:
    """Short where it lies in the project's folder."""
    file = Path(path)
    return str(file.relative_to(settings.BASE_DIR) if file.is_relative_to(settings.BASE_DIR) else file)
