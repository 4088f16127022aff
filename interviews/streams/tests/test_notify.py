import time

from django.contrib.sessions.models import Session
from django.test import Client

from interviews.streams import socket_monitor
from interviews.tests.commanding import sender


class TestNotifications:
    def test_tick_reaches_the_whole_panel(self, call, listen):
        lead, jo = listen(call.lead.user, call.pk), listen(call.jo.user, call.pk)
        sender(call.lead).send("tick", call.point.pk)
        told = Client()
        told.force_login(call.jo.user)
        answer = told.get(f"/interviews/{call.pk}/events/?since=0.0").json()
        for listener in (lead, jo):
            listener.assert_hears(shared=1)
            assert [frame["events"] for frame in listener.frames if frame.get("events")] == [answer["events"]]

    def test_rating_and_note_reach_their_author_s_pages_alone(self, call, listen):
        lead, second, jo = (listen(user, call.pk) for user in (call.lead.user, call.lead.user, call.jo.user))
        browser = sender(call.lead)
        browser.send("rate", call.first.pk, 4)
        browser.send("note", call.first.pk, "Sharp.", base_rev=0)
        for page in (lead, second):
            page.assert_hears(own=2)
            assert page.events() == [("own", 1, "rate"), ("own", 2, "note")]
        browser.send("ask", call.first.pk, "now")
        jo.assert_hears(shared=1)
        assert {frame["own"] for frame in jo.frames if "own" in frame} == {0}
        assert jo.events() == [("shared", 1, "ask")]

    def test_tick_in_a_fully_blind_interview_reaches_its_author_alone(self, call, listen):
        call.is_fully_blind = True
        call.save()
        lead, jo = listen(call.lead.user, call.pk), listen(call.jo.user, call.pk)
        sender(call.lead).send("tick", call.point.pk)
        lead.assert_hears(own=1)
        sender(call.lead).send("ask", call.first.pk, "now")
        jo.assert_hears(shared=1)
        assert {frame["own"] for frame in jo.frames if "own" in frame} == {0}
        assert jo.events() == [("shared", 1, "ask")]

    def test_it_comes_though_the_notification_was_lost(self, call, listen, monkeypatch):
        jo = listen(call.jo.user, call.pk)
        monkeypatch.setattr("interviews.streams.events.notify.notify_group", lambda group, numbers: None)
        sender(call.lead).send("tick", call.point.pk)
        jo.assert_hears(shared=1)
        assert jo.events() == [("shared", 1, "tick")]

    def test_nothing_is_brought_twice(self, call, listen, monkeypatch):
        jo = listen(call.jo.user, call.pk)
        lead = sender(call.lead)
        for number in range(30):
            lead.send("tick", call.point.pk, number % 2 == 0)
        jo.assert_hears(shared=30)
        assert jo.events() == [("shared", number, "tick") for number in range(1, 31)]

    def test_nothing_is_brought_once_the_session_has_ended(self, call, listen, monkeypatch):
        """A notification asks the rows anew: it needs no round of the socket monitor to notice."""
        monkeypatch.setattr(socket_monitor, "EVERY", 60)
        jo = listen(call.jo.user, call.pk)
        Session.objects.filter(session_key=jo.session).delete()
        sender(call.lead).send("tick", call.point.pk)
        assert jo.is_closed() == socket_monitor.OVER
        assert jo.events() == []

    def test_an_error_in_the_watch_ends_nobody_s_news_for_good(self, call, listen, monkeypatch):
        jo = listen(call.jo.user, call.pk)
        jo.assert_hears(shared=0)
        with monkeypatch.context() as broken:
            broken.setattr(socket_monitor, "news_of", lambda told: 1 / 0)
            time.sleep(0.5)
        lead = listen(call.lead.user, call.pk)
        sender(call.lead).send("tick", call.point.pk)
        for page in (lead, jo):
            page.assert_hears(shared=1)
