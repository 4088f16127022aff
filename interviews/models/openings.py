"""Openings and the candidates for them."""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from editing.models import Edited
from editing.web_addresses import LENGTH, WebAddressField, address_constraint, check_address
from finding.folded import FoldedField, FoldedModel, FoldedQuerySet
from finding.searching import Fold, fold, has_word, with_folded_words, with_words
from question_bank.models import Topic

if TYPE_CHECKING:
    from interviews.models.stages import CandidateChange, Stage


class BlindPolicy(models.TextChoices):
    """When a panelist may read the others' scorecards, from the mildest to the strictest."""

    AFTER_OWN = "after_own", "After submitting their own"
    AFTER_ALL = "after_all", "After everyone has submitted"
    NEVER = "never", "Never"

    @classmethod
    def as_strict_as(cls, policy: str) -> "list[BlindPolicy]":
        """This policy and the stricter ones."""
        return list(cls)[list(cls).index(cls(policy)) :]


LINKS_MAX, LINKS_CHARS, NOTES_CHARS = 30, 6_000, 10_000


def validate_links(text: str) -> None:
    """One web address a line."""
    if len(text.split("\n")) > LINKS_MAX:
        raise ValidationError(f"At most {LINKS_MAX} links.")
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), start=1):
        try:
            check_address(line)
        except ValidationError:
            raise ValidationError(
                "Line %(number)s is not a web address: %(line)s", params={"number": number, "line": line[:80]}
            ) from None


class OpeningQuerySet(models.QuerySet["Opening"]):
    def visible_to(self, user: User) -> Self:
        """Openings belong to their hiring managers."""
        return self.managed_by(user)

    def managed_by(self, user: User) -> Self:
        """Only managers who may sign in and still have the role."""
        return self.filter(managers=user, managers__is_active=True, managers__groups__name=Role.HIRING_MANAGER)

    def managed_only_by(self, user: User) -> Self:
        """Openings that only this person manages."""
        return self.managed_by(user).without_manager(but=user)

    def real(self) -> Self:
        """Without those of practice calls, which nobody manages."""
        return self.filter(is_practice=False)

    def without_manager(self, *, but: User | None = None) -> Self:
        """Openings without an active hiring manager other than `but`."""
        managers = User.objects.with_role(Role.HIRING_MANAGER).filter(openings=models.OuterRef("pk"))
        return self.real().exclude(models.Exists(managers.exclude(pk=but.pk) if but else managers))

    def with_current_managers(self) -> Self:
        """Each with `current_managers` and `is_unmanaged`, those without a manager first; two queries."""
        managers = User.objects.with_role(Role.HIRING_MANAGER)
        # A CASE can be compared, as a list by key does; NOT EXISTS cannot.
        is_managed = models.Exists(managers.filter(openings=models.OuterRef("pk")))
        return (
            self.real()
            .annotate(is_unmanaged=models.Case(models.When(is_managed, then=False), default=True))
            .prefetch_related(models.Prefetch("managers", managers, to_attr="current_managers"))
            .annotate(is_closed=models.ExpressionWrapper(models.Q(closed_at__isnull=False), models.BooleanField()))
            .order_by("-is_unmanaged", "is_closed", "title", "pk")
        )

    def current(self) -> Self:
        return self.filter(closed_at=None)

    def about(self, words: str) -> Self:
        """Openings with every one of these words in their role or team."""
        return with_words(self, words, "title", "team")

    def titled(self, word: str) -> Self:
        """Openings with this folded word in their role, for a subquery: openings are few, candidates many."""
        return self.alias(folded_title=Fold("title")).filter(has_word(word, "folded_title")).order_by()

    def for_list(self, at: dt.datetime) -> Self:
        """Open ones first, with the number of candidates and the next interview after `at`; one query."""
        from interviews.models.interviews import Interview  # the two modules name each other

        ahead = Interview.objects.filter(opening=models.OuterRef("pk"), status=Interview.Status.SCHEDULED)
        ahead = ahead.filter(scheduled_for__gt=at)
        candidates = Candidate.objects.filter(opening=models.OuterRef("pk")).order_by().values("opening")
        return self.annotate(
            is_closed=models.ExpressionWrapper(models.Q(closed_at__isnull=False), models.BooleanField()),
            candidate_count=Coalesce(models.Subquery(candidates.annotate(n=models.Count("pk")).values("n")), 0),
            next_interview_at=models.Subquery(ahead.order_by("scheduled_for").values("scheduled_for")[:1]),
        ).order_by("is_closed", "title", "pk")


