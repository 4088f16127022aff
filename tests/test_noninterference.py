"""B-2: two runs of one interview that differ in Ana's judgements alone; who may not know them gets the same bytes.

Not only what was judged differs, but how often, in which order, and whether at all. Compared is what comes over HTTP,
and what sockets are told: each notification, how many there are, after which of the others' doings they come, and
what the socket monitor then sends."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.db import connection
from django.test import TestCase

from interviews.exports import tasks
from interviews.factories import START
from interviews.models import BlindPolicy, Rating, ScorecardVersion
from interviews.streams import notify
from interviews.tests.commanding import Sender
from tests.blind import CANARY, Listener, Stage, answer_of, make_stage
from tests.rewinding import rewound

TICK_ID, END_ID, OTHER_END_ID = (f"00000000-0000-4000-8000-0000000000a{number}" for number in (1, 2, 3))
ON_THE_PANEL = ("ben", "shadow", "panel manager")
# Until Ana has submitted, a manager off the panel knows no more than they do.
NOT_ENTITLED = (*ON_THE_PANEL, "manager")
# The moments at which nothing more is written.
LAST = ("submitted", "ben has submitted")


class Warm:
    """Ana likes what she hears, and says so once, early, in few words."""

    def prepare(self, ana: Sender, stage: Stage) -> None:
        ana.send("note", stage.questions()[0].pk, "Ask about measuring.", base_rev=0)

    def hear(self, ana: Sender, stage: Stage) -> None:
        slow = stage.questions()[0]
        ana.send("rate", slow.pk, 4)
        ana.send("flag", slow.pk, {"flag": "depth", "on": True})

    def hear_more(self, ana: Sender, stage: Stage) -> None:
        ana.send("loose_end", END_ID, {"text": "Vary", "question": None, "is_done": False})

    def conclude(self, ana: Sender, stage: Stage) -> None:
        ana.send("scorecard", "recommendation", 4)
        ana.send("scorecard", "because", "Measures first.")

    def afterwards(self, ana: Sender, stage: Stage) -> None:
        pass

    def hear_privately(self, ana: Sender, stage: Stage) -> None:
        ana.send("tick", stage.questions()[0].points.all()[0].pk, True)


class Cold(Warm):
    """Ana does not, changes her mind often, and writes a lot, some of it late."""

    def prepare(self, ana: Sender, stage: Stage) -> None:
        pass

    def hear(self, ana: Sender, stage: Stage) -> None:
        pass

    def hear_more(self, ana: Sender, stage: Stage) -> None:
        slow, _, queue = stage.questions()
        for value in (2, 3, 1):
            ana.send("rate", slow.pk, value)
        for number in range(4):
            ana.send("note", queue.pk, f"{CANARY} knows no queues. {'x' * 500 * number}", base_rev=number)
        ana.send("note", None, f"A weak {CANARY}.", base_rev=0)
        ana.send("loose_end", OTHER_END_ID, {"text": CANARY, "question": slow.pk, "is_done": False})
        ana.send("flag", queue.pk, {"flag": "dont_know", "on": True})

    def conclude(self, ana: Sender, stage: Stage) -> None:
        ana.send("rate", stage.questions()[0].pk, None)
        ana.send("rate", stage.questions()[0].pk, 1)
        for field in ("because", "stood_out", "still_open"):
            ana.send("scorecard", field, f"Queues.\n{CANARY}.")
        ana.send("scorecard", "recommendation", 2)
        ana.send("scorecard", "recommendation", 1)

    def afterwards(self, ana: Sender, stage: Stage) -> None:
        ana.send("rate", stage.questions()[0].pk, 2)  # too late: kept beside it
        ana.send("note", stage.questions()[0].pk, f"{CANARY}, too late.", base_rev=0)
        form = {"base": "1", "reason": f"Unfair, {CANARY}.", "recommendation": "3", "because": f"Rather {CANARY}."}
        assert ana.http.post(stage.path("scorecard-revise"), form).status_code == 302

    def hear_privately(self, ana: Sender, stage: Stage) -> None:
        slow, _, queue = stage.questions()
        for point in slow.points.all()[1:]:
            ana.send("tick", point.pk, True)
        ana.send("unlisted", TICK_ID, {"question": queue.pk, "text": f"No {CANARY}."})


class Run:
    """One run, from the plan to the last scorecard; `seen` is all that came back to those who look on."""

    def __init__(self, case: TestCase, stage: Stage, hidden: Warm, *, looks_at: tuple[str, ...] = ()) -> None:
        """`looks_at` names the moments at which those who look on open every page there is."""
        self.case, self.stage, self.hidden, self.looks_at = case, stage, hidden, looks_at
        self.watchers: tuple[str, ...] = NOT_ENTITLED if looks_at else ()
        self.seen: list[tuple[str, Any]] = []
        self.sockets: dict[str, Listener] = {}
        self.clock = time_machine.travel(START, tick=False)

    def step(self, words: str, *doings: Callable[[], Any]) -> None:
        """A minute later: what is done, whatever the queue makes of it, and what each then hears of events."""
        self.now += dt.timedelta(minutes=1)
        self.traveller.move_to(self.now)
        with mock.patch.object(notify, "notify_group") as notify_group:
            for do in doings:
                with self.case.captureOnCommitCallbacks(execute=True):
                    do()
        for who in self.watchers:
            self.listen(words, who, [call.args for call in notify_group.call_args_list])
            self.look(words, who, self.stage.path("live-events") + "?since=0.0")

    def listen(self, words: str, who: str, sent: list[tuple[str, dict[str, int]]]) -> None:
        """What the socket of this person hears of notifications, and what the socket monitor brings it."""
        if who not in self.sockets and (socket := self.stage.listener(who)):
            self.sockets[who] = socket
        if socket := self.sockets.get(who):
            heard = [numbers for group, numbers in sent if group in socket.subscription.groups]
            self.seen.append((f"{words}: {who} hears", (heard, socket.hears())))

    def look_around(self, words: str) -> None:
        """Open the pages; those that a person may never open, once all has been written: they tell nothing."""
        for who in self.watchers if words in self.looks_at else ():
            for path in self.stage.pages(not_denied_to="" if words in LAST else who):
                self.look(words, who, path)

    def look(self, words: str, who: str, path: str) -> None:
        self.seen.append((f"{words}: {who} {path}", answer_of(self.stage.clients[who].get(path))))

    def do(self, who: str, *command: Any, **more: Any) -> Callable[[], None]:
        """A command that is the same in both runs; its answer is looked at too."""

        def send() -> None:
            response = self.stage.senders[who].send(*command, **more)
            self.case.assertEqual(response.status_code, 200, response.content)
            if who != "ana":  # she knows what she thinks
                self.seen.append((f"{who} {command}", answer_of(response)))

        return send

    def ana(self, name: str) -> Callable[[], None]:
        return lambda: getattr(self.hidden, name)(self.stage.senders["ana"], self.stage)

    def play(self) -> list[tuple[str, Any]]:
        stage, is_fully_blind = self.stage, self.stage.interview.is_fully_blind
        slow, cache, queue = stage.questions()
        ana = stage.senders["ana"]
        heard = self.ana("hear_privately")
        if not is_fully_blind:  # then it is a fact, which all share
            heard = self.do("ana", "tick", slow.points.all()[0].pk)
        with self.clock as self.traveller:
            self.now = START - dt.timedelta(hours=1)
            self.step("planned", self.ana("prepare"))
            self.now = START
            self.step("begun", self.do("lead", "start"), self.do("lead", "ask", slow.pk, "now"))
            self.step("heard", heard, self.ana("hear"), self.do("ben", "rate", slow.pk, 3))
            self.step(
                "noted", self.do("ben", "note", slow.pk, "Mine.", base_rev=0), self.do("lead", "skip", cache.pk, 1)
            )
            self.step("next", self.do("lead", "ask", queue.pk, "now"), self.ana("hear_more"))
            self.look_around("live")
            self.step(
                "over", self.do("lead", "end"), self.do("ben", "scorecard", "because", "Mine."), self.ana("conclude")
            )
            self.look_around("ended")
            self.watchers = tuple(who for who in self.watchers if who != "manager")
            self.step("submitted", lambda: ana.send("submit"), self.ana("afterwards"))
            self.look_around("submitted")
            if stage.interview.blind_policy == BlindPolicy.NEVER:
                self.step("all but one", self.do("ben", "submit"), lambda: self.post("ben", stage.path("export-pdf")))
                self.look_around("ben has submitted")
        return self.seen

    def post(self, who: str, path: str, **form: str) -> None:
        self.seen.append((f"{who} posts {path}", answer_of(self.stage.clients[who].post(path, form))))


# Still owe their scorecards. The lead among them could open the debrief early once hers is in.
OWING = ("lead", "ben", "shadow")


class SubmissionRun(Run):
    """Two submit, in the order given; the debrief may be opened in between, and decided on."""

    def __init__(self, case: TestCase, stage: Stage, order: tuple[str, ...], *, is_opened_early: bool) -> None:
        super().__init__(case, stage, Warm())
        self.order, self.is_opened_early = order, is_opened_early
        self.watchers, self.looks_at = OWING, ("all but those who look on",)

    def play(self) -> list[tuple[str, Any]]:
        slow, *_ = self.stage.questions()
        with self.clock as self.traveller:
            self.now = START
            self.step("begun", self.do("lead", "start"), self.do("lead", "ask", slow.pk, "now"))
            both = [self.do(who, "rate", slow.pk, 3) for who in sorted(self.order)]
            self.step("rated", *both, self.do("lead", "end"))
            for number, who in enumerate(self.order):
                self.step(f"submission {number}", self.submits(who), self.opens if number == 0 else self.decides)
                self.step(f"ticked {number}", self.do("ben", "tick", slow.points.all()[number].pk))
            self.look_around("all but those who look on")
            for who in self.watchers:
                self.post(who, self.stage.path("debrief-open"), reason="It cannot wait.")
                self.post(who, self.stage.path("decision-create"), choice="hold", reason="No.")
                self.post(who, self.stage.path("export-pdf"))
        return self.seen

    def submits(self, who: str) -> Callable[[], None]:
        def send() -> None:
            self.case.assertEqual(self.stage.senders[who].send("submit").status_code, 200)

        return send

    def opens(self) -> None:
        if self.is_opened_early:
            form = {"reason": "The offer is due."}
            answer = self.stage.clients["manager"].post(self.stage.path("debrief-open"), form)
            self.case.assertEqual(answer.status_code, 302)

    def decides(self) -> None:
        if self.is_opened_early:
            form = {"choice": "hold", "reason": "Wait.", "base": "0", "token": "0" * 32}
            answer = self.stage.clients["manager"].post(self.stage.path("decision-create"), form)
            self.case.assertEqual(answer.status_code, 302, answer.content.decode())


class NonInterferenceCase(TestCase):
    least = 100

    def setUp(self):
        # The worker is another process; what it makes is asked for by its hash.
        self.enterContext(mock.patch.object(tasks, "build_export"))

    def both(self, *looks_at: str, **opening) -> list[list[tuple[str, Any]]]:
        stage = make_stage(**opening)
        runs = []
        for hidden in (Warm(), Cold()):
            with rewound():
                stage.interview.refresh_from_db()
                stage.start_over()
                runs.append(Run(self, stage, hidden, looks_at=looks_at).play())
                self.judged = list(Rating.objects.filter(panelist=stage.seat("ana")).values_list("value", "dont_know"))
                self.versions = ScorecardVersion.objects.filter(scorecard__panelist=stage.seat("ana")).count()
                self.assertEqual(stage.senders["ana"].refused, [])
        # That it was judged otherwise is what the rest is worth.
        self.assertEqual((sorted(self.judged, key=str), self.versions), ([(1, False), (None, True)], 2))
        return runs

    def assert_same(self, warm: list, cold: list) -> None:
        self.assertEqual([words for words, _ in warm], [words for words, _ in cold])
        self.assertGreater(len(warm), self.least)
        heard = [notify for words, (notify, *_) in warm if words == "begun: ben hears"]
        self.assertEqual(heard, [[{"shared": 1}, {"shared": 2}]])
        for (words, one), (_, other) in zip(warm, cold, strict=True):
            self.assertEqual(one, other, words)
            self.assertNotIn(CANARY, str(other).lower(), words)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="NonInterferenceTests looks at every page")
@pytest.mark.slow
class OnPostgresqlTests(NonInterferenceCase):
    least = 50

    def test_who_has_not_submitted_gets_the_same_events(self):
        """Events and sockets alone: pages are looked at on one engine."""
        self.assert_same(*self.both("nothing", blind_policy=BlindPolicy.AFTER_OWN))


@pytest.mark.sqlite_only
@pytest.mark.slow
class NonInterferenceTests(NonInterferenceCase):
    def test_who_has_not_submitted_gets_the_same_bytes(self):
        moments = ("live", "ended", "submitted")
        self.assert_same(*self.both(*moments, blind_policy=BlindPolicy.AFTER_OWN))

    def test_fully_blind_heard_points_are_hidden_too(self):
        self.assert_same(*self.both("live", blind_policy=BlindPolicy.AFTER_ALL, is_fully_blind=True))

    def test_where_the_others_are_never_read_not_even_after_one_s_own(self):
        self.assert_same(*self.both("ben has submitted", blind_policy=BlindPolicy.NEVER))

    def submissions(self, **opening) -> list[list[tuple[str, Any]]]:
        stage, runs = make_stage(**opening), []
        orders = (("ana", "panel manager"), ("panel manager", "ana"))
        for order, is_opened_early in ((orders[0], False), (orders[1], False), (orders[1], True)):
            with rewound():
                stage.interview.refresh_from_db()
                stage.start_over()
                runs.append(SubmissionRun(self, stage, order, is_opened_early=is_opened_early).play())
        return runs

    def assert_alike(self, first: list, *others: list) -> None:
        for run in others:
            self.assertEqual([words for words, _ in first], [words for words, _ in run])
            for (words, one), (_, other) in zip(first, run, strict=True):
                self.assertEqual(one, other, words)

    def test_the_order_of_the_others_submissions_and_an_early_opening_are_told_to_nobody_who_owes_one(self):
        """B-3. After the second submission the states are the same; on the way the pages may tell them, in no order."""
        self.assert_alike(*self.submissions(blind_policy=BlindPolicy.AFTER_OWN))

    def test_nor_where_everybody_must_have_submitted(self):
        self.assert_alike(*self.submissions(blind_policy=BlindPolicy.AFTER_ALL))

    def test_the_runs_do_differ_for_who_may_know(self):
        """And this would find it: a manager off the panel, once Ana has submitted."""
        stage, pages = make_stage(), []
        for hidden in (Warm(), Cold()):
            with rewound():
                stage.interview.refresh_from_db()
                stage.start_over()
                Run(self, stage, hidden).play()
                read = stage.clients["manager"].get(stage.path("scorecard-read", stage.seat("ana").pk))
                self.assertEqual(read.status_code, 200)
                pages.append(read.content)
        self.assertNotEqual(*pages)
