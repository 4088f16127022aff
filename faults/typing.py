"""R-23: the browser is killed during typing, in the text fields outside the live page."""

import contextlib
import random
import tempfile
import time
from dataclasses import dataclass
from typing import Any

from faults.desk import PATIENCE
from faults.evidence import Report, signed_in, wire
from harness import browser
from harness.site import Site, build_static

LAST_MOMENT = 0.1  # seconds of typing that may be missing
KEYS = 40
PAUSE = 20  # ms between two keys
UNFOLD = "document.querySelectorAll('details').forEach((folded) => { folded.open = true; })"
# A selector of each text field on the page that a form sends, or that saves automatically.
FIELDS = """() => [...document.querySelectorAll("main textarea, main input")]
    .filter((field) => ["textarea", "text", "email", "url", "number"].includes(field.type))
    .filter((field) => !field.readOnly)
    .filter((field) => field.form?.method === "post" || field.dataset.field || field.dataset.note)
    .filter((field) => field.checkVisibility())
    .map((field) => [
        field.name ? `[name="${field.name}"]` : field.dataset.field ? `[data-field="${field.dataset.field}"]`
            : `[data-note="${field.dataset.note}"]`,
        field.type === "number" ? "1" : "typed ",
    ])"""


@dataclass(frozen=True)
class Field:
    path: str
    selector: str
    letters: str

    @property
    def typed(self) -> str:
        return (self.letters * KEYS)[:KEYS]


def killed_while_typing(report: Report, *, edits: int) -> None:
    """R-23: one kill for each of `edits` randomly chosen fields."""
    browser.allow_queries()
    build_static()
    site, (session, paths) = Site(), _office()
    site.start()
    try:
        with tempfile.TemporaryDirectory(prefix="typing-", ignore_cleanup_errors=True) as folder:
            dice = random.Random(report.seed)
            # To look for the fields of every page takes longer than a few kills: then each kill has a page.
            is_short = edits < len(paths)
            looked_at = dice.sample(paths, edits) if is_short else paths
            page = _open(site, folder, session)
            fields = _all_fields(page, looked_at)
            report.notes += [f"{path}: no text field" for path in looked_at if path not in {f.path for f in fields}]
            drawn = dice.sample(fields, len(fields))
            chosen = list({field.path: field for field in drawn}.values()) if is_short else drawn[:edits]
            for field in chosen:
                seconds = _type(page, field)
                browser.kill(folder)
                with contextlib.suppress(Exception):  # it was killed
                    page.context.close()
                page = _open(site, folder, session)
                _compare(report, page, field, seconds)
            page.context.close()
    finally:
        site.close()


def _office() -> tuple[str, list[str]]:
    """A person with all roles, and the pages with text fields."""
    from django.urls import reverse
    from django.utils import timezone

    from accounts.factories import UserFactory
    from accounts.roles import Role
    from interviews.factories import (
        CandidateFactory,
        InterviewFactory,
        LeadFactory,
        OpeningFactory,
        PanelistFactory,
        ScorecardFactory,
    )
    from interviews.live.dispatch import apply_command
    from question_bank.factories import PointFactory, QuestionFactory, ScriptItemFactory

    person: Any = UserFactory.create(roles=list(Role))
    opening: Any = OpeningFactory.create(managers=[person])
    candidate: Any = CandidateFactory.create(opening=opening)
    planned: Any = LeadFactory.create(
        user=person, interview=InterviewFactory.create(opening=opening, candidate=candidate)
    ).interview
    ended: Any = LeadFactory.create(
        user=person, interview=InterviewFactory.create(opening=opening, candidate=candidate, ended=True)
    ).interview
    # Ours can be revised and decided on. The debrief of theirs can be opened early: its manager is not on the panel.
    ours, theirs = (
        LeadFactory.create(**seat, interview=InterviewFactory.create(opening=opening, candidate=candidate, ended=True))
        for seat in ({"user": person}, {})
    )
    PanelistFactory.create(interview=theirs.interview)
    for number, panelist in enumerate((ours, theirs)):
        ScorecardFactory.create(panelist=panelist, recommendation=3)
        submission = wire("submit", None, {"last_n": 0}, n=number + 1)
        apply_command(user=panelist.user, interview_id=panelist.interview_id, command=submission, now=timezone.now())
    question: Any = PointFactory.create(question=QuestionFactory.create()).question
    item: Any = ScriptItemFactory.create(question=question)
    script = item.section.script
    pages: list[tuple[str, list[int]]] = [
        ("account", []),
        ("person-create", []),
        ("person-edit", [person.pk]),
        ("question-create", []),
        ("question-edit", [question.pk]),
        ("script-create", []),
        ("script-edit", [script.pk]),
        ("script-copy", [script.pk]),
        ("opening-create", []),
        ("opening-edit", [opening.pk]),
        ("candidate-create", [opening.pk]),
        ("candidate-edit", [candidate.pk]),
        ("interview-create", [candidate.pk]),
        ("interview-edit", [planned.pk]),
        ("interview-cancel", [planned.pk]),
        ("interview-outcome", [planned.pk]),
        ("candidate-withdraw", [candidate.pk]),
        ("scorecard", [ended.pk]),
        ("scorecard-revise", [ours.interview_id]),
        ("debrief", [ours.interview_id]),
        ("debrief", [theirs.interview_id]),
    ]
    return signed_in(person), [reverse(name, args=args) for name, args in pages]


def _open(site: Site, folder: str, session: str) -> Any:
    """A page of a browser with its profile in `folder`."""
    context = browser.launch_profile(browser.driver(), folder, port=site.port)
    context.set_default_timeout(PATIENCE)
    browser.sign_in(context, session)
    return context.pages[0]


def _all_fields(page: Any, paths: list[str]) -> list[Field]:
    fields = []
    for path in paths:
        page.goto(path)
        page.evaluate(UNFOLD)
        fields += [Field(path, selector, letters) for selector, letters in page.evaluate(FIELDS)]
    return fields


def _type(page: Any, field: Field) -> float:
    """Type into it; return how many seconds that took."""
    page.goto(field.path)
    page.wait_for_load_state("networkidle")
    page.evaluate(UNFOLD)
    place = page.locator(field.selector).first
    place.fill("")
    begin = time.monotonic()
    place.press_sequentially(field.typed, delay=PAUSE)
    return time.monotonic() - begin


def _compare(report: Report, page: Any, field: Field, seconds: float) -> None:
    """After the kill, the page offers the text of before."""
    report.edits, report.kills = report.edits + 1, report.kills + 1
    may_miss = 1 + int(LAST_MOMENT * KEYS / seconds)
    wanted = field.typed[: KEYS - may_miss]
    page.goto(field.path)
    place, found = page.locator(field.selector).first, ""
    deadline = time.monotonic() + 10
    while not found.startswith(wanted) and time.monotonic() < deadline:
        page.wait_for_timeout(100)
        found = place.input_value()
    if not found.startswith(wanted):
        report.lost += 1
        report.notes.append(f"{field.path} {field.selector}: {len(found)} of {KEYS} letters are left")
