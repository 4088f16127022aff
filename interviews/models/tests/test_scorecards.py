import pytest
from django.utils import timezone

from interviews.models import Recommendation, Scorecard


class TestRecommendation:
    @pytest.mark.parametrize(
        ("value", "words"), [(1, "Strong no"), (4, "Strong yes"), (None, "No decision"), (9, "No decision")]
    )
    def test_words_of_anything(self, value, words):
        assert Recommendation.words_of(value) == words


class TestScorecard:
    def test_no_decision_is_a_recommendation_and_a_blank_is_none(self):
        assert not Scorecard().has_recommendation
        assert Scorecard(is_undecided=True).has_recommendation
        assert Scorecard(recommendation=1).has_recommendation

    def test_submitted_by_its_time(self):
        assert not Scorecard().is_submitted
        assert Scorecard(submitted_at=timezone.now()).is_submitted
