import zoneinfo
from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.roles import Role
from accounts.time_zones import zone_or_none
from editing.models import Edited
from finding.searching import with_words


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

    def about(self, words: str) -> Self:
        """People with every one of these words in their name or email."""
        return with_words(self, words, "name", "email")

    def for_people(self) -> Self:
        """All people with their roles, for the administrators' page."""
        return self.prefetch_related("groups").order_by("-is_active", "name", "email")


_UserManager = BaseUserManager.from_queryset(UserQuerySet)


class UserManager(_UserManager["User"]):
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

    @property
    def zone(self) -> zoneinfo.ZoneInfo | None:
        """None if the person has no time zone, or one that this machine does not know."""
        return zone_or_none(self.time_zone)

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