class Opening(Edited):
    """A role that is being hired for."""

    title = models.CharField("role", max_length=120)
    team = models.CharField(max_length=80, blank=True)
    managers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="openings", verbose_name="hiring managers")
    blind_policy = models.CharField(
        "when panelists can see each other’s scorecards",
        max_length=10,
        choices=BlindPolicy,
        default=BlindPolicy.AFTER_OWN,
    )
    # Fully blind: heard and unlisted points stay private during the call as well.
    is_fully_blind = models.BooleanField("hide which points the others heard", default=False)
    # Markdown, which the panel reads before the call.
    description = models.TextField("about the role", max_length=NOTES_CHARS, blank=True)
    look_for = models.TextField("what to look for", max_length=NOTES_CHARS, blank=True)
    # As chosen. Read `wanted_topics`, since topics are merged.
    topics = models.ManyToManyField(Topic, blank=True, related_name="+", verbose_name="topics to cover")
    # An incoming webhook of a chat. The address is a secret: anyone who has it can post there.
    hook_url = models.CharField("webhook address", max_length=500, blank=True)
    hook_has_names = models.BooleanField("name candidates in its messages", default=False)
    # Why the last message was not taken, in words.
    hook_failure = models.CharField(max_length=240, blank=True, editable=False)
    # Copied into interviews when they are scheduled.
    call_link = WebAddressField("call link", max_length=LENGTH, blank=True)
    # Of one practice call, with an invented candidate: nobody manages it, and it counts nowhere.
    is_practice = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar = OpeningQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [address_constraint("call_link", name="opening_call_link_is_http")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("opening-detail", args=[self.pk])

    @property
    def wanted_topics(self) -> list[Topic]:
        """The topics to cover, in order; for merged ones those that they became. Of several openings, prefetch
        `topics__merged_into`."""
        wanted = {topic.merged_into or topic for topic in self.topics.all()}
        return sorted(wanted, key=lambda topic: (topic.position, topic.name))

    def current_managers_but(self, person: User) -> models.QuerySet[User]:
        """The managers who may still manage it, without this person."""
        managers: models.QuerySet[User] = User.objects.with_role(Role.HIRING_MANAGER).filter(openings=self)
        return managers.exclude(pk=person.pk)

    def close(self, *, at: dt.datetime) -> None:
        self.closed_at = at
        self.save(update_fields=["closed_at"])

    def reopen(self) -> None:
        self.closed_at = None
        self.save(update_fields=["closed_at"])


class CandidateQuerySet(FoldedQuerySet["Candidate"]):
    def visible_to(self, user: User) -> Self:
        """Candidates of openings the user manages, and of interviews whose panel they are on; no invented ones."""
        return self.filter(
            # Once, not row by row: they are few.
            models.Q(opening__in=Opening.objects.managed_by(user).values("pk"))
            | models.Exists(self._panels().filter(user=user))
        )

    def managed_by(self, user: User) -> Self:
        return self.filter(opening__in=Opening.objects.managed_by(user))

    def progress_open_to(self, user: User) -> Self:
        """Candidates of whom `user` may know stage and outcome, which tell what was decided: as a manager of the
        opening, unless their own scorecard about the candidate is still missing."""
        from interviews.models.interviews import Interview  # the two modules name each other
        from interviews.models.panelists import Panelist

        # Both are read once, not for each candidate.
        asked = Panelist.objects.filter(
            interview__status__in=[Interview.Status.LIVE, Interview.Status.ENDED], user=user
        ).exclude(scorecard__submitted_at__isnull=False)
        managed = Opening.objects.managed_by(user).order_by().values("pk")
        return self.filter(opening__in=managed).exclude(pk__in=asked.order_by().values("interview__candidate"))

    def still_open_to(self, user: User) -> Self:
        """Candidates who have not withdrawn, and were not hired or rejected as far as `user` may know."""
        known = Candidate.objects.progress_open_to(user).filter(pk=models.OuterRef("pk"))
        return self.filter(models.Q(outcome="") | ~models.Exists(known), withdrew_at=None)

    def about(self, words: str) -> Self:
        """Candidates with every one of these words in their name, email or opening."""
        return with_folded_words(
            self,
            words,
            lambda word: (
                has_word(word, "folded_name", "folded_email") | models.Q(opening__in=Opening.objects.titled(word))
            ),
        )

    def same_person(self, candidate: "Candidate") -> Self:
        """Candidates with the same email in any opening, newest first; none if it is blank."""
        found = self.filter(email__iexact=candidate.email) if candidate.email else self.none()
        return found.exclude(pk=candidate.pk).order_by("-created_at", "-pk")

    def alike(self, candidate: "Candidate") -> list["Candidate"]:
        """Candidates of the same opening with the same email, or with the same name but for case and accents."""
        others = self.filter(opening=candidate.opening_id).exclude(pk=candidate.pk)
        same_email = models.Q(email__iexact=candidate.email) if candidate.email else models.Q(pk=None)
        return list(others.filter(same_email | models.Q(folded_name=fold(candidate.name))).order_by("pk")[:3])

    def with_interviews(self, reader: User) -> Self:
        """Each with the interviews that `reader` may see, panels, scorecards’ states, outcomes; constant queries."""
        from interviews.models.interviews import Interview  # the two modules name each other

        interviews = Interview.objects.visible_to(reader).with_people().with_outcome(reader).in_order()
        return self.prefetch_related(models.Prefetch("interviews", interviews))

    @staticmethod
    def _panels() -> models.QuerySet[Any]:
        from interviews.models.panelists import Panelist  # the two modules name each other

        return Panelist.objects.real().with_access().filter(interview__candidate=models.OuterRef("pk"))


class Candidate(Edited, FoldedModel):
    """A candidate for one opening. They never sign in and are never sent anything."""

    class Outcome(models.TextChoices):
        HIRED = "hired", "Hired"
        REJECTED = "rejected", "Rejected"

    opening = models.ForeignKey(Opening, on_delete=models.PROTECT, related_name="candidates")
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    links = models.TextField(
        max_length=LINKS_CHARS,
        blank=True,
        validators=[validate_links],
        help_text="One address per line: CV, profile, code.",
    )
    assignment_url = WebAddressField(
        "assignment", max_length=LENGTH, blank=True, help_text="Opens beside the related question."
    )
    notes = models.TextField(
        max_length=NOTES_CHARS, blank=True, help_text="The panel sees these notes before the call."
    )
    # Where they come from. Like tags and stage, for managers only: the panel shall not be swayed.
    source = models.CharField(max_length=80, blank=True)
    # For them, as the manager will pass it on.
    feedback = models.TextField("feedback for the candidate", max_length=NOTES_CHARS, blank=True)
    created_at = models.DateTimeField(editable=False)
    # Withdrawn: nothing is planned for them, and there is nothing to decide.
    withdrew_at = models.DateTimeField(null=True, editable=False)
    withdraw_reason = models.CharField(max_length=240, blank=True, editable=False)
    # Null only in an opening without stages. Stage and outcome are read through `progress_open_to`.
    stage = models.ForeignKey(
        "interviews.Stage", on_delete=models.PROTECT, null=True, editable=False, related_name="candidates"
    )
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, editable=False)
    outcome_at = models.DateTimeField(null=True, editable=False)
    outcome_reason = models.CharField(max_length=240, blank=True, editable=False)
    folded_name = FoldedField("name")
    folded_email = FoldedField("email")

    objects: ClassVar = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            address_constraint("assignment_url", name="candidate_assignment_is_http"),
            models.CheckConstraint(
                condition=models.Q(outcome="", outcome_at=None)
                | models.Q(outcome__in=["hired", "rejected"], outcome_at__isnull=False),
                name="candidate_outcome_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("candidate-detail", args=[self.pk])

    @property
    def decided_words(self) -> str:
        """ "Decline": the latest decision in `latest_choice`, an annotation; "" without one."""
        from interviews.models.debriefs import Decision  # the two modules name each other

        choice = getattr(self, "latest_choice", None)
        return str(Decision.Choice(choice).label) if choice else ""

    def move_to(self, stage: "Stage", *, by: User, at: dt.datetime) -> None:
        """Put the candidate into a stage, and note it; nothing if they are there already."""
        if self.stage_id == stage.pk:
            return
        was, self.stage = self.stage, stage
        self.save(update_fields=["stage"])
        self.note("stage", was=str(was or ""), now=str(stage), by=by, at=at)

    def settle(self, outcome: str, *, reason: str, by: User, at: dt.datetime) -> None:
        """Say that the candidate was hired or rejected, and note it; nothing if that was said before, in these words
        or without any now."""
        if self.outcome == outcome and reason in ("", self.outcome_reason):
            return
        self.outcome, self.outcome_at, self.outcome_reason = outcome, at, reason[:240]
        self.save(update_fields=["outcome", "outcome_at", "outcome_reason"])
        self.note(outcome, reason=reason, by=by, at=at)

    def reinstate(self, *, by: User, at: dt.datetime, outcome: bool = True, withdrawal: bool = True) -> None:
        """Undo an outcome, a withdrawal, or both, and note it."""
        had_outcome, had_withdrawn = outcome and bool(self.outcome), withdrawal and self.withdrew_at is not None
        if had_outcome:
            self.outcome, self.outcome_at, self.outcome_reason = "", None, ""
        if had_withdrawn:
            self.withdrew_at, self.withdraw_reason = None, ""
        if had_outcome or had_withdrawn:
            self.save(update_fields=["outcome", "outcome_at", "outcome_reason", "withdrew_at", "withdraw_reason"])
            self.note("reinstated", by=by, at=at)

    def note(
        self, kind: str, *, by: User, at: dt.datetime, was: str = "", now: str = "", reason: str = ""
    ) -> "CandidateChange":
        """Add to the candidate's history."""
        row: CandidateChange = self.changes.create(kind=kind, was=was[:120], now=now[:120], reason=reason, by=by, at=at)
        return row

    @property
    def link_list(self) -> list[str]:
        return [line.strip() for line in self.links.splitlines() if line.strip()]
