"""Sign-in by email and password, and the person of each request."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from accounts.models import User

_BY_KEY = "SELECT * FROM accounts_user WHERE id = %s"


class Backend(ModelBackend):
    """Django's, but each request finds its person by SQL that the ORM does not compile anew: a tenth of a tick."""

    def get_user(self, user_id: Any) -> User | None:
        user = next(iter(User.objects.raw(_BY_KEY, [user_id])), None)
        return user if user is not None and self.user_can_authenticate(user) else None
