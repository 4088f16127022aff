import datetime as dt
import re
import threading
import uuid

from django.db import IntegrityError, connection, transaction
from django.test import TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext

from accounts.factories import HiringManagerFactory, InterviewerFactory
from accounts.models import User
from interviews.access import debrief_access
from interviews.debriefs import decisions
from interviews.debriefs.decisions import NewDecision, decide, objections
from interviews.models import Decision, Panelist
from interviews.models.stages import add_stages
from interviews.records.reading import submissions
from interviews.refusals import NotAllowed, NotThere
from interviews.tests.debriefing import managed_interview, three_seats
from interviews.tests.submitting import END, questions, rate, revise, seat, submit

NOW = END + dt.timedelta(days=1)


def new(choice="go_on", reason="Because.", **fields):
    return NewDecision(choice=choice, reason=reason, **{"token": uuid.uuid4()} | fields)


class DecisionCase(TestCase):
    def setUp(self):
        self.hana, self.interview = managed_interview()
        self.mira, self.jo, self.luc = three_seats(self.interview)

    def submit_all(self, *recommendations):
        for panelist, value in zip((self.mira, self.jo, self.luc), recommendations or (3, 3, 3), strict=True):
            submit(panelist, recommendation=value)

    def decide(self, *args, by=None, **fields):
        user = User.objects.get(pk=(by or self.hana).pk)
        return decide(user=user, interview_id=self.interview.pk, new=new(*args, **fields), at=NOW)


class DecideTests(DecisionCase):
    def test_it_is_kept_with_who_when_and_why(self):
        self.submit_all()
        self.decide("offer", "She is ready.", dissenters=[self.luc.pk], dissent="Too early.", feedback="Well done.")
        kept = Decision.objects.get()
        self.assertEqual(
            (kept.number, kept.choice, kept.reason, kept.decided_by, kept.decided_at, kept.dissent, kept.feedback),
            (1, "offer", "She is ready.", self.hana, NOW, "Too early.", "Well done."),
        )
        self.assertEqual(kept.dissenters, [{"panelist": self.luc.pk, "name": "Luc Perrin"}])

    def test_the_opening_is_locked_alone_and_the_interview_after_the_candidate(self):
        """Whoever withdraws or moves a candidate locks them in this order: another one could deadlock."""
        self.submit_all()
        with CaptureQueriesContext(connection) as asked:
            self.decide()
        locks = [query["sql"] for query in asked if " FOR " in query["sql"]]
        tables = [re.search(r'FROM "(\w+)"', sql)[1].removeprefix("interviews_") for sql in locks]
        if connection.features.has_select_for_update_of:
            self.assertEqual(tables[:3], ["opening", "candidate", "interview"])
            self.assertIn('FOR NO KEY UPDATE OF "interviews_opening"', locks[0])

    def test_a_later_one_stands_beside_it(self):
        self.submit_all()
        self.decide("hold", "No budget.")
        self.decide("offer", "There is.", base=1)
        self.assertEqual([(d.number, d.choice) for d in self.interview.decisions.all()], [(1, "hold"), (2, "offer")])

    def test_who_did_not_see_the_one_before_records_nothing(self):
        self.submit_all()
        self.decide("hold", "No budget.")
        with self.assertRaises(decisions.DecidedMeanwhile):
            self.decide("offer", "There is.")
        self.assertEqual(Decision.objects.get().choice, "hold")

    def test_the_same_form_twice_is_recorded_once(self):
        self.submit_all()
        token = uuid.uuid4()
        first = self.decide(token=token)
        self.assertEqual(self.decide(token=token), first)
        with self.assertRaises(decisions.DecidedMeanwhile):
            self.decide("decline", token=token)
        self.assertEqual(Decision.objects.count(), 1)

    def test_only_managers_of_the_opening_decide(self):
        self.submit_all()
        for person in (self.mira.user, self.jo.user):
            with self.assertRaises(NotAllowed):
                self.decide(by=person)
        for person in (HiringManagerFactory(), InterviewerFactory()):
            with self.assertRaises(NotThere):
                self.decide(by=person)
        self.hana.groups.clear()
        with self.assertRaises(NotThere):
            self.decide()
        self.assertFalse(Decision.objects.exists())

    def test_nothing_is_decided_while_the_debrief_is_closed(self):
        submit(self.mira)
        with self.assertRaises(decisions.Closed):
            self.decide()
        submit(self.jo)
        submit(self.luc)
        Panelist.objects.create(interview=self.interview, user=self.hana)
        with self.assertRaises(decisions.Closed):
            self.decide()
        self.assertFalse(Decision.objects.exists())

    def test_dissent_is_of_those_in_the_debrief(self):
        self.submit_all()
        sam = seat(self.interview, "Sam Keller", "shadow")
        submit(sam)
        with self.assertRaises(decisions.UnknownDissenter):
            self.decide(dissenters=[sam.pk], dissent="canary")

    def test_the_database_refuses_what_a_form_never_sends(self):
        self.submit_all()
        good = {"interview": self.interview, "decided_by": self.hana, "decided_at": NOW, "reason": "x"}
        Decision.objects.create(number=1, choice="hold", token=uuid.UUID(int=1), **good)
        for fields in (
            {"number": 1, "choice": "hold", "token": uuid.UUID(int=2)},
            {"number": 2, "choice": "hold", "token": uuid.UUID(int=1)},
            {"number": 2, "choice": "reject", "token": uuid.UUID(int=2)},
            {"number": 2, "choice": "hold", "token": uuid.UUID(int=2), "reason": ""},
        ):
            with self.subTest(fields), self.assertRaises(IntegrityError), transaction.atomic():
                Decision.objects.create(**good | fields)


