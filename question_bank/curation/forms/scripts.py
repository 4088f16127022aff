"""The edit page of a script: its own fields, rows of sections, and rows of questions in each."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import QueryDict

from editing.fields import Line
from editing.posted import whole_number
from question_bank.curation.forms.fields import Prose, why_field
from question_bank.curation.forms.question_choices import QuestionChoices, QuestionField, typed_in
from question_bank.curation.forms.rows import BLANK_ROWS, Editor, RowForm, RowFormSet
from question_bank.models import Question, Script, ScriptItem, Section
from question_bank.wanted_scripts import TEXTS, WantedItem, WantedScript, WantedSection


class NameForm(forms.Form):
    """Skips the uniqueness check; the database constraint decides."""

    name = forms.fields_for_model(Script, ["name"], field_classes={"name": Line})["name"]


class ScriptForm(NameForm):
    purpose = Prose(rows=2, label="Purpose", required=False)
    level = forms.ChoiceField(choices=Question.Level.choices, initial=Question.Level.ANY)
    slot = forms.IntegerField(
        label="Slot",
        min_value=5,
        max_value=480,
        required=False,
        widget=forms.NumberInput({"placeholder": "60"}),
        help_text="How long the call can last, in minutes.",
    )
    why = why_field()


class SectionForm(RowForm, forms.ModelForm):
    significant_fields = ("title", "minutes", "gate")
    minutes = forms.IntegerField(min_value=1, max_value=240, widget=forms.NumberInput)

    class Meta:
        model = Section
        fields = ["title", "minutes", "gate", "is_for_candidate"]
        field_classes = {"title": Line, "gate": Line}
        labels = {"gate": "Gate question", "is_for_candidate": "Candidate’s own questions"}
        help_texts = {"gate": "", "is_for_candidate": ""}
        widgets = {
            "title": forms.TextInput({"placeholder": "Section title"}),
            "gate": forms.TextInput({"placeholder": "Gate question (optional)"}),
        }

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("gate") and self.cleaned_data.get("is_for_candidate"):
            self.add_error("gate", "The candidate’s own questions can’t have a gate.")
        return self.cleaned_data


class ItemForm(RowForm, forms.ModelForm):
    significant_fields = ("question",)
    question = QuestionField()
    # The section's row number in the form.
    section = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = ScriptItem
        fields = ["is_must_ask"]

    def __init__(self, *args: Any, picks: QuestionChoices, **options: Any) -> None:
        super().__init__(*args, **options)
        question = self.fields["question"]
        assert isinstance(question, QuestionField)
        question.picks = picks


class SectionFormSet(RowFormSet):
    form = SectionForm
    row_name = "Section"
    extra, most = 1, 20


class ItemFormSet(RowFormSet):
    """The questions of all sections; each blank row belongs to one section."""

    form = ItemForm
    row_name = "Question"

    def __init__(self, data: Any = None, *, sections: int, **options: Any) -> None:
        self.sections, self.extra = sections, BLANK_ROWS * sections
        super().__init__(data, **options)

    def add_fields(self, form: forms.BaseForm, index: int | None) -> None:
        super().add_fields(form, index)
        if index is not None:
            form.fields["section"].initial = index % self.sections

    def clean(self) -> None:
        super().clean()
        seen: set[Question] = set()
        for form in self.kept():
            question = form.cleaned_data.get("question")
            if question in seen:
                form.add_error("question", "This question is already in the script.")
            elif question:
                seen.add(question)


def _questions(*scripts: WantedScript | None) -> Iterator[Question]:
    for script in scripts:
        for section in script.sections if script else ():
            yield from (item.question for item in section.items)


class ScriptEditor(Editor):
    """The forms of one page, filled from `wanted`, `script` (None for a new one) or the sent data."""

    form: ScriptForm

    def __init__(
        self, data: QueryDict | None = None, *, script: Script | None = None, wanted: WantedScript | None = None
    ) -> None:
        now = WantedScript.newest(script) if script else WantedScript(name="")
        self.picks = picks = QuestionChoices(
            Question.objects.to_ask(), shown=_questions(now, wanted), typed=typed_in(data, "question")
        )
        now = wanted or now
        self.form = ScriptForm(data, initial={name: getattr(now, name) for name in (*TEXTS, "slot")})
        self.sections = SectionFormSet(data, prefix="sections", initial=[vars(section) for section in now.sections])
        items = [
            {"question": picks.label(item.question), "is_must_ask": item.is_must_ask, "section": number}
            for number, section in enumerate(now.sections)
            for item in section.items
        ]
        self.items = ItemFormSet(
            data, prefix="items", initial=items, form_kwargs={"picks": picks}, sections=len(self.sections.forms) or 1
        )

    @property
    def parts(self) -> tuple[forms.BaseForm | RowFormSet, ...]:
        return (self.form, self.sections, self.items)

    @property
    def minutes(self) -> int:
        """The total of the page; anything but a number counts as 0."""
        given = (str(section["minutes"].value() or "") for section in self.sections.forms)
        return sum(whole_number(minutes) or 0 for minutes in given)

    def rows(self) -> Iterator[tuple[forms.BaseForm, list[forms.BaseForm]]]:
        """Each section with its questions, in page order."""
        for number, section in enumerate(self.sections.forms):
            yield section, [item for item in self.items.forms if str(item["section"].value()) == str(number)]

    @property
    def has_questions(self) -> bool:
        """Whether any row names a question, be it right or not."""
        return any(row["question"].value() and not row["DELETE"].value() for row in self.items.forms)

    def is_valid(self) -> bool:
        return super().is_valid() and self._is_all_placed()

    def _is_all_placed(self) -> bool:
        """A question in a blank section would be lost silently."""
        kept = self.items.kept()
        for section, items in self.rows():
            is_blank = section.empty_permitted and not section.has_changed()
            if is_blank and any(item in kept for item in items):
                section.add_error("title", "Enter a title and minutes for this section.")
                return False
        return True

    def wanted(self) -> WantedScript:
        items = self.items.wanted()
        return WantedScript(
            name=self.form.cleaned_data["name"],
            purpose=self.form.cleaned_data["purpose"],
            level=self.form.cleaned_data["level"],
            slot=self.form.cleaned_data["slot"],
            sections=tuple(
                WantedSection(
                    **{name: section.cleaned_data[name] for name in ("title", "minutes", "gate", "is_for_candidate")},
                    items=tuple(
                        WantedItem(question=item["question"], is_must_ask=item["is_must_ask"])
                        for item in items
                        if item["section"] == self.sections.forms.index(section)
                    ),
                )
                for section in self.sections.ordered_forms
            ),
        )
