"""Curators' changes to ground rules, of one script or for all."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from editing.merging import Content, Edit, Part, seal
from question_bank.curation import list_history
from question_bank.models import ListChange, Rule, Script


@dataclass(frozen=True, kw_only=True)
class WantedRule:
    title: str
    text: str
    # None for a new one.
    pk: int | None = None

    def __str__(self) -> str:
        return self.title


def rules_content(rules: Sequence[WantedRule]) -> Content:
    """One part for each rule, in order. Two new ones may have the same title."""
    return {
        f"rules/{rule.pk or f'new {number} {rule.title}'}": Part("Ground rule", f"{rule.title}: {rule.text}", rule)
        for number, rule in enumerate(rules)
    }


def current_rules(script: Script | None) -> list[WantedRule]:
    return [WantedRule(pk=rule.pk, title=rule.title, text=rule.text) for rule in Rule.objects.of(script)]


def rules_revision(script: Script | None) -> str:
    return seal(rules_content(current_rules(script)))


@transaction.atomic
def save_rules(*, script: Script | None, wanted: Sequence[WantedRule], edit: Edit, by: User, at: dt.datetime) -> None:
    """Save the rules of `script`, or those for all scripts, in order. Interviews show today's rules.

    A seeded rule that is removed stays as a row, so that no update brings it back. Raises Overtaken."""
    rows = {rule.pk: rule for rule in Rule.objects.of(script).select_for_update()}
    newest = max(rows.values(), key=lambda rule: (rule.changed_at is not None, rule.changed_at), default=None)
    now = rules_content(current_rules(script))
    content = edit.reconcile(rules_content(wanted), now, row=newest)
    for position, part in enumerate(content.values(), start=1):
        each: WantedRule = part.value
        row = rows.pop(each.pk or 0, None) or Rule(script=script)
        before = (row.title, row.text, row.position)
        row.title, row.text, row.position = each.title, each.text, position
        if before != (row.title, row.text, row.position):
            row.mark_changed(by=by, at=at)
            row.save()
    removed = [row.pk for row in rows.values()]
    Rule.objects.filter(pk__in=removed, key=None).delete()
    Rule.objects.filter(pk__in=removed).update(is_removed=True, changed_by=by, changed_at=at)
    new = rules_content(current_rules(script))
    list_history.record(ListChange.Kind.RULES, now, new, script=script, by=by, at=at)
