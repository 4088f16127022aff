"""Why a command or a form was not taken: a sentence for the person, a word for the program, the HTTP status."""


class Refused(Exception):
    """Nothing was changed. `str()` is the sentence that the person reads."""

    status = 422
    code = "invalid"


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
    """More at a time than is fair to the others."""

    status = 429
    code = "too-many"


class Invalid(Refused):
    """Understood, but cannot be."""
