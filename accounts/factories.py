"""People for tests and demo data."""

import factory
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import Role


def _roles(*usual: Role) -> factory.PostGeneration:
    """The roles in `roles=[…]`, else the factory's default."""

    def join(user: User, create: bool, named: list[Role] | None, **_: object) -> None:
        if create and (named or usual):
            user.groups.set(Group.objects.filter(name__in=named or usual))

    return factory.PostGeneration(join)


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A person without a role who cannot sign in by password."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Faker("name")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    time_zone = "Europe/Malta"
    password = factory.LazyFunction(lambda: make_password(None))
    roles = _roles()


class InterviewerFactory(UserFactory):
    roles = _roles(Role.INTERVIEWER)


class HiringManagerFactory(UserFactory):
    """A hiring manager who interviews as well, as most do; `roles=[…]` for one who does not."""

    roles = _roles(Role.HIRING_MANAGER, Role.INTERVIEWER)


class CuratorFactory(UserFactory):
    roles = _roles(Role.CURATOR)


class AdministratorFactory(UserFactory):
    roles = _roles(Role.ADMINISTRATOR)
