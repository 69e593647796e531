"""What a program may with a token: the operations its scopes open, for the cars and places it was allowed."""

import pytest
from tests import link_facts as facts
from tests import vehicle_facts
from tests.permissions.test_matrix import operations
from tests.program_facts import Api, token

from vettura.api.scopes import SCOPES
from vettura.identity import actions as identity
from vettura.identity.rules import API_SCOPES
from vettura.vehicle_link import actions as link
from vettura_wire import payloads, signals

pytestmark = pytest.mark.django_db
VEHICLES = "/api/v1/vehicles"


@pytest.fixture
def person(clock):
    return facts.account()


@pytest.fixture
def car(person, clock):
    car = facts.vehicle(main_user=person)
    values = {signals.STATE_OF_CHARGE: 80.0, signals.LATITUDE: 45.0, signals.LONGITUDE: 7.6}
    link.record_states(states=[(car.vin, payloads.State(seq=1, measured_at=clock.real_now(), values=values))])
    return car


def seen(answer) -> set[str]:
    return {path.rpartition(".")[2] for path in answer.json()["signals"]}


def test_every_row_of_the_table_is_an_operation_and_every_scope_is_one_that_people_are_asked_about():
    assert set(SCOPES) <= {operation.id for operation in operations()}
    assert {scope for wanted in SCOPES.values() for scope in wanted} <= set(API_SCOPES)


# streams are answered beside Django: theirs is proven in tests/vehicle_link/test_stream.py
ANSWERED_HERE = [each for each in operations() if each.id != "watch_vehicle"]


@pytest.mark.parametrize("operation", ANSWERED_HERE, ids=lambda each: each.id)
def test_no_operation_is_open_to_a_program_that_was_allowed_nothing_of_the_api(person, car, operation):
    address = "/api/v1" + operation.path.removeprefix("/api/v1")
    path = address.format_map({"vin": car.vin} | dict.fromkeys(each_parameter(address), car.id))

    answer = getattr(Api(token(person, "openid", "email")), operation.method)(
        path.replace(str(car.id), car.vin, 1) if "{vin}" in address else path
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "identity.scope_missing")
    assert 'error="insufficient_scope"' in answer["WWW-Authenticate"]


def each_parameter(address: str) -> list[str]:
    return [part.partition("}")[0] for part in address.split("{")[1:]]


@pytest.mark.parametrize(
    ("scope", "opens", "shuts"),
    [
        ("status", "/state", "/history"),
        ("trips", "/history", "/state"),
        ("destinations", "/destinations", "/users"),
        ("drivers", "/users", "/destinations"),
        ("store_read", "/contracts", "/state"),
        ("climate", "/commands", "/state"),
    ],
)
def test_a_scope_opens_its_own_and_nothing_else(person, car, scope, opens, shuts):
    api = Api(token(person, scope))

    assert api.get(f"{VEHICLES}/{car.vin}{opens}").status_code == 200
    assert api.get(f"{VEHICLES}/{car.vin}{shuts}").status_code == 403


@pytest.mark.parametrize(
    ("scope", "may", "may_not"),
    [("access", "lock", "climate_stop"), ("climate", "climate_stop", "lock"), ("charging", "charge_stop", "locate")],
)
def test_a_command_needs_the_scope_of_its_kind(person, car, scope, may, may_not):
    api = Api(token(person, scope))

    assert api.send(f"{VEHICLES}/{car.vin}/commands", {"type": may}).status_code == 202
    refused = api.send(f"{VEHICLES}/{car.vin}/commands", {"type": may_not})
    assert (refused.status_code, refused.json()["code"]) == (403, "identity.scope_missing")


def test_a_program_sees_the_commands_that_it_might_have_sent_and_no_others(person, car):
    everything = Api(token(person, "vehicles", client_id="all"))
    lock, climate = (
        everything.send(f"{VEHICLES}/{car.vin}/commands", {"type": each}).json()["id"]
        for each in ("lock", "climate_stop")
    )
    api = Api(token(person, "climate"))

    listed = api.get(f"{VEHICLES}/{car.vin}/commands").json()["items"]

    assert [each["id"] for each in listed] == [climate]
    assert api.get(f"{VEHICLES}/{car.vin}/commands/{lock}").status_code == 404
    assert api.get(f"{VEHICLES}/{car.vin}/commands/{climate}").status_code == 200


