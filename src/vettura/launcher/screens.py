"""
Pictures of every page listed in tests/screens.toml: `make screens`.

Takes them of a running demo at 390 and 1440 pixels, light and dark, in English and Italian, and writes them to
`build/screens/` with an index page. Signs in once per account. Where no demo runs, it starts one of its own on free
ports and clears it away at the end.
"""

import argparse
import contextlib
import html
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Error, StorageState, sync_playwright

from vettura.launcher.places import Ports

ROOT = Path(__file__).resolve().parents[3]
LIST = ROOT / "tests" / "screens.toml"
OUT = ROOT / "build" / "screens"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    "--force-color-profile=srgb",
]
DEMO_PASSWORD = "Vettura!2026"  # noqa: S105 (the demo world's password, printed by `make up`)
HEIGHTS = {390: 844, 1440: 900}
PATIENCE_MS = 15_000


@dataclass(frozen=True)
class Screen:
    """A page to take: its name in file names, its path, who looks at it, and what must be there first."""

    name: str
    path: str
    account: str = ""
    wait_for: str = "main"


@dataclass(frozen=True)
class Look:
    """How it is looked at."""

    width: int
    theme: str
    language: str

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}-{self.language}"


LOOKS = [Look(width, theme, language) for width in HEIGHTS for theme in ("light", "dark") for language in ("en", "it")]


class ScreensFailed(Exception):
    """A page could not be taken; the sentence says which and why."""


def read_list(path: Path = LIST) -> list[Screen]:
    """The pages of the list, in its order. Raises TypeError for a key that means nothing."""
    with path.open("rb") as file:
        return [Screen(**entry) for entry in tomllib.load(file)["page"]]


def take(*, base_url: str, screens: list[Screen], looks: list[Look], out: Path = OUT) -> list[str]:
    """This will write a picture of every page in every look, and an index; returns the sentences of what failed."""
    out.mkdir(parents=True, exist_ok=True)
    failures: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=CHROMIUM_ARGUMENTS)
        for account in dict.fromkeys(screen.account for screen in screens):
            state = _signed_in(browser, base_url, account) if account else None
            mine = [screen for screen in screens if screen.account == account]
            for look in looks:
                failures += _take_all(browser, base_url, state=state, screens=mine, look=look, out=out)
        browser.close()
    (out / "index.html").write_text(_index(screens, looks), encoding="utf-8")
    return failures


def _take_all(
    browser: Browser, base_url: str, *, state: StorageState | None, screens: list[Screen], look: Look, out: Path
) -> list[str]:
    context = browser.new_context(
        viewport={"width": look.width, "height": HEIGHTS[look.width]},
        color_scheme="dark" if look.theme == "dark" else "light",
        reduced_motion="reduce",
        locale=look.language,
        storage_state=state,
        ignore_https_errors=True,
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies([{"name": "django_language", "value": look.language, "url": base_url}])
    failures: list[str] = []
    for screen in screens:
        try:
            _take_one(context, base_url, screen, out / f"{screen.name}-{look}.png")
        except (Error, ScreensFailed) as problem:
            failures.append(f"{screen.name} ({look}): {str(problem).splitlines()[0]}")
    context.close()
    return failures


def _take_one(context: BrowserContext, base_url: str, screen: Screen, target: Path) -> None:
    page = context.new_page()
    try:
        answer = page.goto(base_url + screen.path, wait_until="load")
        if answer is not None and answer.status >= 500:
            raise ScreensFailed(f"{screen.path} answered {answer.status}")
        page.wait_for_selector(screen.wait_for, state="visible")
        page.evaluate("document.fonts.ready")
        # as tall as the page, so that what is fixed to the bottom stands there
        width, height = page.evaluate("[window.innerWidth, document.documentElement.scrollHeight]")
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=target, full_page=True)
    finally:
        page.close()


def _signed_in(browser: Browser, base_url: str, account: str) -> StorageState:
    context = browser.new_context(ignore_https_errors=True)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{base_url}/signin/")
    page.fill("input[name=login]", account)
    page.fill("input[name=password]", DEMO_PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/signin/" not in url)
    state = context.storage_state()
    context.close()
    return state


@contextlib.contextmanager
def _demo(base_url: str | None) -> Iterator[str]:
    """The address of the demo: the one that was asked for, the one that runs here, or a new one for us alone."""
    usual = Ports().web
    if base_url or _answers(usual):
        yield (base_url or f"http://localhost:{usual}").rstrip("/")
        return
    ports = Ports.free()
    home = Path(tempfile.mkdtemp(prefix="vts"))
    home.chmod(0o711)  # PostgreSQL runs as `nobody` for root
    vettura = [sys.executable, "-m", "vettura.launcher.main"]
    try:
        subprocess.run([*vettura, "up", "--detach", "--data-dir", home / "data", *ports.options()], check=True)
        yield f"http://localhost:{ports.web}"
    finally:
        subprocess.run([*vettura, "down", "--data-dir", home / "data"], check=False)
        shutil.rmtree(home, ignore_errors=True)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://localhost:{port}/readyz", timeout=2):
            return True
    except (URLError, OSError):
        return False


def _chromium() -> str | None:
    """A Chromium that is named or on the PATH; None lets playwright look for its own."""
    return os.environ.get("CHROMIUM") or next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


def _index(screens: list[Screen], looks: list[Look]) -> str:
    head = "".join(f"<th>{look}</th>" for look in looks)
    rows = "".join(
        f"<tr><th>{html.escape(screen.name)}<br><small>{html.escape(screen.path)}</small></th>"
        + "".join(
            f'<td><a href="{screen.name}-{look}.png"><img loading="lazy" src="{screen.name}-{look}.png" alt=""></a></td>'
            for look in looks
        )
        + "</tr>"
        for screen in screens
    )
    return (
        "<!doctype html><meta charset=utf-8><title>Screens</title>"
        "<style>body{font:14px system-ui}img{width:200px;border:1px solid #ccc}td,th{vertical-align:top;padding:4px}</style>"
        f"<table><thead><tr><th></th>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def main() -> int:
    """Take what the list names, or only what is asked for."""
    parser = argparse.ArgumentParser(description="Takes pictures of pages of the demo.")
    parser.add_argument("names", nargs="*", help="only these pages")
    parser.add_argument("--base-url", default=os.environ.get("VETTURA_BASE_URL"), help="of a demo that runs elsewhere")
    parser.add_argument("--width", type=int, choices=sorted(HEIGHTS), help="only this width")
    parser.add_argument("--theme", choices=["light", "dark"], help="only this appearance")
    parser.add_argument("--language", choices=["en", "it"], help="only this language")
    asked = parser.parse_args()
    screens = [screen for screen in read_list() if not asked.names or screen.name in asked.names]
    looks = [
        look
        for look in LOOKS
        if asked.width in (None, look.width)
        and asked.theme in (None, look.theme)
        and asked.language in (None, look.language)
    ]
    with _demo(asked.base_url) as base_url:
        failures = take(base_url=base_url, screens=screens, looks=looks)
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{len(screens) * len(looks) - len(failures)} pictures: {OUT / 'index.html'}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
