import datetime as dt

import pytest
from django.utils import timezone

from interviews.models import Candidate, Interview
from interviews.pages.outcome_forms import OutcomeForm, WithdrawForm

NOW = timezone.now()


def outcome(sent=None, **fields):
    fields = {"pk": 1, "status": "scheduled", "scheduled_for": NOW - dt.timedelta(hours=1)} | fields
    return OutcomeForm(sent, interview=Interview(time_zone="UTC", **fields), now=NOW)


class TestOutcomeForm:
    def test_nobody_is_a_no_show_before_the_call(self):
        ahead = outcome(scheduled_for=NOW + dt.timedelta(hours=1))
        assert "no_show" not in dict(ahead.fields["outcome"].choices)
        assert "no_show" in dict(outcome().fields["outcome"].choices)

    @pytest.mark.parametrize("choice", ["no_show", "failure", "withdrew"])
    def test_only_a_new_time_wants_a_date(self, choice):
        sent = {"reason": "Power cut.", "time_zone": "UTC"}
        assert outcome(sent | {"outcome": choice}).is_valid()
        assert set(outcome(sent | {"outcome": "rescheduled"}).errors) == {"date", "time"}

    def test_a_new_time_lies_ahead(self):
        past = {"date": "2020-01-01", "time": "10:00", "time_zone": "UTC"}
        form = outcome(past | {"outcome": "rescheduled", "reason": "Power cut."})
        assert form.errors == {"date": ["Choose a time in the future."]}

    @pytest.mark.parametrize(("status", "word"), [("live", "started"), ("ended", "ended")])
    def test_a_call_that_began_meanwhile_is_not_taken_away_unasked(self, status, word):
        sent = {"outcome": "failure", "reason": "Power cut.", "time_zone": "UTC", "was_status": "scheduled"}
        stale = outcome(sent, status=status)
        assert stale.errors == {
            "outcome": [f"The call has {word} since you opened this page. Save again to change it anyway."]
        }
        assert f'value="{status}"' in str(stale["was_status"])
        assert outcome(sent | {"was_status": status}, status=status).is_valid()
        assert outcome(sent, status="scheduled").is_valid()


class TestWithdrawForm:
    def test_a_reason_is_wanted(self):
        assert set(WithdrawForm({"reason": " "}, candidate=Candidate(pk=1)).errors) == {"reason"}
