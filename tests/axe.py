"""What axe-core finds wrong with a page: all its rules of WCAG 2.2 A and AA, and of good practice."""

from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# of what is in order it need not write down every element, which takes longer than judging them
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


def violations(page: "Page", *, within: str | None = None) -> list[dict[str, Any]]:
    """Each rule that is broken, with the elements that break it; of the whole page, or of what is `within` a selector."""
    found: list[dict[str, Any]] = Axe().run(page, context=within, options=OPTIONS).response["violations"]
    return found
