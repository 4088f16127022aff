from django.test import TestCase

from question_bank.browsing.outlines import outline
from question_bank.factories import PointFactory, QuestionFactory, ScriptFactory, ScriptItemFactory, SectionFactory
from question_bank.models import Script


def outline_of(script):
    return outline(Script.objects.with_parts().get(pk=script.pk))


class TestOutline(TestCase):
    def setUp(self):
        self.script = ScriptFactory()
        self.section = SectionFactory(script=self.script, minutes=10, position=1)

    def test_minutes_add_up_from_section_to_section(self):
        SectionFactory(script=self.script, minutes=5, position=2)
        found = outline_of(self.script)
        self.assertEqual([(timed.starts_at, timed.ends_at) for timed in found.sections], [(0, 10), (10, 15)])
        self.assertEqual(found.minutes, 15)

    def test_question_brings_its_published_follow_ups_along(self):
        top = ScriptItemFactory(section=self.section, question=QuestionFactory(prompt="Top")).question
        QuestionFactory(parent=top, prompt="Second", position=2)
        below = QuestionFactory(parent=top, prompt="First", position=1)
        QuestionFactory(parent=below, prompt="Below", position=1)
        draft = QuestionFactory(parent=top, status="draft")
        QuestionFactory(parent=draft, prompt="Behind a draft")
        cards = outline_of(self.script).sections[0].blocks[0].cards
        self.assertEqual(
            [(card.question.prompt, card.depth) for card in cards],
            [("Top", 0), ("First", 1), ("Below", 2), ("Second", 1)],
        )

    def test_retired_question_stands_there_alone_and_counts_nothing(self):
        item = ScriptItemFactory(section=self.section, question=QuestionFactory(status="retired", minutes=9))
        QuestionFactory(parent=item.question)
        found = outline_of(self.script)
        self.assertEqual(len(found.sections[0].blocks[0].cards), 1)
        self.assertEqual(found.sections[0].planned, 0)
        self.assertEqual(found.blocks, [])

    def test_planned_minutes_are_those_of_what_must_be_asked(self):
        must = ScriptItemFactory(section=self.section, question=QuestionFactory(minutes=7))
        QuestionFactory(parent=must.question, minutes=5)
        ScriptItemFactory(section=self.section, question=QuestionFactory(minutes=60), is_must_ask=False)
        timed = outline_of(self.script).sections[0]
        self.assertEqual((timed.planned, timed.excess), (12, 2))

    def test_section_that_has_room_has_no_excess(self):
        ScriptItemFactory(section=self.section, question=QuestionFactory(minutes=7))
        self.assertEqual(outline_of(self.script).sections[0].excess, 0)

    def test_cue_offers_only_what_is_in_the_script(self):
        inside = ScriptItemFactory(section=self.section).question
        asked = ScriptItemFactory(section=self.section).question
        PointFactory(question=asked, kind="cue", leads_to=inside, position=1)
        PointFactory(question=asked, kind="cue", leads_to=QuestionFactory(), position=2)
        cues = outline_of(self.script).sections[0].blocks[1].cards[0].cues
        self.assertEqual([cue.offers for cue in cues], [inside, None])

    def test_queries_do_not_grow(self):
        def fill(times):
            for _ in range(times):
                item = ScriptItemFactory(section=SectionFactory(script=self.script))
                PointFactory(question=QuestionFactory(parent=item.question), leads_to=item.question)

        fill(1)
        for times in (0, 29):
            fill(times)
            script = Script.objects.with_parts().get(pk=self.script.pk)
            with self.assertNumQueries(7):
                outline(script)
