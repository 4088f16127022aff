from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from host import files
from interviews.exports import fonts


class Command(BaseCommand):
    help = "Builds the fonts for screen and PDF. Does nothing if they are up to date."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        if not fonts.is_built(settings.BUILD_DIR):
            fonts.build(settings.BUILD_DIR)
            self.stdout.write("Fonts built.")
        if settings.IS_BUILD_PUBLIC:
            files.open_to_all(settings.BUILD_DIR)
