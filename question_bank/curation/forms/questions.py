"""The edit page of a question: its own fields, and rows for points, references and follow-ups."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse_lazy

from editing.fields import Line, one_line
from question_bank.curation.forms.fields import Prose, why_field
from question_bank.curation.forms.question_choices import QuestionChoices, QuestionField, typed_in
from question_bank.curation.forms.rows import Editor, RowForm, RowFormSet
from question_bank.curation.writing import TEXTS, WantedPoint, WantedQuestion, WantedReference
from question_bank.models import Anchor, Point, Question, RatingStep, Reference, Suggestion, Topic
from question_bank.models.questions import EXHIBIT_LENGTH, EXHIBIT_LINES, EXPECT_LENGTH, LEVELS, validate_exhibit
from question_bank.scale import ANCHOR_WORDS, GENERAL_SCALE


class QuestionForm(forms.ModelForm):
    prompt = Prose(rows=2, max_length=2_000, help_text="As you would say it aloud.")
    purpose = Prose(rows=2, label="Why we ask", required=False)
    guidance = Prose(rows=4, required=False, help_text="Only interviewers see this.")
    exhibit = Prose(
        rows=6, max_length=EXHIBIT_LENGTH, required=False, strip=False, validators=[validate_exhibit],
        help_text=f"Code, a log or a query plan to show with the question, up to {EXHIBIT_LINES} lines.",
    )  # fmt: skip
    form = forms.ChoiceField(choices=[("", "Not set"), *Question.Form.choices], required=False)
    minutes = forms.IntegerField(min_value=1, max_value=120, initial=4)
    topic = forms.ModelChoiceField(
        Topic.objects.none(), required=False, empty_label="Choose a topic",
        error_messages={"invalid_choice": "This topic was retired or merged. Choose another."},
    )  # fmt: skip
    parent = QuestionField(
        label="Follow-up to", required=False,
        help_text="Leave blank for a top-level question. A follow-up takes its parent’s topic.",
    )  # fmt: skip
    is_reviewed = forms.BooleanField(label="I reviewed it today", required=False)
    why = why_field()

    class Meta:
        model = Question
        fields = ["condition", "kind", "level", "form", "exhibit_says"]
        field_classes = {"condition": Line, "exhibit_says": Line}
        labels = {"condition": "Ask when", "exhibit_says": "Exhibit in one sentence"}
        help_texts = {
            "condition": "Such as “when caching comes up”.",
            "exhibit_says": "For candidates who cannot see it. Don’t give the answer away.",
        }

    def __init__(self, data: QueryDict | None, *, picks: QuestionChoices, beside: Topic | None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["prompt"].widget.attrs |= {
            "hx-get": reverse_lazy("question-similar"), "hx-trigger": "input changed delay:400ms",
            "hx-target": "#similar", "hx-sync": "this:replace",
        }  # fmt: skip
        topic = self.fields["topic"]
        assert isinstance(topic, forms.ModelChoiceField)
        topic.queryset = Topic.objects.to_choose(beside=beside)
        parent = self.fields["parent"]
        assert isinstance(parent, QuestionField)
        parent.picks = picks
        for rating in RatingStep:
            anchor = forms.fields_for_model(
                Anchor, ["text"], field_classes={"text": Line}, widgets={"text": forms.Textarea({"rows": 2})}
            )["text"]
            anchor.label, anchor.help_text, anchor.required = rating.label, GENERAL_SCALE[rating], False
            anchor.validators.append(at_most_twelve_words)
            self.fields[f"anchor_{rating}"] = anchor
        for level in LEVELS:
            self.fields[f"expect_{level}"] = Line(label=level.label, max_length=EXPECT_LENGTH, required=False)

    @property
    def expect_fields(self) -> list[forms.BoundField]:
        return [self[f"expect_{level}"] for level in LEVELS]

    @property
    def anchor_fields(self) -> list[forms.BoundField]:
        return [self[f"anchor_{rating}"] for rating in RatingStep]

    def clean_exhibit(self) -> str:
        """Indentation and blank lines stay; spaces alone are no exhibit."""
        text: str = self.cleaned_data["exhibit"]
        return text.strip("\n").rstrip() if text.strip() else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("parent") and not cleaned.get("topic") and not {"parent", "topic"} & set(self.errors):
            self.add_error("topic", "Choose a topic or a parent question.")
        if cleaned.get("exhibit") and not cleaned.get("exhibit_says"):
            self.add_error("exhibit_says", "Describe the exhibit in one sentence.")
        return cleaned

    def expect(self) -> dict[str, str]:
        """The line written for each level, by the level's value."""
        lines = {level.value: self.cleaned_data[f"expect_{level}"] for level in LEVELS}
        return {level: line for level, line in lines.items() if line}

    def anchors(self) -> dict[int, str]:
        """The anchor of each rating; none for a conversation, which is not rated."""
        if self.cleaned_data["kind"] != Question.Kind.ANSWER:
            return {}
        texts = {rating.value: self.cleaned_data[f"anchor_{rating}"] for rating in RatingStep}
        return {rating: text for rating, text in texts.items() if text}


