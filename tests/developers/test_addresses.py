"""Where webhooks may go: over TLS to the public network, and nowhere else outside the demo."""

import socket

import pytest
from tests import webhook_facts

from vettura.developers import errors, ports, rules
from vettura.developers.adapters.http import HttpCarrier
from vettura.foundation import outbound


@pytest.fixture
def public_only(settings):
    settings.VETTURA_PRIVATE_WEBHOOKS = False


@pytest.mark.parametrize(
    "url",
    [
        "http://charts.example/",
        "ftp://charts.example/",
        "https://user:word@charts.example/",
        "https:///nowhere",
        "https://charts.example:0/",
        "https://charts.example:99999/",
        "https://ch arts.example/",
        "charts.example",
    ],
)
def test_an_address_that_is_none_or_not_safe_is_refused(url):
    assert outbound.problem_with(url, may_be_plain=False)


def test_outside_the_demo_a_webhook_begins_with_https(db, clock, public_only, person, car):
    with pytest.raises(errors.AddressUnfit):
        webhook_facts.webhook(person, car, url="http://charts.example/")
    webhook_facts.webhook(person, car, url="https://charts.example/")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
    ],
)
def test_nothing_is_sent_to_a_private_address_whatever_its_name(public_only, receiver, monkeypatch, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = [(family, socket.SOCK_STREAM, 6, "", (address, 80))]
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(ports.Unreachable, match="not a public address"):
        HttpCarrier().post(url="http://rebound.example/", body=b"{}", headers={})

    assert receiver.requests == []


def test_a_name_with_one_private_address_among_public_ones_is_private(public_only, monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in ("93.184.216.34", "127.0.0.1")]
    monkeypatch.setattr(outbound.socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(ports.Unreachable):
        HttpCarrier().post(url="http://rebound.example/", body=b"{}", headers={})


def test_a_public_address_is_one():
    assert outbound._is_public("93.184.216.34")
    assert outbound._is_public("2606:2800:220:1:248:1893:25c8:1946")


def test_in_the_demo_a_receiver_on_this_machine_is_spoken_to(receiver):
    receiver.secret = "s"

    answered = HttpCarrier().post(url=receiver.url, body=b'{"type": "challenge", "challenge": "c"}', headers={})

    assert answered.status == 200
    assert rules.answer_to(secret="s", challenge="c") in answered.body.decode()


def test_nobody_there_is_said_so():
    with pytest.raises(ports.Unreachable):
        HttpCarrier().post(url="http://127.0.0.1:9/", body=b"{}", headers={})


def test_a_signature_is_the_hmac_of_time_and_body():
    from datetime import UTC, datetime

    made = rules.signature(secrets=["a", "b"], at=datetime(2026, 9, 1, tzinfo=UTC), body=b"{}")

    stamp, first, second = made.split(",")
    assert stamp == "t=1788220800"
    assert first == "v1=" + rules.answer_to(secret="a", challenge="1788220800.{}")
    assert second == "v1=" + rules.answer_to(secret="b", challenge="1788220800.{}")
