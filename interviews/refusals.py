"""Why a command or a form was not taken: a sentence for the person, a word for the program, the HTTP status."""


class Refused(Exception):
    """Nothing was changed. `str()` is the sentence that the person reads."""

    status = 422
    code = "invalid"

    @property
    def headers(self) -> dict[str, str]:
        """Those of an answer with this refusal."""
        return {}


class Malformed(Refused):
    """Not a command at all."""

    status = 400
    code = "malformed"


class SignedOut(Refused):
    """Not the person for whom the page was opened; the page keeps what it has until they sign in again."""

    status = 401
    code = "signed-out"


class NotAllowed(Refused):
    """Seen, but not theirs to do."""

    status = 403
    code = "not-allowed"


class NotThere(Refused):
    """Does not exist, or not for this person."""

    status = 404
    code = "not-there"


class WrongTime(Refused):
    """Too early, or too late."""

    status = 409
    code = "wrong-time"


class Missing(WrongTime):
    """Too early: something that the same page did before has not arrived. It sends that first, and then this anew."""

    code = "missing"


class TooLate(WrongTime):
    """Their scorecard is submitted: what they send now is kept beside it, not in it."""


class TooLarge(Refused):
    """More than is kept."""

    status = 413
    code = "too-large"


class TooMany(Refused):
    """More at a time than is fair to the others. The same sent later is taken, after `retry_after` seconds if known."""

    status = 429
    code = "too-many"

    def __init__(self, words: str, *, retry_after: int | None = None) -> None:
        super().__init__(words)
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)} if self.retry_after is not None else {}


class Invalid(Refused):
    """Understood, but cannot be."""
