"""Files of scorecards: asked for, downloaded, verified; with keys alone, and without JavaScript."""

import hashlib
import re
import zipfile
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.factories import HiringManagerFactory
from interviews.exports import requests
from interviews.factories import CandidateFactory, OpeningFactory
from interviews.models import Export, Opening
from interviews.tests.submitting import ended_interview, seat, submit
from tests.steps import step

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


@pytest.fixture
def opening(transactional_db: None) -> Opening:
    """One with two interviews of a candidate, each with a submitted scorecard."""
    opening = OpeningFactory(managers=[HiringManagerFactory()], title="Backend engineer")
    candidate = CandidateFactory(opening=opening, name="Ada Okafor")
    for name in ("Mira Rahman", "Jo Tanaka"):
        submit(seat(ended_interview(candidate=candidate), name, "lead"), recommendation=3, because=f"{name} says yes.")
    Export.objects.all().delete()
    return opening


def downloaded(page: Any, name: str) -> Path:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    return Path(download.value.path())


def test_from_the_opening_to_a_zip_and_on_my_day(open_page: Any, axe: Any, opening: Opening, monkeypatch: Any) -> None:
    page = open_page(opening.managers.get())
    page.expected_errors = ["429"]
    generate, ready = page.get_by_role("button", name="Generate zip"), page.get_by_role("link", name="Download the zip")
    page.goto(opening.get_absolute_url())
    page.get_by_role("link", name="as PDFs in a zip").click()
    axe(page)
    with step("a flood is refused in words on the page"):
        monkeypatch.setattr("interviews.exports.requests.UNFINISHED_MAX", 0)
        generate.click()
        expect(page.get_by_role("alert").filter(has_text="Several files are already being made.")).to_be_visible()
        monkeypatch.undo()
    with step("Enter makes the zip, which has each PDF"):
        generate.focus()
        page.keyboard.press("Enter")
        expect(ready).to_be_visible()
        axe(page)
        with zipfile.ZipFile(downloaded(page, "Download the zip")) as archive:
            assert len([name for name in archive.namelist() if name.endswith(".pdf")]) == 2
    with step("progress comes by itself"):
        zips = Export.objects.filter(kind="zip")
        zips.update(state="running", made=3, total=12)
        page.reload()
        expect(page.get_by_role("progressbar")).to_have_attribute("value", "3")
        zips.update(made=4)
        expect(page.get_by_text("4 of 12 done.")).to_be_visible()
        expect(page.locator("#export")).to_have_attribute("hx-get", re.compile("seen=busy-4"))
        zips.update(state="ready")
        expect(ready).to_be_visible()
    with step("My day has it"):
        page.goto("/")
        expect(page.get_by_role("region", name="Files").get_by_text("Ready")).to_be_visible()
        axe(page)


def test_from_the_candidate_to_a_packet_and_its_file_is_verified(open_page: Any, axe: Any, opening: Opening) -> None:
    page = open_page(opening.managers.get(), width=560)
    page.goto(opening.candidates.get().get_absolute_url())
    page.get_by_role("link", name="All in one PDF").click()
    page.get_by_role("button", name="Generate PDF").click()
    file = downloaded(page, "Download the PDF")
    assert "Scorecards from 2 interviews".upper() in pypdf.PdfReader(file).pages[0].extract_text()
    page.get_by_role("link", name="Verify a PDF").click()
    axe(page)
    page.get_by_label("The PDF").set_input_files(file)
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("status").filter(has_text="made here and is unchanged")).to_be_visible()
    axe(page)
    page.get_by_label("Or a SHA-256").fill("0" * 64)
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("status").filter(has_text="Not recognised")).to_be_visible()
    with step("a file larger than an upload is verified by its hash"):
        content = b"%PDF-" + b"a" * 4_000_000
        manager, interview = opening.managers.get(), opening.interviews.all()[0]
        export = requests.request_export(target=interview, reader=manager, at=timezone.now())
        Export.objects.get(pk=export.pk).finish(at=timezone.now(), file=hashlib.sha256(content).hexdigest())
        page.goto(f"/interviews/{interview.pk}/pdf/verify/")
        large = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": content}
        page.get_by_label("The PDF").set_input_files(large)
        page.get_by_role("button", name="Verify").click()
        expect(page.get_by_text("This file was made here and is unchanged")).to_be_visible()


def test_without_javascript_the_page_leads_on_by_itself(open_page: Any, opening: Opening) -> None:
    page = open_page(opening.managers.get(), java_script_enabled=False)
    page.goto(f"/openings/{opening.pk}/zip/")
    page.get_by_role("button", name="Generate zip").click()
    expect(page.get_by_role("link", name="Download the zip")).to_be_visible()
    Export.objects.filter(kind="zip").update(state="running", made=1, total=2)
    page.reload()
    expect(page.get_by_text("1 of 2 done.")).to_be_visible()
    Export.objects.filter(kind="zip").update(state="ready")
    page.get_by_role("link", name="Refresh").click()
    expect(page.get_by_role("link", name="Download the zip")).to_be_visible()
