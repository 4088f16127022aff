from django.test import TestCase
from django.utils import timezone

from accounts.factories import CuratorFactory, InterviewerFactory
from interviews.factories import InterviewFactory, LeadFactory, PanelistFactory, ShadowFactory
from interviews.models import Panelist
from interviews.models.panelists import with_names


class PanelistTests(TestCase):
    def setUp(self):
        self.interview = InterviewFactory(script=None)
        self.jo = PanelistFactory(interview=self.interview)

    def test_who_left_or_lost_the_role_has_no_access(self):
        left = PanelistFactory(interview=self.interview, left_at=timezone.now())
        curator = PanelistFactory(interview=self.interview, user=CuratorFactory())
        self.assertEqual(list(Panelist.objects.with_access()), [self.jo])
        known = Panelist.objects.knowing_access().order_by("pk")
        self.assertEqual([seat.has_access for seat in known], [True, False, False])
        self.assertEqual([self.jo.has_access, left.has_access, curator.has_access], [True, False, False])
        self.assertEqual((left.is_absent, curator.is_absent), (False, True))

    def test_the_lead_comes_first_and_shadows_last_and_do_not_count(self):
        shadow = ShadowFactory(interview=self.interview)
        lead = LeadFactory(interview=self.interview)
        self.assertEqual(list(self.interview.panelists.all()), [lead, self.jo, shadow])
        self.assertEqual(list(self.interview.panelists.counting()), [lead, self.jo])
        self.assertEqual(
            (lead.is_lead, shadow.is_shadow, shadow.is_awaited, self.jo.is_awaited), (True, True, False, True)
        )


class WithNamesTests(TestCase):
    def test_a_first_name_is_told_apart_from_the_same_one_elsewhere_on_the_panel(self):
        interview = InterviewFactory(script=None)
        names = ["Jo Tanaka", "Jo Weber", "Mira Rossi", "Luc Weber"]
        panel = [PanelistFactory(interview=interview, user=InterviewerFactory(name=name)) for name in names]
        *here, gone = panel
        self.assertEqual(
            with_names([here[1], here[2], gone], here), [(here[1], "Jo W."), (here[2], "Mira"), (gone, "Luc")]
        )
