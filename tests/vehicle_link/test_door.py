"""Who may connect to the broker, and what a car may say and hear there."""

import aiomqtt
import pytest
from tests import link_facts as facts

from vettura.vehicle_link import queries
from vettura_wire import topics

NOT_GRANTED = 128


def connects(opened) -> bool:
    try:
        with opened:
            return True
    except (aiomqtt.MqttError, TimeoutError):
        return False


def test_a_car_connects_with_its_certificate(link, car):
    facts.vehicle()

    assert connects(car())


def test_a_car_hears_only_under_its_own_vin(link, car):
    facts.vehicle()

    with car() as own:
        answers = {
            topic: own.subscribe(topic)
            for topic in (
                f"vehicles/{facts.VIN}/down/#",
                f"vehicles/{facts.OTHER_VIN}/down/#",
                f"vehicles/{facts.OTHER_VIN}/up/#",
                f"vehicles/{facts.VIN}/up/#",
                "vehicles/+/down/command",
                "#",
            )
        }

    assert [topic for topic, codes in answers.items() if codes != [NOT_GRANTED]] == [f"vehicles/{facts.VIN}/down/#"]


def test_a_car_speaks_only_under_its_own_vin(link, car):
    own, other = facts.vehicle(), facts.vehicle(facts.OTHER_VIN)

    with car() as client:
        client.publish(topics.up(facts.OTHER_VIN, topics.HELLO), facts.payloads.encode(facts.hello(facts.OTHER_VIN)))
        client.say_hello()
        facts.eventually(lambda: queries.twins_of(vehicles=[own])[own.vin].is_online)

    assert queries.twins_of(vehicles=[other])[other.vin].last_seen_at is None


def test_a_client_id_that_is_not_the_vin_is_refused(link, car):
    facts.vehicle()
    facts.vehicle(facts.OTHER_VIN)

    assert not connects(car(client_id="WP0ZZZY1ZLSA00002"))
    assert not connects(car(client_id="anything"))


def test_a_client_without_a_certificate_is_refused(link, car):
    facts.vehicle()

    assert not connects(car(certified=False))


def test_a_vin_that_is_not_registered_is_refused(link, car):
    facts.vehicle()

    assert not connects(car("WP0ZZZY1ZLSA00009"))


def test_the_certificate_of_the_server_is_no_cars(link, car, nats_server):
    facts.vehicle()
    client = car()
    client._tls.load_cert_chain(nats_server.keys_dir / "server.pem", nats_server.keys_dir / "server.key")

    assert not connects(client)


@pytest.mark.parametrize("chains", [[], [[]], None])
def test_a_question_without_a_verified_certificate_names_no_vehicle(chains):
    from vettura.vehicle_link.process import callout

    asked = callout.Asked(
        user_key="U",
        server_id="N",
        client_id=facts.VIN,
        certificate_vin=callout._vin_of(callout._certificate_in(chains or [])),
        is_mqtt=True,
    )

    assert callout.refusal_of(asked, is_known=True) == "no client certificate of a vehicle"
