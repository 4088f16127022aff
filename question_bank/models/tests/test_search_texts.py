import pytest
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.test import TestCase, TransactionTestCase

from audit.triggers import triggers
from question_bank.factories import PointFactory, QuestionFactory
from question_bank.models import Point, Question, QuestionText, search_texts


class TestSearchTexts(TestCase):
    """However a text is written, a search finds it."""

    def found(self, words):
        return list(Question.objects.matching(words).order_by("pk"))

    def test_words_of_a_question_and_of_its_points_are_found_together(self):
        question = PointFactory(text="Names the ÉTAG", question=QuestionFactory(prompt="Where to cache?")).question
        QuestionFactory(prompt="Where to cache?")
        self.assertEqual(self.found("etag cache"), [question])

    def test_point_written_in_every_way(self):
        question, other = QuestionFactory(), QuestionFactory()
        Point.objects.bulk_create([Point(question=question, text="first"), Point(question=question, text="second")])
        self.assertEqual(self.found("first second"), [question])
        point = question.points.get(text="first")
        for words, write in {
            "third": lambda: Point.objects.filter(text="first").update(text="third"),
            "fourth": lambda: point.save(update_fields=["text"]),
            "fifth": lambda: Point.objects.bulk_update([point], ["text"]),
            "sixth": point.save,
        }.items():
            with self.subTest(words=words):
                point.text = words
                write()
                self.assertEqual(self.found(words), [question])
        Point.objects.filter(pk=point.pk).update(question=other)
        self.assertEqual(self.found("sixth"), [other])
        self.assertEqual(self.found("second"), [question])
        point.delete()
        self.assertEqual(self.found("sixth"), [])
        Point.objects.all().delete()
        self.assertEqual(self.found("second"), [])

    def test_question_written_in_every_way(self):
        question = PointFactory(text="etag").question
        for words, write in {
            "first": lambda: Question.objects.filter(pk=question.pk).update(prompt="first"),
            "second": lambda: question.save(update_fields=["prompt"]),
            "third": lambda: Question.objects.bulk_update([question], ["prompt"]),
            "fourth": question.save,
        }.items():
            with self.subTest(words=words):
                question.prompt = words
                write()
                self.assertEqual(self.found(f"{words} etag"), [question])
                self.assertEqual(list(Question.objects.labelled(words)), [question])
                self.assertEqual(Question.objects.get(stems=words), question)
        question.delete()
        self.assertFalse(QuestionText.objects.exists())

    def test_update_whose_filter_no_longer_matches(self):
        question = QuestionFactory(prompt="Before")
        self.assertEqual(Question.objects.filter(prompt="Before").update(prompt="After"), 1)
        self.assertEqual((self.found("after"), self.found("before")), ([question], []))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL rebuilds no table.")
class TestRebuiltTables(TransactionTestCase):
    def test_triggers_are_there_again_and_texts_written_meanwhile_are_found(self):
        before, point = triggers(connection), PointFactory(text="first")
        search_texts.drop_triggers(connection)
        with connection.schema_editor() as editor:
            editor._remake_table(Point)
            editor._remake_table(Question)
        Point.objects.filter(pk=point.pk).update(text="second")
        emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
        self.assertEqual(triggers(connection), before)
        self.assertEqual(Question.objects.matching("second").get(), point.question)
