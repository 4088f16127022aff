"""Forms of hiring managers for openings and candidates, and of administrators for people who leave."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import get_text_list

from accounts.forms import PersonForm, ends_with
from accounts.models import User
from accounts.roles import Role
from editing.fields import Email, Line, Text, one_line
from editing.forms import EditForm
from editing.web_addresses import completed
from interviews.models import Candidate, CandidateTag, Opening
from interviews.models.stages import STAGE_CHARS, STAGES, STAGES_MAX, TAG_CHARS, TAGS_MAX
from interviews.notices import web_posts
from interviews.planning import leaving
from interviews.planning.stages import StageInUse, set_stages, stage_in_use
from question_bank.models import Topic


def keeps_draft(form: forms.BaseForm, subject: str) -> dict[str, str]:
    """Attributes of a form whose draft the browser stores until it is saved; see static/js/forms/drafts.js."""
    return {"data-draft": subject} | ({"data-draft-sent": ""} if form.is_bound else {})


def ask_again(form: forms.BaseForm, **now: str) -> None:
    """Have a stale form return with these values in its hidden fields: sent again, it is a decision."""
    form.data = {**{name: form.data.get(name) for name in form.data}, **now}


def starts_here(form: forms.BaseForm, name: str) -> None:
    """Give this field the focus, so that one can type at once; a form with errors leads to those."""
    if not form.is_bound:
        form.fields[name].widget.attrs["autofocus"] = True


class OpeningForm(EditForm):
    stages = Text(
        required=False,
        max_length=(STAGE_CHARS + 1) * STAGES_MAX,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="One per line, in order. Changing a line renames that stage.",
    )

    class Meta:
        model = Opening
        fields = (
            "title", "team", "description", "look_for", "topics", "call_link", "managers", "blind_policy",
            "is_fully_blind", "hook_url", "hook_has_names",
        )  # fmt: skip
        field_classes = {"title": Line, "team": Line, "hook_url": Line, "description": Text, "look_for": Text}
        widgets = {
            "hook_url": forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url", "spellcheck": "false"}),
            "description": forms.Textarea(attrs={"rows": 5, "data-markdown": ""}),
            "look_for": forms.Textarea(attrs={"rows": 4, "data-markdown": ""}),
            "topics": forms.CheckboxSelectMultiple,
            "managers": forms.CheckboxSelectMultiple,
            "blind_policy": forms.RadioSelect,
        }
        help_texts = {
            "description": "The panel reads this before the call. Markdown: lists, **bold**, `code`, links.",
            "look_for": "What matters in this role, and what doesn’t. Markdown works here too.",
            "topics": "When you schedule interviews or write scripts, you’re told which of these have no question.",
            "hook_url": "Incoming webhook of a Slack or Teams channel. It’s sent “All scorecards in” and “Decided”, "
            "but not the decision itself.",
            "hook_has_names": "If off, messages give only the opening and the time.",
            "call_link": "Where the calls take place. Filled in for interviews you schedule from now on.",
            "title": "As the panel will see it, such as “Senior backend engineer”.",
            "managers": "They schedule interviews, read submitted scorecards (on the panel, only after submitting "
            "their own) and decide.",
            "blind_policy": "Applies to interviews scheduled from now on.",
            "is_fully_blind": "Keeps panelists independent during the call too.",
        }

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, by=by, **kwargs)
        is_new = not self.instance.pk
        names = STAGES if is_new else [stage.name for stage in self.instance.stages.current()]
        self.initial["stages"] = "\n".join(names)
        self._offer_topics()
        before = [] if is_new else self.instance.managers.values_list("pk", flat=True)
        people = User.objects.hiring_managers(including=list(before))
        self.also = [by] if is_new else []
        if is_new:
            starts_here(self, "title")
            people = people.exclude(pk=by.pk)
            self.fields["managers"].label = "Other hiring managers"
        managers = self.fields["managers"]
        assert isinstance(managers, forms.ModelMultipleChoiceField)
        managers.queryset = people
        self.fields["managers"].required = not is_new
        self.helper = FormHelper()
        back = "{% url 'opening-list' %}" if is_new else "{{ opening.get_absolute_url }}"
        if is_new and not people.exists():
            del self.fields["managers"]
        self.helper.layout = Layout(*self.fields, ends_with("Create opening" if is_new else "Save", back=back))

    def _offer_topics(self) -> None:
        """Offer the topics of the bank, and the opening's own that were retired. Any is taken: one that was merged
        since the page was opened is replaced."""
        own = self.instance.wanted_topics if self.instance.pk else []
        offered = [topic for topic in Topic.objects.current() if not topic.is_retired or topic in own]
        self.initial["topics"] = own
        topics = self.fields["topics"]
        assert isinstance(topics, forms.ModelMultipleChoiceField)
        topics.queryset = Topic.objects.select_related("merged_into")
        topics.choices = [(topic.pk, f"{topic}{' (retired)' if topic.is_retired else ''}") for topic in offered]
        if not offered:
            del self.fields["topics"]

    def clean_topics(self) -> list[Topic]:
        return list({topic.merged_into or topic: None for topic in self.cleaned_data["topics"]})

    def clean_hook_url(self) -> str:
        address: str = self.cleaned_data["hook_url"]
        if address:
            try:
                web_posts.host_of(address)
            except web_posts.AddressRefused as refusal:
                raise ValidationError(str(refusal)) from None
        if address != self.instance.hook_url:
            self.instance.hook_failure = ""
        return address

    def clean_stages(self) -> str:
        """One name a line, each once; the usual ones for a new opening."""
        names = [name for line in self.cleaned_data["stages"].splitlines() if (name := one_line(line))]
        if len(names) > STAGES_MAX:
            raise ValidationError(f"At most {STAGES_MAX} stages.")
        if too_long := next((name for name in names if len(name) > STAGE_CHARS), None):
            raise ValidationError(f"At most {STAGE_CHARS} characters per stage: {too_long[:60]}")
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise ValidationError(f"“{twice}” is listed twice.")
        return "\n".join(names or ([] if self.instance.pk else STAGES))

    def _post_clean(self) -> None:
        """Show what `leaving.set_managers` would refuse beside the field, also after a merge."""
        super()._post_clean()
        managers = self.cleaned_data.get("managers")
        if self.instance.pk and managers and not any(leaving.may_manage(manager) for manager in managers):
            self.add_error("managers", leaving.NOBODY_MANAGES)
        names = self.cleaned_data.get("stages")
        if self.instance.pk and names is not None and (stage := stage_in_use(self.instance, names.splitlines())):
            self.add_error("stages", str(StageInUse(stage)))

    def save(self, commit: bool = True) -> Opening:
        """Save the row, its topics, and its managers by `leaving.set_managers`, which leaves no opening without one."""
        with transaction.atomic():
            opening: Opening = super().save(commit=False)
            opening.save()
            before = [] if "managers" in self.cleaned_data else list(opening.managers.all())
            leaving.set_managers(opening=opening, managers=[*self.cleaned_data.get("managers", before), *self.also])
            set_stages(opening=opening, names=self.cleaned_data["stages"].splitlines())
            if "topics" in self.cleaned_data:
                opening.topics.set(self.cleaned_data["topics"])
        return opening


class LeavingForm(PersonForm):
    """A person, with a successor for each opening that they alone manage: with several openings, one for all of them
    and perhaps another one for some."""

    def __init__(self, *args: Any, openings: Sequence[Opening], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.openings = openings
        others = User.objects.with_role(Role.HIRING_MANAGER).exclude(pk=self.instance.pk) if openings else []
        self.people = {str(other.pk): other for other in others}
        if len(openings) == 1:
            self._ask(self.successor_of(openings[0]), f"Who takes over {openings[0]}?")
        elif openings:
            self._ask("successor", f"Who takes over {self.instance.short_name}’s openings?")
            for opening in openings:
                self._ask(self.successor_of(opening), str(opening), nobody="Same as above", hint="")
        self.helper.layout = Layout(*self.fields, ends_with("Save", back="{% url 'person-list' %}"))

    def _ask(
        self,
        name: str,
        label: str,
        *,
        nobody: str = "Choose a hiring manager",
        hint: str = "Needed only if you end access or remove the Hiring manager role.",
    ) -> None:
        choices = [("", nobody), *((pk, str(other)) for pk, other in self.people.items())]
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False, help_text=hint)

    @staticmethod
    def successor_of(opening: Opening) -> str:
        return f"successor-{opening.pk}"

    def successors(self) -> dict[int, User]:
        """The successors, by the opening's key. The one for all is for the openings that the page showed."""
        of_all = self.cleaned_data.get("successor", "")
        names = {one.pk: self.successor_of(one) for one in self.openings}
        chosen = {
            pk: self.cleaned_data.get(name, "") or (of_all if self.add_prefix(name) in self.data else "")
            for pk, name in names.items()
        }
        return {pk: self.people[person] for pk, person in chosen.items() if person}

    def ask_successors(self, openings: Sequence[Opening]) -> None:
        words = "Choose a hiring manager, so that no opening is left without one."
        if not self.people:
            words = "There is no other hiring manager. Give someone that role first."
        # An opening that became theirs alone meanwhile has no field on this page yet.
        names: list[str | None] = [name for one in openings if (name := self.successor_of(one)) in self.fields]
        if "successor" in self.fields and not self.cleaned_data.get("successor"):
            names = ["successor"]
        for field in names or [None]:
            self.add_error(field, words)


