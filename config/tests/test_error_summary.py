from django import forms
from django.template import Context, Template
from django.test import SimpleTestCase


class PersonForm(forms.Form):
    email = forms.EmailField()
    part = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("These two do not fit.")


class RowForm(forms.Form):
    text = forms.CharField()


class RowFormSet(forms.formset_factory(RowForm, extra=0, can_delete=True)):
    row_name = "Point"

    def clean(self):
        if self.forms and self.forms[0].cleaned_data.get("text") == "alone":
            raise forms.ValidationError("One point is not enough.")


def rows(*texts, deleted=()):
    posted = {"form-TOTAL_FORMS": len(texts), "form-INITIAL_FORMS": len(texts)}
    for number, text in enumerate(texts):
        posted[f"form-{number}-text"] = text
        if number in deleted:
            posted[f"form-{number}-DELETE"] = "on"
    return RowFormSet(posted)


class ErrorSummaryTests(SimpleTestCase):
    def render(self, **forms):
        names = " ".join(forms)
        return Template("{% error_summary " + names + " %}").render(Context(forms))

    def test_unbound_form_shows_nothing(self):
        self.assertEqual(self.render(form=PersonForm()).strip(), "")

    def test_invalid_form_links_each_error_to_its_field(self):
        html = self.render(form=PersonForm({"email": "nobody", "token": "x", "part": "a"}))
        self.assertInHTML("<h2>There are 2 problems</h2>", html)
        self.assertInHTML("<li>These two do not fit.</li>", html)
        self.assertInHTML('<li><a href="#id_email">Email</a>: Enter a valid email address.</li>', html)

    def test_one_error_is_said_in_the_singular_and_takes_the_focus(self):
        html = self.render(form=RowForm({"text": ""}))
        self.assertInHTML("<h2>There is a problem</h2>", html)
        self.assertIn("autofocus", html)

    def test_group_of_choices_is_linked_to_its_fieldset(self):
        html = self.render(form=PersonForm({"email": "a@example.org", "token": "x"}))
        self.assertInHTML('<li><a href="#id_part">Part</a>: Choose a part.</li>', html)
        self.assertIn('href="#id_part"', html)

    def test_hidden_field_has_no_link(self):
        html = self.render(form=PersonForm({"email": "a@example.org", "part": "a"}))
        self.assertInHTML("<li>Token: Enter a token.</li>", html)

    def test_rows_of_a_formset_are_named_by_number(self):
        html = self.render(form=RowForm({"text": "fine"}), points=rows("one", ""))
        self.assertInHTML('<li><a href="#id_form-1-text">Point 2, text</a>: Enter a text.</li>', html)

    def test_error_of_the_whole_formset_is_listed(self):
        self.assertInHTML("<li>One point is not enough.</li>", self.render(points=rows("alone")))

    def test_error_of_a_named_formset_leads_to_its_first_row(self):
        points = rows("alone")
        points.set_name = "Points"
        self.assertInHTML(
            '<li><a href="#id_form-0-text">Points</a>: One point is not enough.</li>', self.render(points=points)
        )

    def test_row_that_is_being_deleted_is_left_out(self):
        self.assertEqual(self.render(points=rows("one", "", deleted=[1])).strip(), "")
