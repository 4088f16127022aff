import datetime as dt
import uuid
import zoneinfo
from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.roles import Role
from editing.models import Edited


def validate_time_zone(name: str) -> None:
    """Raises ValidationError for a name that is not in the time zone database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError("%(name)s is not a time zone.", params={"name": name})


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_role(self, role: Role) -> Self:
        """Active people with the role, by name."""
        return self.active().filter(groups__name=role).order_by("name", "email")

    def interviewers(self, *, including: Collection[int] = ()) -> Self:
        """Active interviewers, plus people with these primary keys, by name."""
        return self._choosable(Role.INTERVIEWER, including=including)

    def hiring_managers(self, *, including: Collection[int] = ()) -> Self:
        return self._choosable(Role.HIRING_MANAGER, including=including)

    def _choosable(self, *roles: Role, including: Collection[int]) -> Self:
        with_role = Exists(Group.objects.filter(name__in=roles, user=OuterRef("pk")))
        return self.filter(Q(with_role, is_active=True) | Q(pk__in=including)).order_by("name", "email")

    def for_people(self) -> Self:
        """All people with their roles, for the administrators' page."""
        return self.prefetch_related("groups").order_by("-is_active", "name", "email")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, email: str | None) -> "User":
        """Find by email, ignoring case."""
        user: User = self.get(email__iexact=email)
        return user

    def create_user(
        self, email: str, password: str | None = None, *, roles: tuple[Role, ...] = (), **fields: Any
    ) -> "User":
        """Create a person with `roles`. Without a password they cannot sign in until one is set."""
        user: User = self.model(email=self.normalize_email(email).strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        user.groups.set(Group.objects.filter(name__in=roles))
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """For `createsuperuser`: an administrator. Superusers bypass no check."""
        return self.create_user(email, password, roles=(Role.ADMINISTRATOR,), **fields)


class User(Edited, AbstractBaseUser, PermissionsMixin):
    """A person who uses the product; signs in by email."""

    email = models.EmailField("email", max_length=254, unique=True)
    name = models.CharField("name", max_length=120)
    time_zone = models.CharField(
        "time zone",
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text="Set from the browser at the first sign-in.",
    )
    has_keys_on = models.BooleanField("single-key shortcuts on the live page", default=True)
    is_active = models.BooleanField("active", default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="This email is already in use.",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    @property
    def short_name(self) -> str:
        """The first word of the name, for narrow places."""
        return str(self).split()[0]

    @property
    def initials(self) -> str:
        words = str(self).split()
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()

    @cached_property
    def roles(self) -> frozenset[str]:
        """Names of the person's roles; cached, one query per request."""
        return frozenset(group.name for group in self.groups.all())

    @property
    def role_list(self) -> list[str]:
        """The roles in their own order, for reading."""
        return [role for role in Role.values if role in self.roles]

    @property
    def is_interviewer(self) -> bool:
        return Role.INTERVIEWER in self.roles

    @property
    def is_hiring_manager(self) -> bool:
        return Role.HIRING_MANAGER in self.roles

    @property
    def is_curator(self) -> bool:
        return Role.CURATOR in self.roles

    @property
    def is_administrator(self) -> bool:
        return Role.ADMINISTRATOR in self.roles

    def set_time_zone(self, name: str) -> None:
        """Save the zone. Raises ValidationError for an unknown name."""
        validate_time_zone(name)
        self.time_zone = name
        self.save(update_fields=["time_zone"])


class MailQuerySet(models.QuerySet["Mail"]):
    def claimable(self, at: dt.datetime) -> Self:
        """Waiting emails without a lease, or with an expired one."""
        return self.filter(Q(lease_until=None) | Q(lease_until__lt=at), given_up_at=None)

    def due(self, at: dt.datetime) -> Self:
        """Emails to send now, oldest first."""
        return self.claimable(at).filter(try_at__lte=at).order_by("created_at", "pk")

    def given_up(self) -> Self:
        return self.exclude(given_up_at=None).order_by("-given_up_at", "-pk")


class Mail(models.Model):
    """An email that has not been sent yet; see `accounts.mail`."""

    # Longer than a slow mail server needs for a whole message.
    LEASE = dt.timedelta(minutes=3)

    kind = models.CharField(max_length=40)
    to = models.EmailField()
    subject = models.CharField(max_length=400)
    text = models.TextField()
    attachments = models.JSONField(default=list)
    message_id = models.UUIDField(default=uuid.uuid4)
    created_at = models.DateTimeField()
    try_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=240, blank=True, help_text="In words for administrators.")

    objects: ClassVar = MailQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["given_up_at", "try_at"])]

    @property
    def about(self) -> str:
        """Its kind in words, without names: "Due reminder"."""
        return self.kind.replace("_", " ").capitalize()

    def claim(self, *, at: dt.datetime) -> bool:
        """Take a lease on it. False if another worker holds one, or it was sent."""
        mine = Mail.objects.filter(pk=self.pk).claimable(at)
        taken = mine.update(lease_until=at + self.LEASE, attempts=F("attempts") + 1)
        if taken:
            self.refresh_from_db(fields=["lease_until", "attempts"])
        return bool(taken)

    def wait(self, *, until: dt.datetime, failure: str) -> None:
        """Schedule the next attempt. Does nothing if it was discarded meanwhile."""
        Mail.objects.filter(pk=self.pk).update(try_at=until, failure=failure, lease_until=None)

    def give_up(self, *, at: dt.datetime, failure: str) -> None:
        """Stop retrying until an administrator sends it again."""
        self.failure = failure
        Mail.objects.filter(pk=self.pk).update(given_up_at=at, failure=failure, lease_until=None)

    def requeue(self, *, at: dt.datetime) -> None:
        """Start over, after the cause was fixed."""
        self.given_up_at, self.attempts, self.created_at, self.try_at = None, 0, at, at
        self.save(update_fields=["given_up_at", "attempts", "created_at", "try_at"])