class CandidateForm(EditForm):
    """A candidate. A new one who looks like another of the opening is saved only once a person confirms it."""

    tags = Line(
        max_length=(TAG_CHARS + 2) * TAGS_MAX,
        required=False,
        help_text="Separated by commas. Only the opening’s hiring managers see source and tags.",
    )
    is_another = forms.BooleanField(label="Add anyway: this is a different person", required=False)

    class Meta:
        model = Candidate
        fields = ("name", "email", "links", "assignment_url", "notes", "source")
        field_classes = {"name": Line, "email": Email, "source": Line, "links": Text, "notes": Text}
        widgets = {"links": forms.Textarea(attrs={"rows": 3}), "notes": forms.Textarea(attrs={"rows": 4})}
        help_texts = {
            "email": "For your use. Nothing is sent to candidates.",
            "source": "How they came to you, such as “Referral” or “Job board”.",
            "assignment_url": "Link to their solution. The panel opens it beside the related question.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = not self.instance.pk
        self.initial["tags"] = "" if is_new else ", ".join(tag.name for tag in self.instance.tags.all())
        self.helper = FormHelper()
        subject = f"candidate:new-in-{self.instance.opening_id}" if is_new else f"candidate:{self.instance.pk}"
        self.helper.attrs = keeps_draft(self, subject)
        back = "{{ opening.get_absolute_url }}" if is_new else "{{ candidate.get_absolute_url }}"
        if not (is_new and self.is_bound):
            del self.fields["is_another"]
        end = ends_with("Save", back=back)
        if is_new:
            starts_here(self, "name")
            end = ends_with("Add candidate", back=back, again="Add and continue with another")
        self.helper.layout = Layout(*self.fields, end)

    def clean_links(self) -> str:
        return completed(self.cleaned_data["links"])

    def clean_tags(self) -> str:
        """Each once, in the order of the alphabet."""
        names = sorted({name for part in self.cleaned_data["tags"].split(",") if (name := part.strip())})
        if len(names) > TAGS_MAX:
            raise ValidationError(f"At most {TAGS_MAX} tags.")
        if too_long := next((name for name in names if len(name) > TAG_CHARS), None):
            raise ValidationError(f"At most {TAG_CHARS} characters per tag: {too_long[:60]}")
        return ", ".join(names)

    def save(self, commit: bool = True) -> Candidate:
        """Save the row and its tags; a new candidate is in the first stage."""
        with transaction.atomic():
            if self.instance.pk is None:
                self.instance.stage = self.instance.opening.stages.current().first()
            candidate: Candidate = super().save(commit)
            wanted = {name for name in self.cleaned_data["tags"].split(", ") if name}
            candidate.tags.exclude(name__in=wanted).delete()
            known = set(candidate.tags.values_list("name", flat=True))
            CandidateTag.objects.bulk_create(CandidateTag(candidate=candidate, name=n) for n in sorted(wanted - known))
        return candidate

    def _post_clean(self) -> None:
        super()._post_clean()
        is_asked = "is_another" in self.fields and not self.errors
        alike = Candidate.objects.all().alike(self.instance) if is_asked else []
        if alike and not self.cleaned_data["is_another"]:
            names = get_text_list([f"{one}{f' ({one.email})' if one.email else ''}" for one in alike], "and")
            is_are = "is" if len(alike) == 1 else "are"
            self.add_error("is_another", f"{names} {is_are} already in this opening. Is this someone else?")
        elif "is_another" in self.fields and not alike:
            # Nothing to confirm: sent along unseen.
            self.fields["is_another"].widget = forms.HiddenInput()
