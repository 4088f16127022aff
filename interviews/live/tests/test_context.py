"""The permission checks that commands share."""

import datetime as dt

from django.test import TestCase

from accounts.factories import HiringManagerFactory
from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory, ScorecardFactory, ShadowFactory
from interviews.live.commands import of_a_form
from interviews.live.context import CommandContext, heard_stream
from interviews.models import Event
from interviews.refusals import NotAllowed, TooLate, WrongTime


class ContextCase(TestCase):
    def context(self, panelist=None, *, interview=None, after=0, **more):
        interview = interview or panelist.interview
        user = panelist.user if panelist else HiringManagerFactory()
        at = (interview.ended_at or interview.scheduled_for) + dt.timedelta(minutes=after)
        return CommandContext(user, interview, panelist, of_a_form("tick"), at, at, **more)


class CommandContextTests(ContextCase):
    def test_only_the_panel_records_something(self):
        panelist = PanelistFactory()
        self.assertEqual(self.context(panelist).author(), panelist)
        with self.assertRaises(NotAllowed):
            self.context(interview=InterviewFactory()).author()

    def test_after_submitting_only_a_revision_records_something(self):
        panelist = PanelistFactory(interview=InterviewFactory(ended=True))
        ScorecardFactory(panelist=panelist, submitted_at=panelist.interview.ended_at)
        with self.assertRaises(TooLate):
            self.context(panelist).author()
        self.assertEqual(self.context(panelist, is_revision=True).author(), panelist)

    def test_before_the_start_and_after_the_end_a_call_is_not_live(self):
        for state in ({}, {"ended": True}, {"cancelled": True}):
            with self.subTest(state), self.assertRaises(WrongTime):
                self.context(interview=InterviewFactory(**state)).live()
        self.context(interview=InterviewFactory(live=True)).live()
        self.context(interview=InterviewFactory(ended=True)).started()

    def test_who_may_lead_and_cover(self):
        lead, interviewer, shadow = LeadFactory(), PanelistFactory(), ShadowFactory()
        self.context(lead).as_lead()
        self.context(interviewer).as_coverer()
        with self.assertRaises(NotAllowed):
            self.context(interviewer).as_lead()
        with self.assertRaises(NotAllowed):
            self.context(shadow).as_coverer()

    def test_a_manager_on_the_panel_may_end_a_call_that_another_leads(self):
        interview = InterviewFactory(live=True)
        manager = PanelistFactory(interview=interview, user=interview.opening.managers.get())
        self.context(manager).as_closer()
        with self.assertRaises(NotAllowed):
            self.context(PanelistFactory(interview=interview)).as_closer()

    def test_after_the_call_counts_by_when_it_was_done(self):
        panelist = PanelistFactory(interview=InterviewFactory(ended=True))
        self.assertEqual([self.context(panelist, after=n).is_after_call for n in (-1, 0, 1)], [False, False, True])


class HeardStreamTests(ContextCase):
    def test_heard_points_are_shared(self):
        panelist = PanelistFactory()
        self.assertEqual(heard_stream(self.context(panelist), panelist), Event.SHARED)

    def test_those_of_a_shadow_a_fully_blind_interview_or_a_revision_are_not(self):
        blind = PanelistFactory(interview=InterviewFactory(is_fully_blind=True))
        shadow, revising = ShadowFactory(), PanelistFactory()
        for panelist, more in ((blind, {}), (shadow, {}), (revising, {"is_revision": True})):
            self.assertEqual(heard_stream(self.context(panelist, **more), panelist), panelist.own_stream)
