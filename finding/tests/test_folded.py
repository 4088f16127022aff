from types import SimpleNamespace

from django.apps import apps
from django.test import SimpleTestCase

from finding.folded import FoldedField, FoldedModel, FoldedQuerySet


class TestFoldedField(SimpleTestCase):
    def setUp(self):
        self.field = FoldedField("prompt", "purpose")
        self.field.set_attributes_from_name("folded")

    def test_it_holds_the_folded_texts_of_its_row(self):
        row = SimpleNamespace(prompt="Where’s the CAFÉ?", purpose="Größe", folded="")
        self.assertEqual(self.field.pre_save(row, add=True), "where’s the cafe?\ngroße")
        self.assertEqual(row.folded, "where’s the cafe?\ngroße")

    def test_migrations_know_its_sources(self):
        _, path, sources, options = self.field.deconstruct()
        self.assertEqual((path, sources, options), ("finding.folded.FoldedField", ("prompt", "purpose"), {}))


class TestFoldedModel(SimpleTestCase):
    def test_every_model_with_a_folded_column_writes_it_whichever_way_it_is_saved(self):
        fields = [field for model in apps.get_models() for field in model._meta.concrete_fields]
        models = {field.model for field in fields if isinstance(field, FoldedField)}
        self.assertIn("Question", {model.__name__ for model in models})
        for model in models:
            with self.subTest(model=model.__name__):
                self.assertTrue(issubclass(model, FoldedModel))
                self.assertIsInstance(model._default_manager.all(), FoldedQuerySet)

    def test_no_template_can_write_through_it(self):
        for write in (FoldedQuerySet.update, FoldedQuerySet.bulk_update):
            self.assertTrue(write.alters_data, write.__name__)
