import datetime as dt
import json
import stat
import tempfile
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from unittest import mock

import pytest
from django.apps import apps
from django.test import SimpleTestCase, TestCase
from django.utils import timezone

from accounts.factories import InterviewerFactory
from accounts.models import User
from accounts.roles import Role
from interviews.debriefs.candidate_comparison import compare_candidates
from interviews.demo import loading
from interviews.demo.texts import read_texts
from interviews.models import (
    Event,
    Interview,
    Note,
    Opening,
    Panelist,
    Rating,
    Receipt,
    ScorecardVersion,
    ScriptedQuestion,
    Tick,
    UnlistedPoint,
)
from interviews.records.note_history import text_at
from interviews.records.snapshots import sha256
from question_bank.models import Question
from question_bank.seeds.files import read_bank
from question_bank.seeds.loading import seed_bank

# Demo data are loaded on the embedded engine alone.
pytestmark = pytest.mark.sqlite_only


def rows():
    """How many rows each table has."""
    return {model._meta.label: model.objects.count() for model in apps.get_models()}


class DemoCase(TestCase):
    """The built-in bank, and a file for the password that is not there yet."""

    @classmethod
    def setUpTestData(cls):
        seed_bank(read_bank())
        cls.now = timezone.now()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "demo_password"

    def load(self):
        return loading.load(password_file=self.file, now=self.now)


class LoadedCase(DemoCase):
    """… and the demo data, whose password is known."""

    password = "this-is-known"

    @classmethod
    def setUpTestData(cls):
        super().setUpTestData()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "demo_password"
            file.write_text(cls.password)
            cls.loaded = loading.load(password_file=file, now=cls.now)

    def setUp(self):
        super().setUp()
        self.file.write_text(self.password)

    def panelist(self, name, **of_interview):
        return Panelist.objects.get(
            user__name=name, **{f"interview__{field}": value for field, value in of_interview.items()}
        )

    def question(self, candidate, key):
        return ScriptedQuestion.objects.get(interview__candidate__name=candidate, source__key=key)


