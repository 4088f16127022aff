from django.test import TestCase

from editing.merging import Edit
from question_bank.curation.rules import WantedRule, current_rules, rules_revision, save_rules
from question_bank.curation.tests.test_questions import SAVED
from question_bank.factories import ScriptFactory
from question_bank.models import Rule


def save(*wanted: WantedRule, script=None) -> None:
    save_rules(script=script, wanted=wanted, edit=Edit(rules_revision(script)), **SAVED)


class TestSaveRules(TestCase):
    def test_added_changed_and_ordered_at_once(self):
        save(WantedRule(title="Time", text="Start on time."))
        (old,) = current_rules(None)
        save(WantedRule(title="Notes", text="Write."), WantedRule(pk=old.pk, title="Time", text="End on time."))
        self.assertEqual(
            [(rule.title, rule.text) for rule in current_rules(None)], [("Notes", "Write."), ("Time", "End on time.")]
        )

    def test_two_new_ones_with_the_same_title_are_both_saved(self):
        save(WantedRule(title="Time", text="Start on time."), WantedRule(title="Time", text="End on time."))
        self.assertEqual([rule.text for rule in current_rules(None)], ["Start on time.", "End on time."])

    def test_script_has_rules_of_its_own(self):
        script = ScriptFactory()
        save(WantedRule(title="Time", text="Start on time."), script=script)
        self.assertEqual((len(current_rules(script)), current_rules(None)), (1, []))

    def test_removed_rule_is_deleted_and_a_seeded_one_stays_as_a_row(self):
        seeded = Rule.objects.create(key="time", title="Time", text="Start on time.", position=1)
        save(*current_rules(None), WantedRule(title="Notes", text="Write."))
        save()
        self.assertEqual(current_rules(None), [])
        self.assertEqual(list(Rule.objects.values_list("pk", "is_removed")), [(seeded.pk, True)])
