"""Looks over screens of a car's page as a stranger would: by axe, and for anything too wide, on a desk and on a phone."""

from typing import TYPE_CHECKING

from tests.axe import violations

from vettura_car.pages import LIGHT_COOKIE

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

WIDTHS = (1440, 390)
# what differs from screen to screen; the keys and the panel around it are the same on all of them
SCREEN = ".glass"


class Look:
    """
    Opens screens in one light and keeps what is wrong with each. `unfold` are the summaries opened first.

    axe judges the whole page the first time and the screen alone from then on: judging two hundred switches of the panel
    again and again takes minutes and finds nothing new.
    """

    def __init__(self, context: "BrowserContext", address: str, *, light: str, unfold: str = "") -> None:
        context.add_cookies([{"name": LIGHT_COOKIE, "value": light, "url": address}])
        self._page, self._address, self._unfold = context.new_page(), address, unfold
        self._has_seen_whole_page = False
        self._found: dict[str, list[object]] = {}

    def __call__(self, path: str, name: str = "") -> None:
        """Look at a screen."""
        page, name = self._page, name or path
        page.goto(self._address + path)
        for summary in page.locator(self._unfold).all() if self._unfold else []:
            summary.click()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            self._found[f"{name} {width}"] = [] if wide <= width else [("too wide", wide)]
        context = SCREEN if self._has_seen_whole_page else None
        self._has_seen_whole_page = True
        self._found[name] = [
            (each["id"], [node["html"][:160] for node in each["nodes"]][:3])
            for each in violations(page, within=context)
        ]

    @property
    def problems(self) -> dict[str, list[object]]:
        """What is wrong, by screen; empty when all is well."""
        return {name: problems for name, problems in self._found.items() if problems}
