"""The key in the car that calls help, and what the screen says of the call."""

import pytest
from tests.car.conftest import SECOND, reports

from vettura_car.errors import NotPossible
from vettura_wire import events
from vettura_wire.payloads import Event


def said(car, type_):
    return [payload.data for _, payload in reports(car) if isinstance(payload, Event) and payload.type == type_]


def test_the_key_says_where_the_car_is(ready_car):
    car = ready_car(latitude=45.1, longitude=7.5, mileage=1234.5)

    car.roadside.press()

    assert said(car, events.BREAKDOWN_CALL) == [{"latitude": 45.1, "longitude": 7.5, "mileage": 1234.5}]


@pytest.mark.parametrize("state", ["received", "in_progress", "done", "cancelled"])
@pytest.mark.parametrize("generation", ["CAY-2", "CAY-3", "911-8", "TAY"])
def test_every_head_unit_shows_how_the_call_goes(ready_car, platform, page_of, generation, state):
    car = ready_car(generation)
    body = {"state": state, "number": "A-7QZ2", "at": car.world_now().isoformat()}
    car.take_document(platform.document(events.ROADSIDE_HELP, body))

    text = page_of(car).get("/").text

    assert f'data-help="{state}"' in text
    assert "A-7QZ2" in text
    assert ('action="/do/call_help_off"' in text) is (state in ("received", "in_progress"))


def test_help_is_called_off_in_the_car_while_it_is_called(ready_car, platform):
    car = ready_car()
    with pytest.raises(NotPossible, match="nothing_to_do"):
        car.roadside.call_off()
    car.take_document(platform.document(events.ROADSIDE_HELP, {"state": "in_progress", "number": "A-7QZ2"}))
    with pytest.raises(NotPossible, match="help_on_its_way"):
        car.roadside.press()

    car.roadside.call_off()

    assert said(car, events.BREAKDOWN_CANCELLED) == [{}]


def test_a_call_that_ended_long_ago_is_not_shown(ready_car, platform):
    car = ready_car()
    car.take_document(platform.document(events.ROADSIDE_HELP, {"state": "done", "at": "2020-01-01T00:00:00Z"}))

    assert car.roadside.call is None


@pytest.mark.rule("USR-013", "PRI-001")
@pytest.mark.parametrize("against", ["remote_access_missing", "privacy_on", "no_data", "no_contract"])
def test_the_key_is_refused_with_the_reason(ready_car, make_car, platform, against):
    car = make_car() if against == "no_contract" else ready_car()
    if against == "remote_access_missing":
        car.take_document(platform.users(signed_in=SECOND, remote_access=False))
    if against == "privacy_on":
        car.set_privacy(True)
    if against == "no_data":
        car.set_network(has_coverage=False)
    if against == "no_contract":
        car.take_document(platform.users())
    reports(car)

    with pytest.raises(NotPossible, match=against):
        car.roadside.press()

    assert said(car, events.BREAKDOWN_CALL) == []
