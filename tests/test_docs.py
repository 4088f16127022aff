"""The documents of the project: links that lead somewhere, and decision records with everything they need."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
RECORDS = sorted((ROOT / "docs/adr").glob("*.md"))

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files_of_the_repository(path):
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)|src=\"([^\"]+)\"", path.read_text())
    targets = [target for pair in links for target in pair if target and "://" not in target]
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_decision_records_are_numbered_without_gaps():
    assert [int(path.name[:4]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_decision_record_has_date_status_reasons_and_alternatives(path):
    text = path.read_text()
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert re.search(r"^Date: \d{1,2} \w+ 20\d\d.*Status: (accepted|superseded)", text, re.MULTILINE)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Decision", "Reasons", "Rejected", "Consequences"]


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_superseding_records_name_each_other(path):
    for other in re.findall(r"superseded by ADR (\d+)", path.read_text()):
        newer = next((ROOT / "docs/adr").glob(f"{int(other):04}-*.md"))
        assert re.search(rf"supersedes part of ADR {int(path.name[:4])}\b", newer.read_text())
