"""A call goes on while the deployed product is restarted and broken part by part: `./run test -m deployment`."""

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pypdf import PdfReader

from interviews.tests.live_page import LivePage
from runner import machine
from tests.deployment import PATIENCE, Deployment, Robot, deployment, until

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ["supervisord", "supervisorctl", "redis-server", "openssl"]
MISSING = [name for name in PROGRAMS if not shutil.which(name)]
MISSING += [] if machine.nginx() else ["nginx"]
MISSING += [] if machine.postgresql_folder() else ["postgresql"]
pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def site() -> Iterator[Deployment]:
    if MISSING:
        pytest.skip(f"missing: {', '.join(MISSING)}")
    with deployment() as running:
        yield running


@pytest.fixture
def panel(site: Deployment, _chromium: Any) -> Iterator[list[LivePage]]:
    """The live pages of the lead and of one more interviewer, in two browsers, through nginx."""
    contexts = []
    pages = []
    for session in site.world["sessions"][:2]:
        context = _chromium.new_context(base_url=site.url, ignore_https_errors=True)
        context.set_default_timeout(1000 * PATIENCE)
        cookie = {"name": site.world["cookie"], "value": session, "url": site.url, "secure": True}
        context.add_cookies([cookie])
        contexts.append(context)
        call: Any = SimpleNamespace(interview=SimpleNamespace(pk=site.world["interview"]))
        pages.append(LivePage(context.new_page(), call))
    yield pages
    for context in contexts:
        context.close()


@pytest.mark.deployment
@pytest.mark.browser
def test_a_call_goes_on_through_restarts_and_outages(site: Deployment, panel: list[LivePage]) -> None:
    from playwright.sync_api import expect

    expect.set_options(timeout=1000 * PATIENCE)
    lead, other = panel
    lead.press("Enter", "1")
    other.sees(other.card.locator("[data-who]").first, re.compile(r"\w"))
    words = ["Before."]
    with Robot(site, site.world["sessions"][2]) as robot:

        def goes_on(after: str) -> None:
            """Both type and tick, and everything is saved and told."""
            words.append(after)
            for page in panel:
                page.press("n")
                page.page.keyboard.press("Control+End")
                page.type(f" {after}")
                page.press("Escape")
                page.saved()
            sent = robot.sent
            until(lambda: robot.sent > sent + 2, f"{after}: no receipts over HTTP: {robot.failures[-3:]}")

        goes_on("Before.")
        site.restart_web_one_by_one()
        goes_on("Restarted one by one.")
        assert robot.failures == []
        site.kill_a_web_process()
        goes_on("Killed.")
        site.restart_redis()
        goes_on("Without Redis.")
        site.restart_postgresql()
        goes_on("Without PostgreSQL.")
        # The panel is told over sockets again.
        lead.press("2")
        other.sees(other.card.locator("[data-who]").nth(1), re.compile(r"\w"))
    typed = "".join(f" {word}" for word in words[1:]).strip()
    notes = site.count("list(Note.objects.values_list('text', flat=True))")
    assert [note.strip() for note in notes] == [typed] * 2
    assert site.count("Receipt.objects.filter(client='robot').count()") == robot.sent
    assert site.count(f"Panelist.objects.get(pk={site.world['panel'][2]}).seq") == robot.sent
    shared = "list(Event.objects.filter(stream='shared').order_by('seq').values_list('seq', flat=True))"
    numbers = site.count(shared)
    assert numbers == list(range(1, len(numbers) + 1))
    _submit_and_print(lead, site)


def _submit_and_print(lead: LivePage, site: Deployment) -> None:
    from playwright.sync_api import expect

    page, pk = lead.page, site.world["interview"]
    page.get_by_role("button", name="Wrap up").click()
    page.get_by_role("button", name="End the call").click()
    expect(page.get_by_text("The call has ended").first).to_be_visible()
    lead.saved()
    page.goto(f"/interviews/{pk}/scorecard/")
    page.get_by_role("radio", name="Yes", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_label("Why?", exact=False).fill("Says so when she does not know.")
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d")).first).to_be_visible()
    page.get_by_role("button", name="Submit scorecard").click()
    page.get_by_role("button", name="Submit now").click()
    page.wait_for_url("**/scorecards/**")
    page.goto(f"/interviews/{pk}/pdf/")
    make, download = page.get_by_role("button", name="Generate PDF"), page.get_by_role("link", name="Download the PDF")
    expect(make.or_(download)).to_be_visible()
    if make.is_visible():
        make.click()
    with page.expect_download() as coming:
        download.click()
    leaves = PdfReader(io.BytesIO(coming.value.path().read_bytes())).pages
    text = " ".join(" ".join(leaf.extract_text() for leaf in leaves).split())
    assert "Says so when she does not know." in text
    assert "Restarted one by one." in text


@pytest.mark.parametrize(
    ("program", "command", "needs"),
    [
        ("docker", ["docker", "compose", "-f", "compose.yaml", "config", "--quiet"], ["docker", "compose", "version"]),
        ("systemd-analyze", ["systemd-analyze", "verify"], ["systemd-analyze", "--version"]),
    ],
    ids=["compose.yaml", "systemd units"],
)
def test_the_files_are_accepted(program: str, command: list[str], needs: list[str], tmp_path: Path) -> None:
    if not shutil.which(program) or subprocess.run(needs, capture_output=True, check=False).returncode:
        pytest.skip(f"missing: {' '.join(needs[:2])}")
    if program == "systemd-analyze":
        for unit in (ROOT / "deploy" / "systemd").glob("*.service"):
            words = unit.read_text().replace("/srv/interview-script/.venv/bin/python", "/usr/bin/python3")
            words = words.replace("/srv/interview-script", str(ROOT)).replace("User=interviews", "User=root")
            (tmp_path / unit.name).write_text(words)
            command = [*command, str(tmp_path / unit.name)]
    environment = {"POSTGRES_PASSWORD": "x", "PATH": "/usr/bin:/usr/sbin:/bin:/usr/local/bin", "HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
