"""Blocks, views and scores in few words, for the tests of scoring."""

from interviews.records.scoring import Question, Score, View, score


def block(question, *follow_ups, **fields) -> Question:
    """An asked must-ask question of kind answer, unless said otherwise."""
    values = {
        "is_answer": True,
        "is_must_ask": True,
        "state": "asked",
        "topic": "Python",
        "is_behind_gate": False,
    }
    return Question(id=question, follow_ups=follow_ups, **(values | fields))


def view(panelist="Mira", part="lead", ratings=None, heard=None) -> View:
    return View(panelist, part, ratings or {}, heard or {})


def points(number: int) -> set[int]:
    return set(range(number))


def rated(*ratings: int, **fields) -> Score:
    """One panelist's ratings, one asked block each."""
    blocks = [block(number, **fields) for number, _ in enumerate(ratings)]
    return score(blocks, [view(ratings=dict(enumerate(ratings)))])
