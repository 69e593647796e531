"""The app on a slow phone: how long until the car stands on the screen and can be controlled, and what had to be fetched."""

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bench.stage import EMAIL, Stage, answers, wait_until, web

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, CDPSession, Page

PASSWORD = "Vettura!2026"  # of the stage's only person
ROUNDS = 5
BUDGET_MS = 2_000
# what browsers call a slow phone: a processor at a quarter, and slow 4G
SLOWER = 4
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
# notes when the controls stand there: from then on a tap does something
NOTE = """
  new MutationObserver((_, observer) => {
    if (!document.querySelector(".controls .control")) return;
    window.readyAt = performance.now();
    observer.disconnect();
  }).observe(document, { childList: true, subtree: true });
"""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def measure(world: Stage, rounds: int = ROUNDS) -> dict[str, Any]:
    """Milliseconds until a car can be controlled and bytes fetched: the first time (nothing kept), and every other time."""
    from playwright.sync_api import sync_playwright

    from vettura.identity.adapters.keys import ensure_oidc_key
    from vettura.phone_app import program

    ensure_oidc_key(world.keys_dir / "oidc.pem")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    program.register()
    path = os.environ.get("CHROMIUM") or next((found for name in NAMES if (found := shutil.which(name))), None)
    address = f"http://localhost:{world.port}/m/"
    with web(world), sync_playwright() as playwright:
        wait_until(lambda: answers(world.port), what="the web process does not answer")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB", has_touch=True)
        context.add_init_script(NOTE)
        _sign_in(context, address)
        found = {
            "first": _opened(context, address, rounds, is_first=True),
            "again": _opened(context, address, rounds, is_first=False),
            "budget_ms": BUDGET_MS,
        }
        browser.close()
    return found


def lines(found: dict[str, Any]) -> list[str]:
    """The results as a person reads them."""
    told = [f"{'the app on a slow phone':44}{'ms':>10}{'slowest':>10}{'bytes':>10}{'requests':>10}"]
    for name in ("first", "again"):
        each = found[name]
        told.append(
            f"  opened {name:35}{each['milliseconds']:>10}{each['slowest']:>10}{each['bytes']:>10}{each['requests']:>10}"
        )
    return [*told, f"  goal at most {found['budget_ms']} ms and 100 000 bytes"]


def _sign_in(context: "BrowserContext", address: str) -> None:
    page = context.new_page()
    page.goto(address)
    page.locator(".main-button").click()
    page.locator("[name=login]").fill(EMAIL)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.locator(".controls .control").first.wait_for(timeout=60_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.close()


def _opened(context: "BrowserContext", address: str, rounds: int, *, is_first: bool) -> dict[str, Any]:
    times, sizes, requests = [], [], []
    for _ in range(rounds):
        with _slow_phone(context, is_first=is_first) as (page, fetched):
            page.goto(address, wait_until="commit")
            page.locator(".controls .control").first.wait_for(timeout=60_000)
            times.append(float(page.evaluate("window.readyAt")))
            page.wait_for_load_state("load")
            time.sleep(0.5)  # what comes after counts too
            sizes.append(sum(fetched))
            requests.append(len(fetched))
    return {
        "milliseconds": round(statistics.median(times)),
        "slowest": round(max(times)),
        "bytes": round(statistics.median(sizes)),
        "requests": round(statistics.median(requests)),
    }


@contextmanager
def _slow_phone(context: "BrowserContext", *, is_first: bool) -> Iterator[tuple["Page", list[int]]]:
    page = context.new_page()
    session: CDPSession = context.new_cdp_session(page)
    fetched: list[int] = []
    session.on("Network.loadingFinished", lambda event: fetched.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    session.send("Network.setBypassServiceWorker", {"bypass": is_first})
    session.send("Network.setCacheDisabled", {"cacheDisabled": is_first})
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    yield page, fetched
    page.close()
