"""A figure of the benchmark."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure; `floor` and `ratio` are None if there is no floor. Figures that could not be measured have
    no value, and the reason in `missing`."""

    name: str
    value: float | None
    unit: str = ""
    floor: float | None = None
    missing: str = ""

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor and self.value is not None else None

    @property
    def words(self) -> str:
        """The value for a table."""
        if self.value is None:
            return "not measured"
        places = 0 if self.value >= 100 or self.value == 0 else 1
        return f"{self.value:,.{places}f} {self.unit}"

    def line(self) -> str:
        if self.value is None:
            return f"{self.name} not measured: {self.missing}"
        floor = "-" if self.floor is None else f"{self.floor:.3f}"
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        return f"{self.name} {self.value:.3f} {self.unit} {floor} {ratio}"


class CannotMeasure(Exception):
    """The machine did not get there in time; the sentence says what is missing."""


def measured(name: str, figures: Iterator[Figure]) -> Iterator[Figure]:
    """The figures of one stage. If one cannot be had, for whatever reason, a figure of this name says why, and the run
    goes on."""
    try:
        yield from figures
    except CannotMeasure as error:
        yield Figure(name, None, missing=str(error))
    except Exception as error:  # noqa: BLE001  no figure is worth the others
        # A browser that gave up, a socket that was closed, too few times for a percentile.
        words = str(error).partition("\n")[0]
        yield Figure(name, None, missing=f"{type(error).__name__} {words}".strip())
