from interviews.models import Rating, ScriptedQuestion
from interviews.scorecards.form import Answer
from interviews.scorecards.revision_form import RevisedAnswer


class TestRevisedAnswer:
    def test_poor_is_disabled_after_i_dont_know(self):
        for dont_know in (True, False):
            rated = Answer(ScriptedQuestion(kind="answer"), None, Rating(dont_know=dont_know))
            disabled = [value for value, _, is_disabled in RevisedAnswer(rated, "", 0, "").ratings if is_disabled]
            assert disabled == ([1] if dont_know else [])
