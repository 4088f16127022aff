"""Goals and figures side by side: a table at the end of `./run bench`, and of its `--goals` and `--lists`."""

from collections.abc import Iterable
from dataclasses import dataclass

from bench.bank import LISTED
from bench.figure import Figure

# The stages that have these figures.
STAGES = ("ticks", "panel", "typing", "saved")


@dataclass(frozen=True)
class Goal:
    """A limit for a figure, or for its ratio to its floor."""

    figure: str
    words: str
    limit: float
    is_ratio: bool = False
    is_least: bool = False

    def row(self, figure: Figure | None) -> str:
        sign = "≥" if self.is_least else "≤"
        unit = "× floor" if self.is_ratio else (figure.unit if figure else "")
        value = None
        if figure is not None:
            value = figure.ratio if self.is_ratio else figure.value
        if value is None:
            return f"| {self.words} | {sign} {self.limit:g} | not measured | |"
        is_met = value >= self.limit if self.is_least else value <= self.limit
        return f"| {self.words} | {sign} {self.limit:g} {unit} | {value:.2f} {unit} | {'met' if is_met else 'missed'} |"


def goals(vendor: str) -> list[Goal]:
    http = 3.5 if vendor == "sqlite" else 5.0
    return [
        Goal("panel_400_p95", "100 calls of four, a tick each every 2 s: until the others have it, p95", 50),
        Goal("panel_400_lost", "of these, deliveries lost", 0),
        Goal("typing_400_p95", "the same people typing notes, a change a second: until its receipt, p95", 100),
        Goal("panel_400_cpu_per_tick", "server CPU per tick of these, heartbeats included", 1.0),
        Goal("sockets_80_cpu_per_tick", "server CPU per tick, as many as it can take", 1.0),
        Goal("sockets_80_rate", "most ticks a second over sockets, 20 × 4", 0.6, is_ratio=True, is_least=True),
        Goal("tick_p50", "one tick over HTTP, one client, p50", http, is_ratio=True),
        Goal("panel_4_p95", "one call of four: until the others have a tick, p95", 8),
        Goal("keystroke_to_saved_p95", "from a key in a note to Saved, in Chromium, p95", 100),
        Goal("socket_memory", "memory per idle socket", 40),
        # These only in a run of all stages.
        Goal("pdf_3x12", "PDF of three scorecards, twelve questions, against WeasyPrint alone", 1.1, is_ratio=True),
        Goal("tick_p95_while_printing", "a tick's p95 while PDFs are printed", 1.2, is_ratio=True),
        Goal("tick_p95_while_zipping", "a tick's p95 while a zip of 100 PDFs is made", 1.3, is_ratio=True),
    ]


def list_goals() -> list[Goal]:
    """Of lists and searches over many questions, against few."""
    return [
        goal
        for name in LISTED
        for words in (f"{name.replace('_', ' ')}, 5,000 questions against 600",)
        for goal in (
            Goal(f"bank_{name}", f"{words}: CPU time", 1.5, is_ratio=True),
            Goal(f"bank_{name}_queries", f"{words}: queries", 1.0, is_ratio=True),
        )
    ]


def table(figures: Iterable[Figure], wanted: Iterable[Goal]) -> str:
    named = {figure.name: figure for figure in figures}
    rows = [goal.row(named.get(goal.figure)) for goal in wanted]
    return "\n".join(["| What | Goal | Measured | |", "|---|---|---|---|", *rows])
