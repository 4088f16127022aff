import datetime as dt
from dataclasses import replace

from django.test import TestCase

from editing.merging import Edit, Overtaken
from question_bank.curation.duplicates import merge_question
from question_bank.curation.questions import Misplaced, WrongStatus
from question_bank.curation.scripts import (
    EmptyScript,
    NameTaken,
    copy_script,
    discard_draft,
    publish_script,
    restore_script,
    retire_script,
    save_draft,
    save_script,
    script_revision,
)
from question_bank.factories import QuestionFactory, ScriptFactory, ScriptItemFactory
from question_bank.models import Question, Script
from question_bank.wanted_scripts import WantedItem, WantedScript, WantedSection

SAVED = {"by": None, "at": dt.datetime(2026, 3, 9, 9, tzinfo=dt.UTC)}


def found(script):
    return Script.objects.with_parts().get(pk=script.pk)


def changed(script, **changes):
    """`script` saved by a curator who has it open as it is now."""
    now = found(script)
    wanted = replace(WantedScript.of(now), **changes)
    return save_script(script=now, wanted=wanted, edit=Edit(script_revision(now)), **SAVED)


class TestSaveScript(TestCase):
    def test_new_script_has_its_sections_and_questions_in_order(self):
        first, second, last = (QuestionFactory() for _ in range(3))
        wanted = WantedScript(
            name="Backend engineer", purpose="Fifty minutes",
            sections=(
                WantedSection(title="Speed", minutes=15, items=(
                    WantedItem(question=second), WantedItem(question=first, is_must_ask=False),
                )),
                WantedSection(title="Yours", minutes=5, is_for_candidate=True, items=(WantedItem(question=last),)),
            ),
        )  # fmt: skip
        script = save_script(script=None, wanted=wanted, **SAVED)
        self.assertEqual(WantedScript.of(found(script)), wanted)
        self.assertEqual((script.version, script.key, script.is_retired), (1, None, False))

    def test_each_change_makes_a_new_version(self):
        item = ScriptItemFactory()
        script = item.section.script
        other = WantedItem(question=QuestionFactory())
        section = WantedSection(title="Speed", minutes=15, items=(other,))
        for version, change in enumerate(
            (
                {"name": "Another name"},
                {"purpose": "Another purpose"},
                {"sections": (section,)},
                {"sections": (replace(section, minutes=20),)},
                {"sections": (replace(section, minutes=20, gate="Go on?"),)},
                {"sections": (replace(section, items=(WantedItem(question=item.question),)),)},
                {"sections": (replace(section, items=(WantedItem(question=item.question, is_must_ask=False),)),)},
            ),
            start=2,
        ):
            self.assertEqual(changed(script, **change).version, version, change)

    def test_saving_without_a_change_keeps_version_and_rows(self):
        item = ScriptItemFactory()
        self.assertEqual(changed(item.section.script).version, 1)
        item.refresh_from_db()

    def test_script_that_somebody_else_saved_meanwhile_is_not_overwritten(self):
        script = ScriptItemFactory(section__script__name="Backend").section.script
        base, wanted = script_revision(found(script)), WantedScript.of(found(script))
        changed(script, name="Theirs")
        with self.assertRaises(Overtaken) as caught:
            save_script(script=script, wanted=replace(wanted, name="Mine"), edit=Edit(base), **SAVED)
        clashes = [(clash.label, clash.saved, clash.yours) for clash in caught.exception.edit.clashes]
        self.assertEqual(clashes, [("Name", "Theirs", "Mine")])
        script.refresh_from_db()
        self.assertEqual(script.name, "Theirs")

    def test_retiring_meanwhile_does_not_get_in_the_way(self):
        script = ScriptItemFactory().section.script
        base, wanted = script_revision(found(script)), replace(WantedScript.of(found(script)), name="Mine")
        retire_script(script=script, **SAVED)
        self.assertEqual(save_script(script=script, wanted=wanted, edit=Edit(base), **SAVED).name, "Mine")

    def test_name_of_another_script_is_refused(self):
        ScriptFactory(name="Backend")
        with self.assertRaises(NameTaken):
            save_script(script=None, wanted=WantedScript(name="Backend"), **SAVED)
        with self.assertRaises(NameTaken):
            changed(ScriptFactory(), name="Backend")

    def test_follow_up_is_refused(self):
        section = WantedSection(
            title="Speed", minutes=5, items=(WantedItem(question=QuestionFactory(parent=QuestionFactory())),)
        )
        with self.assertRaisesMessage(Misplaced, "is a follow-up"):
            save_script(script=None, wanted=WantedScript(name="Backend", sections=(section,)), **SAVED)
        self.assertFalse(Script.objects.exists())

    def test_question_that_stands_there_twice_is_refused(self):
        section = WantedSection(title="Speed", minutes=5, items=(WantedItem(question=QuestionFactory()),))
        with self.assertRaisesMessage(Misplaced, "is in the script twice"):
            save_script(script=None, wanted=WantedScript(name="Backend", sections=(section, section)), **SAVED)


