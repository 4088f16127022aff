"""Requests of several sockets in one batch: answered as if each had come alone."""

import json
import random
import uuid
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interviews.factories import (
    InterviewFactory,
    LeadFactory,
    PanelistFactory,
    ScorecardFactory,
    ShadowFactory,
)
from interviews.live import batches, rate_limits
from interviews.models import (
    Event,
    Interview,
    LateCommand,
    Note,
    NoteRevision,
    Panelist,
    Rating,
    Receipt,
    Tick,
    UnlistedPoint,
)
from interviews.records import note_history
from interviews.streams import notify, subscriptions
from interviews.tests.commanding import Sender


class Page(Sender):
    def __init__(self, panelist, client="tab-1"):
        super().__init__(panelist.user, panelist.interview, client)
        key = self.http.cookies[settings.SESSION_COOKIE_NAME].value
        found = subscriptions.subscribe(user=panelist.user, interview_id=panelist.interview_id, session_key=key)
        self.subscription = found[0]

    def request(self, *bodies):
        return batches.Request(self.subscription, bodies[0] if len(bodies) == 1 else {"commands": list(bodies)})


def answered(*requests):
    """Status and body of each answer; None where there is none."""
    batches.answer(requests)
    return [request.answer and (request.answer.status, json.loads(request.answer.body)) for request in requests]


class TogetherCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.interview = InterviewFactory(live=True)
        cls.lead = LeadFactory(interview=cls.interview)
        cls.jo = PanelistFactory(interview=cls.interview)
        cls.shadow = ShadowFactory(interview=cls.interview)
        cls.first, cls.second = cls.interview.questions.order_by("position")[:2]
        cls.points = list(cls.first.points.all())

    def setUp(self):
        self.mira, self.jo_page = Page(self.lead), Page(self.jo)


