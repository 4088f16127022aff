"""Scripts: top-level questions in timed sections, with gates between them."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import User
from editing.models import Edited
from finding.searching import with_words
from question_bank.models.questions import Question


class ScriptQuerySet(models.QuerySet["Script"]):
    def visible_to(self, user: User) -> Self:
        """Active scripts for everybody signed in; for curators also retired ones and those never published."""
        return self if user.is_curator else self.current()

    def about(self, words: str) -> Self:
        """Scripts with every one of these words in their name or purpose."""
        return with_words(self, words, "name", "purpose")

    def current(self) -> Self:
        """Published scripts that are not retired."""
        return self.filter(is_retired=False, version__gt=0)

    def usable(self, *, without: Question | None = None) -> Self:
        """Scripts a new interview may use: active, with a published question other than `without`."""
        questions = Question.objects.published()
        if without:
            questions = questions.exclude(pk=without.pk)
        return self.current().filter(
            Exists(ScriptItem.objects.filter(section__script=OuterRef("pk"), question__in=questions))
        )

    def holding(self, question: int) -> Self:
        """Scripts with this top-level question."""
        return self.filter(Exists(ScriptItem.objects.filter(section__script=OuterRef("pk"), question=question)))

    def with_totals(self) -> Self:
        """Annotates `minutes` and `questions`, the number of top-level questions of a new interview."""
        sections = Section.objects.filter(script=OuterRef("pk")).order_by().values("script")
        items = ScriptItem.objects.filter(section__script=OuterRef("pk"), question__status=Question.Status.PUBLISHED)
        questions = items.order_by().values("section__script")
        return self.annotate(
            minutes=Coalesce(Subquery(sections.annotate(total=Sum("minutes")).values("total")), 0),
            questions=Coalesce(Subquery(questions.annotate(total=Count("pk")).values("total")), 0),
        )

    def with_parts(self) -> Self:
        """With sections, items and their questions, for reading and for freezing; and with the draft."""
        items = ScriptItem.objects.select_related("question__topic")
        return self.select_related("draft__changed_by").prefetch_related(
            models.Prefetch("sections", Section.objects.prefetch_related(models.Prefetch("items", items)))
        )


class Script(Edited):
    """Its sections and items are the published version, the only one that interviews use. What curators write before
    publishing it is in its draft."""

    key = models.SlugField(max_length=80, unique=True, null=True, blank=True, editable=False)
    name = models.CharField(max_length=120, unique=True)
    purpose = models.TextField("why we ask", blank=True)
    level = models.CharField(max_length=8, choices=Question.Level, default=Question.Level.ANY)
    slot = models.PositiveSmallIntegerField("slot in minutes", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False, help_text="0 until it is first published.")
    is_retired = models.BooleanField(default=False)
    seeded_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar = ScriptQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(slot=None) | Q(slot__gte=5) & Q(slot__lte=480),
                name="script_slot_5_to_480",
                violation_error_message="A slot has between 5 and 480 minutes.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("script-detail", args=[self.pk])

    @property
    def is_published(self) -> bool:
        """Whether it was ever published."""
        return self.version > 0

    @property
    def has_draft(self) -> bool:
        """Whether something waits to be published."""
        return getattr(self, "draft", None) is not None


class ScriptDraft(Edited):
    """What curators wrote in a script since its last publication."""

    script = models.OneToOneField(Script, on_delete=models.CASCADE, related_name="draft")
    content = models.JSONField(help_text="As `WantedScript.as_content` writes it.")

    def __str__(self) -> str:
        return f"Draft of {self.content['name']}"


class Section(models.Model):
    """A timed part of a script. The panel decides at its gate whether to continue; the gate also blocks every later
    section, but never the candidate's own questions (ADR 3)."""

    script = models.ForeignKey(Script, on_delete=models.CASCADE, related_name="sections")
    title = models.CharField(max_length=80)
    minutes = models.PositiveSmallIntegerField()
    gate = models.CharField(
        max_length=120,
        blank=True,
        help_text="What the panel decides before this section, such as “Continue to Django?”.",
    )
    is_for_candidate = models.BooleanField(
        "the candidate’s own questions", default=False, help_text="Its minutes are reserved at the end of the call."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1) & Q(minutes__lte=240),
                name="section_minutes_1_to_240",
                violation_error_message="Minutes are between 1 and 240.",
            )
        ]

    def __str__(self) -> str:
        return self.title


class RuleQuerySet(models.QuerySet["Rule"]):
    def in_force(self, script: int | None) -> Self:
        """The ground rules of an interview with this script (its primary key): those for all, then its own."""
        return self.filter(Q(script=None) | Q(script=script), is_removed=False).order_by(
            models.F("script").asc(nulls_first=True), "position", "pk"
        )

    def of(self, script: Script | None) -> Self:
        """The rules of this script alone, or those for all."""
        return self.filter(script=script, is_removed=False)


class Rule(Edited):
    """A ground rule, for interviews with one script or with any."""

    script = models.ForeignKey(Script, on_delete=models.CASCADE, null=True, editable=False, related_name="rules")
    title = models.CharField(max_length=80)
    text = models.TextField()
    position = models.PositiveSmallIntegerField()
    # As for questions: a seeded rule that a curator changed or removed is left alone by updates.
    key = models.SlugField(max_length=80, unique=True, null=True, editable=False)
    seeded_digest = models.CharField(max_length=64, blank=True, editable=False)
    is_removed = models.BooleanField(default=False, editable=False)

    objects: ClassVar = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title


class ScriptItem(models.Model):
    """A top-level question in a section; its follow-ups come with it."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="items")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="script_items")
    is_must_ask = models.BooleanField("must ask", default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["section", "question"], name="script_item_once_per_section")]

    def __str__(self) -> str:
        return str(self.question)
