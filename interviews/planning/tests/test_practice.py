"""Practice calls."""

import datetime as dt

import pytest
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import AdministratorFactory, CuratorFactory, HiringManagerFactory, InterviewerFactory
from accounts.models import User
from interviews import bank_usage
from interviews.factories import LooseEndFactory, NoteFactory, TickFactory, UnlistedPointFactory, small_script
from interviews.models import Candidate, Erasure, Event, Export, Interview, Opening, Panelist, ScorecardVersion
from interviews.planning import practice, reminders
from interviews.planning.stand_ins import add_to_panel
from interviews.refusals import Invalid, TooMany
from interviews.tests.submitting import rate, submit
from mail.models import Mail
from tests.crawl import crawl

NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.UTC)
NAME = "Zebrafinch Quill"


def held(lead: User, *colleagues: User, at: dt.datetime = NOW) -> Interview:
    """A practice call that was held: rated, noted and submitted by its lead; with a planted name."""
    interview = practice.begin_practice(script=small_script(), by=lead, at=at)
    for person in colleagues:
        add_to_panel(interview=interview, person=person, by=lead, at=at)
    Candidate.objects.filter(pk=interview.candidate_id).update(name=NAME)
    question, seat = interview.questions.in_order()[0], interview.panelists.get(user=lead)
    interview.questions.filter(pk=question.pk).update(state="asked", asked_at=at)
    rate(seat, question, 3)
    NoteFactory(panelist=seat, question=question)
    LooseEndFactory(panelist=seat)
    noted = UnlistedPointFactory(question=question, author=seat, text="reads the plan first")
    TickFactory(panelist=seat, point=None, unlisted_point=noted)
    ended = {"status": "ended", "started_at": at, "ended_at": at + dt.timedelta(minutes=40)}
    Interview.objects.filter(pk=interview.pk).update(**ended)
    submit(seat, at=at + dt.timedelta(minutes=50), recommendation=3, because="Measures first.")
    return Interview.objects.get(pk=interview.pk)


class BeginPracticeTests(TestCase):
    def setUp(self):
        self.lead, self.colleague = InterviewerFactory(), InterviewerFactory()
        self.client.force_login(self.lead)

    def test_without_a_script_nothing_is_created(self):
        with self.assertRaises(Invalid):
            practice.begin_practice(script=None, by=self.lead, at=NOW)
        self.assertFalse(Opening.objects.exists())

    def test_too_many_are_refused(self):
        script = small_script()
        for _ in range(practice.CALLS_MAX):
            practice.begin_practice(script=script, by=self.lead, at=NOW)
        with self.assertRaises(TooMany):
            practice.begin_practice(script=script, by=self.lead, at=NOW)

    def test_the_lead_may_add_someone_and_nobody_is_told(self):
        interview = practice.begin_practice(script=small_script(), by=self.lead, at=timezone.now())
        added = self.client.post(
            reverse("interview-panel-add", args=[interview.pk]), {"person": self.colleague.pk}, follow=True
        )
        self.assertContains(added, "Tell them yourself")
        self.assertFalse(Mail.objects.exists())
        self.client.force_login(self.colleague)
        self.assertContains(self.client.get(reverse("my-day")), reverse("live", args=[interview.pk]))
        self.assertEqual(self.client.get(reverse("interview-calendar", args=[interview.pk])).status_code, 404)

    def test_others_cannot_open_it(self):
        interview = practice.begin_practice(script=small_script(), by=self.lead, at=NOW)
        for outsider in (self.colleague, HiringManagerFactory(), AdministratorFactory(), CuratorFactory()):
            self.client.force_login(outsider)
            for name in ("live", "interview-detail", "scorecard", "debrief", "export-pdf"):
                with self.subTest(outsider=outsider, name=name):
                    self.assertEqual(self.client.get(reverse(name, args=[interview.pk])).status_code, 404)


class MarkTests(TestCase):
    def test_every_page_of_the_call_is_marked(self):
        lead = InterviewerFactory()
        self.client.force_login(lead)
        interview = practice.begin_practice(script=small_script(), by=lead, at=timezone.now())
        self.assertContains(self.client.get(reverse("live", args=[interview.pk])), "Practice: ")
        ended = held(lead, at=timezone.now() - dt.timedelta(hours=1))
        names = ("interview-detail", "scorecard", "debrief", "export-pdf", "export-verify")
        for name in names:
            with self.subTest(name):
                page = self.client.get(reverse(name, args=[ended.pk]), follow=True)
                self.assertContains(page, "The candidate is invented")


