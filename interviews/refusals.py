"""Refusals of a command or form: a sentence for the person, a code for the program, and the HTTP status."""


class Refused(Exception):
    """Nothing was changed. `str()` is the sentence for the person."""

    status = 422
    code = "invalid"

    @property
    def headers(self) -> dict[str, str]:
        """HTTP headers for the answer."""
        return {}


class Malformed(Refused):
    """The request is not a command."""

    status = 400
    code = "malformed"


class SignedOut(Refused):
    """Another person is signed in than the one who opened the page. The page stores its changes until they return."""

    status = 401
    code = "signed-out"


class NotAllowed(Refused):
    """The person may see it, but not do this."""

    status = 403
    code = "not-allowed"


class NotThere(Refused):
    """It does not exist, or the person may not see it."""

    status = 404
    code = "not-there"


class WrongTime(Refused):
    """Too early, or too late."""

    status = 409
    code = "wrong-time"


class Missing(WrongTime):
    """An earlier command of the same page has not arrived. The page sends that first, then this one again."""

    code = "missing"


class TooLate(WrongTime):
    """The scorecard is submitted; the command is stored as a late one."""


class TooLarge(Refused):
    """It is larger than the limit."""

    status = 413
    code = "too-large"


class TooMany(Refused):
    """Too many at once. The same request succeeds later, after `retry_after` seconds if known."""

    status = 429
    code = "too-many"

    def __init__(self, words: str, *, retry_after: int | None = None) -> None:
        super().__init__(words)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)} if self.retry_after is not None else {}


class Invalid(Refused):
    """It is well-formed, but not valid."""