class TestTogether(TogetherCase):
    def test_each_gets_the_receipt_that_it_gets_again_over_http(self):
        pages = [self.mira, self.jo_page, Page(self.shadow)]
        bodies = [page.body("tick", self.points[0].pk) for page in pages]
        told = answered(*(page.request(body) for page, body in zip(pages, bodies, strict=True)))
        again = [page.post(body) for page, body in zip(pages, bodies, strict=True)]
        self.assertEqual(told, [(answer.status_code, answer.json()) for answer in again])
        self.assertEqual([(body["shared"], body["own"]) for _, body in told], [(1, None), (2, None), (None, 1)])
        self.assertEqual(Tick.objects.count(), 3)
        self.assertEqual([Interview.objects.get().seq, Panelist.objects.get(pk=self.shadow.pk).seq], [2, 1])

    def test_a_refused_one_is_answered_and_the_rest_is_committed(self):
        told = answered(
            self.mira.request(self.mira.body("tick", 999_999), self.mira.body("tick", self.points[0].pk)),
            self.jo_page.request(self.jo_page.body("tick", self.points[1].pk, "yes")),
            Page(self.shadow).request({"commands": {}}),
        )
        self.assertEqual([status for status, _ in told], [200, 422, 400])
        self.assertEqual([row.get("status") for row in told[0][1]["answers"]], [404, None])
        self.assertEqual([tick.point for tick in Tick.objects.all()], [self.points[0]])

    def test_one_person_s_commands_are_applied_in_their_order(self):
        on_off = [self.mira.body("tick", self.points[0].pk, value) for value in (True, False, True, False)]
        mixed = [
            self.jo_page.body("rate", self.first.pk, 1),
            self.jo_page.body("tick", self.points[1].pk),
            self.jo_page.body("flag", self.first.pk, {"flag": "dont_know", "on": True}),
            self.jo_page.body("note", self.first.pk, "Sharp.", base_rev=0),
            self.jo_page.body("ask", self.first.pk, "now"),
            self.jo_page.body("tick", self.points[1].pk, False),
        ]
        told = answered(self.mira.request(*on_off), self.jo_page.request(*mixed))
        for (_, body), sent in zip(told, (on_off, mixed), strict=True):
            self.assertEqual([row["receipt"] for row in body["answers"]], [one["id"] for one in sent])
        shared = Event.objects.filter(stream=Event.SHARED).order_by("seq")
        mine = [event.payload["on"] for event in shared if event.actor == self.lead.user]
        self.assertEqual(mine, [True, False, True, False])
        theirs = [event.kind for event in shared if event.actor == self.jo.user]
        self.assertEqual(theirs, ["tick", "ask", "tick"])
        self.assertEqual((Tick.objects.count(), Rating.objects.get().value), (0, 2))
        self.assertEqual(Note.objects.get().text, "Sharp.")

    def test_an_id_sent_twice_is_applied_once(self):
        body = self.mira.body("tick", self.points[0].pk)
        other = Page(self.lead, "tab-2")
        one, two, three = answered(
            self.mira.request(body), other.request(body), other.request(body | {"target": self.points[1].pk})
        )
        self.assertEqual(one, two)
        self.assertEqual((three[0], three[1]["code"]), (422, "invalid"))
        self.assertEqual((Receipt.objects.count(), Event.objects.count()), (1, 1))

    def test_the_same_id_from_two_people_is_two_commands(self):
        mine = self.mira.body("tick", self.points[0].pk)
        theirs = self.jo_page.body("tick", self.points[1].pk) | {"id": mine["id"]}
        told = answered(self.mira.request(mine), self.jo_page.request(theirs))
        self.assertEqual([body for _, body in told], [self.mira.post(mine).json(), self.jo_page.post(theirs).json()])
        ticked = Tick.objects.order_by("panelist").values_list("panelist", "point")
        self.assertEqual(list(ticked), [(self.lead.pk, self.points[0].pk), (self.jo.pk, self.points[1].pk)])

    def test_a_thousand_ticks_are_applied_together(self):
        """As after an outage: SQLite refuses a condition with so many parts."""
        bodies = [self.mira.body("tick", self.points[0].pk, number % 2 == 0) for number in range(1_100)]
        told = answered(*(self.mira.request(*bodies[number : number + 100]) for number in range(0, 1_100, 100)))
        self.assertEqual({status for status, _ in told}, {200})
        self.assertEqual((Event.objects.count(), Tick.objects.count()), (1_100, 0))

    def test_a_tick_again_keeps_its_time(self):
        [[_, first]] = answered(self.mira.request(self.mira.body("tick", self.points[0].pk, age=5_000)))
        again = [self.mira.body("tick", self.points[0].pk) for _ in range(2)]
        [[_, told]] = answered(self.mira.request(*again))
        self.assertEqual([row["result"] for row in told["answers"]], [first["result"]] * 2)

    def test_several_changes_of_a_note_do_not_pass_by_the_limit_of_its_revisions(self):
        bodies = [self.mira.body("note", self.first.pk, f"Text {number}", base_rev=number) for number in range(5)]
        with mock.patch.multiple(note_history, THINNED_EVERY=4, MOST_REVISIONS=1):
            answered(self.mira.request(*bodies))
        self.assertEqual((Note.objects.get().revision, NoteRevision.objects.count()), (5, 1))

    def test_a_question_asked_late_knows_who_asked_the_one_before(self):
        """The event that says so is recorded first: what a person did before never makes their next command late."""
        bodies = [
            self.mira.body("ask", self.first.pk, "now"),
            self.mira.body("tick", self.points[0].pk),
            self.mira.body("ask", self.second.pk, "now", age=5_000),
            self.mira.body("skip", self.first.pk, 2),
        ]
        [[_, told]] = answered(self.mira.request(*bodies))
        self.assertEqual([row["shared"] for row in told["answers"]], [1, 2, 3, 4])
        self.assertEqual(Interview.objects.get().current_question, self.second)

    def test_an_extra_point_and_its_ticks_are_applied_in_their_order(self):
        name = str(uuid.uuid4())
        mine = [
            self.mira.body("unlisted", name, {"question": self.first.pk, "text": text}) for text in ("Locks", "Lock")
        ]
        mine += [
            self.mira.body("unlisted_tick", name, False),
            self.mira.body("unlisted", name, {"question": 1, "text": ""}),
        ]
        told = answered(self.mira.request(*mine), self.jo_page.request(self.jo_page.body("unlisted_tick", name)))
        self.assertEqual([row.get("status", 200) for row in told[0][1]["answers"]], [200, 200, 200, 422])
        self.assertEqual(told[1][0], 200)
        heard = Tick.objects.values_list("panelist", "unlisted_point__text", "unlisted_point__author")
        self.assertEqual(list(heard), [(self.jo.pk, "Lock", self.lead.pk)])

    def test_after_submitting_a_tick_is_stored_as_late(self):
        ScorecardFactory(panelist=self.jo, submitted_at=timezone.now())
        late, mine = answered(
            self.jo_page.request(self.jo_page.body("tick", self.points[0].pk)),
            self.mira.request(self.mira.body("tick", self.points[0].pk)),
        )
        self.assertEqual((late[1]["result"], mine[1]["shared"]), ({"late": 1}, 1))
        self.assertEqual((LateCommand.objects.count(), Tick.objects.get().panelist), (1, self.lead))

    def test_who_is_signed_out_gets_no_answer_and_the_others_theirs(self):
        Session.objects.filter(session_key=self.jo_page.subscription.session_key).delete()
        nobody, mine = answered(
            self.jo_page.request(self.jo_page.body("tick", self.points[0].pk)),
            self.mira.request(self.mira.body("tick", self.points[0].pk)),
        )
        self.assertEqual((nobody, mine[0], Tick.objects.count()), (None, 200, 1))

    def test_who_sends_too_much_waits_and_the_others_do_not(self):
        with mock.patch.object(rate_limits, "BURST", 3), mock.patch.object(rate_limits, "PER_SECOND", 0.01):
            mine, theirs = answered(
                self.mira.request(*(self.mira.body("tick", point.pk) for point in self.points * 3)),
                self.jo_page.request(self.jo_page.body("tick", self.points[0].pk)),
            )
        self.assertEqual((len(mine[1]["answers"]), theirs[0]), (3, 200))

    def test_commands_for_the_whole_panel_do_not_wait_in_a_transaction_with_others(self):
        """They lock all rows of the panel, which must come first, or processes could deadlock."""
        depths = []
        lock = type(Panelist.objects).lock

        def watched(rows, interview):
            depths.append(len(connection.savepoint_ids))
            lock(rows, interview)

        with mock.patch.object(type(Panelist.objects), "lock", watched):
            told = answered(
                self.mira.request(self.mira.body("lead", None, self.jo.pk)),
                self.jo_page.request(self.jo_page.body("tick", self.points[0].pk)),
            )
        self.assertEqual([status for status, _ in told], [200, 200])
        # The transaction of the command alone.
        self.assertEqual(set(depths), {len(connection.savepoint_ids) + 1})

    def test_an_error_undoes_all(self):
        requests = [
            page.request(page.body("rate", self.first.pk, 3), page.body("loose_end", "one"))
            for page in (self.mira, self.jo_page)
        ]
        with (
            mock.patch.object(batches.outbox_requests, "settle", side_effect=["{}", OperationalError("full")]),
            pytest.raises(OperationalError),
        ):
            batches.answer(requests)
        self.assertFalse(Rating.objects.exists() or Receipt.objects.exists())

    def test_each_stream_is_notified_once_of_its_newest_number(self):
        shadow = Page(self.shadow)
        with (
            mock.patch.object(notify, "notify_group") as told,
            self.captureOnCommitCallbacks(execute=True),
        ):
            answered(
                self.mira.request(*(self.mira.body("tick", point.pk) for point in self.points)),
                self.jo_page.request(self.jo_page.body("tick", self.points[0].pk)),
                shadow.request(shadow.body("tick", self.points[0].pk)),
            )
        count = len(self.points) + 1
        groups = {notify.group_of(self.interview.pk, stream) for stream in (Event.SHARED, self.shadow.own_stream)}
        self.assertEqual({call.args[0] for call in told.call_args_list}, groups)
        self.assertIn({"shared": count}, [call.args[1] for call in told.call_args_list])
        self.assertEqual(told.call_count, 2)


