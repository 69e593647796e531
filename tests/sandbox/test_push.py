"""The sandbox's push service keeps to its standards: it knows senders, bounds notes, and forgets what is over."""

import json

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.outbox_sandbox import RunningSandbox
from tests.push_facts import base64url

from vettura_wire.clock import real_now

BODY = bytes(16) + (4096).to_bytes(4, "big") + b"\x41\x04" + bytes(64) + bytes(40)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    running = RunningSandbox(tmp_path_factory.mktemp("sandbox"))
    with httpx.Client(base_url=f"{running.start().url}/push") as client:
        yield client
    running.stop()


def origin(endpoint):
    return endpoint.partition("/push/")[0]


class Sender:
    """Somebody with a VAPID key."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.public = base64url(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def headers(self, endpoint, *, aud="", good_for=3600.0, **more):
        claims = {
            "aud": aud or origin(endpoint),
            "exp": int(real_now().timestamp() + good_for),
            "sub": "mailto:a@b.example",
        }
        word = ".".join(base64url(json.dumps(part).encode()) for part in ({"alg": "ES256", "typ": "JWT"}, claims))
        numbers = decode_dss_signature(self.key.sign(word.encode(), ec.ECDSA(hashes.SHA256())))
        signature = b"".join(each.to_bytes(32, "big") for each in numbers)
        said = f"vapid t={word}.{base64url(signature)}, k={self.public}"
        return {"Authorization": said, "TTL": "60", "Content-Encoding": "aes128gcm"} | more


def subscribed(service, key=""):
    answer = service.post("/subscribe", json={"vapid": key})
    assert answer.status_code == 201
    return answer.headers["Link"].split(">")[0].lstrip("<"), answer.headers["Location"]


def test_a_note_waits_for_its_browser_until_it_has_it(service):
    endpoint, receiver = subscribed(service)

    taken = service.post(endpoint, content=BODY, headers=Sender().headers(endpoint, Urgency="high"))

    assert (taken.status_code, taken.headers["TTL"]) == (201, "60")
    (note,) = service.get(receiver).json()
    assert (note["urgency"], note["ttl"]) == ("high", 60)
    assert service.delete(taken.headers["Location"]).status_code == 204
    assert service.get(receiver).json() == []


def test_a_later_note_of_a_topic_takes_the_place_of_the_former(service):
    endpoint, receiver = subscribed(service)
    for topic in ("door", "door", "alarm"):
        assert service.post(endpoint, content=BODY, headers=Sender().headers(endpoint, Topic=topic)).status_code == 201

    assert [each["topic"] for each in service.get(receiver).json()] == ["door", "alarm"]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Authorization": "vapid t=a.b.c, k=d"}, 403),
        ({"TTL": ""}, 400),
        ({"TTL": "-1"}, 400),
        ({"Urgency": "extreme"}, 400),
        ({"Topic": "not a topic"}, 400),
        ({"Content-Encoding": "gzip"}, 415),
    ],
)
def test_what_the_standards_do_not_allow_is_refused(service, changes, status):
    endpoint, receiver = subscribed(service)

    assert service.post(endpoint, content=BODY, headers=Sender().headers(endpoint) | changes).status_code == status
    assert service.get(receiver).json() == []


@pytest.mark.parametrize("claims", [{"aud": "https://other.example"}, {"good_for": -5}, {"good_for": 90_000}])
def test_a_word_for_another_service_too_old_or_good_for_too_long_is_not_believed(service, claims):
    endpoint, _ = subscribed(service)

    assert service.post(endpoint, content=BODY, headers=Sender().headers(endpoint, **claims)).status_code == 403


def test_a_word_that_somebody_else_signed_is_not_believed(service):
    endpoint, _ = subscribed(service)
    sender, other = Sender(), Sender()
    sender.public = other.public

    assert service.post(endpoint, content=BODY, headers=sender.headers(endpoint)).status_code == 403


def test_a_subscription_for_one_sender_takes_nothing_of_others(service):
    sender = Sender()
    endpoint, _ = subscribed(service, sender.public)

    assert service.post(endpoint, content=BODY, headers=Sender().headers(endpoint)).status_code == 403
    assert service.post(endpoint, content=BODY, headers=sender.headers(endpoint)).status_code == 201


@pytest.mark.parametrize(("body", "status"), [(b"x" * 4097, 413), (b"open", 400), (bytes(200), 400)])
def test_what_is_too_long_or_not_sealed_is_refused(service, body, status):
    endpoint, _ = subscribed(service)

    assert service.post(endpoint, content=body, headers=Sender().headers(endpoint)).status_code == status


def test_a_subscription_that_ended_is_gone_and_one_that_never_was_is_unknown(service):
    endpoint, receiver = subscribed(service)
    service.delete(receiver)

    assert service.post(endpoint, content=BODY, headers=Sender().headers(endpoint)).status_code == 410
    assert service.post("/p/none", content=BODY, headers=Sender().headers(endpoint)).status_code == 404
    assert service.get(receiver).status_code == 404


def test_it_can_be_told_how_to_answer_and_says_so_on_its_page(service):
    endpoint, _ = subscribed(service)
    page = service.post("/steer", data={"status": ["429", "200"]}, follow_redirects=True)

    assert "Push service" in page.text
    limited = service.post(endpoint, content=BODY, headers=Sender().headers(endpoint))
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "1")
    assert service.post(endpoint, content=BODY, headers=Sender().headers(endpoint)).status_code == 201
