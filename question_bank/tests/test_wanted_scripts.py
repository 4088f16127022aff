from django.test import TestCase

from question_bank.factories import QuestionFactory, ScriptFactory
from question_bank.models import Script, ScriptDraft
from question_bank.wanted_scripts import WantedItem, WantedScript, WantedSection


class TestWantedScript(TestCase):
    def setUp(self):
        self.question = QuestionFactory()
        item = WantedItem(question=self.question, is_must_ask=False)
        section = WantedSection(title="Speed", minutes=15, gate="Go on?", items=(item,))
        self.wanted = WantedScript(name="Mine", purpose="For all", level="senior", slot=45, sections=(section,))

    def test_draft_is_read_as_it_was_written(self):
        draft = ScriptDraft.objects.create(script=ScriptFactory(), content=self.wanted.as_content())
        with self.assertNumQueries(3):  # the script with its draft, sections, questions
            script = Script.objects.with_parts().get(pk=draft.script.pk)
            self.assertEqual(WantedScript.newest(script), self.wanted)

    def test_question_that_is_gone_or_comes_twice_is_left_out(self):
        content = self.wanted.as_content()
        content["sections"][0]["items"] += [{"question": 0, "is_must_ask": True}, *content["sections"][0]["items"]]
        self.assertEqual(WantedScript.from_content(content, {self.question.pk: self.question}), self.wanted)
