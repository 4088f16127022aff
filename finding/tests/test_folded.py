from types import SimpleNamespace

from django.test import SimpleTestCase

from finding.folded import FoldedField


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
