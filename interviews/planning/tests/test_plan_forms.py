import datetime as dt

import pytest

from interviews.planning.plan_forms import WhenForm, choice_field


def when(**sent):
    form = WhenForm({"date": "2026-07-01", "time": "14:30", "time_zone": "Europe/Malta"} | sent)
    choice_field(form, "time_zone").choices = [("Europe/Malta", "Malta"), ("UTC", "UTC")]
    return form


class TestWhenForm:
    def test_date_and_time_are_those_of_the_place(self):
        form = when()
        assert form.is_valid(), form.errors
        assert form.cleaned_data["scheduled_for"] == dt.datetime(2026, 7, 1, 12, 30, tzinfo=dt.UTC)

    @pytest.mark.parametrize("sent", [{"date": "0206-07-01"}, {"time_zone": "Nowhere"}, {"time": "25:00"}])
    def test_no_moment_without_all_three(self, sent):
        form = when(**sent)
        assert list(form.errors) == list(sent)
        assert "scheduled_for" not in form.cleaned_data

    def test_a_time_that_the_clocks_leave_out_is_refused(self):
        assert list(when(date="2026-03-29", time="02:30").errors) == ["time"]
