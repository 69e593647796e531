"""Notes on a phone, in a real browser: what the worker shows when something is pushed, and which page a tap opens."""

import json

import pytest

VIN = "WP0ZZZY1ZLSA00001"


@pytest.fixture
def worker(transactional_db, live_server, chromium):
    """The app's worker in a browser, with a way to push to it and to look at what it shows."""
    context = chromium.new_context(permissions=["notifications"], locale="en-GB")
    page = context.new_page()
    session = context.new_cdp_session(page)
    registrations: list[dict] = []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: registrations.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    page.goto(f"{live_server.url}/m/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    def push(told: object) -> None:
        session.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": live_server.url,
                "registrationId": registrations[-1]["registrationId"],
                "data": json.dumps(told),
            },
        )

    yield page, push
    context.close()


def shown(page):
    """What stands on the screen, as soon as something does."""
    for _ in range(200):
        found = page.evaluate(
            "navigator.serviceWorker.ready.then((found) => found.getNotifications())"
            ".then((all) => all.map(({ title, body, lang, tag, data }) => ({ title, body, lang, tag, page: data.page })))"
        )
        if found:
            return found
        page.wait_for_timeout(50)
    return []


def note(navigate: str, **more: str) -> dict:
    told = {"title": "Geschwindigkeitsalarm", "body": "143 km/h", "lang": "de", "tag": "a", "navigate": navigate}
    return {"web_push": 8030, "notification": told | more}


def test_what_is_pushed_is_shown_in_its_language_and_opens_the_apps_page_of_that_car(worker, live_server):
    page, push = worker

    push(note(f"{live_server.url}/vehicles/{VIN}/alarms/"))

    (told,) = shown(page)
    assert told == {
        "title": "Geschwindigkeitsalarm", "body": "143 km/h", "lang": "de", "tag": "a", "page": f"/m/#alarms/{VIN}",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("address", "opens"),
    [
        ("{own}/vehicles/WP0ZZZY1ZLSA00001/", "/m/#car/WP0ZZZY1ZLSA00001"),
        ("{own}/messages/1/", "/messages/1/"),
        ("https://elsewhere.example/", "/m/"),
    ],
)
def test_a_note_opens_pages_of_ours_only(worker, live_server, address, opens):
    page, push = worker

    push(note(address.format(own=live_server.url)))

    assert [each["page"] for each in shown(page)] == [opens]