@pytest.mark.rule("DAT-012")
def test_without_consent_to_the_place_a_program_sees_the_state_without_it(person, car):
    address = f"{VEHICLES}/{car.vin}/state"

    assert seen(Api(token(person, "status")).get(address)) == {"Current"}
    assert seen(Api(token(person, "vehicles")).get(address)) == {"Current"}
    assert seen(Api(token(person, "status", "location", places=[facts.OTHER_VIN])).get(address)) == {"Current"}
    assert seen(Api(token(person, "location", places=[car.vin])).get(address)) == {"Latitude", "Longitude"}
    assert seen(Api(token(person, "vehicles", places=[car.vin])).get(address)) == {"Current", "Latitude", "Longitude"}


def test_without_consent_to_the_place_a_program_has_the_car_not_looked_for_either(person, car):
    refused = Api(token(person, "vehicles")).send(f"{VEHICLES}/{car.vin}/commands", {"type": "locate"})

    assert (refused.status_code, refused.json()["code"]) == (403, "identity.scope_missing")


@pytest.mark.rule("C-77")
def test_in_privacy_mode_nobody_is_told_the_place(person, car, clock):
    vehicle_facts.actions.set_privacy_mode(vin=car.vin, on=True, at=clock.now())

    shown = Api(token(person, "vehicles", places=[car.vin])).get(f"{VEHICLES}/{car.vin}/state")

    assert (seen(shown), shown.json()["privacy_mode"]) == ({"Current"}, True)


def test_a_car_that_was_not_opened_to_a_program_looks_like_a_strangers(person, car):
    other = facts.vehicle(facts.OTHER_VIN, main_user=person)
    api = Api(token(person, "vehicles", cars=[car.vin]))

    assert [each["vin"] for each in api.get(VEHICLES).json()["items"]] == [car.vin]
    assert api.get(f"{VEHICLES}/{car.vin}").status_code == 200
    for path in (f"{VEHICLES}/{other.vin}", f"{VEHICLES}/{other.vin}/state", f"/api/v1/store/offers?vin={other.vin}"):
        assert api.get(path).status_code == 404, path
    assert api.send(f"{VEHICLES}/{other.vin}/commands", {"type": "lock"}).status_code == 404
    order = api.send("/api/v1/store/orders", {"vin": other.vin, "offers": []}, **{"Idempotency-Key": "k"})
    assert order.status_code == 404


def test_the_pairing_code_is_for_whoever_may_everything(person, car):
    link_code = Api(token(person, "vehicles")).get(f"{VEHICLES}/{car.vin}").json()["pairing_code"]
    shown = Api(token(person, "status")).get(f"{VEHICLES}/{car.vin}").json()

    assert shown["pairing_code"] is None
    assert link_code is None or len(link_code) > 3


def test_a_person_in_the_portal_is_not_held_to_scopes(client, person, car):
    client.force_login(person)

    assert seen(client.get(f"{VEHICLES}/{car.vin}/state")) == {"Current", "Latitude", "Longitude"}


def test_what_is_ended_for_one_car_is_ended_at_once_and_for_that_car_only(person, car):
    other = facts.vehicle(facts.OTHER_VIN, main_user=person)
    value = token(person, "vehicles", places=[car.vin, other.vin])

    identity.revoke_program_car(account=person, client_id="charts", vin=car.vin, only_place=True)
    assert seen(Api(value).get(f"{VEHICLES}/{car.vin}/state")) == {"Current"}
    identity.revoke_program_car(account=person, client_id="charts", vin=car.vin)

    assert Api(value).get(f"{VEHICLES}/{car.vin}").status_code == 404
    assert Api(value).get(f"{VEHICLES}/{other.vin}").status_code == 200


def test_every_type_of_command_has_a_scope_that_people_are_asked_about():
    from vettura.remote_services import rules as commands
    from vettura.vehicle_link import rules as link_rules

    known = link_rules.SCOPE_OF_COMMAND

    assert {"missing": set(commands.TYPES) - known.keys(), "gone": known.keys() - set(commands.TYPES)} == {
        "missing": set(),
        "gone": set(),
    }
    assert set(known.values()) <= set(API_SCOPES)
