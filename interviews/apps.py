from django.apps import AppConfig

from audit.triggers import restore_after_migrations


class InterviewsConfig(AppConfig):
    name = "interviews"

    def ready(self) -> None:
        from interviews import bank_usage, checks, question_figures  # noqa: F401  register themselves
        from interviews.models.immutability import ALL
        from interviews.notices import telling  # noqa: F401  it registers itself

        restore_after_migrations(self, lambda: [statement for one in ALL for statement in one.create("sqlite")])
