"""A real browser for tests."""

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
    # video calls: a made-up camera and microphone, and nobody to ask for them
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
INSTALL_PATIENCE_SECONDS = 600


def _runs(*command: str) -> bool:
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(
            command, env=environment, capture_output=True, timeout=INSTALL_PATIENCE_SECONDS, check=False
        )
        return done.returncode == 0
    return False


def find_chromium() -> str | None:
    """The path of a Chromium: named, on the PATH, or installed by us as root on Debian; None when there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in NAMES:
        if found := shutil.which(name):
            return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        installed = _runs("apt-get", "install", "-y", "--no-install-recommends", "chromium") or (
            _runs("apt-get", "update") and _runs("apt-get", "install", "-y", "--no-install-recommends", "chromium")
        )
        if installed:
            return shutil.which("chromium")
    return None


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """A browser for the whole run. Without one the test is skipped with the reason, but never where CI is set."""
    from playwright.sync_api import Error, sync_playwright

    path = find_chromium()
    # Playwright's synchronous interface keeps an event loop in this thread, which Django would take for an async caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        try:
            if path is None and not _runs("playwright", "install", "chromium"):
                raise Error("it is neither in $CHROMIUM nor on the PATH, and could not be installed")
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        except Error as error:
            reason = f"No Chromium: {error}"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def _no_event_loop_of_the_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """The browser of an earlier test leaves its event loop in this thread: a test without a browser runs its own."""
    running = asyncio._get_running_loop()
    if running is None or "chromium" in request.fixturenames:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


@pytest.fixture
def browser_context(chromium: "Browser") -> Iterator["BrowserContext"]:
    """A fresh profile on a desktop screen, in English."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", ignore_https_errors=True)
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture
def page(browser_context: "BrowserContext") -> "Page":
    """A fresh page; the test fails when the page throws an error of its own."""
    return browser_context.new_page()
