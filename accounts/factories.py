"""People for tests and demo data."""

import factory
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import Role


class UserFactory(factory.django.DjangoModelFactory):
    """A person without a role; pass `roles=[Role.CURATOR]` or use the factories below."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Faker("name")
    email = factory.Sequence(lambda n: f"person{n}@example.org")
    time_zone = "Europe/Malta"

    @factory.post_generation
    def roles(self, create: bool, extracted: list[Role] | None, **kwargs: object) -> None:
        if create and extracted:
            self.groups.set(Group.objects.filter(name__in=extracted))


class InterviewerFactory(UserFactory):
    roles = [Role.INTERVIEWER]


class HiringManagerFactory(UserFactory):
    roles = [Role.HIRING_MANAGER]


class CuratorFactory(UserFactory):
    roles = [Role.CURATOR]


class AdministratorFactory(UserFactory):
    roles = [Role.ADMINISTRATOR]
