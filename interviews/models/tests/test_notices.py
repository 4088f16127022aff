import datetime as dt

from accounts.factories import HiringManagerFactory
from interviews.models import BlindPolicy, Interview, Notice, NoticeSettings
from interviews.tests.debriefing import DebriefCase
from interviews.tests.submitting import END, submit


class NoticeTests(DebriefCase):
    def notice(self, user, kind):
        return Notice.objects.create(
            user=user, interview=self.interview, kind=kind, at=END, is_on_page=True, is_for_digest=False
        )

    def seen(self, user):
        return {notice.kind for notice in Notice.objects.visible_to(user)}

    def test_who_may_not_read_the_debrief_is_not_told_that_it_is_open(self):
        kinds = set(Notice.Kind.values) - {"bank"}
        for user in (self.hana, self.luc.user, HiringManagerFactory()):
            for kind in kinds:
                self.notice(user, kind)
        others = kinds - set(Notice.ABOUT_DEBRIEFS)
        self.assertEqual([self.seen(self.hana), self.seen(self.luc.user)], [others, others])
        self.submit_all()
        self.assertEqual([self.seen(self.hana), self.seen(self.luc.user)], [kinds] * 2)
        Interview.objects.update(blind_policy=BlindPolicy.NEVER)
        self.assertEqual(self.seen(self.luc.user), others)
        self.assertEqual(self.seen(Notice.objects.latest("pk").user), set())

    def test_the_page_it_leads_to(self):
        pages = {kind: self.notice(self.hana, kind).page for kind in ("due", "decided", "plan")}
        self.assertEqual(pages, {"due": "scorecard", "decided": "debrief", "plan": "interview-detail"})

    def test_a_digest_is_due_once_a_day_from_eight_in_the_persons_zone(self):
        self.hana.time_zone = "America/New_York"
        wants = NoticeSettings(user=self.hana)
        eight = dt.datetime(2024, 11, 20, 13, 0, tzinfo=dt.UTC)
        self.assertFalse(wants.is_digest_due(eight - dt.timedelta(minutes=1)))
        self.assertTrue(wants.is_digest_due(eight))
        wants.digest_at = eight
        self.assertFalse(wants.is_digest_due(eight + dt.timedelta(hours=15)))
        self.assertTrue(wants.is_digest_due(eight + dt.timedelta(days=1)))

    def test_submitting_one_only_is_no_reason(self):
        submit(self.mira)
        self.assertFalse(Interview.objects.complete_untold(END).exists())
