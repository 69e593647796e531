"""What a car should hold, and that it gets it."""

from datetime import timedelta

import pytest
from tests import link_facts as facts

from vettura.foundation import outbox
from vettura.foundation.models import OutboxEvent
from vettura.vehicle_link import actions, queries, reactions
from vettura.vehicle_link.models import Document
from vettura.vehicles import actions as vehicles
from vettura_wire import payloads, topics


def deliver_events() -> None:
    """What the worker does: hand every announcement to those who react."""
    for event_id in OutboxEvent.objects.filter(delivered_at=None).order_by("id").values_list("id", flat=True):
        outbox.deliver(event_id=event_id)


def test_each_change_of_the_body_is_a_new_version(db):
    car = facts.vehicle()

    versions = [
        actions.set_document(vin=car.vin, name="settings", body=body) for body in ({"a": 1}, {"a": 1}, {"a": 2})
    ]

    assert versions == [1, 1, 2]
    assert Document.objects.get(name="settings").body == {"a": 2}


def test_an_older_acknowledgement_changes_nothing(db):
    car = facts.vehicle()
    for number in range(3):
        actions.set_document(vin=car.vin, name="settings", body={"a": number})

    for version in (2, 1, 9):
        actions.acknowledge_document(vin=car.vin, name="settings", version=version)

    assert Document.objects.get(name="settings").acknowledged_version == 2


def test_the_users_of_a_car_are_told_to_it(db):
    car = facts.vehicle()

    deliver_events()

    body = Document.objects.get(vehicle=car, name="users").body
    assert [user["role"] for user in body["users"]] == ["main_user"]
    assert (body["remote_access"], body["main_linked"]) == (True, True)


def test_the_end_of_remote_access_is_told_too(db):
    person = facts.account()
    car = facts.vehicle(main_user=person)
    deliver_events()

    vehicles.revoke_remote_access(vin=car.vin, account_id=person.id)
    deliver_events()

    assert Document.objects.get(vehicle=car, name="users").body["remote_access"] is False


def test_a_moved_clock_reaches_every_car(db):
    from vettura.foundation.demo_clock import ClockMoved

    car = facts.online(facts.vehicle())

    reactions.tell_the_cars_the_time(ClockMoved(shift_seconds=60.0, at=facts.clock.now()))

    assert Document.objects.get(vehicle=car, name="clock").body == {"shift_seconds": 60.0}


def test_a_car_that_says_hello_in_a_moved_world_is_told_the_shift(db, clock):
    clock.shift_by(timedelta(days=28))

    car = facts.online(facts.vehicle())

    assert Document.objects.get(vehicle=car, name="clock").body == {"shift_seconds": 28 * 86_400.0}


# -- over the real broker -----------------------------------------------------------------------------------------


def test_a_car_that_was_away_gets_what_it_lacks_with_its_hello(link, car):
    known = facts.vehicle(contracts=False)
    actions.set_document(vin=known.vin, name="users", body={"users": []})
    actions.set_document(vin=known.vin, name="settings", body={"a": 1})

    with car() as client:
        client.say_hello(documents={"settings": 1})
        heard = client.hear(topics.DOCUMENT)
        reply = client.hear(topics.REPLY)[0]

    assert [(document.name, document.version) for document in heard] == [("users", 1)]
    assert (reply.to, reply.vin) == ("hello", facts.VIN)


def test_a_car_that_is_there_gets_a_change_at_once(link, car):
    known = facts.vehicle(contracts=False)
    with car() as client:
        client.say_hello()
        client.hear(topics.REPLY)

        actions.set_document(vin=known.vin, name="settings", body={"a": 1})
        heard = client.hear(topics.DOCUMENT)

    assert (heard[0].vin, heard[0].name, heard[0].version, heard[0].body) == (facts.VIN, "settings", 1, {"a": 1})


@pytest.mark.rule("STO-033")
def test_the_car_says_which_version_it_has_put_to_use(link, car):
    known = facts.vehicle(contracts=False)
    actions.set_document(vin=known.vin, name="contracts", body={"services": []})

    with car() as client:
        client.say_hello()
        client.hear(topics.DOCUMENT)
        data = {"name": "contracts", "version": 1}
        client.say(topics.EVENT, payloads.Event(id="e1", type="document_applied", at=facts.real_now(), data=data))
        facts.eventually(lambda: queries.document_of(vehicle=known, name="contracts").acknowledged_version == 1)