class TestCost(TestCase):
    def queries_of(self, kind, value, *, points=False):
        """The queries for this command of twenty people."""
        pages = [Page(LeadFactory(interview=InterviewFactory(live=True))) for _ in range(20)]
        targets = [page.interview.questions.first() for page in pages]
        targets = [target.points.first() if points else target for target in targets]
        requests = [page.request(page.body(kind, one.pk, value)) for page, one in zip(pages, targets, strict=True)]
        with CaptureQueriesContext(connection) as asked:
            batches.answer(requests)
        self.assertEqual({request.answer.status for request in requests}, {200})
        told = [query["sql"] for query in asked.captured_queries]
        return [sql for sql in told if not sql.startswith(("SAVEPOINT", "RELEASE"))]

    def test_twenty_ticks_take_twelve_queries(self):
        told = self.queries_of("tick", True, points=True)
        self.assertLessEqual(len(told), 12, told)
        self.assertEqual(Tick.objects.count(), 20)

    def test_twenty_ratings_and_twenty_notes_take_thirteen(self):
        for kind, value in (("rate", 3), ("note", "Sharp.")):
            told = self.queries_of(kind, value)
            self.assertLessEqual(len(told), 13, told)
        self.assertEqual((Rating.objects.count(), Note.objects.count()), (20, 20))

    def test_twenty_questions_asked_share_all_but_the_change(self):
        told = self.queries_of("ask", "now")
        self.assertLessEqual(len(told), 10 + 3 * 20, told)
        self.assertEqual(Event.objects.count(), 20)


