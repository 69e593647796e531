"""
Pictures of every page listed in tests/screens.toml: `make screens`.

Takes them of a running demo at 390 and 1440 pixels, light and dark, in English, Italian and German, and writes them to
`build/screens/` with an index page. Signs in once per account. Where no demo runs, it starts one of its own on free
ports and clears it away at the end; only there is anything prepared that changes the demo.
"""

import argparse
import base64
import contextlib
import hmac
import html
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Error, Page, StorageState, sync_playwright

from vettura.foundation import clock
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
APP = "/m/"


@dataclass(frozen=True)
class Screen:
    """A page to take: its name in file names, its path, who looks at it, and what must be there first."""

    name: str
    # `{name}` stands for the address where the preparation of that name ended
    path: str
    account: str = ""
    wait_for: str = "main"
    # what is clicked on the way, where no address is known before
    follow: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preparation:
    """What somebody does once before pictures are taken, in a demo that is ours alone: steps, each a table of the list."""

    name: str
    account: str
    path: str
    steps: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Look:
    """How it is looked at."""

    width: int
    theme: str
    language: str

    def __str__(self) -> str:
        return f"{self.width}-{self.theme}-{self.language}"


THEMES = ("light", "dark")
LANGUAGES = ("en", "it", "de")
EVERY_LOOK = [Look(width, theme, language) for width in HEIGHTS for theme in THEMES for language in LANGUAGES]
# English in all of them, the longer languages crosswise
USUAL = {
    "en": EVERY_LOOK,
    "it": [Look(390, "light", "it"), Look(1440, "dark", "it")],
    "de": [Look(390, "dark", "de"), Look(1440, "light", "de")],
}
LOOKS = [look for look in EVERY_LOOK if look in USUAL[look.language]]


class ScreensFailed(Exception):
    """A page could not be taken; the sentence says which and why."""


def read_list(path: Path = LIST) -> tuple[list[Preparation], list[Screen]]:
    """What is prepared, and the pages of the list, in its order. Raises TypeError for a key that means nothing."""
    with path.open("rb") as file:
        written = tomllib.load(file)
    return [Preparation(**entry) for entry in written.get("prepare", [])], [
        Screen(**entry) for entry in written["page"]
    ]


def take(
    *,
    base_url: str,
    screens: list[Screen],
    looks: list[Look],
    preparations: list[Preparation] | None = None,
    out: Path = OUT,
) -> list[str]:
    """
    This will write a picture of every page in every look, and an index; returns the sentences of what failed.

    `preparations` change the demo. Without them the pages that stand on one are left out.
    """
    out.mkdir(parents=True, exist_ok=True)
    failures: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=CHROMIUM_ARGUMENTS)
        accounts = {each.account for each in preparations or []} | {each.account for each in screens}
        states = {account: _signed_in(browser, base_url, account) if account else None for account in accounts}
        ends: dict[str, str] = {}
        for preparation in preparations or []:
            try:
                ends[preparation.name] = _prepare(browser, base_url, preparation, states[preparation.account])
            except Error as problem:
                failures.append(f"preparing {preparation.name}: {str(problem).splitlines()[0]}")
        screens = [replace(each, path=each.path.format_map(_Ends(ends))) for each in screens]
        screens = [each for each in screens if each.path.startswith("/")]
        for account in dict.fromkeys(screen.account for screen in screens):
            state = states[account]
            mine = [screen for screen in screens if screen.account == account]
            for look in looks:
                failures += _take_all(browser, base_url, state=state, screens=mine, look=look, out=out)
        browser.close()
    (out / "index.html").write_text(_index(screens, looks), encoding="utf-8")
    return failures


class _Ends(dict[str, str]):
    """Where preparations ended; one that was not done leads nowhere."""

    def __missing__(self, name: str) -> str:
        return f"not prepared: {name}"


def _prepare(browser: Browser, base_url: str, preparation: Preparation, state: StorageState | None) -> str:
    context = browser.new_context(storage_state=state, locale="en", ignore_https_errors=True)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(base_url + preparation.path)
    _confirm(page)
    for step in preparation.steps:
        if "open" in step:
            page.goto(base_url + step["open"])
            _confirm(page)
        elif "fill" in step:
            value = step.get("with") or one_time_code(page.inner_text(step["code_of"]), at=clock.real_now())
            page.fill(step["fill"], value)
        elif "check" in step:
            page.check(step["check"])
        elif "choose" in step:
            page.select_option(step["choose"], index=1)
        elif "wait_for" in step:
            page.wait_for_selector(step["wait_for"])
        else:
            with page.expect_navigation():
                page.click(step["click"])
    address = urlsplit(page.url)
    context.close()
    return address.path + (f"?{address.query}" if address.query else "")