class CountsNowhereTests(TestCase):
    def setUp(self):
        self.lead = InterviewerFactory()
        self.interview = held(self.lead, InterviewerFactory())

    def test_the_bank_counts_neither_questions_nor_extra_points(self):
        sources = list(self.interview.questions.values_list("source", flat=True))
        Panelist.objects.exclude(user=self.lead).update(left_at=NOW)
        self.assertEqual(bank_usage.asked(sources), 0)
        self.assertEqual(list(bank_usage.extra_points(None)), [])
        Opening.objects.update(is_practice=False)
        self.assertEqual(bank_usage.asked(sources), 1)
        self.assertEqual(len(list(bank_usage.extra_points(None))), 1)

    def test_nobody_is_reminded(self):
        self.assertEqual(reminders.remind(at=NOW + dt.timedelta(days=2)), 0)
        self.assertFalse(Mail.objects.exists())

    def test_its_opening_is_not_among_those_that_need_a_manager(self):
        self.assertFalse(Opening.objects.without_manager().exists())
        self.assertFalse(Opening.objects.with_current_managers().exists())
        self.client.force_login(AdministratorFactory())
        address = reverse("opening-manager-name", args=[self.interview.opening_id])
        self.assertEqual(self.client.post(address, {"person": HiringManagerFactory().pk}).status_code, 404)


@pytest.mark.sqlite_only
class CanaryTests(TestCase):
    """The candidate's name is on pages of the call and on My day of its panel, marked, and nowhere else."""

    def test_the_name_is_only_on_marked_pages_of_the_call(self):
        lead = InterviewerFactory(roles=["Interviewer", "Hiring manager", "Curator", "Administrator"])
        interview = held(lead, at=timezone.now() - dt.timedelta(hours=2))
        client, found = Client(), set()
        client.force_login(lead)
        elsewhere = [
            f"{reverse(name)}?q=zebrafinch&show=ended" for name in ("search", "interview-list", "candidate-list")
        ]
        answers = [(visit.path, visit.response) for visit in crawl(client)]
        answers += [(path, client.get(path)) for path in elsewhere]
        for path, response in answers:
            text = response.getvalue().decode(errors="replace")
            if NAME in text or "Zebrafinch" in text:
                self.assertIn("Practice call", text, path)
                found.add(path.split("?")[0])
        allowed = ("/", *(path for path in found if path.startswith(f"/interviews/{interview.pk}/")))
        self.assertEqual(found, set(allowed))
        self.assertLessEqual({reverse(name, args=[interview.pk]) for name in ("interview-detail", "debrief")}, found)

    def test_no_page_of_others_has_it(self):
        held(InterviewerFactory(), at=timezone.now())
        for make in (InterviewerFactory, HiringManagerFactory, CuratorFactory, AdministratorFactory):
            client = Client()
            client.force_login(make())
            for visit in crawl(client):
                self.assertNotIn("Zebrafinch", visit.response.getvalue().decode(errors="replace"), visit.path)


class DeleteOldTests(TestCase):
    def test_after_thirty_days_it_is_deleted_with_its_records(self):
        lead = InterviewerFactory()
        old = held(lead)
        new = held(lead, at=NOW + dt.timedelta(days=1))
        real = Opening.objects.create(title="Backend engineer", created_at=NOW)
        self.assertEqual(practice.delete_old(at=NOW + dt.timedelta(days=29)), 0)
        self.assertEqual(practice.delete_old(at=NOW + dt.timedelta(days=30)), 1)
        self.assertEqual(list(Interview.objects.all()), [new])
        self.assertEqual(set(Opening.objects.all()), {new.opening, real})
        self.assertEqual(list(Candidate.objects.all()), [new.candidate])
        self.assertEqual(ScorecardVersion.objects.count(), 1)
        self.assertFalse(Event.objects.filter(interview=old.pk).exists() or Export.objects.exists())
        self.assertFalse(Erasure.objects.exists())
