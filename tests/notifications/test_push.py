"""Notes to phones: subscribed over the API, sealed for the browser alone, carried once, and no longer when nobody is there."""

import socket
from base64 import b64decode

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests import identity_facts as facts
from tests.outbox_sandbox import Sandbox
from tests.program_facts import Api, token
from tests.push_facts import Browser, unbase64url

from vettura.foundation import outbound
from vettura.identity import actions as identity
from vettura.notifications import actions, errors, ports, queries
from vettura.notifications.adapters import web_push
from vettura.notifications.adapters.push_keys import ensure_push_key
from vettura.notifications.models import Delivery, Push, PushSubscription

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/push-subscriptions"


@pytest.fixture(autouse=True)
def key(settings, tmp_path):
    settings.VETTURA_PUSH_KEY_FILE = tmp_path / "vapid.pem"
    ensure_push_key(settings.VETTURA_PUSH_KEY_FILE)
    return settings.VETTURA_PUSH_KEY_FILE


@pytest.fixture
def person():
    return facts.account(language="de")


@pytest.fixture
def browser(outside: Sandbox):
    return Browser(outside.url, sender_key=queries.push_key())


def subscribed(person, browser, *kinds, **more):
    row, _ = actions.subscribe_to_push(
        recipient_id=person.id,
        endpoint=browser.endpoint,
        p256dh=browser.subscription()["keys"]["p256dh"],
        auth=browser.subscription()["keys"]["auth"],
        kinds=kinds or ("alarm", "command", "contract", "account"),
        **more,
    )
    return row


def told(person, kind="alarm", body="Zu schnell.\n\nhttp://localhost:8000/vehicles/WP0ZZZY1ZLSA00001/alarms/"):
    actions.post_message(recipient_id=person.id, language="de", subject="Alarm", body=body, kind=kind)
    return Push.objects.filter(status=Delivery.QUEUED).order_by("queued_at", "id").last()


