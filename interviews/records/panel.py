"""The submitted scorecards of one interview that a reader may see, with what every part of a page needs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from interviews.records.local_times import Zone
from interviews.records.reading import Submission, facts
from interviews.records.snapshot_types import Snapshot


@dataclass(frozen=True)
class Panel:
    """At least one submission, in the order in which they are shown."""

    submitted: Sequence[Submission]

    @cached_property
    def newest(self) -> Snapshot:
        """The snapshot submitted last: it knows all that was asked."""
        return facts(self.submitted)

    @cached_property
    def zone(self) -> Zone:
        """The time zone in which the interview was planned."""
        return Zone(self.newest["interview"]["time_zone"])

    @cached_property
    def names(self) -> dict[int, str]:
        """First names by panelist, or whole names where two share the first one."""
        authors = [one.snapshot["author"] for one in self.submitted]
        often = Counter(author["short_name"] for author in authors)
        return {
            author["panelist"]: author["short_name"] if often[author["short_name"]] == 1 else author["name"]
            for author in authors
        }

    def name(self, submission: Submission) -> str:
        """The name of its author, as short as it is clear."""
        return self.names[submission.panelist.pk]


def lead_first(submitted: Iterable[Submission]) -> list[Submission]:
    """By the part in which they submitted: the lead, then the others in the given order."""
    return sorted(submitted, key=lambda one: one.snapshot["author"]["part"] != "lead")
