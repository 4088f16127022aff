from django.test import TestCase

from interviews.factories import CandidateFactory, OpeningFactory
from interviews.models.stages import STAGES, add_stages


class StageTests(TestCase):
    def test_each_leads_to_the_next(self):
        opening = OpeningFactory()
        add_stages(opening)
        add_stages(OpeningFactory())
        first, *_, last = opening.stages.current()
        self.assertEqual([stage.name for stage in opening.stages.current()], list(STAGES))
        self.assertEqual((str(first.next), last.next), ("Screen", None))
        first.position = None
        self.assertIsNone(first.next)


class TagTests(TestCase):
    def test_it_reads_as_its_word(self):
        tag = CandidateFactory().tags.create(name="remote")
        self.assertEqual(str(tag), "remote")
