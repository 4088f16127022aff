from django.apps import AppConfig
from django.db.backends.signals import connection_created

from finding.searching import teach_sqlite


class QuestionBankConfig(AppConfig):
    name = "question_bank"

    def ready(self) -> None:
        connection_created.connect(teach_sqlite)