def _confirm(page: Page) -> None:
    """Types the password where it is asked for once more before the page."""
    if "/signin/again/?next=" in page.url:
        page.fill("main input[name=password]", DEMO_PASSWORD)
        with page.expect_navigation():
            page.press("main input[name=password]", "Enter")


def one_time_code(key: str, *, at: datetime) -> str:
    """What an authenticator app shows at a moment (RFC 6238): six digits."""
    counter = int(at.timestamp() // 30).to_bytes(8, "big")
    digest = hmac.digest(base64.b32decode(key.strip().upper() + "=" * (-len(key.strip()) % 8)), counter, "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


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
            _take_one(context, base_url, screen, out / f"{screen.name}-{look}.png", language=look.language)
        except (Error, ScreensFailed) as problem:
            failures.append(f"{screen.name} ({look}): {str(problem).splitlines()[0]}")
    context.close()
    return failures


def _take_one(context: BrowserContext, base_url: str, screen: Screen, target: Path, *, language: str) -> None:
    page = context.new_page()
    try:
        answer = page.goto(base_url + screen.path, wait_until="load")
        if answer is not None and answer.status >= 500:
            raise ScreensFailed(f"{screen.path} answered {answer.status}")
        _confirm(page)
        if screen.path.startswith(APP) and screen.account:
            _enter_app(page, base_url + screen.path, language)
        for selector in screen.follow:
            with page.expect_navigation():
                page.click(selector)
        page.wait_for_selector(screen.wait_for, state="visible")
        page.evaluate("document.fonts.ready")
        # as tall as the page, so that what is fixed to the bottom stands there
        width, height = page.evaluate("[window.innerWidth, document.documentElement.scrollHeight]")
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=target, full_page=True)
    finally:
        page.close()


def _enter_app(page: Page, address: str, language: str) -> None:
    """Signs in to the phone app where nobody is yet, in this language: it asks the person, not the browser, which one it is."""
    page.wait_for_selector(".welcome .main-button, #bar a")
    if page.is_visible(".welcome .main-button"):
        page.click(".welcome .main-button")
        page.wait_for_selector("#bar a")
        page.goto(f"{address.partition('#')[0]}#account")
        page.click(f".segments button[lang={language}]")
        page.wait_for_selector(f"html[lang={language}]")
        page.goto(address)


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
def _demo(base_url: str | None) -> Iterator[tuple[str, bool]]:
    """The address of the demo, and whether it is ours alone: the one asked for, the one that runs here, or a new one."""
    usual = Ports().web
    if base_url or _answers(usual):
        yield (base_url or f"http://localhost:{usual}").rstrip("/"), False
        return
    ports = Ports.free()
    home = Path(tempfile.mkdtemp(prefix="vts"))
    home.chmod(0o711)  # PostgreSQL runs as `nobody` for root
    vettura = [sys.executable, "-m", "vettura.launcher.main"]
    try:
        subprocess.run([*vettura, "up", "--detach", "--data-dir", home / "data", *ports.options()], check=True)
        yield f"http://localhost:{ports.web}", True
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
    parser.add_argument("--theme", choices=THEMES, help="only this appearance")
    parser.add_argument("--language", choices=LANGUAGES, help="only this language")
    parser.add_argument("--may-change", action="store_true", help="prepare things in a demo that runs already, too")
    asked = parser.parse_args()
    preparations, every_screen = read_list()
    screens = [screen for screen in every_screen if not asked.names or screen.name in asked.names]
    is_narrowed = asked.width or asked.theme or asked.language
    looks = [
        look
        for look in (EVERY_LOOK if is_narrowed else LOOKS)
        if asked.width in (None, look.width)
        and asked.theme in (None, look.theme)
        and asked.language in (None, look.language)
    ]
    with _demo(asked.base_url) as (base_url, is_ours):
        needed = [each for each in preparations if any(f"{{{each.name}}}" in screen.path for screen in screens)]
        may_prepare = is_ours or asked.may_change
        failures = take(base_url=base_url, screens=screens, looks=looks, preparations=needed if may_prepare else [])
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{len(screens) * len(looks) - len(failures)} pictures: {OUT / 'index.html'}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
