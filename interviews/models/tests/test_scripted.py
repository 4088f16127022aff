import pytest

from interviews.models import ScriptedQuestion


class TestScriptedQuestion:
    @pytest.mark.parametrize(
        ("state", "kind", "expected"),
        [
            ("unasked", "answer", (False, False, True)),
            ("asked", "conversation", (True, False, False)),
            ("skipped", "answer", (False, True, True)),
        ],
    )
    def test_state_and_kind(self, state, kind, expected):
        question = ScriptedQuestion(state=state, kind=kind, prompt="Why?")
        assert (question.is_asked, question.is_skipped, question.is_answer) == expected
        assert str(question) == "Why?"

    def test_expectations_come_junior_first_with_their_labels(self):
        question = ScriptedQuestion(expect={"senior": "bounds it", "junior": "names the loop"})
        assert question.expectations == [("Junior", "names the loop"), ("Senior", "bounds it")]
