"""A figure of the benchmark."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure; `floor` and `ratio` are None if there is no floor."""

    name: str
    value: float
    unit: str
    floor: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    def line(self) -> str:
        floor = "-" if self.floor is None else f"{self.floor:.3f}"
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        return f"{self.name} {self.value:.3f} {self.unit} {floor} {ratio}"
