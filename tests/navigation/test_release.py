"""What of a list the car is given: only what was released, only of the person who is signed in."""

import pytest
from tests import destination_facts as facts
from tests import link_facts, vehicle_facts

from vettura.navigation import actions, queries
from vettura.navigation.models import DestinationList
from vettura.vehicle_link.queries import document_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys():
    link_facts.ensure_keys()


@pytest.fixture
def owner():
    return vehicle_facts.person()


@pytest.fixture
def friend():
    return vehicle_facts.person()


@pytest.fixture
def car(owner, friend):
    return vehicle_facts.vehicle(main_user=owner, secondary_users=[friend], signed_in=True)


def body(car, name="destinations"):
    vehicle_facts.deliver_events()
    found = document_of(vehicle=car, name=name)
    return None if found is None else found.body


def told(car, name="destinations") -> list[str]:
    """The names in a document; a deleted entry has none."""
    return [each.get("name", "deleted") for each in body(car, name)["entries"]]


def standing(person, car):
    car.refresh_from_db()
    return queries.standing(account=person, vehicle=car, entries=queries.entries_of(account=person, vehicle=car))


@pytest.mark.rule("NAV-009")
def test_a_new_list_is_absent_from_the_car_until_the_option_is_used(owner, car):
    facts.destination(car, owner)
    before = body(car)

    actions.release(by=owner, vin=car.vin)

    assert before is None
    assert (told(car), body(car)["account_id"]) == (["Museo"], str(owner.id))


@pytest.mark.rule("NAV-009")
def test_what_changes_afterwards_waits_for_the_next_time(owner, car):
    row = facts.destination(car, owner, released=True)
    facts.destination(car, owner, name="New")
    actions.change_destination(by=owner, vin=car.vin, destination_id=row.id, changes={"name": "Changed"})
    waiting = standing(owner, car)
    before = told(car)

    actions.release(by=owner, vin=car.vin)

    assert (waiting.new, waiting.changed, waiting.deleted) == (1, 1, 0)
    assert (before, sorted(told(car))) == (["Museo"], ["Changed", "New"])
    assert standing(owner, car).is_current


@pytest.mark.rule("NAV-009")
def test_a_deletion_reaches_the_car_with_the_next_release_and_says_nothing_of_what_it_was(owner, car):
    row = facts.destination(car, owner, released=True)
    actions.delete_destination(by=owner, vin=car.vin, destination_id=row.id)
    assert (standing(owner, car).deleted, told(car)) == (1, ["Museo"])

    actions.release(by=owner, vin=car.vin)

    [entry] = body(car)["entries"]
    assert set(entry) == {"id", "changed_at", "deleted"}


def test_what_was_deleted_before_it_was_released_is_nothing_new(owner, car):
    row = facts.destination(car, owner)
    actions.delete_destination(by=owner, vin=car.vin, destination_id=row.id)

    assert standing(owner, car).is_current


def test_releasing_twice_is_the_same_as_once(owner, car):
    facts.destination(car, owner, released=True)
    version = document_of(vehicle=car, name="destinations").version
    released_at = DestinationList.objects.get().released_at

    actions.release(by=owner, vin=car.vin)

    assert document_of(vehicle=car, name="destinations").version == version
    assert DestinationList.objects.get().released_at == released_at


@pytest.mark.rule("USR-003", "USR-008")
def test_with_several_people_the_car_has_the_list_of_the_one_who_is_signed_in(owner, friend, car):
    facts.destination(car, owner, name="Nonna", released=True)
    facts.destination(car, friend, name="Palestra", released=True)
    owners = told(car)

    vehicle_facts.sign_in(car, friend)
    friends = told(car)
    vehicle_facts.actions.sign_out_of_car(vin=car.vin)

    assert (owners, friends) == (["Nonna"], ["Palestra"])
    assert body(car) == {"account_id": None, "entries": []}


@pytest.mark.rule("TAY-016")
def test_a_visitor_brings_no_list_to_somebody_elses_car(owner, car):
    visitor = vehicle_facts.security_code(vehicle_facts.person())
    facts.destination(vehicle_facts.vehicle(main_user=visitor), visitor, released=True)
    facts.destination(car, owner, released=True)

    vehicle_facts.type_security_code(car, email=visitor.email)

    assert told(car) == []


def test_it_is_known_when_the_car_took_the_release(owner, car, clock):
    facts.destination(car, owner, released=True)
    vehicle_facts.deliver_events()
    version = document_of(vehicle=car, name="destinations").version
    vehicle_facts.tell(car, "document_applied", name="destinations", version=version - 1)
    before = standing(owner, car).taken_at

    taken_at = clock.now()
    vehicle_facts.tell(car, "document_applied", name="destinations", version=version)
    clock.advance(facts.wire.timedelta(hours=1))
    vehicle_facts.tell(car, "document_applied", name="destinations", version=version)

    assert (before, standing(owner, car).taken_at) == (None, taken_at)
    facts.destination(car, owner, name="New", released=True)
    assert standing(owner, car).taken_at is None


def test_a_list_released_while_nobody_is_signed_in_waits_for_its_person(owner, car):
    vehicle_facts.actions.sign_out_of_car(vin=car.vin)
    facts.destination(car, owner, released=True)
    before = body(car)

    vehicle_facts.sign_in(car, owner)

    assert (before, told(car)) == (None, ["Museo"])


@pytest.mark.rule("USR-010")
def test_a_former_owners_list_is_in_neither_account_nor_car(owner, friend, car):
    facts.destination(car, owner, name="Nonna", released=True)
    assert told(car) == ["Nonna"]

    vehicle_facts.actions.remove_vehicle(by=owner, vin=car.vin)
    vehicle_facts.deliver_events()

    assert body(car) == {"account_id": None, "entries": []}
    assert not DestinationList.objects.exists()


@pytest.mark.rule("NAV-017", "NAV-018")
def test_what_the_app_makes_goes_to_the_car_in_a_document_of_its_own_without_a_release(owner, car):
    row = facts.destination(car, owner, name="App", kind="poi", by_app=True)
    facts.destination(car, owner, name="App destination", by_app=True)
    facts.destination(car, owner, name="Portal", kind="poi")
    made = told(car, "app_poi")

    actions.delete_destination(by=owner, vin=car.vin, destination_id=row.id)

    assert (made, told(car, "app_poi"), body(car)) == (["App"], ["deleted"], None)


def test_only_the_latest_deletions_are_told(owner, car, monkeypatch):
    monkeypatch.setattr("vettura.navigation.rules.wire.DELETIONS_REMEMBERED", 2)
    rows = [facts.destination(car, owner, name=f"{n}") for n in range(3)]
    actions.release(by=owner, vin=car.vin)
    for row in rows:
        actions.delete_destination(by=owner, vin=car.vin, destination_id=row.id)

    actions.release(by=owner, vin=car.vin)

    assert {each["id"] for each in body(car)["entries"]} == {str(row.id) for row in rows[1:]}
