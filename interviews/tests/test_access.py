from django.test import TestCase

from accounts.factories import InterviewerFactory
from interviews.access import Barred, debrief_access, readable_panelists
from interviews.factories import InterviewFactory
from interviews.models import Panelist
from interviews.tests.debriefing import managed_interview, opened_early, three_seats
from interviews.tests.submitting import END, seat, submit


class DebriefAccessTests(TestCase):
    def setUp(self):
        self.hana, self.interview = managed_interview()
        self.mira, self.jo, self.luc = three_seats(self.interview)
        self.sam = seat(self.interview, "Sam Keller", "shadow")

    def access(self, who):
        return debrief_access(getattr(who, "user", who), self.interview)

    def barred(self, who):
        return self.access(who).barred

    def policy(self, policy):
        self.interview.blind_policy = policy
        self.interview.save()

    def submit_all(self):
        for panelist in (self.mira, self.jo, self.luc):
            submit(panelist)

    def test_before_the_end_and_when_cancelled_nobody_reads_it(self):
        for state, why in (
            ({"live": True}, Barred.NOT_ENDED),
            ({}, Barred.NOT_ENDED),
            ({"cancelled": True}, Barred.CANCELLED),
        ):
            interview = InterviewFactory(candidate=self.interview.candidate, script=None, **state)
            self.assertEqual(debrief_access(self.hana, interview).barred, why)

    def test_it_is_closed_to_everybody_while_a_counting_scorecard_is_missing(self):
        submit(self.mira)
        submit(self.jo)
        self.assertEqual(self.barred(self.hana), Barred.NOT_OPEN)
        self.assertEqual(self.barred(self.mira), Barred.NOT_OPEN)
        self.assertEqual(self.barred(self.luc), Barred.OWN_MISSING)
        self.assertEqual(self.access(self.hana).outstanding, [self.luc])

    def test_it_opens_by_itself_with_the_last_counting_scorecard(self):
        self.submit_all()
        for who in (self.hana, self.mira, self.jo, self.luc):
            self.assertIsNone(self.barred(who))

    def test_a_shadow_is_not_waited_for_and_reads_it_once_they_have_submitted(self):
        self.submit_all()
        self.assertEqual(self.barred(self.sam), Barred.OWN_MISSING)
        submit(self.sam)
        self.assertIsNone(self.barred(self.sam))
        self.assertNotIn(self.sam, self.access(self.sam).submitted)
        self.assertFalse(self.access(self.sam).may_revise)

    def test_opened_early_it_stays_closed_to_those_who_have_not_submitted(self):
        submit(self.mira)
        opened_early(self.interview, self.hana)
        self.assertIsNone(self.barred(self.hana))
        self.assertIsNone(self.barred(self.mira))
        self.assertEqual(self.barred(self.jo), Barred.OWN_MISSING)

    def test_after_all_it_stays_closed_to_the_panel_even_when_opened_early(self):
        self.policy("after_all")
        submit(self.mira)
        opened_early(self.interview, self.hana)
        self.assertIsNone(self.barred(self.hana))
        self.assertEqual(self.barred(self.mira), Barred.OTHERS_MISSING)
        submit(self.jo)
        submit(self.luc)
        self.assertIsNone(self.barred(self.mira))

    def test_never_closes_it_to_the_panel_for_good(self):
        self.policy("never")
        self.submit_all()
        self.assertIsNone(self.barred(self.hana))
        self.assertEqual((self.barred(self.mira), self.barred(self.mira).status), (Barred.NEVER, 403))

    def test_a_hiring_manager_on_the_panel_is_bound_like_everybody_on_it(self):
        mine = Panelist.objects.create(interview=self.interview, user=self.hana)
        self.submit_all()
        self.assertEqual(self.barred(self.hana), Barred.OWN_MISSING)
        self.assertFalse(self.access(self.hana).may_decide)
        submit(mine)
        self.assertTrue(self.access(self.hana).may_decide)

    def test_leaving_the_panel_does_not_unblind(self):
        Panelist.objects.create(interview=self.interview, user=self.hana, left_at=END)
        self.submit_all()
        self.assertEqual(self.barred(self.hana), Barred.OWN_MISSING)

    def test_who_left_is_not_waited_for_and_what_they_submitted_is_read(self):
        submit(self.mira)
        submit(self.jo)
        Panelist.objects.filter(pk__in=[self.jo.pk, self.luc.pk]).update(left_at=END)
        access = self.access(self.hana)
        self.assertIsNone(access.barred)
        self.assertEqual(access.submitted, [self.mira, self.jo])

    def test_without_any_counting_scorecard_it_never_opens(self):
        Panelist.objects.exclude(pk=self.sam.pk).update(left_at=END)
        submit(self.sam)
        self.assertEqual(self.barred(self.hana), Barred.NOT_OPEN)
        self.assertFalse(self.access(self.hana).may_open_early)

    def test_lead_and_manager_open_it_early_once_something_is_in_and_they_owe_nothing(self):
        self.assertFalse(self.access(self.hana).may_open_early)
        submit(self.jo)
        self.assertTrue(self.access(self.hana).may_open_early)
        self.assertFalse(self.access(self.mira).may_open_early)
        self.assertFalse(self.access(self.jo).may_open_early)
        submit(self.mira)
        self.assertTrue(self.access(self.mira).may_open_early)
        submit(self.luc)
        self.assertFalse(self.access(self.hana).may_open_early)

    def test_who_reads_the_debrief_reads_each_scorecard_in_it(self):
        for policy in ("after_own", "after_all", "never"):
            self.policy(policy)
            for panelist in (None, self.mira, self.jo, self.luc, self.sam):
                if panelist and not Panelist.objects.get(pk=panelist.pk).has_submitted:
                    submit(panelist)
                for who in (self.hana, self.mira.user, self.jo.user, self.luc.user, self.sam.user):
                    access = debrief_access(who, self.interview)
                    readable = readable_panelists(who, self.interview)
                    self.assertEqual(access.readable, readable)
                    if access.barred is None:
                        self.assertLessEqual(set(access.submitted), set(readable))

    def test_only_managers_decide(self):
        self.submit_all()
        self.assertTrue(self.access(self.hana).may_decide)
        self.assertFalse(self.access(self.mira).may_decide)

    def test_nobody_else_reads_it_even_where_asked_about_by_mistake(self):
        self.submit_all()
        self.assertEqual(self.barred(InterviewerFactory()), Barred.NEVER)

    def test_queries_do_not_grow_with_the_panel(self):
        self.submit_all()
        with self.assertNumQueries(4):
            self.barred(self.hana)
        for number in range(9):
            submit(seat(self.interview, f"Panelist {number}"))
        with self.assertNumQueries(4):
            self.barred(self.hana)
