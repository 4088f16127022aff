"""The table of goals."""

import pytest

from bench.figure import Figure
from bench.goals import goals, list_goals, table


@pytest.mark.sqlite_only
def test_each_goal_says_whether_it_is_met_or_why_not():
    figures = [
        Figure("panel_400_p95", 20.0, "ms"),
        Figure("sockets_80_rate", 500.0, "per_s", 1_000.0),
        Figure("tick_p50", 4.5, "ms", 1.0),
        Figure("typing", None, missing="too slow"),
    ]
    rows = table(figures, goals("postgresql")).splitlines()
    assert "| ≤ 50 ms | 20.00 ms | met |" in rows[2]
    assert any("| ≥ 0.6 × floor | 0.50 × floor | missed |" in row for row in rows)
    assert any("| ≤ 5 × floor | 4.50 × floor | met |" in row for row in rows)
    assert "| ≤ 3.5 × floor | 4.50 × floor | missed |" in table(figures, goals("sqlite"))
    assert sum("not measured" in row for row in rows) == 10


@pytest.mark.sqlite_only
def test_lists_are_compared_with_small_ones():
    figures = [Figure("bank_search", 12.0, "ms", 10.0), Figure("bank_search_queries", 7, "queries", 6)]
    rows = table(figures, list_goals())
    assert "| search, 5,000 questions against 600: CPU time | ≤ 1.5 × floor | 1.20 × floor | met |" in rows
    assert "| search, 5,000 questions against 600: queries | ≤ 1 × floor | 1.17 × floor | missed |" in rows