class TestLoad(LoadedCase):
    def test_each_role_has_a_login_that_works(self):
        self.assertTrue(self.loaded.is_new)
        self.assertEqual([login.role for login in self.loaded.logins], list(Role))
        for login in self.loaded.logins:
            self.assertTrue(self.client.login(username=login.email, password=login.password), login.email)
            self.assertIn(login.role, User.objects.get(email=login.email).roles)

    def test_interviewer_finds_a_call_that_is_live_one_to_come_today_and_a_scorecard_to_finish(self):
        mira = User.objects.get(name="Mira Rahman")
        live = Interview.objects.get(panelists__user=mira, status="live")
        self.assertEqual(self.now - live.started_at, dt.timedelta(minutes=24))
        self.assertIsNotNone(live.current_question)
        next_one = Interview.objects.filter(panelists__user=mira, status="scheduled").in_order().first()
        self.assertLess(next_one.scheduled_for - self.now, dt.timedelta(minutes=45))
        self.assertGreater(next_one.scheduled_for, self.now)
        self.assertEqual(
            [(seat.user.short_name, seat.part) for seat in next_one.panelists.all()],
            [("Mira", "lead"), ("Jo", "interviewer"), ("Sam", "shadow")],
        )
        due = self.panelist("Mira Rahman", status="ended", candidate__name="Tomás Iglesias")
        self.assertFalse(due.scorecard.is_submitted)
        self.assertEqual(due.scorecard.still_open, "Deployment")
        self.assertEqual(due.ratings.exclude(value=None).count(), 7)

    def test_hiring_managers_find_openings_with_interviews_in_every_state(self):
        hana, tendai = User.objects.get(name="Hana Berg"), User.objects.get(name="Tendai Moyo")
        self.assertEqual(Opening.objects.visible_to(hana).count(), 3)
        self.assertEqual(Opening.objects.visible_to(tendai).count(), 2)
        states = Counter(Interview.objects.managed_by(hana).values_list("status", flat=True))
        self.assertEqual(states, {"live": 1, "scheduled": 3, "ended": 7})
        self.assertEqual(Interview.objects.managed_by(tendai).filter(status="cancelled").count(), 1)

    def test_curators_find_drafts_and_administrators_somebody_who_was_invited(self):
        drafts = Question.objects.filter(status=Question.Status.DRAFT)
        self.assertEqual([question.points.count() for question in drafts], [2, 2])
        invited = User.objects.get(last_login=None)
        self.assertFalse(invited.has_usable_password())

    def test_one_past_interview_was_held_by_others(self):
        mateo = Interview.objects.get(candidate__name="Mateo Quispe")
        self.assertNotIn(mateo, Interview.objects.visible_to(User.objects.get(name="Mira Rahman")))
        self.assertEqual(ScorecardVersion.objects.filter(scorecard__panelist__interview=mateo).count(), 2)

    def test_live_call_holds_evidence_of_lead_and_interviewer(self):
        for name in ("Mira Rahman", "Jo Tanaka"):
            panelist = self.panelist(name, status="live")
            self.assertGreater(panelist.ticks.count(), 4)
            self.assertGreater(panelist.ratings.count(), 4)
            self.assertGreater(panelist.notes.count(), 4)
        self.assertEqual(self.question("Priya Nair", "stale-data").skip_reason, 2)
        asked = ScriptedQuestion.objects.filter(interview__status="live", state="asked").in_order()
        self.assertEqual([question.source.key for question in asked][:3], ["kickoff", "slow-page", "caching-levels"])
        self.assertGreater(asked[1].seconds, 120)

    def test_ended_call_has_three_submitted_scorecards_on_twelve_answers(self):
        rated = {}
        for panelist in Panelist.objects.filter(interview__candidate__name="Ada Okafor"):
            answers = json.loads(panelist.scorecard.versions.get().snapshot)["questions"]
            rated[str(panelist)] = len([answer for answer in answers if answer["rating"]])
        # Luc had to leave before the last one.
        self.assertEqual(rated, {"Mira Rahman": 12, "Jo Tanaka": 12, "Luc Perrin": 11})
        self.assertTrue(self.panelist("Jo Tanaka", candidate__name="Ada Okafor").scorecard.versions.get().is_blind)

    def test_ended_call_has_a_question_two_steps_apart_and_unlisted_points(self):
        ratings = Rating.objects.filter(question=self.question("Ada Okafor", "shared-users"))
        self.assertEqual({str(rating.panelist): rating.value for rating in ratings}["Mira Rahman"], 2)
        self.assertEqual({str(rating.panelist): rating.value for rating in ratings}["Jo Tanaka"], 4)
        noted = UnlistedPoint.objects.get(question=self.question("Ada Okafor", "index-columns"))
        self.assertEqual([str(tick.panelist) for tick in noted.ticks.all()], ["Mira Rahman", "Jo Tanaka", "Luc Perrin"])
        gate = Interview.objects.get(candidate__name="Ada Okafor").sections.exclude(gate="").get()
        self.assertIs(gate.is_gate_open, False)

    def test_an_opening_has_what_debrief_decision_and_comparison_show(self):
        opening = Opening.objects.get(title="Senior backend engineer")
        hana = User.objects.get(name="Hana Berg")
        found = compare_candidates(opening=opening, reader=hana)
        self.assertEqual([one.name for one in found.known], ["Hevin Demir", "Dara Sok", "Sione Taufa", "Ada Okafor"])
        # Sione was asked other questions: without a choice, the others are compared.
        self.assertEqual([entry.name for entry in found.chosen], ["Hevin Demir", "Dara Sok", "Ada Okafor"])
        self.assertEqual({pair.words for pair in found.pairs}, {"clear lead", "too close to call"})
        everyone = [one.pk for one in found.known]
        found = compare_candidates(opening=opening, reader=hana, chosen=everyone)
        self.assertFalse(found.is_comparable)
        self.assertEqual([words for words, _ in found.hints], ["Without Sione Taufa, the others share 5 questions."])
        dara = Interview.objects.get(candidate__name="Dara Sok")
        self.assertEqual([decision.choice for decision in dara.decisions.all()], ["hold", "go_on"])
        self.assertTrue(dara.panelists.get(part="shadow").has_submitted)
        revised = ScorecardVersion.objects.get(number=2)
        self.assertEqual((revised.is_blind, str(revised.scorecard.panelist)), (False, "Luc Perrin"))

    def test_note_polished_after_the_call_keeps_what_stood_in_it(self):
        note = Note.objects.get(is_after_call=True)
        first = text_at(note, 1)
        self.assertEqual((note.revision, first), (2, note.text[: len(first)]))
        self.assertFalse(note.revisions.get().is_after_call)

    def test_every_note_of_the_texts_is_kept_as_it_is(self):
        written = [
            answer.note
            for interview in read_texts().interviews
            for moment in interview.call
            for answer in moment.answers.values()
            if answer.note
        ]
        kept = Note.objects.exclude(question=None).values_list("text", flat=True)
        self.assertEqual(Counter(kept), Counter(written))

    def test_submitted_versions_are_what_was_hashed(self):
        versions = list(ScorecardVersion.objects.all())
        self.assertEqual(len(versions), 16)
        for version in versions:
            self.assertEqual(version.sha256, sha256(version.snapshot))

    def test_streams_are_numbered_without_a_gap_in_the_order_of_the_clock(self):
        streams = defaultdict(list)
        for event in Event.objects.order_by("interview", "stream", "seq"):
            streams[event.interview_id, event.stream].append(event)
        for events in streams.values():
            self.assertEqual([event.seq for event in events], list(range(1, len(events) + 1)))
            self.assertEqual(events, sorted(events, key=lambda event: event.at))
        for interview in Interview.objects.all():
            self.assertEqual(interview.seq, len(streams[interview.pk, "shared"]))
        for panelist in Panelist.objects.all():
            self.assertEqual(panelist.seq, len(streams[panelist.interview_id, panelist.own_stream]))

    def test_each_browser_counted_its_commands(self):
        counted = defaultdict(list)
        for receipt in Receipt.objects.order_by("n"):
            counted[receipt.interview_id, receipt.user_id].append(receipt.n)
        self.assertGreater(len(counted), 10)
        for numbers in counted.values():
            self.assertEqual(numbers, list(range(1, len(numbers) + 1)))

    def test_nothing_happened_in_the_future_or_outside_its_call(self):
        self.assertFalse(Event.objects.filter(at__gt=self.now).exists())
        for tick in Tick.objects.select_related("panelist__interview"):
            interview = tick.panelist.interview
            self.assertGreater(tick.at, interview.started_at)
            self.assertLess(tick.at, interview.ended_at or self.now)

    def test_nobody_is_in_two_calls_at_once(self):
        calls = defaultdict(list)
        seats = Panelist.objects.exclude(interview__status="cancelled").select_related("user", "interview")
        for seat in seats.order_by("interview__scheduled_for"):
            calls[str(seat)].append((seat.interview.scheduled_for, seat.interview.ends_at))
        self.assertGreater(len(calls["Mira Rahman"]), 5)
        for person, times in calls.items():
            for (_, end), (begin, _) in pairwise(times):
                self.assertGreaterEqual(begin, end, person)