def drafted(script, **changes):
    now = found(script)
    wanted = replace(WantedScript.newest(now), **changes)
    return save_draft(script=now, wanted=wanted, edit=Edit(script_revision(now)), **SAVED)


class TestSaveDraft(TestCase):
    def test_published_version_stays_as_it_is(self):
        script = ScriptItemFactory().section.script
        saved = drafted(script, name="Mine", sections=())
        self.assertEqual((saved.name, saved.version), (script.name, 1))
        self.assertEqual(WantedScript.of(saved), WantedScript.of(found(script)))
        self.assertEqual([change.act for change in script.changes.all()], ["first", "drafted"])

    def test_draft_that_says_what_is_published_is_none(self):
        script = ScriptFactory(purpose="For all")
        drafted(script, purpose="")
        self.assertFalse(drafted(script, purpose="For all").has_draft)

    def test_question_that_was_merged_since_is_replaced(self):
        item = ScriptItemFactory()
        drafted(item.section.script, purpose="For all")
        other = QuestionFactory()
        merge_question(question=item.question, into=other, **SAVED)
        (section,) = WantedScript.newest(found(item.section.script)).sections
        self.assertEqual([each.question for each in section.items], [other])

    def test_name_of_another_script_is_refused(self):
        ScriptFactory(name="Backend")
        with self.assertRaises(NameTaken):
            drafted(ScriptFactory(), name="Backend")


class TestPublishScript(TestCase):
    def test_draft_becomes_the_next_version(self):
        section = WantedSection(title="Yours", minutes=5, items=(WantedItem(question=QuestionFactory()),))
        script = drafted(ScriptItemFactory().section.script, slot=45, sections=(section,))
        saved = publish_script(script=script, base=script_revision(script), **SAVED)
        self.assertEqual((saved.version, saved.slot, saved.has_draft), (2, 45, False))
        self.assertEqual(WantedScript.of(saved).sections, (section,))
        self.assertEqual([change.act for change in script.changes.all()], ["first", "drafted", "published"])

    def test_question_that_became_a_follow_up_is_refused(self):
        item = ScriptItemFactory()
        script = drafted(item.section.script, purpose="For all")
        Question.objects.filter(pk=item.question.pk).update(parent=QuestionFactory())
        with self.assertRaises(Misplaced):
            publish_script(script=script, base=script_revision(found(script)), **SAVED)

    def test_script_without_a_question_to_ask_stays_a_draft(self):
        retired = WantedItem(question=QuestionFactory(status="retired"))
        for items in ((), (retired,)):
            script = ScriptItemFactory().section.script
            script = drafted(script, sections=(WantedSection(title="Speed", minutes=5, items=items),))
            with self.assertRaisesMessage(EmptyScript, "Add a question before you publish."):
                publish_script(script=script, base=script_revision(script), **SAVED)
            self.assertEqual((found(script).version, found(script).has_draft), (1, True))

    def test_nothing_to_publish_or_discard(self):
        script = found(ScriptFactory())
        for change in (publish_script, discard_draft):
            with self.assertRaises(WrongStatus):
                change(script=script, base=script_revision(script), **SAVED)


class TestCopyScript(TestCase):
    def test_copy_has_the_same_content_under_its_own_name(self):
        item = ScriptItemFactory(section__gate="Go on?", section__script__key="backend", section__script__version=7)
        script = found(item.section.script)
        copy = copy_script(script=script, name="Mine", **SAVED)
        self.assertEqual(WantedScript.newest(found(copy)), replace(WantedScript.of(script), name="Mine"))
        self.assertEqual((copy.key, copy.version, copy.seeded_digest), (None, 0, ""))
        self.assertEqual(WantedScript.of(found(script)), WantedScript.of(script))

    def test_name_of_another_script_is_refused(self):
        script = ScriptFactory(name="Backend")
        with self.assertRaises(NameTaken):
            copy_script(script=found(script), name="Backend", **SAVED)


class TestRetireScript(TestCase):
    def test_script_goes_out_of_use_and_comes_back(self):
        script = ScriptFactory(version=3)
        retire_script(script=script, **SAVED)
        script.refresh_from_db()
        self.assertEqual((script.is_retired, script.version), (True, 3))
        restore_script(script=script, **SAVED)
        script.refresh_from_db()
        self.assertFalse(script.is_retired)

    def test_twice_is_refused(self):
        with self.assertRaises(WrongStatus):
            retire_script(script=ScriptFactory(is_retired=True), **SAVED)
        with self.assertRaises(WrongStatus):
            restore_script(script=ScriptFactory(), **SAVED)
