"""A POST that comes twice with one key is done once; another program's key is another key."""

import pytest
from tests import link_facts as facts
from tests import webhook_facts
from tests.program_facts import Api, token

from vettura.developers.models import Delivery, Webhook
from vettura.foundation.models import AnsweredRequest

pytestmark = pytest.mark.django_db
WISH = {"url": "https://charts.example/hook", "events": ["state.changed"]}


@pytest.fixture
def person(clock):
    return facts.account()


@pytest.fixture
def car(person):
    return facts.vehicle(main_user=person)


@pytest.fixture
def api(person):
    return Api(token(person, "webhooks", "status"))


def test_a_webhook_is_made_once_and_its_secret_told_again_without_being_kept(api, car):
    wish = WISH | {"cars": [car.vin]}

    first, again = (api.send("/api/v1/webhooks", wish, **{"Idempotency-Key": "one"}).json() for _ in range(2))
    other = api.send("/api/v1/webhooks", wish).json()

    assert first == again
    assert other["id"] != first["id"]
    assert Webhook.objects.count() == 2
    assert first["secret"] not in str(AnsweredRequest.objects.get().answer)


def test_a_key_with_another_wish_is_refused(api, car):
    wish = WISH | {"cars": [car.vin]}
    api.send("/api/v1/webhooks", wish, **{"Idempotency-Key": "one"})

    refused = api.send("/api/v1/webhooks", wish | {"events": ["alarm.raised"]}, **{"Idempotency-Key": "one"})

    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


def test_the_key_of_one_program_is_no_answer_for_another(person, api, car):
    wish = WISH | {"cars": [car.vin]}
    other = Api(token(person, "webhooks", "status", client_id="heater"))

    mine, theirs = (each.send("/api/v1/webhooks", wish, **{"Idempotency-Key": "one"}) for each in (api, other))

    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["id"] != theirs.json()["id"]
    assert mine.json()["secret"] != theirs.json()["secret"]


def test_a_secret_is_changed_once(api, car):
    hook = api.send("/api/v1/webhooks", WISH | {"cars": [car.vin]}).json()

    first, again, other = (
        api.send(f"/api/v1/webhooks/{hook['id']}/secret", {}, **{"Idempotency-Key": key}).json()["secret"]
        for key in ("one", "one", "two")
    )

    assert len({hook["secret"], first, other}) == 3
    assert first == again


def test_a_dead_letter_is_sent_again_once(person, client, car):
    letter = webhook_facts.dead_letter(webhook_facts.webhook(person, car))
    client.force_login(person)
    address = f"/api/v1/webhooks/{letter.webhook_id}/deliveries/{letter.id}/replay"

    sent = [client.post(address, headers={"Idempotency-Key": "one"}) for _ in range(2)]
    unkeyed = client.post(address)

    assert [each.status_code for each in sent] == [202, 202]
    assert sent[0].json() == sent[1].json()
    assert unkeyed.status_code == 409
    assert Delivery.objects.get().attempts == 0
