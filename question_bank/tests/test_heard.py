import pytest

from question_bank.heard import are_alike


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Bounds the number of retries", "bounds number of the retries", True),
        ("Bounds the number of retries", "Measures before optimising", False),
        ("???", "???", True),
        ("???", "Measures", False),
    ],
)
def test_points_are_alike_if_they_share_most_words(one, other, expected):
    assert are_alike(one, other) == expected
