import re

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Column, Div, Field, Fieldset, Hidden, Layout, Row, Submit
from django import forms
from django.template import Context, Template
from django.test import SimpleTestCase


class SampleForm(forms.Form):
    name = forms.CharField(help_text="As they say it.")
    is_on = forms.BooleanField(label="Keys", required=False, help_text="On the live page.")
    part = forms.ChoiceField(choices=[("a", "Lead"), ("b", "Shadow")], widget=forms.RadioSelect)
    when = forms.SplitDateTimeField(required=False, widget=forms.SplitDateTimeWidget)
    secret = forms.CharField(required=False, widget=forms.HiddenInput)


def crispy(form, helper=None, source="{% crispy form helper %}"):
    context = {"form": form, "helper": FormHelper() if helper is None else helper, "csrf_token": "token"}
    html = Template("{% load crispy_forms_tags %}" + source).render(Context(context))
    return re.sub(r"\s+", " ", html)


class FieldTests(SimpleTestCase):
    def test_hint_is_linked_to_the_control(self):
        html = crispy(SampleForm())
        self.assertInHTML('<p class="hint" id="id_name_helptext">As they say it.</p>', html)
        self.assertInHTML(
            '<input type="text" name="name" required aria-describedby="id_name_helptext" id="id_name">', html
        )

    def test_error_is_linked_and_the_control_marked_invalid(self):
        html = crispy(SampleForm({"name": ""}))
        self.assertIn('class="field has-error"', html)
        self.assertInHTML('<div class="error" id="id_name_error"><p>Enter a name.</p></div>', html)
        self.assertInHTML(
            '<input type="text" name="name" required aria-invalid="true"'
            ' aria-describedby="id_name_helptext id_name_error" id="id_name">',
            html,
        )

    def test_required_is_said_in_words_where_it_is_not_obvious(self):
        self.assertInHTML('<label for="id_name">Name <span class="hint">required</span></label>', crispy(SampleForm()))
        helper = FormHelper()
        helper.is_required_obvious = True
        self.assertInHTML('<label for="id_name">Name</label>', crispy(SampleForm(), helper))

    def test_checkbox_stands_in_its_label(self):
        self.assertInHTML(
            '<label class="choice" for="id_is_on"><input type="checkbox" name="is_on"'
            ' aria-describedby="id_is_on_helptext" id="id_is_on"><span>Keys</span></label>',
            crispy(SampleForm()),
        )

    def test_choices_are_a_fieldset_that_carries_the_description(self):
        html = crispy(SampleForm({"name": "x"}))
        self.assertIn(
            '<fieldset class="field has-error" id="id_part" tabindex="-1" aria-describedby="id_part_error">',
            html,
        )
        self.assertIn('<label class="choice" for="id_part_1">', html)

    def test_several_controls_in_one_are_a_fieldset(self):
        html = crispy(SampleForm())
        self.assertIn('<fieldset class="field" id="id_when"', html)
        self.assertIn('name="when_1"', html)

    def test_hidden_field_has_no_label(self):
        html = crispy(SampleForm())
        self.assertIn('<input type="hidden" name="secret" id="id_secret">', html)
        self.assertNotIn(">Secret<", html)

    def test_label_can_be_for_screen_readers_only(self):
        helper = FormHelper()
        helper.form_show_labels = False
        self.assertIn('<label for="id_name" class="sr-only">', crispy(SampleForm(), helper))

    def test_one_field_by_filter(self):
        html = crispy(SampleForm(), source="{{ form.name|as_crispy_field }}")
        self.assertIn('<label for="id_name">', html)
        self.assertNotIn("is_on", html)


class WholeFormTests(SimpleTestCase):
    def test_form_posts_with_token_and_our_own_words(self):
        html = crispy(SampleForm())
        self.assertIn('<form class="stack" method="post" novalidate>', html)
        self.assertIn('name="csrfmiddlewaretoken" value="token"', html)

    def test_class_of_the_helper_replaces_ours_and_get_has_no_token(self):
        helper = FormHelper()
        helper.form_class, helper.form_method = "two", "get"
        html = crispy(SampleForm(), helper)
        self.assertIn('<form class="two" method="get" novalidate>', html)
        self.assertNotIn("csrfmiddlewaretoken", html)

    def test_invalid_form_starts_with_its_errors(self):
        html = crispy(SampleForm({}))
        self.assertLess(html.index("error-summary"), html.index("<label"))

    def test_form_without_tag_leaves_the_summary_to_the_page(self):
        helper = FormHelper()
        helper.form_tag = False
        html = crispy(SampleForm({}), helper)
        self.assertNotIn("<form", html)
        self.assertNotIn("error-summary", html)

    def test_filter_renders_all_fields(self):
        html = crispy(SampleForm(), source="{{ form|crispy }}")
        self.assertIn('name="name"', html)
        self.assertIn('name="secret"', html)

    def test_errors_filter_shows_the_summary(self):
        self.assertIn('href="#id_name"', crispy(SampleForm({}), source="{{ form|as_crispy_errors }}"))


class LayoutTests(SimpleTestCase):
    def test_layout_objects_use_our_classes(self):
        helper = FormHelper()
        helper.layout = Layout(
            Fieldset("Who", Row(Column("name"), Div("is_on", css_class="card")), css_class="wide"),
            Field("part", wrapper_class="push"),
            ButtonHolder(Submit("save", "Save"), HTML('<a href="/">Back</a>')),
            Hidden("step", "2"),
        )
        html = crispy(SampleForm(), helper)
        self.assertIn('<fieldset class="stack wide">', html)
        self.assertInHTML('<legend class="form-legend">Who</legend>', html)
        self.assertIn('<div class="two">', html)
        self.assertIn('<div class="stack">', html)
        self.assertIn('<div class="card">', html)
        self.assertIn('class="field push"', html)
        self.assertInHTML('<input type="hidden" name="step" value="2">', html)
        self.assertInHTML('<button type="submit" class="btn btn-primary" name="save" value="Save">Save</button>', html)

    def test_inputs_of_the_helper_end_the_form(self):
        helper = FormHelper()
        helper.add_input(Submit("", "Save"))
        self.assertInHTML(
            '<div class="form-end"><button type="submit" class="btn btn-primary">Save</button></div>',
            crispy(SampleForm(), helper),
        )


class FormsetTests(SimpleTestCase):
    def test_whole_formset_has_management_form_and_rows(self):
        formset = forms.formset_factory(SampleForm, extra=2)()
        html = crispy(formset)
        self.assertIn('name="form-TOTAL_FORMS"', html)
        self.assertEqual(html.count("data-row"), 2)
        self.assertEqual(html.count("<form"), 1)

    def test_layout_is_used_for_each_row_and_keeps_hidden_fields(self):
        helper = FormHelper()
        helper.layout = Layout("name")
        html = crispy(forms.formset_factory(SampleForm, extra=1)(), helper)
        self.assertIn('name="form-0-name"', html)
        self.assertIn('name="form-0-secret"', html)
        self.assertNotIn('name="form-0-part"', html)

    def test_filter_and_errors_filter(self):
        posted = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-name": ""}
        formset = forms.formset_factory(SampleForm)(posted)
        self.assertIn('name="form-0-name"', crispy(formset, source="{{ form|crispy }}"))
        self.assertIn('href="#id_form-0-name"', crispy(formset, source="{{ form|as_crispy_errors }}"))