def at_most_twelve_words(text: str) -> None:
    if (words := len(text.split())) > ANCHOR_WORDS:
        raise forms.ValidationError(f"At most {ANCHOR_WORDS} words. This has {words}.")


class PointForm(RowForm, forms.ModelForm):
    significant_fields = ("text", "leads_to")
    leads_to = QuestionField(label="Suggests", placeholder="Suggests follow-up…", required=False)

    class Meta:
        model = Point
        fields = ["text", "kind"]
        field_classes = {"text": Line}
        labels = {"text": "Point"}
        widgets = {"text": forms.Textarea({"rows": 1, "placeholder": "Something to listen for"})}

    def __init__(self, *args: Any, picks: QuestionChoices, **options: Any) -> None:
        super().__init__(*args, **options)
        leads_to = self.fields["leads_to"]
        assert isinstance(leads_to, QuestionField)
        leads_to.picks = picks

    def clean(self) -> dict[str, Any]:
        kind, leads_to = self.cleaned_data.get("kind"), self.cleaned_data.get("leads_to")
        if kind == Point.Kind.CUE and not leads_to and "leads_to" not in self.errors:
            self.add_error("leads_to", "A cue suggests a question. Choose one, or make this a brownie point.")
        if kind == Point.Kind.WATCH_OUT and leads_to:
            self.add_error("leads_to", "A watch-out can’t suggest a question.")
        return self.cleaned_data


class ReferenceForm(RowForm, forms.ModelForm):
    significant_fields = ("title", "author", "url")

    class Meta:
        model = Reference
        fields = ["title", "author", "url"]
        field_classes = {"title": Line, "author": Line}
        widgets = {
            "title": forms.TextInput({"placeholder": "Title"}),
            "author": forms.TextInput({"placeholder": "Author"}),
            "url": forms.URLInput({"placeholder": "Address, https://…"}),
        }


class FollowUpForm(RowForm, forms.ModelForm):
    significant_fields = ("condition",)
    # New follow-ups have another form.
    pk = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    class Meta:
        model = Question
        fields = ["condition"]
        field_classes = {"condition": Line}
        labels = {"condition": "Ask when"}
        help_texts = {"condition": ""}
        widgets = {"condition": forms.TextInput({"placeholder": "Ask when"})}


class PointFormSet(RowFormSet):
    form = PointForm
    row_name = "Point"

    def clean(self) -> None:
        super().clean()
        texts = Counter(form.cleaned_data["text"] for form in self.kept() if "text" in form.cleaned_data)
        for text, times in texts.items():
            if times > 1:
                raise forms.ValidationError(f"“{text}” is listed twice.")


class ReferenceFormSet(RowFormSet):
    form = ReferenceForm
    row_name = "Reference"
    most = 20


class FollowUpFormSet(RowFormSet):
    form = FollowUpForm
    row_name = "Follow-up"
    extra, can_delete = 0, False
    most = 200


