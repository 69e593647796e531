"""A person's destinations for a car: kept, changed, deleted and put back, and nobody else's business."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import destination_facts as facts
from tests import vehicle_facts

from vettura.catalog import queries as catalog
from vettura.foundation import sweeps
from vettura.foundation.errors import NotFound
from vettura.navigation import actions, queries, rules
from vettura.navigation.errors import DestinationUnfit, ListFull, UndoIsOver
from vettura.navigation.models import Destination, DestinationList

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return vehicle_facts.person()


@pytest.fixture
def friend():
    return vehicle_facts.person()


@pytest.fixture
def car(owner, friend):
    return vehicle_facts.vehicle(main_user=owner, secondary_users=[friend], signed_in=True)


def names(car, person) -> list[str]:
    return [each.name for each in queries.entries_of(account=person, vehicle=car) if each.deleted_at is None]


@pytest.mark.rule("NAV-017")
def test_a_poi_that_the_app_makes_is_kept_with_the_account(owner, car):
    row = facts.destination(car, owner, by_app=True, kind="poi", name="  Bar   Centrale ")

    assert (row.name, row.kind, row.origin, row.list.account) == ("Bar Centrale", "poi", "app", owner)


@pytest.mark.rule("USR-003", "USR-008", "USR-009", "USR-011")
def test_a_secondary_user_has_a_list_of_their_own_and_sees_no_other(owner, friend, car):
    row = facts.destination(car, owner, name="Nonna")
    facts.destination(car, friend, name="Palestra")

    assert (names(car, owner), names(car, friend)) == (["Nonna"], ["Palestra"])
    for refused in (actions.delete_destination, actions.put_back):
        with pytest.raises(NotFound):
            refused(by=friend, vin=car.vin, destination_id=row.id)
    with pytest.raises(NotFound):
        actions.change_destination(by=friend, vin=car.vin, destination_id=row.id, changes={"name": "Mine"})
    assert names(car, owner) == ["Nonna"]


def test_a_stranger_has_no_list_for_a_car(car):
    stranger = vehicle_facts.person()

    with pytest.raises(NotFound):
        facts.destination(car, stranger)

    assert not DestinationList.objects.filter(account=stranger).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"address": "x" * 201}, "address"),
        ({"note": "x" * 301}, "note"),
        ({"name": "a\x00b"}, "name"),
        ({"latitude": 90.1}, "latitude"),
        ({"longitude": -180.5}, "longitude"),
        ({"latitude": float("nan")}, "latitude"),
        ({"longitude": None}, "longitude"),
        ({"latitude": None, "longitude": None, "address": ""}, "address"),
        ({"category": "castle"}, "category"),
        ({"kind": "song"}, "kind"),
    ],
)
def test_what_no_car_could_use_is_refused_at_its_field(owner, car, changes, field):
    with pytest.raises(DestinationUnfit) as refusal:
        facts.destination(car, owner, **changes)

    assert refusal.value.facts["field"] == field
    assert names(car, owner) == []


@given(
    words=st.text(max_size=70),
    latitude=st.floats() | st.none(),
    longitude=st.floats() | st.none(),
    note=st.text(max_size=310),
)
def test_what_passes_here_passes_on_the_wire(words, latitude, longitude, note):
    draft = rules.Draft(name=words, address=words, note=note, latitude=latitude, longitude=longitude).tidy()

    version = facts.version(**{name: getattr(draft, name) for name in rules.FIELDS})

    assert (rules.problems_with(draft) == []) == facts.wire.fits(version)


def test_the_list_has_an_end(owner, car, friend):
    limit = catalog.terms().destinations_per_car
    mine = facts.destination(car, owner).list
    Destination.objects.bulk_create(
        Destination(list=mine, origin="portal", name=f"{n}", address="x", changed_at=facts.clock.real_now())
        for n in range(limit - 2)
    )
    last = facts.destination(car, owner, name="last")

    with pytest.raises(ListFull):
        facts.destination(car, owner, name="one more")

    assert len(names(car, owner)) == limit
    actions.delete_destination(by=owner, vin=car.vin, destination_id=last.id)
    facts.destination(car, owner, name="again")
    with pytest.raises(ListFull):
        actions.put_back(by=owner, vin=car.vin, destination_id=last.id)
    facts.destination(car, friend, name="another list")


def test_what_was_deleted_is_put_back_until_its_time_is_over(owner, car, clock):
    row = facts.destination(car, owner)
    kept = catalog.terms().deleted_destinations_kept
    actions.delete_destination(by=owner, vin=car.vin, destination_id=row.id)
    actions.delete_destination(by=owner, vin=car.vin, destination_id=row.id)
    gone = names(car, owner)

    clock.advance(kept - timedelta(seconds=1))
    sweeps.run_due(clock.now())
    actions.put_back(by=owner, vin=car.vin, destination_id=row.id)

    assert (gone, names(car, owner)) == ([], ["Museo"])
    actions.delete_destination(by=owner, vin=car.vin, destination_id=row.id)
    clock.advance(kept)
    assert sweeps.earliest_due() <= clock.now()
    sweeps.run_due(clock.now())
    with pytest.raises(UndoIsOver):
        actions.put_back(by=owner, vin=car.vin, destination_id=row.id)
    row.refresh_from_db()
    assert (row.name, row.address, row.latitude) == ("", "", None)


@pytest.mark.rule("USR-010")
def test_a_former_users_list_leaves_with_the_person(owner, friend, car):
    facts.destination(car, friend, released=True)
    facts.destination(car, owner)
    vehicle_facts.actions.remove_secondary_user(by=owner, vin=car.vin, account_id=friend.id)

    vehicle_facts.deliver_events()

    assert [each.account for each in DestinationList.objects.all()] == [owner]
    with pytest.raises(NotFound):
        facts.destination(car, friend)


def test_pages_of_the_list_go_on_where_the_last_one_ended(owner, car):
    for name in ("delta", "Alfa", "charlie", "Bravo", "alfa"):
        facts.destination(car, owner, name=name)
    facts.destination(car, owner, name="poi", kind="poi")

    seen, after = [], None
    while True:
        rows, after = queries.page(account=owner, vehicle=car, limit=2, after=after, kind="destination")
        seen += [row.name.lower() for row in rows]
        if after is None:
            break

    assert seen == ["alfa", "alfa", "bravo", "charlie", "delta"]
