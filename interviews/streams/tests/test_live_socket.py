import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from accounts.factories import CuratorFactory, HiringManagerFactory, InterviewerFactory
from interviews.factories import PanelistFactory
from interviews.streams import events as streams
from interviews.streams import socket_monitor
from interviews.tests.commanding import sender


class TestConnecting:
    def test_panelist_is_told_where_the_streams_stand(self, call, listen):
        sender(call.lead).send("tick", call.point.pk)
        sender(call.lead).send("rate", call.first.pk, 3)
        for panelist, own in ((call.lead, 1), (call.jo, 0)):
            told = {"shared": 1, "own": own, "events": [], "user": panelist.user_id}
            page = listen(panelist.user, call.pk)
            page.assert_hears(shared=1, own=own)
            assert page.frames[-1] == told | {"takes": 8_000}

    @pytest.mark.parametrize("kind", ["nobody", "outsider", "manager", "other manager", "curator", "left", "inactive"])
    def test_others_are_refused_alike(self, call, listen, kind):
        people = {
            "nobody": lambda: None,
            "outsider": InterviewerFactory,
            "manager": HiringManagerFactory,
            "other manager": HiringManagerFactory,
            "curator": CuratorFactory,
            "left": lambda: PanelistFactory(interview=call, left_at=timezone.now()).user,
            "inactive": lambda: PanelistFactory(interview=call).user,
        }
        user = people[kind]()
        if kind == "manager":
            call.opening.managers.add(user)
        if kind == "inactive":
            session = Client()
            session.force_login(user)
            user.is_active = False
            user.save()
        with pytest.raises(InvalidStatus) as refused:
            listen(user, call.pk)
        assert refused.value.response.status_code == 403

    def test_interview_that_is_not_there_is_refused_like_one_that_is_not_theirs(self, call, listen):
        for number in (10**9, 10**25):
            with pytest.raises(InvalidStatus) as refused:
                listen(call.lead.user, number)
            assert refused.value.response.status_code == 403

    @pytest.mark.parametrize(
        "origin",
        [
            "https://evil.example",
            "null",
            None,
            "http://testserver.evil.example",
            "http://127.0.0.1:1",
            "http://127.0.0.1",
            "https://127.0.0.1:{port}",
            "http://localhost:{port}",
            "http://evil@127.0.0.1:{port}",
            "http://[",
        ],
    )
    def test_other_origins_are_refused(self, call, listen, live_site, origin):
        origin = origin and origin.format(port=live_site.port)
        with pytest.raises(InvalidStatus) as refused:
            listen(call.lead.user, call.pk, origin=origin)
        assert refused.value.response.status_code == 403

    @pytest.mark.parametrize("path", ["/", "/ws/nope/", "/ws/interviews/1", f"/ws/interviews/{'9' * 5000}/"])
    def test_an_address_that_leads_nowhere_is_refused_without_a_word_in_the_log(self, live_site, path, caplog):
        with pytest.raises(InvalidStatus) as refused:
            connect(f"{live_site.url.replace('http', 'ws')}{path}", origin=live_site.url, compression=None)
        assert refused.value.response.status_code == 403
        assert not caplog.records


class TestLimits:
    def test_a_further_page_than_so_many_of_one_person_is_closed_and_the_others_go_on(self, call, listen, monkeypatch):
        monkeypatch.setattr("interviews.streams.live_socket.MOST_SOCKETS", 2)
        pages = [listen(call.lead.user, call.pk) for _ in range(2)]
        for page in pages:
            page.assert_hears(shared=0)
        assert listen(call.lead.user, call.pk).is_closed() == 4429
        jo = listen(call.jo.user, call.pk)
        sender(call.lead).send("tick", call.point.pk)
        for page in (*pages, jo):
            page.assert_hears(shared=1)

    def test_a_frame_that_is_too_large_closes_its_own_socket(self, call, listen):
        lead, jo = listen(call.lead.user, call.pk), listen(call.jo.user, call.pk)
        lead.says(" " * 20_000)
        assert lead.is_closed() == 1009
        sender(call.lead).send("tick", call.point.pk)
        jo.assert_hears(shared=1)

    def test_who_missed_much_hears_it_in_parts(self, call, listen, monkeypatch):
        monkeypatch.setattr(streams, "MOST_TOLD", 4)
        monkeypatch.setattr("interviews.streams.events.notify.notify_group", lambda group, numbers: None)
        monkeypatch.setattr(socket_monitor, "EVERY", 0.5)
        jo = listen(call.jo.user, call.pk)
        jo.assert_hears(shared=0)
        lead = sender(call.lead)
        for number in range(10):
            lead.send("tick", call.point.pk, number % 2 == 0)
        jo.assert_hears(shared=10)
        assert jo.events() == [("shared", number, "tick") for number in range(1, 11)]


class TestClosing:
    """Within five seconds; the next request over HTTP is refused anyway."""

    def leave(self, call, jo):
        call.jo.left_at = timezone.now()
        call.jo.save()

    def deactivate(self, call, jo):
        call.jo.user.is_active = False
        call.jo.user.save()

    def sign_out(self, call, jo):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = jo.session
        assert client.post("/sign-out/").status_code == 302

    def end_the_session(self, call, jo):
        Session.objects.filter(session_key=jo.session).update(expire_date=timezone.now())

    def change_the_password(self, call, jo):
        call.jo.user.set_password("another long one")
        call.jo.user.save()

    def take_the_interview_away(self, call, jo):
        call.jo.delete()

    @pytest.mark.parametrize(
        "how",
        ["leave", "deactivate", "sign_out", "end_the_session", "change_the_password", "take_the_interview_away"],
    )
    def test_ends_the_socket_of_that_person_alone(self, call, listen, how):
        lead, jo = listen(call.lead.user, call.pk), listen(call.jo.user, call.pk)
        jo.assert_sees({call.lead.pk: None, call.jo.pk: None})
        getattr(self, how)(call, jo)
        assert jo.is_closed() == socket_monitor.OVER
        sender(call.lead).send("tick", call.point.pk)
        lead.assert_hears(shared=1)
