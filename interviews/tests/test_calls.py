import datetime as dt

from django.template import Context, Template
from django.utils import timezone

from interviews.models import Interview


def test_left_open_is_a_live_call_long_over_its_time():
    template = Template("{% load calls %}{% if interview|left_open %}left open{% endif %}")
    start = timezone.now() - dt.timedelta(hours=3)
    call = Interview(status="live", scheduled_for=start, started_at=start, minutes=60)
    assert template.render(Context({"interview": call})) == "left open"
    call.minutes = 180
    assert template.render(Context({"interview": call})) == ""
