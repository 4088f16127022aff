"""A browser test shows several promises on one page: opening another costs more than most of them."""

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def step(promise: str) -> Iterator[None]:
    """A failure in here names the promise."""
    try:
        yield
    except Exception as error:
        error.add_note(f"Step: {promise}")
        raise