def test_a_body_is_sealed_as_the_standard_shows_it():
    sealed = web_push.sealed(
        b"When I grow up, I want to be a watermelon",
        receiver=unbase64url("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        secret=unbase64url("BTBZMqHH6r4Tts7J_aSIgg"),
        sender=ec.derive_private_key(
            int.from_bytes(unbase64url("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
        ),
        salt=unbase64url("DGv6ra1nlYgDCS1FRnbzlw"),
        padded_to=0,
    )

    # RFC 8291 section 5
    assert sealed == unbase64url(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y"
        "l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_a_note_fits_whatever_its_length_and_one_that_is_too_long_is_not_sent():
    browser = Browser()
    for length in (0, 1, 511, 512, 3993):
        sealed = web_push.sealed(b"x" * length, receiver=browser.point, secret=browser.auth)
        assert browser.opened(sealed) == b"x" * length
        assert len(sealed) <= 4096
    with pytest.raises(ports.Undeliverable):
        web_push.sealed(b"x" * 3994, receiver=browser.point, secret=browser.auth)


def test_a_message_is_told_to_the_phone_in_its_language_with_the_page_it_opens(person, browser):
    row = subscribed(person, browser)

    actions.deliver_push(push_id=told(person).id)

    (note,) = browser.notes()
    assert note["web_push"] == 8030
    shown = note["notification"]
    assert (shown["title"], shown["body"], shown["lang"]) == ("Alarm", "Zu schnell.", "de")
    assert shown["navigate"].endswith("/vehicles/WP0ZZZY1ZLSA00001/alarms/")
    (waiting,) = browser.waiting()
    assert waiting["urgency"] == "high"
    assert 86_000 < waiting["ttl"] <= 86_400
    assert b"schnell" not in b64decode(waiting["body"])
    push = Push.objects.get()
    assert (push.status, push.sealed_content, push.to) == (Delivery.SENT, None, "127.0.0.1")
    row.refresh_from_db()
    assert row.told_at is not None


def test_it_is_carried_once_however_often_the_job_runs(person, browser):
    subscribed(person, browser)
    push = told(person)

    actions.deliver_push(push_id=push.id)
    actions.deliver_push(push_id=push.id)

    assert len(browser.notes()) == 1


def test_a_message_without_a_page_opens_itself(person, browser):
    subscribed(person, browser)

    actions.deliver_push(push_id=told(person, "data_export", "Das Archiv ist fertig.").id)

    (note,) = browser.notes()
    assert "/messages/" in note["notification"]["navigate"]


def test_a_phone_is_told_of_the_kinds_that_it_wants_and_nobody_elses(person, browser):
    subscribed(person, browser, "alarm")
    subscribed(facts.account(), Browser())

    assert told(person, "invoice") is None
    assert told(person, "alarm").kind == "alarm"


def test_a_browser_that_is_gone_is_forgotten_with_what_waits_for_it(person, browser):
    subscribed(person, browser)
    first, second = told(person), told(person)
    browser.leave()

    actions.deliver_push(push_id=first.id)
    actions.deliver_push(push_id=second.id)

    assert not PushSubscription.objects.exists()
    assert not Push.objects.exists()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_asks_for_patience_is_asked_again_and_at_last_given_up(person, browser, outside, status):
    import httpx

    subscribed(person, browser)
    push = told(person)
    httpx.post(f"{outside.url}/push/steer", data={"status": [str(status)] * 2})

    with pytest.raises(ports.TryAgain, match=f"http_{status}"):
        actions.deliver_push(push_id=push.id)
    push.refresh_from_db()
    assert (push.status, push.attempts) == (Delivery.QUEUED, 1)

    Push.objects.update(attempts=9)
    actions.deliver_push(push_id=push.id)
    push.refresh_from_db()
    assert (push.status, push.problem, push.sealed_content) == (Delivery.FAILED, f"http_{status}", None)
    assert PushSubscription.objects.exists()


def test_what_is_not_worth_carrying_any_more_is_given_up(clock, person, browser):
    subscribed(person, browser)
    push = told(person)
    clock.advance(days=2)

    actions.deliver_push(push_id=push.id)

    push.refresh_from_db()
    assert (push.status, push.problem) == (Delivery.FAILED, "too_old")
    assert browser.waiting() == []


def test_a_subscription_bound_to_another_key_takes_nothing(person, browser, settings, tmp_path):
    subscribed(person, browser)
    push = told(person)
    settings.VETTURA_PUSH_KEY_FILE = tmp_path / "other.pem"
    ensure_push_key(settings.VETTURA_PUSH_KEY_FILE)

    actions.deliver_push(push_id=push.id)

    push.refresh_from_db()
    assert (push.status, push.problem) == (Delivery.FAILED, "http_403")


def test_outside_the_demo_only_public_addresses_over_tls_are_spoken_to(person, browser, settings, monkeypatch):
    subscribed(person, browser)
    push = told(person)
    settings.VETTURA_PRIVATE_WEBHOOKS = False

    with pytest.raises(errors.PushEndpointUnfit):
        subscribed(person, browser)
    actions.deliver_push(push_id=push.id)
    push.refresh_from_db()
    assert (push.status, push.problem) == (Delivery.FAILED, "address_unfit")

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 443))]
    subscribed(person, Browser())
    with monkeypatch.context() as names:
        names.setattr(outbound.socket, "getaddrinfo", lambda *_, **__: found)
        with pytest.raises(ports.TryAgain):
            actions.deliver_push(push_id=told(person).id)
    assert browser.waiting() == []


def test_a_phone_subscribes_changes_its_mind_and_leaves_over_the_api(person, browser):
    api = Api(token(person, "messages"))

    key = api.get(ADDRESS).json()["key"]
    made = api.send(ADDRESS, browser.subscription())
    again = api.send(ADDRESS, browser.subscription(kinds=["alarm"]))
    told_now = api.get(ADDRESS).json()["items"]

    assert len(unbase64url(key)) == 65
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json()["id"] == again.json()["id"]
    assert [each["kinds"] for each in told_now] == [["alarm"]]
    assert browser.subscription()["keys"]["auth"] not in str(told_now)
    assert api.delete(f"{ADDRESS}/{made.json()['id']}").status_code == 204
    assert api.delete(f"{ADDRESS}/{made.json()['id']}").status_code == 404
    assert api.get(ADDRESS).json()["items"] == []


def test_the_kinds_are_called_as_the_asker_speaks(person):
    answer = facts.signed_in(person).get(ADDRESS, headers={"Accept-Language": "de"})

    assert answer.json()["kinds"][0] == {"kind": "alarm", "text": "Alarme Ihrer Fahrzeuge"}


def test_without_the_scope_a_program_subscribes_nobody(person, browser):
    answer = Api(token(person, "status")).send(ADDRESS, browser.subscription())

    assert (answer.status_code, answer.json()["code"]) == (403, "identity.scope_missing")


def test_a_program_sees_and_ends_its_own_subscriptions_only(person, browser):
    own = subscribed(person, browser, client_id="phone-app")
    api = Api(token(person, "messages"))

    assert api.get(ADDRESS).json()["items"] == []
    assert api.delete(f"{ADDRESS}/{own.id}").status_code == 404
    assert facts.signed_in(person).get(ADDRESS).json()["items"][0]["id"] == str(own.id)


def test_a_subscription_ends_with_the_sign_in_of_its_program(person, browser):
    assert Api(token(person, "messages")).send(ADDRESS, browser.subscription()).status_code == 201
    assert PushSubscription.objects.get().client_id == "charts"

    identity.revoke_program(account=person, client_id="charts")

    assert not PushSubscription.objects.exists()


def test_a_browser_where_somebody_else_signs_in_tells_the_former_person_nothing(person, browser):
    subscribed(person, browser)
    other = facts.account()

    row = subscribed(other, browser)

    assert PushSubscription.objects.get().recipient_id == other.id == row.recipient_id
    assert told(person) is None


def test_of_too_many_the_one_that_was_told_longest_ago_goes(person, clock):
    for number in range(21):
        clock.advance(minutes=1)
        browser = Browser()
        browser.endpoint = f"https://push.example/p/{number}"
        subscribed(person, browser)

    kept = queries.push_subscriptions_of(recipient_id=person.id)
    assert len(kept) == 20
    assert "https://push.example/p/0" not in {each.endpoint for each in kept}


@pytest.mark.parametrize(
    "changes", [{"endpoint": "ftp://push.example/"}, {"keys": {"p256dh": "A" * 87, "auth": "B" * 22}}]
)
def test_what_is_no_browser_is_refused_with_the_reason(person, changes):
    answer = Api(token(person, "messages")).send(ADDRESS, Browser().subscription() | changes)

    assert (answer.status_code, answer.json()["code"]) == (422, "notifications.push_endpoint_unfit")


def test_where_the_installation_has_no_key_nobody_can_subscribe(person, settings, tmp_path):
    settings.VETTURA_PUSH_KEY_FILE = tmp_path / "none.pem"
    api = Api(token(person, "messages"))

    assert api.get(ADDRESS).json()["key"] is None
    assert api.send(ADDRESS, Browser().subscription()).status_code == 503


def test_the_key_is_made_once_and_only_its_owner_reads_it(key):
    before = key.read_bytes()

    ensure_push_key(key)

    assert key.read_bytes() == before
    assert key.stat().st_mode & 0o077 == 0
