"""Tells people the answers to their suggestions, and to points and questions that they noted in calls.

The bank knows nothing of notices: they register for it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from accounts.models import User

_tellers: list[Callable[["Answer"], None]] = []


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An act of a curator that one person is told."""

    person: User
    by: User
    at: dt.datetime
    # One line for lists, and the path of the page that it is about.
    words: str
    path: str
    # The template of its email, and what that needs.
    template: str
    context: Mapping[str, object]


def tell_answers_by(teller: Callable[[Answer], None]) -> Callable[[Answer], None]:
    """Registers a function that tells the person, in the transaction of the act."""
    _tellers.append(teller)
    return teller


def tell(answer: Answer) -> None:
    """Tell the person, unless it is their own act or they have no access."""
    if answer.person == answer.by or not answer.person.is_active:
        return
    for teller in _tellers:
        teller(answer)