class TestLoadAgain(LoadedCase):
    def test_second_load_changes_nothing_and_gives_the_logins_again(self):
        before = rows()
        with mock.patch.object(loading, "_create") as create:
            again = self.load()
        create.assert_not_called()
        self.assertFalse(again.is_new)
        self.assertEqual(again.logins, self.loaded.logins)
        self.assertEqual(rows(), before)

    def test_demo_to_which_somebody_was_invited_goes_on(self):
        InterviewerFactory(name="Invited")
        self.assertEqual(self.load().logins, self.loaded.logins)

    def test_lost_password_is_made_anew(self):
        self.file.unlink()
        login = self.load().logins[0]
        self.assertNotEqual(login.password, self.password)
        self.assertEqual(self.file.read_text().strip(), login.password)
        self.assertTrue(self.client.login(username=login.email, password=login.password))
        self.assertFalse(User.objects.get(last_login=None).has_usable_password())

    def test_lost_password_stays_lost_beside_real_people(self):
        InterviewerFactory()
        before = set(User.objects.values_list("email", "password"))
        self.file.unlink()
        self.assertEqual({login.password for login in self.load().logins}, {None})
        self.assertEqual(set(User.objects.values_list("email", "password")), before)
        self.assertFalse(self.file.exists())

    def test_password_that_somebody_changed_is_not_claimed_to_be_the_one_of_the_file(self):
        mira = User.objects.get(name="Mira Rahman")
        mira.set_password("one of her own")
        mira.save()
        interviewer, manager, *_ = self.load().logins
        self.assertIsNone(interviewer.password)
        self.assertEqual(manager.password, self.password)
        mira.refresh_from_db()
        self.assertTrue(mira.check_password("one of her own"))


class TestLoadRefused(DemoCase):
    def assert_refused(self, text):
        before = rows()
        with self.assertRaisesMessage(loading.DemoRefused, text):
            self.load()
        self.assertEqual(rows(), before)

    def test_beside_a_real_person(self):
        InterviewerFactory(email="somebody@example.com")
        self.assert_refused("somebody@example.com")
        self.assertFalse(self.file.exists())

    def test_where_the_bank_lacks_a_question(self):
        Question.objects.filter(key="long-report").update(status=Question.Status.RETIRED)
        self.assert_refused("the question “long-report”")

    def test_where_the_bank_lacks_a_point(self):
        Question.objects.get(key="queue-parts").points.last().delete()
        self.assert_refused("point 3 of “queue-parts”")


class TestLoadWithoutBank(TestCase):
    def test_is_refused_and_names_the_command(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesMessage(loading.DemoRefused, "bank is empty. Load it first: `manage.py seed"):
                loading.load(password_file=Path(folder) / "demo_password", now=timezone.now())
        self.assertFalse(User.objects.exists())


class TestPassword(SimpleTestCase):
    def test_is_made_up_once_for_its_owner_alone(self):
        with tempfile.TemporaryDirectory() as folder:
            one, other = Path(folder) / "one", Path(folder) / "other"
            password = loading._password(one)
            self.assertRegex(password, r"\A[a-z2-9]{4}(-[a-z2-9]{4}){2}\Z")
            self.assertEqual(loading._password(one), password)
            self.assertNotEqual(loading._password(other), password)
            self.assertEqual(stat.S_IMODE(one.stat().st_mode), 0o600)
