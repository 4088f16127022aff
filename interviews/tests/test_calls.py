import datetime as dt

from django.template import Context, Template
from django.utils import timezone

from accounts.models import User
from interviews.models import Interview, Panelist


def test_left_open_is_a_live_call_long_over_its_time():
    template = Template("{% load calls %}{% if interview|left_open %}left open{% endif %}")
    start = timezone.now() - dt.timedelta(hours=3)
    call = Interview(status="live", scheduled_for=start, started_at=start, minutes=60)
    assert template.render(Context({"interview": call})) == "left open"
    call.minutes = 180
    assert template.render(Context({"interview": call})) == ""


def test_people_are_named_as_short_as_their_panel_tells_them_apart():
    mira, jo, other = panel = [
        Panelist(pk=number, user=User(name=name)) for number, name in enumerate(["Mira Rossi", "Jo Tanaka", "Jo Weber"])
    ]
    template = Template("{% load calls %}{{ people|names_among:panel }}; {{ people|absent_words:panel }}")
    assert template.render(Context({"people": [mira, jo], "panel": panel})) == (
        "Mira and Jo T.; Mira and Jo T. no longer have access"
    )
    assert template.render(Context({"people": [other], "panel": [other]})) == "Jo; Jo no longer has access"