class QuestionEditor(Editor):
    """The forms of one page, filled from `wanted`, `question` (None for a new one) or the sent data."""

    form: QuestionForm

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        question: Question | None = None,
        topic: Topic | None = None,
        parent: Question | None = None,
        wanted: WantedQuestion | None = None,
        prompt: str = "",
        points: Sequence[str] = (),
        suggestion: Suggestion | None = None,
    ) -> None:
        """`prompt` and `points` are suggestions to begin with; who follows `suggestion` reviews the question."""
        now = wanted or (WantedQuestion.of(question) if question else None)
        shown = [now.parent if now else parent, *(point.leads_to for point in (now.points if now else ()))]
        self.picks = picks = QuestionChoices(
            Question.objects.to_pick(beside=question),
            shown=[each for each in shown if each],
            typed=typed_in(data, "parent", "leads_to"),
        )
        new = {"topic": topic, "parent": picks.label(parent), "minutes": 4, "prompt": prompt}
        self.parent = parent
        beside = question.topic if question else None
        initial = _texts(now, picks) if now else new
        if suggestion:
            initial |= {"is_reviewed": True, "why": f"Suggested by {suggestion.by}."}
        self.form = QuestionForm(data, picks=picks, beside=beside, initial=initial)
        listed = [vars(point) | {"leads_to": picks.label(point.leads_to)} for point in (now.points if now else ())]
        listed += [{"text": one_line(point), "kind": Point.Kind.BROWNIE} for point in points]
        if suggestion or prompt:
            self.form.fields["prompt"].widget.attrs["autofocus"] = True
        if question:
            self.form.fields["prompt"].widget.attrs["hx-vals"] = f'{{"beside": {question.pk}}}'
        self.points = PointFormSet(data, prefix="points", initial=listed, form_kwargs={"picks": picks})
        if points and not prompt:  # the one to edit is far below
            self.points.forms[len(listed) - 1].fields["text"].widget.attrs["autofocus"] = True
        references = [vars(reference) for reference in (now.references if now else ())]
        self.references = ReferenceFormSet(data, prefix="references", initial=references)
        self.follow_ups = _follow_ups(data, question, now.follow_ups) if question and now else None

    @property
    def is_guide_open(self) -> bool:
        """A follow-up's rating guide is folded while it is empty."""
        return not self.form["parent"].value() or _is_any_filled(self.form.anchor_fields)

    @property
    def is_expect_open(self) -> bool:
        return _is_any_filled(self.form.expect_fields)

    @property
    def parts(self) -> tuple[forms.BaseForm | RowFormSet, ...]:
        parts = (self.form, self.points, self.references, self.follow_ups)
        return tuple(part for part in parts if part is not None)

    def wanted(self) -> WantedQuestion:
        cleaned = self.form.cleaned_data
        return WantedQuestion(
            **{name: cleaned[name] for name in TEXTS if name != "expect"},
            expect=self.form.expect(),
            topic=cleaned["topic"],
            parent=cleaned["parent"],
            is_reviewed=cleaned["is_reviewed"],
            anchors=self.form.anchors(),
            points=tuple(
                WantedPoint(pk=row["pk"], text=row["text"], kind=row["kind"], leads_to=row["leads_to"])
                for row in self.points.wanted()
            ),
            references=tuple(
                WantedReference(title=row["title"], author=row["author"], url=row["url"])
                for row in self.references.wanted()
            ),
            follow_ups={row["pk"]: row["condition"] for row in (self.follow_ups.wanted() if self.follow_ups else ())},
        )


def _is_any_filled(fields: list[forms.BoundField]) -> bool:
    return any(field.value() or field.errors for field in fields)


def _texts(question: WantedQuestion, picks: QuestionChoices) -> dict[str, Any]:
    return {
        **{name: getattr(question, name) for name in TEXTS},
        **{f"anchor_{rating}": text for rating, text in question.anchors.items()},
        **{f"expect_{level}": line for level, line in question.expect.items()},
        "topic": question.topic,
        "parent": picks.label(question.parent),
        "is_reviewed": question.is_reviewed,
    }


def _follow_ups(data: QueryDict | None, question: Question, conditions: dict[int, str]) -> FollowUpFormSet:
    """Initial rows with their follow-up, for its label."""
    below = {str(follow_up.pk): follow_up for follow_up in question.follow_ups.all()}
    initial = [{"pk": pk, "condition": condition} for pk, condition in conditions.items()]
    rows = FollowUpFormSet(data, prefix="follow_ups", initial=initial)
    for row in rows.forms:
        row.question = below.get(str(row["pk"].value()))
    return rows