class AgainstTests(DecisionCase):
    def against(self, choice):
        return objections(choice, submissions(debrief_access(self.hana, self.interview).submitted))

    def rated(self, value, count=4):
        for question in questions(self.interview, count):
            rate(self.mira, question, value)
            rate(self.jo, question, value)

    def test_against_most_recommendations(self):
        self.submit_all(3, 4, 1)
        self.assertEqual(self.against("decline"), ["Most recommend yes."])
        for choice in ("go_on", "offer", "hold"):
            self.assertEqual(self.against(choice), [])

    def test_against_the_score(self):
        self.rated(2)
        self.submit_all(3, 4, 1)
        self.assertEqual(self.against("offer"), ["The answers are rated Mixed on average."])
        self.assertEqual(self.against("hold"), [])

    def test_a_tie_blanks_and_a_provisional_score_object_to_nothing(self):
        self.rated(1, count=3)
        self.submit_all(3, 2, None)
        for choice in Decision.Choice:
            self.assertEqual(self.against(choice), [])

    def test_what_somebody_stands_by_now_is_what_counts_among_recommendations(self):
        self.submit_all(3, 3, 2)
        revise(self.mira, reason="Luc is right.", at=NOW, recommendation=2)
        self.assertEqual(self.against("offer"), ["Most recommend no."])

    def test_it_asks_for_a_sentence_and_then_takes_it(self):
        self.submit_all(3, 3, 3)
        with self.assertRaises(decisions.SentenceWanted):
            self.decide("decline")
        self.decide("decline", against="The role is gone.")
        self.assertEqual(Decision.objects.get().against, "The role is gone.")

    def test_a_sentence_that_nobody_asked_for_is_not_kept(self):
        self.submit_all(3, 3, 3)
        self.decide("offer", against="left from another choice")
        self.assertEqual(Decision.objects.get().against, "")


class TwoManagersTests(TransactionTestCase):
    def test_of_two_at_once_one_is_recorded_and_the_other_is_told(self):
        hana, interview = managed_interview()
        tendai = HiringManagerFactory()
        interview.opening.managers.add(tendai)
        submit(seat(interview, "Mira Rahman", "lead"), recommendation=3)
        at_once, told = threading.Barrier(2), []

        def run(user):
            at_once.wait(10)
            try:
                decide(user=user, interview_id=interview.pk, new=new(reason=str(user)), at=NOW)
                told.append("recorded")
            except decisions.DecidedMeanwhile:
                told.append("told")
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=(User.objects.get(pk=user.pk),)) for user in (hana, tendai)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        self.assertEqual(sorted(told), ["recorded", "told"])
        self.assertEqual(Decision.objects.count(), 1)


class MovingAlongTests(DecisionCase):
    """What a decision means for the candidate's way."""

    def setUp(self):
        super().setUp()
        self.submit_all()
        self.candidate = self.interview.candidate
        add_stages(self.interview.opening, ["Technical", "Onsite"])
        self.candidate.stage = self.interview.stage = self.interview.opening.stages.current().first()
        self.candidate.save()
        self.interview.save()

    def place_after(self, choice):
        self.decide(choice, base=self.interview.decisions.count(), against="Because.")
        self.candidate.refresh_from_db()
        return str(self.candidate.stage), self.candidate.outcome

    def test_advance_leads_to_the_next_stage_once(self):
        self.assertEqual(self.place_after("go_on"), ("Onsite", ""))
        self.assertEqual(self.place_after("go_on"), ("Onsite", ""))

    def test_decline_rejects_and_another_decision_takes_it_back(self):
        self.assertEqual(self.place_after("decline"), ("Technical", "rejected"))
        # Those who may know that may not all read the debrief.
        self.assertEqual((self.candidate.outcome_reason, self.candidate.changes.get().reason), ("", ""))
        self.candidate.withdrew_at = self.interview.ended_at
        self.candidate.save()
        self.assertEqual(self.place_after("hold"), ("Technical", ""))
        self.assertIsNotNone(self.candidate.withdrew_at)

    def test_who_was_hired_stays_so(self):
        self.candidate.settle("hired", reason="Signed.", by=self.hana, at=self.interview.ended_at)
        self.assertEqual(self.place_after("decline"), ("Technical", "hired"))

    def test_the_last_stage_has_no_next(self):
        self.interview.opening.stages.filter(name="Onsite").delete()
        self.assertEqual(self.place_after("go_on"), ("Technical", ""))
