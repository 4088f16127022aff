import datetime as dt
from unittest import mock

from django.core import mail as django_mail
from django.test import TestCase

from interviews.factories import CandidateFactory, InterviewFactory, OpeningFactory
from interviews.models import Candidate, Interview, Panelist
from interviews.models.panelists import PanelistQuerySet
from interviews.planning import reminders, tasks
from interviews.tests.submitting import END, ended_interview, seat, submit
from mail.models import Mail

DUE = END + dt.timedelta(hours=24)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)


class RemindTests(TestCase):
    def setUp(self):
        opening = OpeningFactory(title="Backend engineer")
        self.interview = ended_interview(candidate=CandidateFactory(opening=opening, name="Ada Okafor"))
        self.mira = seat(self.interview, "Mira Rahman", "lead")

    def reminded(self, at=DUE):
        reminders.remind(at=at)
        return sorted(Mail.objects.values_list("to", flat=True))

    def test_an_hour_and_a_day_after_the_end_and_not_between(self):
        self.assertEqual(self.reminded(at=END + HOUR - MINUTE), [])
        self.assertEqual(self.reminded(at=END + HOUR), [self.mira.user.email])
        self.assertIn("It’s quickest while the call is fresh.", Mail.objects.get().text)
        self.assertEqual(self.reminded(at=DUE - MINUTE), [self.mira.user.email])
        self.assertEqual(self.reminded(), [self.mira.user.email] * 2)
        self.assertIn("This is the last automatic reminder.", Mail.objects.latest("pk").text)
        self.assertEqual(self.reminded(at=DUE + HOUR), [self.mira.user.email] * 2)

    def test_not_right_after_a_manager_reminded_them(self):
        Panelist.objects.update(prompted_at=DUE - HOUR)
        self.assertEqual(self.reminded(), [])
        self.assertEqual(self.reminded(at=DUE + 3 * HOUR + MINUTE), [self.mira.user.email])

    def test_reopened_and_ended_again_they_are_reminded_of_the_new_end(self):
        reminders.remind(at=END + HOUR)
        Interview.objects.update(ended_at=END + 2 * HOUR)
        self.assertEqual(len(self.reminded(at=END + 3 * HOUR)), 2)

    def test_not_once_the_candidate_has_withdrawn(self):
        Candidate.objects.update(withdrew_at=DUE)
        self.assertEqual(self.reminded(), [])
        Candidate.objects.update(withdrew_at=None)
        self.assertEqual(self.reminded(), [self.mira.user.email])

    def test_once_and_never_again(self):
        self.assertEqual(reminders.remind(at=DUE), 1)
        self.assertEqual(reminders.remind(at=DUE + MINUTE), 0)
        self.assertEqual(Panelist.objects.get().reminded_at, DUE)

    def test_two_workers_that_read_the_same_list_remind_once(self):
        owing, calls = PanelistQuerySet.owing, []

        def interrupted(self, at):
            calls.append(at)
            if len(calls) == 2:  # the first worker has read the list; before it takes anybody, another one runs
                reminders.remind(at=at)
            return owing(self, at)

        with mock.patch.object(PanelistQuerySet, "owing", interrupted):
            self.assertEqual(reminders.remind(at=DUE), 0)
        self.assertEqual(Mail.objects.count(), 1)

    def test_who_submits_or_leaves_while_it_runs_is_left_alone(self):
        jo = seat(self.interview, "Jo Tanaka")
        tell = reminders.tell

        def meanwhile(*kind, **notice):
            submit(jo, at=DUE)
            return tell(*kind, **notice)

        with mock.patch.object(reminders, "tell", side_effect=meanwhile):
            self.assertEqual(self.reminded(), [self.mira.user.email])

    def test_only_those_who_owe_one(self):
        submit(seat(self.interview, "Has Submitted"))
        seat(self.interview, "Is Shadow", "shadow")
        left = seat(self.interview, "Has Left")
        left.left_at = END
        left.save()
        away = seat(self.interview, "May Not Sign In").user
        away.is_active = False
        away.save()
        self.assertEqual(self.reminded(), [self.mira.user.email])

    def test_of_an_interview_that_was_cancelled_or_never_ended_nobody_is(self):
        for trait in ("cancelled", "live"):
            seat(InterviewFactory(candidate=self.interview.candidate, script=None, **{trait: True}), f"Of {trait}")
        Interview.objects.filter(pk=self.interview.pk).update(status="cancelled", cancelled_at=END)
        self.assertEqual(self.reminded(at=DUE + dt.timedelta(days=2)), [])

    def test_what_has_lain_for_long_is_let_lie(self):
        self.assertEqual(self.reminded(at=DUE + dt.timedelta(days=7)), [])

    def test_the_mail_leads_to_the_scorecard_and_names_no_candidate(self):
        self.mira.user.time_zone = "America/New_York"
        self.mira.user.save()
        reminders.remind(at=DUE)
        text = Mail.objects.get().text
        self.assertIn(f"http://testserver/interviews/{self.interview.pk}/scorecard/", text)
        self.assertIn(f"at {END.astimezone(dt.timezone(dt.timedelta(hours=-5))):%H:%M}", text)
        self.assertNotIn("Okafor", text)

    def test_undone_with_its_transaction_it_is_tried_again(self):
        with mock.patch.object(reminders, "tell", side_effect=RuntimeError), self.assertRaises(RuntimeError):
            reminders.remind(at=DUE)
        self.assertIsNone(Panelist.objects.get().reminded_at)
        self.assertEqual(reminders.remind(at=DUE), 1)

    def test_the_periodic_task_does_it(self):
        with (
            mock.patch.object(tasks.timezone, "now", return_value=DUE),
            self.captureOnCommitCallbacks(execute=True),
        ):
            tasks.remind_of_due_scorecards.call_local()
        subject = "Scorecard due: interview for Backend engineer, 20 Nov, 15:58 Malta time"
        self.assertEqual([message.subject for message in django_mail.outbox], [subject])
