"""Topics and questions, with points, anchors and references."""

import datetime as dt
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from editing.models import Edited
from editing.web_addresses import LENGTH, WebAddressField, address_constraint
from finding.folded import FoldedField, FoldedModel, FoldedQuerySet
from finding.searching import fold, words_of
from question_bank.models.search_texts import QuestionText
from question_bank.words import LabelField, StemsField

REVIEWED_FOR = dt.timedelta(days=365)
EXHIBIT_LINES = 40
EXHIBIT_LENGTH = 6_000  # characters
EXPECT_LENGTH = 120  # characters a line


def validate_exhibit(text: str) -> None:
    """Raises ValidationError for an exhibit that does not fit beside its question."""
    if (lines := text.count("\n") + 1) > EXHIBIT_LINES:
        raise ValidationError(f"An exhibit has at most {EXHIBIT_LINES} lines. This one has {lines}.")


def validate_expect(value: object) -> None:
    """Raises ValidationError unless this maps levels other than “any” to one short line each."""
    lines = value if isinstance(value, dict) and set(value) <= {level.value for level in LEVELS} else {"": ""}
    if not all(isinstance(line, str) and 0 < len(line) <= EXPECT_LENGTH for line in lines.values()):
        raise ValidationError("Write one short line for each level.")


class RatingStep(models.IntegerChoices):
    """The four-step scale of answers, for the whole bank, without a middle."""

    POOR = 1, "Poor"
    MIXED = 2, "Mixed"
    GOOD = 3, "Good"
    EXCELLENT = 4, "Excellent"


class TopicQuerySet(models.QuerySet["Topic"]):
    def current(self) -> Self:
        """Topics that are not merged into others; retired ones too."""
        return self.filter(merged_into=None)

    def to_choose(self, *, beside: "Topic | None" = None) -> Self:
        """Topics for a question: neither merged nor retired, plus its current one."""
        return self.filter(Q(merged_into=None, is_retired=False) | Q(pk=beside.pk if beside else None))


