"""Looks at every built-in question at seven sizes of window: `.venv/bin/python docs/live_page_sizes.py`.

Each is looked at twice, before it is asked and as the current question: are the rating, Next and the note in sight
without scrolling? Prints the table of docs/live-page-sizes.md and what is missing. Takes some minutes and needs
Chromium."""

import io
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from pictures import served

from harness import browser, sessions
from harness.engine import engine
from runner.machine import chromium


def main() -> None:
    if not chromium():
        sys.exit("This needs Chromium: apt-get install chromium-headless-shell")
    with engine("sqlite") as environment:
        os.environ.update(environment)
        browser.allow_queries()
        import django
        from django.core.management import call_command

        django.setup()
        for command in ("build_fonts", "migrate", "seed_question_bank"):
            call_command(command, stdout=io.StringIO())
        call_command("collectstatic", interactive=False, verbosity=0)
        interview = interview_of_the_bank()
        with served() as address:
            report(interview, address)


def interview_of_the_bank() -> Any:
    """A live interview of two with every published question, a section for each topic."""
    from interviews.live.tests.browser.test_sizes import begun
    from question_bank.factories import ScriptFactory, ScriptItemFactory, SectionFactory
    from question_bank.models import Question, Topic

    script = ScriptFactory.create(name="The whole bank")
    for position, topic in enumerate(Topic.objects.all()):
        section = SectionFactory.create(script=script, title=topic.name, minutes=30, position=position)
        tops = Question.objects.filter(topic=topic, parent=None, status=Question.Status.PUBLISHED)
        for place, question in enumerate(tops):
            ScriptItemFactory.create(section=section, question=question, position=place)
    return begun(script)


def report(interview: Any, address: str) -> None:
    from django.urls import reverse
    from playwright.sync_api import sync_playwright

    from interviews.live.tests.browser.test_sizes import LOOK, SIZES

    count = interview.questions.count()
    answers = interview.questions.filter(kind="answer").count()
    print(f"{count} questions, {answers} of them rated\n")
    print("| Window | Rating | Next | Note | Sideways |\n|---|---|---|---|---|")
    missing = []
    with sync_playwright() as playwright:
        chrome = browser.launch(playwright)
        context = chrome.new_context(base_url=address)
        lead = sessions.signed_in(interview.panelists.get(part="lead").user)
        browser.sign_in(context, sessions.cookie(lead))
        page = context.new_page()
        page.set_default_timeout(300_000)
        page.goto(reverse("live", args=[interview.pk]))
        page.locator("[data-status][data-waiting='0']").wait_for()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            found = {when: set(page.evaluate(LOOK, when == "asked")) for when in ("not asked", "asked")}
            missing += [f"{width}×{height}, {when}: {what}" for when, all_ in found.items() for what in sorted(all_)]
            hidden = Counter(what.split(":")[0] for what in set().union(*found.values()))
            of = {"rating": answers, "next": count, "note": count}
            seen = [f"{total - hidden[part]} of {total}" for part, total in of.items()]
            print(f"| {width}×{height} | {' | '.join(seen)} | {hidden['too wide'] or 'none'} |")
            page.locator("[data-status][data-waiting='0']").wait_for()
        chrome.close()
    print("\n" + ("\n".join(missing) or "Nothing is missing."))


if __name__ == "__main__":
    main()
