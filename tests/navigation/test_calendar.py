"""The calendar that an app brings into a car: of whoever is signed in, and for as long."""

from datetime import timedelta

import pytest
from django.test import Client
from tests import link_facts as facts
from tests import program_facts, vehicle_facts

from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.navigation import actions, errors, queries, tasks
from vettura.navigation.models import AppCalendar
from vettura.vehicle_link import queries as link
from vettura.vehicles import actions as vehicles
from vettura_wire.calendar import CalendarEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def main():
    return facts.account()


@pytest.fixture
def car(main):
    return facts.online(facts.vehicle(main_user=main))


def entry(title="Dinner", *, hours=1, lasts=1, place=""):
    begins = clock.now() + timedelta(hours=hours)
    return CalendarEntry(starts_at=begins, ends_at=begins + timedelta(hours=lasts), title=title, place=place)


def bring(main, car, *entries):
    actions.bring_calendar(by=main, vin=car.vin, entries=entries)


def in_the_car(car):
    body = link.document_of(vehicle=car, name="app_calendar").body
    return body["account_id"], [each["title"] for each in body["entries"]]


@pytest.mark.rule("APP-006")
def test_what_the_app_brings_is_in_the_car_of_whoever_is_signed_in(car, main):
    bring(main, car, entry("Late", hours=5), entry("Early"), entry("Over", hours=-3))

    assert in_the_car(car) == (str(main.id), ["Early", "Late"])


@pytest.mark.rule("APP-006")
def test_signing_out_takes_it_out_of_the_car(car, main):
    bring(main, car, entry())

    vehicle_facts.tell(car, "signed_out")
    vehicle_facts.deliver_events()

    assert in_the_car(car) == (None, [])
    assert AppCalendar.objects.exists()


def test_an_empty_calendar_takes_it_away(car, main):
    bring(main, car, entry())
    bring(main, car)

    assert in_the_car(car) == (str(main.id), [])
    assert not AppCalendar.objects.exists()


def test_it_is_forgotten_when_its_last_entry_is_over(car, main, clock):
    bring(main, car, entry(hours=1, lasts=1))
    clock.advance(hours=3)

    assert tasks.forget_calendars(clock.now()) == 1
    assert in_the_car(car)[1] == []


def test_what_a_former_user_brought_is_gone(car, main):
    second = facts.account("second@example.org")
    vehicles.assign_user(vehicle=car, account=second, role="secondary_user", at=clock.now())
    bring(second, car, entry())

    vehicles.remove_secondary_user(by=main, vin=car.vin, account_id=second.id)
    vehicle_facts.deliver_events()

    assert not AppCalendar.objects.exists()


def test_a_car_whose_app_brings_none_refuses_it(main):
    older = vehicle_facts.vehicle(main_user=main, generation="718", equipment=("connect",))

    with pytest.raises(errors.CalendarNotTaken):
        bring(main, older, entry())


def test_strangers_find_nothing_and_an_end_before_the_beginning_is_refused(car, main):
    with pytest.raises(NotFound):
        bring(facts.account("stranger@example.org"), car, entry())
    with pytest.raises(errors.CalendarUnfit):
        bring(main, car, entry(lasts=-1))

    assert not AppCalendar.objects.exists()


@pytest.mark.rule("APP-006")
def test_a_program_brings_reads_and_takes_away_with_the_scope_for_it(car, main):
    address = f"/api/v1/vehicles/{car.vin}/calendar"
    own, other = (
        Client(HTTP_AUTHORIZATION=f"Bearer {program_facts.token(main, scope, client_id=scope)}")
        for scope in ("calendar", "destinations")
    )
    begins = clock.now() + timedelta(hours=1)
    wanted = {
        "title": "Dinner",
        "place": "Via Po 1",
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=2)).isoformat(),
    }
    body = {"data": {"entries": [wanted]}, "content_type": "application/json"}

    refused = [other.put(address, **body).status_code, other.get(address).status_code]
    brought = own.put(address, **body)
    gone = own.delete(address)

    assert refused == [403, 403]
    assert [each["title"] for each in brought.json()["entries"]] == ["Dinner"]
    assert (gone.status_code, queries.calendar_of(account_id=main.id, vehicle=car)) == (204, [])
