from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import async_to_sync

from interviews.factories import PanelistFactory, ShadowFactory
from interviews.streams import notify, presence


class TestPresence:
    def test_each_sees_who_is_here_and_on_which_question(self, call, listen):
        lead = listen(call.lead.user, call.pk)
        lead.says({"here": call.first.pk})
        jo = listen(call.jo.user, call.pk)
        jo.assert_sees({call.lead.pk: call.first.pk, call.jo.pk: None})
        jo.says({"here": call.first.pk})
        lead.assert_sees({call.lead.pk: call.first.pk, call.jo.pk: call.first.pk})
        jo.socket.close()
        lead.assert_sees({call.lead.pk: call.first.pk})

    def test_who_says_nothing_for_long_is_not_here(self, call, listen, monkeypatch):
        monkeypatch.setattr("interviews.streams.live_socket.SILENT", 0.3)
        lead = listen(call.lead.user, call.pk)
        assert lead.is_closed() == 4408

    def test_shadow_is_seen_as_well(self, call, listen):
        sam = ShadowFactory(interview=call)
        lead = listen(call.lead.user, call.pk)
        listen(sam.user, call.pk)
        lead.assert_sees({call.lead.pk: None, sam.pk: None})

    @pytest.mark.parametrize(
        "frame",
        [
            "",
            "{",
            "[]",
            '{"here": "x"}',
            '{"here": -1}',
            '{"here": true}',
            '{"there": 1}',
            "9" * 300,
            b"\x00",
            "[" * 190,
        ],
        ids=range(10),
    )
    def test_other_words_are_passed_over(self, call, listen, frame):
        lead = listen(call.lead.user, call.pk)
        lead.says(frame)
        lead.says({"here": call.first.pk})
        lead.assert_sees({call.lead.pk: call.first.pk})

    def test_a_page_that_moves_costs_one_message_however_many_there_are(self, call, listen, monkeypatch):
        sent = []
        send = notify.send

        async def count(group, message):
            sent.append(message["type"])
            await send(group, message)

        monkeypatch.setattr(notify, "send", count)
        monkeypatch.setattr(notify, "has_other_processes", lambda: True)
        users = [PanelistFactory(interview=call).user for _ in range(12)]
        pages = [listen(user, call.pk) for user in users]
        seats = [panelist.pk for panelist in call.panelists.exclude(pk__in=[call.lead.pk, call.jo.pk])]
        pages[0].assert_sees(dict.fromkeys(seats))
        # When each page told the others by itself, and was answered by each, it took 12 times 12.
        assert 0 < sent.count("presence") <= len(pages) + 5
        del sent[:]
        for page in pages:
            page.says({"here": call.first.pk})
        pages[-1].assert_sees(dict.fromkeys(seats, call.first.pk))
        assert 0 < sent.count("presence") < len(pages)
        del sent[:]
        monkeypatch.setattr(notify, "has_other_processes", lambda: False)
        for page in pages:
            page.says({"here": None})
        pages[-1].assert_sees(dict.fromkeys(seats))
        assert sent == []  # alone, nobody would hear it

    def test_other_processes_are_told_and_forgotten(self, call, listen, monkeypatch):
        """Of each interview, in one message; what it does not say again is not true for ever."""
        monkeypatch.setattr(presence, "FORGOTTEN", 0.5)
        monkeypatch.setattr(presence, "SAID_AGAIN", 0.2)
        lead = listen(call.lead.user, call.pk)
        lead.assert_sees({call.lead.pk: None})
        other = {"type": "presence", "group": f"interview-{call.pk}-shared", "interview": call.pk, "process": "other"}
        message = other | {"here": [[call.jo.pk, call.first.pk, 0]], "asks": False}
        # In a thread of its own: a browser test may have left a running event loop in this one.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(async_to_sync(notify.send), other["group"], message).result()
        lead.assert_sees({call.lead.pk: None, call.jo.pk: call.first.pk})
        lead.assert_sees({call.lead.pk: None})
