from django.test import TestCase

from accounts.factories import HiringManagerFactory
from interviews.factories import OpeningFactory
from interviews.planning.forms import CandidateForm, LeavingForm, OpeningForm, keeps_draft


class KeepsDraftTests(TestCase):
    def test_a_form_that_came_back_says_that_it_was_sent(self):
        hana, opening = HiringManagerFactory(), OpeningFactory()
        self.assertEqual(keeps_draft(OpeningForm(instance=opening, by=hana), "x"), {"data-draft": "x"})
        sent = OpeningForm({}, instance=opening, by=hana)
        self.assertEqual(keeps_draft(sent, "x"), {"data-draft": "x", "data-draft-sent": ""})


class OpeningFormTests(TestCase):
    def test_whoever_creates_it_manages_it_and_chooses_others_only(self):
        hana, luc = HiringManagerFactory(), HiringManagerFactory()
        form = OpeningForm(by=hana)
        self.assertEqual(list(form.fields["managers"].queryset), [luc])
        luc.delete()
        self.assertNotIn("managers", OpeningForm(by=hana).fields)


class LeavingFormTests(TestCase):
    def test_it_asks_for_a_successor_of_each_opening_that_they_alone_manage(self):
        hana, luc = HiringManagerFactory(), HiringManagerFactory(name="Luc")
        opening = OpeningFactory(managers=[hana])
        form = LeavingForm(instance=hana, by=luc, openings=[opening])
        choices = form.fields[f"successor-{opening.pk}"].choices
        self.assertEqual(choices[1:], [(str(luc.pk), "Luc")])


class CandidateFormTests(TestCase):
    def test_an_assignment_is_a_web_address(self):
        form = CandidateForm({"name": "Ada", "assignment_url": "ftp://x.example"}, by=None)
        self.assertIn("begins with https", form.errors["assignment_url"][0])
