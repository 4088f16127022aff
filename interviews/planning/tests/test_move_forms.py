from interviews.factories import CandidateFactory, InterviewFactory, OpeningFactory
from interviews.models.stages import add_stages
from interviews.planning.move_forms import DeleteForm, MergeForm, MoveForm
from interviews.planning.tests.test_stages import StagesCase


class MoveFormTests(StagesCase):
    def test_it_offers_the_other_open_openings_that_one_manages(self):
        ours, closed = OpeningFactory(managers=[self.hana]), OpeningFactory(managers=[self.hana])
        closed.close(at=closed.created_at)
        OpeningFactory()
        form = MoveForm(candidate=self.candidate, by=self.hana)
        self.assertEqual(list(form.fields["opening"].queryset), [ours])


class MergeFormTests(StagesCase):
    def test_whoever_looks_alike_comes_first(self):
        CandidateFactory(opening=self.opening, name="Aaron")
        twin = CandidateFactory(opening=self.opening, name="ADA okafor", email="ada@example.org")
        foreign = OpeningFactory()
        add_stages(foreign)
        CandidateFactory(opening=foreign, name="Ada Okafor")
        choices = [words for _, words in MergeForm(candidate=self.candidate).fields["other"].choices]
        self.assertEqual(choices, ["ADA okafor · ada@example.org", "Aaron"])
        form = MergeForm({"other": str(twin.pk)}, candidate=self.candidate)
        self.assertTrue(form.is_valid())
        self.assertEqual(form.picked, twin)


class DeleteFormTests(StagesCase):
    def test_only_interviews_ask_for_the_name(self):
        self.assertTrue(DeleteForm({}, candidate=self.candidate).is_valid())
        InterviewFactory(script=None, candidate=self.candidate)
        self.assertFalse(DeleteForm({}, candidate=self.candidate).is_valid())
        self.assertTrue(DeleteForm({"name": "Ada Okafór"}, candidate=self.candidate).is_valid())
