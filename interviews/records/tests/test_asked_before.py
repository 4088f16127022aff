"""What a candidate was asked before: by the same person only, and only as far as the reader may see."""

import datetime as dt

from django.test import TestCase
from django.urls import reverse
from django.utils import timezone

from accounts.factories import InterviewerFactory
from interviews.factories import START, CandidateFactory, InterviewFactory, LeadFactory, PanelistFactory
from interviews.models import Interview, ScriptedQuestion
from interviews.records.asked_before import asked_before, scripts_asked


class TestAskedBefore(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.reader = InterviewerFactory()
        cls.first = InterviewFactory(ended=True, candidate=CandidateFactory(email="ada@example.org"))
        cls.jo = LeadFactory(interview=cls.first)
        cls.second = InterviewFactory(candidate=cls.first.candidate, script=cls.first.script)
        LeadFactory(interview=cls.second, user=cls.reader)
        cls.sources = set(cls.first.questions.values_list("source", flat=True))
        cls.asked = cls.first.questions.in_order()[0]
        asked = {"state": ScriptedQuestion.State.ASKED, "asked_at": START, "asked_by": cls.jo}
        ScriptedQuestion.objects.filter(pk=cls.asked.pk).update(**asked)

    def before(self, interview=None):
        return asked_before(reader=self.reader, interview=interview or self.second, sources=self.sources)

    def seen(self):
        PanelistFactory(interview=self.first, user=self.reader)

    def test_nothing_of_an_interview_that_the_reader_may_not_see(self):
        self.assertEqual(self.before(), {})
        self.assertEqual(scripts_asked(reader=self.reader, candidate=self.first.candidate), [])

    def test_when_and_by_whom_with_one_query(self):
        self.seen()
        with self.assertNumQueries(1):
            found = self.before()
        [(source, before)] = found.items()
        self.assertEqual(source, self.asked.source_id)
        self.assertEqual((before.at, before.by, before.interview), (START, str(self.jo.user), self.first.pk))

    def test_the_same_email_in_another_opening_is_the_same_person_and_no_email_is_nobody(self):
        self.seen()
        same, other, none = (
            InterviewFactory(candidate=CandidateFactory(email=email))
            for email in ("Ada@example.org", "b@example.org", "")
        )
        self.assertEqual([len(self.before(one)) for one in (same, other, none)], [1, 0, 0])

    def test_what_was_asked_later_or_here_is_not_before(self):
        self.seen()
        self.assertEqual(self.before(self.first), {})
        earlier = InterviewFactory(
            ended=True, candidate=self.first.candidate, scheduled_for=START - dt.timedelta(days=2)
        )
        self.assertEqual(self.before(earlier), {})

    def test_the_manager_is_warned_for_each_script_with_one_query(self):
        manager = self.second.opening.managers.get()
        name = self.first.script.name
        with self.assertNumQueries(1):
            found = scripts_asked(reader=manager, candidate=self.first.candidate)
        self.assertEqual(found, [(name, 1)])
        self.client.force_login(manager)
        plan = self.client.get(reverse("interview-create", args=[self.first.candidate_id]))
        self.assertContains(plan, f"{name}: 1 question<")

    def test_it_is_told_on_prepare_and_on_the_live_page(self):
        self.seen()
        self.client.force_login(self.reader)
        Interview.objects.filter(pk=self.second.pk).update(scheduled_for=timezone.now())
        for name in ("interview-detail", "live"):
            page = self.client.get(reverse(name, args=[self.second.pk]))
            self.assertContains(page, f"by {self.jo.user}")
        Interview.objects.get(pk=self.first.pk).panelists.filter(user=self.reader).delete()
        for name in ("interview-detail", "live"):
            page = self.client.get(reverse(name, args=[self.second.pk]))
            self.assertNotContains(page, "sked before")
