from django.test import TestCase

from question_bank.factories import QuestionFactory, ScriptFactory, ScriptItemFactory, SectionFactory
from question_bank.models import Script


class TestScriptQuerySet(TestCase):
    def test_usable_scripts_are_in_use_and_have_something_to_ask(self):
        usable = ScriptItemFactory().section.script
        ScriptFactory()
        ScriptItemFactory(section=SectionFactory(script=ScriptFactory(is_retired=True)))
        ScriptItemFactory(question=QuestionFactory(status="retired"))
        self.assertEqual(list(Script.objects.usable()), [usable])

    def test_totals_count_each_section_and_each_published_question_once(self):
        script = ScriptFactory()
        for minutes in (10, 5):
            section = SectionFactory(script=script, minutes=minutes)
            ScriptItemFactory.create_batch(2, section=section)
            ScriptItemFactory(section=section, question=QuestionFactory(status="retired"))
        empty = ScriptFactory()
        totals = {row.pk: (row.minutes, row.questions) for row in Script.objects.with_totals()}
        self.assertEqual(totals, {script.pk: (15, 4), empty.pk: (0, 0)})
