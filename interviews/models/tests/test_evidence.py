from interviews.models import Rating


class TestRating:
    def test_flags_are_named_in_their_order(self):
        assert Rating(together=True, dont_know=True).flags == ["dont_know", "together"]
        assert Rating().flags == []

    def test_each_flag_is_a_field(self):
        assert {field.name for field in Rating._meta.get_fields()} >= set(Rating.FLAGS)