class Topic(Edited):
    """A part of the bank. Topics are flat and few. Seeded ones keep their row for good, so that an update of the
    built-in bank finds what curators made of them."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=60, unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_retired = models.BooleanField(default=False)
    # Its questions, also those of later updates, belong to that topic.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, editable=False, related_name="+")

    objects: ClassVar = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


# (primary key, parent's, position of its topic, position, topic, status) of a question.
Place = tuple[int, int | None, int, int, int, str]


class QuestionQuerySet(FoldedQuerySet["Question"]):
    def visible_to(self, user: User) -> Self:
        """Published questions for everybody signed in, all for curators."""
        return self if user.is_curator else self.published()

    def published(self) -> Self:
        return self.filter(status=Question.Status.PUBLISHED)

    def top_level(self) -> Self:
        return self.filter(parent=None)

    def matching(self, query: str) -> Self:
        """Questions whose texts and points contain every word of `query`; all if it is blank."""
        texts = QuestionText.objects.all()
        words = sorted(map(fold, words_of(query)), key=len, reverse=True)
        # Long words are rarer: what they rule out is not searched for the others.
        for word in words:
            texts = texts.filter(folded__contains=word)
        return self.filter(pk__in=texts.values("question")) if words else self

    def labelled(self, query: str) -> Self:
        """Questions whose label has every word of `query`; none if it is blank."""
        words = sorted(map(fold, words_of(query)), key=len, reverse=True)
        found = self
        for word in words:
            found = found.filter(folded_label__contains=word)
        return found if words else self.none()

    def at_level(self, level: str) -> Self:
        """Questions of exactly this level; all if it is blank."""
        return self.filter(level=level) if level else self

    def of_form(self, form: str) -> Self:
        """Questions of this form; all if it is blank."""
        return self.filter(form=form) if form else self

    def due(self, on: dt.date) -> Self:
        """Published questions to review: not reviewed within a year, or with an open suggestion."""
        is_old = Q(reviewed_on=None) | Q(reviewed_on__lte=on - REVIEWED_FOR)
        flagged = Question.objects.filter(suggestions__state="open").order_by().values("pk")
        return self.published().filter(is_old | Q(pk__in=flagged))

    def places(self) -> "models.QuerySet[Question, Any]":
        """A `Place` of each, in the order of siblings. Tuples: named ones would take a third of the list's time in a
        large bank."""
        return self.order_by("topic__position", "position", "pk").values_list(
            "pk", "parent_id", "topic__position", "position", "topic_id", "status"
        )

    def in_trees(self) -> Self:
        """Those that are or have follow-ups: in a large bank few."""
        above = Question.objects.exclude(parent=None).order_by().values("parent")
        return self.filter(Q(parent__isnull=False) | Q(pk__in=above))

    def to_pick(self, *, beside: "Question | None") -> Self:
        """Questions that another may suggest or follow: all that are not retired, plus its current ones."""
        wanted = ~Q(status=Question.Status.RETIRED)
        if beside is None:
            return self.filter(wanted)
        named = Point.objects.filter(question=beside, leads_to__isnull=False).values("leads_to")
        return self.filter(wanted | Q(pk__in=named) | Q(pk=beside.parent_id)).exclude(pk=beside.pk)

    def without_texts(self) -> Self:
        """Light rows, for choosing by the prompt in a bank of any size."""
        return self.defer("purpose", "guidance", "exhibit", "exhibit_says", "expect", "folded", "stems")

    def to_ask(self) -> Self:
        """Questions to add to a script: top-level and published."""
        return self.top_level().published()

    def with_parts(self) -> Self:
        """Prefetches everything a reader sees, in six queries for any number."""
        return self.select_related("topic", "parent").prefetch_related(
            "points__leads_to", "anchors", "references", "follow_ups"
        )


class Question(Edited, FoldedModel):
    """A question. With a parent it is a follow-up, asked under its condition."""

    class Kind(models.TextChoices):
        ANSWER = "answer", "Answer, rated"
        CONVERSATION = "conversation", "Conversation, not rated"

    class Level(models.TextChoices):
        ANY = "any", "Any level"
        JUNIOR = "junior", "Junior"
        MID = "mid", "Mid"
        SENIOR = "senior", "Senior"
        STAFF = "staff", "Staff"

    class Form(models.TextChoices):
        """Subject of the answer: knowledge, thinking, or past behaviour."""

        KNOWLEDGE = "knowledge", "Knowledge"
        DESIGN = "design", "Design"
        DEBUGGING = "debugging", "Debugging"
        BEHAVIOURAL = "behavioural", "Behavioural"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        REVIEW = "review", "In review"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    key = models.SlugField(max_length=80, unique=True, null=True, blank=True, editable=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="questions")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="follow_ups")
    condition = models.CharField(
        max_length=120, blank=True, help_text="For a follow-up: when it fits, such as “when caching comes up”."
    )
    prompt = models.TextField(help_text="As you would say it aloud.")
    purpose = models.TextField("why we ask", blank=True)
    guidance = models.TextField(blank=True, help_text="Only interviewers see this.")
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.ANSWER)
    level = models.CharField(max_length=8, choices=Level, default=Level.ANY)
    form = models.CharField(max_length=12, choices=Form, blank=True)
    exhibit = models.TextField(blank=True, max_length=EXHIBIT_LENGTH, validators=[validate_exhibit])
    # For people who cannot see the exhibit, and for a call without a shared screen.
    exhibit_says = models.CharField("exhibit in one sentence", max_length=200, blank=True)
    # {"junior": "names the loop", …}: what makes an answer Good at that level, if levels share a question.
    expect = models.JSONField("what to expect per level", default=dict, blank=True, validators=[validate_expect])
    minutes = models.PositiveSmallIntegerField(default=4)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    reviewed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    position = models.PositiveSmallIntegerField(default=0, help_text="Order within its topic, or under its parent.")
    # A duplicate: its records and statistics count for that question too.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, editable=False, related_name="merged")
    # A search reads QuestionText, which adds the points.
    folded = FoldedField("prompt", "purpose", "guidance", "condition")
    folded_label = LabelField("prompt")
    stems = StemsField("prompt")
    # SHA-256 of the seeded content; if the content has another digest, a curator changed it.
    seeded_digest = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["topic__position", "position", "pk"]
        # A row is wide: lists and counts of the whole bank read these instead.
        indexes = [
            models.Index(fields=["topic", "status", "position", "parent"], name="question_in_lists"),
            models.Index(fields=["status", "reviewed_on"], name="question_due"),
            models.Index(fields=["folded_label"], name="question_label"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1) & Q(minutes__lte=120),
                name="question_minutes_1_to_120",
                violation_error_message="Minutes are between 1 and 120.",
            ),
            models.CheckConstraint(condition=~Q(prompt=""), name="question_has_prompt"),
            models.CheckConstraint(
                condition=Q(exhibit="") | ~Q(exhibit_says=""),
                name="question_exhibit_is_described",
                violation_error_message="Describe the exhibit in one sentence.",
            ),
            models.CheckConstraint(condition=~Q(parent=models.F("pk")), name="question_not_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.prompt

    def get_absolute_url(self) -> str:
        return reverse("question-detail", args=[self.pk])

    @property
    def expectations(self) -> list[tuple[str, str]]:
        """`expect` as ("Junior", "names the loop") in order of level."""
        return in_level_order(self.expect)

    @property
    def is_answer(self) -> bool:
        return self.kind == self.Kind.ANSWER

    @property
    def is_draft(self) -> bool:
        """Never published: a draft, or one that waits for approval."""
        return self.status in NEVER_PUBLISHED

    @property
    def is_in_review(self) -> bool:
        return self.status == self.Status.REVIEW

    @property
    def is_retired(self) -> bool:
        return self.status == self.Status.RETIRED

    @property
    def is_published(self) -> bool:
        return self.status == self.Status.PUBLISHED


NEVER_PUBLISHED = (Question.Status.DRAFT, Question.Status.REVIEW)
# Levels that `expect` may name.
LEVELS = [level for level in Question.Level if level != Question.Level.ANY]


def in_level_order(expect: dict[str, str]) -> list[tuple[str, str]]:
    """What to expect per level as (label, line), junior first."""
    return [(str(level.label), expect[level.value]) for level in LEVELS if level.value in expect]


class Point(FoldedModel):
    """Something to listen for in the answer."""

    class Kind(models.TextChoices):
        BROWNIE = "brownie", "Brownie point"
        WATCH_OUT = "watch_out", "Watch-out"
        CUE = "cue", "Cue"

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="points")
    text = models.CharField(max_length=240)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.BROWNIE)
    leads_to = models.ForeignKey(
        Question,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="cued_by",
        help_text="The question suggested when this point is heard.",
    )
    position = models.PositiveSmallIntegerField(default=0)
    folded = FoldedField("text")

    objects: ClassVar[Any] = FoldedQuerySet["Point"].as_manager()

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text


class Anchor(models.Model):
    """What one rating looks like for one question, in up to twelve words."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="anchors")
    rating = models.PositiveSmallIntegerField(choices=RatingStep)
    text = models.CharField(max_length=160)

    class Meta:
        ordering = ["rating"]
        constraints = [
            models.UniqueConstraint(fields=["question", "rating"], name="anchor_once_per_rating"),
            models.CheckConstraint(condition=Q(rating__gte=1) & Q(rating__lte=4), name="anchor_rating_1_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.get_rating_display()}: {self.text}"


class Reference(models.Model):
    """Reading for a question: a page with its URL, or a book or talk without one."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="references")
    title = models.CharField(max_length=200)
    author = models.CharField(max_length=120, blank=True)
    url = WebAddressField("address", max_length=LENGTH, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [address_constraint("url", name="reference_url_is_http")]

    def __str__(self) -> str:
        return self.title
