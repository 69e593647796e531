"""Docs are tested: the generated reference is current, and every document that is linked exists."""

import re
from pathlib import Path

import pytest

from vettura.launcher import reference

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_reference_names_every_setting_refusal_event_and_number():
    assert reference.TARGET.read_text() == reference.render()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_linked_document_exists(page: Path):
    # what stands as code is an example
    text = re.sub(r"`[^`\n]*`", "", page.read_text())
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", text)

    missing = [link for link in links if not (page.parent / link).exists() and not link.startswith("/")]

    assert missing == []
