"""The table of growing cost."""

import pytest

from bench.figure import Figure
from bench.growth import table


@pytest.mark.sqlite_only
def test_each_number_of_calls_has_a_row_for_docs():
    figures = [Figure("seeding_first", 0.5, "s"), Figure("growth", None, missing="too slow")]
    for calls, times in ((1, 1.26), (400, 123.4)):
        figures.append(Figure(f"growth_{calls}_p95", times, "ms"))
        figures.append(Figure(f"growth_{calls}_memory", 1_234.5, "MB"))
        figures.append(Figure(f"growth_{calls}_lost", 0.0, "of_600"))
    rows = table(figures).splitlines()
    assert rows[2] == "| 1 | 1.3 ms | not measured | 1,234 MB | 0 of_600 |"
    assert rows[-1].startswith("| 400 | 123 ms |")
