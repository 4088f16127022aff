from django.http import QueryDict
from django.test import TestCase

from accounts.factories import HiringManagerFactory, InterviewerFactory
from interviews.factories import InterviewFactory, OpeningFactory, small_script
from interviews.planning.loop_forms import rounds_of
from interviews.planning.plan_merging import Plan


class RoundTests(TestCase):
    def rounds(self, posted=None, plans=()):
        by = HiringManagerFactory()
        return rounds_of(posted, count=2, by=by, opening=OpeningFactory(), plans=plans)

    def test_a_round_without_a_script_is_left_out(self):
        first, second = self.rounds(QueryDict("round-1-script=&round-1-time=x&round-2-script=9"))
        self.assertEqual((first.is_blank, second.is_blank), (True, False))
        self.assertFalse(first.form.errors)
        self.assertFalse(second.is_valid())

    def test_a_round_with_a_date_is_not_left_out_silently(self):
        [first, _] = self.rounds(QueryDict("round-1-script=&round-1-date=2026-11-20"))
        self.assertFalse(first.is_blank)
        self.assertIn("Choose a script", first.form.errors["script"][0])
        self.assertEqual(first.form["date"].value(), "2026-11-20")

    def test_a_copied_plan_fills_in_all_but_the_date(self):
        mira = InterviewerFactory()
        plan = Plan.of(InterviewFactory(script=small_script(), minutes=50, panel=[(mira, "lead")]))
        first, second = self.rounds(plans=[plan])
        form = first.form
        self.assertEqual((form["script"].value(), form["minutes"].value()), (plan.script.pk, 50))
        self.assertEqual((f"{form['time'].value():%H:%M}", form["date"].value()), ("15:00", None))
        self.assertEqual(first.panel.initial[0], {"person": str(mira.pk), "part": "lead"})
        self.assertIsNone(second.form["minutes"].value())

    def test_a_script_that_can_no_longer_be_used_is_not_copied(self):
        plan = Plan.of(InterviewFactory(script=small_script()))
        plan.script.is_retired = True
        plan.script.save()
        self.assertIsNone(self.rounds(plans=[plan])[0].form["script"].value())
