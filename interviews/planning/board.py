"""The board of an opening: its candidates by stage."""

import datetime as dt
from dataclasses import dataclass, field
from itertools import zip_longest

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from accounts.models import User
from interviews.models import Candidate, Opening, Stage
from interviews.planning.candidate_listing import CandidateRow, candidate_rows

COLUMN_MAX = 20


@dataclass
class Column:
    """A stage with its first candidates. `more` says how many are only in the list."""

    stage: Stage
    next: Stage | None
    count: int
    rows: list[CandidateRow] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True)
class Board:
    columns: list[Column]
    # Candidates on whom the reader owes a scorecard: where they are stays hidden until then.
    hidden: list[CandidateRow]
    settled_count: int


def board_of(*, reader: User, opening: Opening, now: dt.datetime) -> Board:
    """The board as `reader`, who manages the opening, may see it. The number of queries is constant."""
    stages = list(opening.stages.current())
    seen = Candidate.objects.filter(opening=opening)
    known = seen.progress_open_to(reader)
    here = known.filter(outcome="", withdrew_at=None)
    # Filtered by stage: grouping alone would read the candidates of every opening.
    counts = dict(here.filter(stage__in=stages).order_by().values_list("stage").annotate(n=Count("pk")))
    columns = [
        Column(stage, following, counts.get(stage.pk, 0)) for stage, following in zip_longest(stages, stages[1:])
    ]
    place = Window(RowNumber(), partition_by=F("stage"), order_by=[F("pk").desc()])
    # By key: beside the window, all that a row shows would be read of every candidate.
    places = here.order_by().alias(place=place).filter(place__lte=COLUMN_MAX).values("pk")
    first = seen.filter(pk__in=places).order_by("-pk")
    by_stage: dict[int | None, Column] = {column.stage.pk: column for column in columns}
    for row in candidate_rows(reader=reader, found=first, now=now):
        if column := by_stage.get(row.candidate.stage_id):
            column.rows.append(row)
    # By time: PostgreSQL would walk the keys of every opening's candidates for the few of this one.
    hidden = seen.filter(withdrew_at=None).exclude(pk__in=known.order_by().values("pk"))
    return Board(
        columns,
        candidate_rows(reader=reader, found=hidden.order_by("-created_at", "-pk")[:COLUMN_MAX], now=now),
        known.filter(~Q(outcome="") | Q(withdrew_at__isnull=False)).count(),
    )
