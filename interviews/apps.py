from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    name = "interviews"

    def ready(self) -> None:
        from interviews import bank_usage, checks, question_figures  # noqa: F401  register themselves
        from interviews.notices import telling  # noqa: F401  it registers itself
