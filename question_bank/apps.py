from django.apps import AppConfig
from django.db.backends.signals import connection_created

from audit.triggers import restore_after_migrations
from finding.searching import teach_sqlite


class QuestionBankConfig(AppConfig):
    name = "question_bank"

    def ready(self) -> None:
        from question_bank.models import search_texts

        connection_created.connect(teach_sqlite)
        restore_after_migrations(self, search_texts.of_sqlite, then=search_texts.fill)
