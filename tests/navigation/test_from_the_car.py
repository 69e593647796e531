"""The way back: what people change on the car's screen joins the list, and both ends agree whatever the order."""

import uuid
from datetime import timedelta

import pytest
from tests import destination_facts as facts
from tests import link_facts, vehicle_facts

from vettura.foundation import clock as time
from vettura.navigation import actions, queries
from vettura.navigation.models import Destination
from vettura.vehicle_link.queries import document_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys():
    link_facts.ensure_keys()


@pytest.fixture
def owner():
    return vehicle_facts.person()


@pytest.fixture
def car(owner):
    return vehicle_facts.vehicle(main_user=owner, signed_in=True)


def names(car, person) -> list[str]:
    return [each.name for each in queries.entries_of(account=person, vehicle=car) if each.deleted_at is None]


def told(car) -> list[dict]:
    found = document_of(vehicle=car, name="destinations")
    return [] if found is None else found.body["entries"]


def test_what_is_added_in_the_car_is_in_the_list_and_counts_as_known_to_the_car(owner, car):
    entry = facts.version(name="Lido")

    facts.said_in_car(car, owner, entry)
    facts.said_in_car(car, owner, entry)

    [row] = queries.entries_of(account=owner, vehicle=car)
    assert (row.name, row.origin, str(row.id)) == ("Lido", "car", entry.id)
    assert told(car) == [facts.wire.to_json(entry)]
    assert queries.standing(account=owner, vehicle=car, entries=[row]).is_current


def test_the_last_change_counts_at_whichever_end_it_was_made(owner, car, clock):
    row = facts.destination(car, owner, released=True)
    in_car = facts.version(id=row.id, at=time.real_now() + timedelta(minutes=5), name="In the car, later")
    clock.advance(minutes=1)
    actions.change_destination(by=owner, vin=car.vin, destination_id=row.id, changes={"name": "At the portal"})

    facts.said_in_car(car, owner, in_car)
    late = facts.version(id=row.id, at=in_car.changed_at - timedelta(minutes=1), name="In the car, before")
    facts.said_in_car(car, owner, late)

    assert names(car, owner) == ["In the car, later"]
    assert told(car) == [facts.wire.to_json(in_car)]


def test_a_change_at_the_portal_counts_after_the_one_it_saw_whatever_the_cars_clock_says(owner, car):
    ahead = facts.version(at=time.real_now() + timedelta(hours=3), name="From a fast clock")
    facts.said_in_car(car, owner, ahead)

    actions.change_destination(by=owner, vin=car.vin, destination_id=uuid.UUID(ahead.id), changes={"name": "Mended"})
    facts.said_in_car(car, owner, ahead)

    assert names(car, owner) == ["Mended"]


def test_an_older_change_of_the_car_does_not_bring_back_what_was_deleted(owner, car):
    row = facts.destination(car, owner, released=True)
    older = facts.version(id=row.id, at=row.changed_at + timedelta(microseconds=1), name="Offline")
    deleted_later = facts.version(id=row.id, at=row.changed_at + timedelta(seconds=1), deleted=True)

    facts.said_in_car(car, owner, deleted_later)
    facts.said_in_car(car, owner, older)

    assert names(car, owner) == []
    assert told(car) == [facts.wire.to_json(deleted_later)]


def test_what_was_deleted_in_the_car_can_be_put_back_at_the_portal(owner, car):
    row = facts.destination(car, owner, released=True)
    facts.said_in_car(car, owner, facts.version(id=row.id, at=row.changed_at + timedelta(seconds=1), deleted=True))

    actions.put_back(by=owner, vin=car.vin, destination_id=row.id)

    assert names(car, owner) == ["Museo"]


@pytest.mark.parametrize(
    "entry",
    [
        None,
        {},
        {"id": "not a uuid", "changed_at": "2026-09-01T09:00:00Z", "name": "x", "address": "y"},
        {"id": str(uuid.uuid4()), "changed_at": "2026-09-01T09:00:00", "name": "no zone", "address": "y"},
        {"id": str(uuid.uuid4()), "changed_at": "2026-09-03T09:00:00Z", "name": "two days ahead", "address": "y"},
        {"id": str(uuid.uuid4()), "changed_at": "2026-09-01T09:00:00Z", "name": "nowhere"},
        {"id": str(uuid.uuid4()), "changed_at": "2026-09-01T09:00:00Z", "name": "x", "latitude": 91, "longitude": 0},
        {"id": str(uuid.uuid4()), "changed_at": "2026-09-01T09:00:00Z", "name": "x" * 61, "address": "y"},
    ],
)
def test_what_is_no_entry_is_dropped(owner, car, entry, clock):
    vehicle_facts.tell(car, "destination_changed", account_id=str(owner.id), entry=entry)

    assert not Destination.objects.exists()


@pytest.mark.rule("USR-014", "TAY-006")
def test_the_car_cannot_speak_for_somebody_who_does_not_use_it(owner, car):
    stranger = vehicle_facts.person()
    elsewhere = facts.destination(vehicle_facts.vehicle(main_user=stranger), stranger)

    facts.said_in_car(car, stranger, facts.version())
    vehicle_facts.tell(car, "destination_changed", account_id=None, entry=facts.wire.to_json(facts.version()))
    facts.said_in_car(
        car, owner, facts.version(id=elsewhere.id, name="Taken over", at=time.real_now() + timedelta(hours=1))
    )

    elsewhere.refresh_from_db()
    assert (Destination.objects.count(), elsewhere.name) == (1, "Museo")


def test_a_car_that_makes_entries_without_end_is_not_followed(owner, car, monkeypatch):
    monkeypatch.setattr(actions, "ENTRIES_REMEMBERED", 2)
    entries = [facts.version(name=f"{n}") for n in range(3)]
    for entry in entries:
        facts.said_in_car(car, owner, entry)

    facts.said_in_car(
        car, owner, facts.version(id=entries[0].id, deleted=True, at=time.real_now() + timedelta(seconds=1))
    )

    assert names(car, owner) == ["1"]


def test_a_change_made_offline_counts_although_somebody_else_is_signed_in_by_now(owner, car):
    friend = vehicle_facts.person()
    vehicle_facts.actions.assign_user(vehicle=car, account=friend, role="secondary_user", at=time.now())
    vehicle_facts.sign_in(car, friend)

    facts.said_in_car(car, owner, facts.version(name="Offline"))

    assert (names(car, owner), names(car, friend), told(car)) == (["Offline"], [], [])
