from interviews.models import Rating, ScriptedPoint, ScriptedQuestion
from interviews.scorecards.form import Answer


def answer(rating=None, points=(), **fields):
    return Answer(ScriptedQuestion(kind="answer", **fields), None, rating, list(points))


class TestAnswer:
    def test_it_is_open_if_it_was_asked_or_has_something(self):
        assert not answer().is_first
        assert not answer(Rating()).is_first
        assert answer(state="asked").is_first
        assert answer(Rating(depth=True)).is_first
        assert answer(points=[ScriptedPoint()]).is_first

    def test_a_rating_is_missed_only_where_the_answer_was_heard(self):
        assert answer(state="asked").is_rating_missed
        assert not answer(Rating(value=3), state="asked").is_rating_missed
        assert not answer().is_rating_missed

    def test_cues_and_watch_outs_are_no_points_heard(self):
        brownie, cue = ScriptedPoint(kind="brownie"), ScriptedPoint(kind="cue")
        both = answer(points=[brownie, cue])
        assert (both.heard, both.came_up) == ([brownie], [cue])

    def test_flags_are_all_there_with_those_set(self):
        on = {flag.name for flag in answer(Rating(depth=True)).flags if flag.is_on}
        assert on == {"depth"}
        assert len(answer().flags) == len(Rating.FLAGS)
