"""Topics that scripts should cover, because open roles look for them.

The bank knows nothing of openings: they register what they look for."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from accounts.models import User
from question_bank.models import Question, Topic


@dataclass(frozen=True)
class WantedTopics:
    # The role that looks for them; blank if the reader may not know it.
    role: str
    topics: tuple[Topic, ...]


# Takes the primary key of a script, that of a role it is begun for, and the reader.
Source = Callable[[int | None, int | None, User], Iterable[WantedTopics]]
_sources: list[Source] = []


def want_topics_by(source: Source) -> Source:
    """Registers where wanted topics come from."""
    _sources.append(source)
    return source


def topics_left_out(
    asked: Collection[Question], *, script: int | None, role: int | None, reader: User
) -> Iterator[str]:
    """For each role that uses the script, or that it is begun for: the topics without a question, in a sentence.
    Retired topics are left out; they get no new questions."""
    found = [wanted for source in _sources for wanted in source(script, role, reader)]
    if not found:
        return
    covered = {question.topic_id for question in asked}
    unnamed: dict[Topic, None] = {}
    for wanted in found:
        left = [topic for topic in wanted.topics if topic.pk not in covered and not topic.is_retired]
        if wanted.role and left:
            yield f"{wanted.role} should also cover {', '.join(map(str, left))}."
        elif not wanted.role:
            unnamed |= dict.fromkeys(left)
    if unnamed:
        yield f"An opening that uses this script should also cover {', '.join(map(str, unnamed))}."