class TestAlike(TestCase):
    def test_any_commands_come_to_the_same_as_one_by_one(self):
        """Two interviews, the same commands: one by one over HTTP in the first, in batches in the second."""
        seed = random.randrange(10**6)
        dice = random.Random(seed)
        told = []
        own = ["tick", "tick", "rate", "rate", "flag", "note", "note"]
        # By one person only: whose come first depends on the batch.
        shared = ["ask", "skip", "park", "unlisted", "unlisted_tick"]

        def step():
            who = dice.randrange(3)
            return who, dice.choice(own if who else own + shared), dice.randrange(4), dice.random() < 0.6

        plans = [[step() for _ in range(dice.randrange(1, 12))] for _ in range(12)]
        for is_together in (False, True):
            interview = InterviewFactory(live=True)
            panel = [
                LeadFactory(interview=interview),
                PanelistFactory(interview=interview),
                ShadowFactory(interview=interview),
            ]
            pages = [Page(panelist) for panelist in panel]
            questions = list(interview.questions.order_by("position"))
            points = [*questions[0].points.all()[:2], *questions[1].points.all()[:1]]
            for plan in plans:
                bodies = [[] for _ in pages]
                for who, kind, place, is_on in sorted(plan, key=lambda step: step[0]):
                    target = points[place % len(points)].pk if kind == "tick" else questions[place % len(questions)].pk
                    value = {"rate": 3 if is_on else None, "flag": {"flag": "depth", "on": is_on}, "note": f"{place}"}
                    value |= {"ask": "now" if is_on else None, "skip": 1 if is_on else None}
                    value |= {"unlisted": {"question": questions[place % 2].pk, "text": f"Extra {place}"}}
                    target = str(uuid.UUID(int=place, version=4)) if kind.startswith("unlisted") else target
                    bodies[who].append(pages[who].body(kind, target, value.get(kind, is_on)))
                if is_together:
                    batches.answer([page.request(*sent) for page, sent in zip(pages, bodies, strict=True) if sent])
                else:
                    for page, sent in zip(pages, bodies, strict=True):
                        for body in sent:
                            page.post(body)
            first = min(questions[0].pk, 10**9)
            told.append(
                [
                    sorted(
                        (who, point.pk - points[0].pk)
                        for who, panelist in enumerate(panel)
                        for point in points
                        if panelist.ticks.filter(point=point).exists()
                    ),
                    [
                        [
                            (event.kind, event.payload.get("on"), event.payload.get("question", first) - first)
                            for event in Event.objects.filter(interview=interview, actor=panelist.user).order_by("pk")
                            if event.stream == Event.SHARED
                        ]
                        for panelist in panel
                    ],
                    [
                        (question.state, question.skip_reason, question.is_parked, question.asked_at is None)
                        for question in interview.questions.order_by("position")
                    ],
                    sorted(
                        (
                            point.text,
                            panel.index(point.author),
                            sorted(panel.index(tick.panelist) for tick in point.ticks.all()),
                        )
                        for point in UnlistedPoint.objects.filter(question__interview=interview)
                    ),
                    [Panelist.objects.get(pk=panelist.pk).seq for panelist in panel],
                    Interview.objects.get(pk=interview.pk).seq,
                    [Receipt.objects.filter(interview=interview, user=panelist.user).count() for panelist in panel],
                ]
            )
            seqs = Event.objects.filter(interview=interview, stream=Event.SHARED).order_by("seq")
            assert [event.seq for event in seqs] == list(range(1, len(seqs) + 1))
        self.assertEqual(*told, f"seed {seed}")

    def test_judgements_come_to_the_same_as_one_by_one(self):
        """Also those that are refused, that merge with a newer text, and several of one row."""
        seed = random.randrange(10**6)
        dice = random.Random(seed)
        values = {
            "rate": [1, 2, 3, None, 5, "3"],
            "flag": [{"flag": flag, "on": on} for flag in ("dont_know", "depth") for on in (True, False)] + [None],
            "note": ["", "Sharp.", "Sharp.\nLikes queues.", "Other", 7],
        }
        kinds = list(values)
        steps = [
            (dice.randrange(2), kind, dice.randrange(4), dice.choice(values[kind]), dice.choice([None, 0, 1, 2]))
            for kind in dice.choices(kinds, k=120)
        ]
        one_by_one, together = (self.judged(steps, size) for size in (1, 12))
        self.assertEqual(one_by_one, together, f"seed {seed}")

    def judged(self, steps, size):
        """Answers, rows and events after these steps of two panelists, sent so many at a time."""
        interview = InterviewFactory(live=True)
        panel = [LeadFactory(interview=interview), ShadowFactory(interview=interview)]
        pages = [Page(panelist) for panelist in panel]
        first, second = interview.questions.order_by("position")[:2]
        talk = interview.questions.filter(kind="conversation").first()
        places = [first.pk, second.pk, talk.pk if talk else None, 999_999]
        names = {pk: name for name, pk in enumerate(places)}
        answers = [[], []]
        for start in range(0, len(steps), size):
            bodies = [[], []]
            for who, kind, place, value, base in steps[start : start + size]:
                target = None if kind == "note" and place == 2 else places[place]
                bodies[who].append(pages[who].body(kind, target, value, base_rev=base))
            requests = [page.request({"commands": sent}) for page, sent in zip(pages, bodies, strict=True)]
            for who, (_, body) in enumerate(answered(*requests)):
                answers[who] += [
                    (row["result"].get("text"), row["result"].get("revision"), row["result"].get("value"))
                    if "receipt" in row
                    else (row["status"], row["error"])
                    for row in body["answers"]
                ]
        return [
            answers,
            [
                [(names[row.question_id], row.value, row.flags) for row in panelist.ratings.order_by("question")]
                for panelist in panel
            ],
            [
                [
                    (
                        names.get(row.question_id),
                        row.text,
                        row.revision,
                        list(row.revisions.values_list("number", "text")),
                    )
                    for row in panelist.notes.order_by("question")
                ]
                for panelist in panel
            ],
            [
                [
                    (row.seq, row.kind, row.payload.get("revision"), row.payload.get("value"), row.payload.get("flags"))
                    for row in Event.objects.filter(interview=interview, stream=panelist.own_stream).order_by("seq")
                ]
                for panelist in panel
            ],
        ]
