"""A figure, and one that could not be had."""

import pytest

from bench.figure import CannotMeasure, Figure, measured


@pytest.mark.sqlite_only
def test_a_figure_that_cannot_be_had_says_so_and_the_run_goes_on():
    def stage():
        yield Figure("zip_seconds", 4.0, "s")
        raise CannotMeasure("the worker made no PDF")

    lines = [figure.line() for figure in (*measured("zip", stage()), Figure("pdf_warm", 1.0, "s", 0.5))]
    assert lines == [
        "zip_seconds 4.000 s - -",
        "zip not measured: the worker made no PDF",
        "pdf_warm 1.000 s 0.500 2.00",
    ]


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    ("error", "words"),
    [(KeyError("x"), "KeyError 'x'"), (TimeoutError(), "TimeoutError"), (ValueError("Few.\nTrace"), "ValueError Few.")],
)
def test_no_error_of_a_stage_ends_the_run(error, words):
    def stage():
        yield Figure("ticks", 1.0)
        raise error

    assert [figure.missing for figure in measured("panel", stage())] == ["", words]
