from django import forms
from django.forms.renderers import DjangoTemplates
from django.test import SimpleTestCase


class SelectOptionsTests(SimpleTestCase):
    def test_a_select_is_what_django_makes_of_it(self):
        choices = [
            ("", "Choose <one>"),
            (7, 'Seven & "more"'),
            ("Zones", [("Europe/Malta", "Malta"), ("a'b", "Côte d’Ivoire")]),
            (None, "None"),
            (True, "Yes"),
        ]
        for value in ("", 7, "Europe/Malta", None, [7, "a'b"]):
            widget = (forms.SelectMultiple if isinstance(value, list) else forms.Select)(choices=choices)
            with self.subTest(value=value):
                ours = widget.render("zone", value, {"id": "zone", "disabled": True, "data-x": '"<'})
                self.assertHTMLEqual(
                    ours,
                    widget.render(
                        "zone", value, {"id": "zone", "disabled": True, "data-x": '"<'}, renderer=DjangoTemplates()
                    ),
                )
                self.assertIn("Choose &lt;one&gt;", ours)
