"""Why a car is not controlled from afar: whoever asks, in whatever state it is."""

import pytest
from tests import link_facts, vehicle_facts

from vettura.entitlements import actions as entitlements
from vettura.foundation import clock, diagnosis
from vettura.foundation.diagnosis import Diagnosis, Inquiry
from vettura.vehicle_link import actions as link
from vettura.vehicle_link.models import Document, VehicleLink
from vettura.vehicles import actions as vehicles
from vettura.vehicles import queries
from vettura.vehicles.models import Vehicle
from vettura_wire import payloads, signals

pytestmark = pytest.mark.django_db


def why(car: Vehicle, topic: str = "remote_access", role: str = "main_user", service: str = "") -> Diagnosis:
    person = queries.main_user_of(vehicle=car) if role == "main_user" else None
    return diagnosis.diagnose(
        Inquiry(
            topic=topic, service=service, country=car.country, at=clock.now(), account_id=person and person.id, role=role, vin=car.vin
        )
    )  # fmt: skip


def car(*, remote_access: bool = True, contracts: bool = True) -> Vehicle:
    """A car that is online and has put its contracts to use."""
    owner = vehicle_facts.with_pin(vehicle_facts.person())
    found = link_facts.online(
        link_facts.vehicle(vehicle_facts.new_vin(), main_user=owner, remote_access=remote_access, contracts=contracts)
    )
    for document in Document.objects.filter(vehicle=found):
        Document.objects.filter(id=document.id).update(acknowledged_version=document.version)
    return found


def reports(car: Vehicle, **values: object) -> None:
    seq = VehicleLink.objects.get(vehicle=car).state_sequence + 1
    measured = {getattr(signals, name): value for name, value in values.items()}
    link.record_states(states=[(car.vin, payloads.State(seq=seq, measured_at=clock.real_now(), values=measured))])


@pytest.mark.rule("REM-001", "REM-007")
def test_of_a_car_in_order_nothing_stands_against_it():
    found = why(car())
    assert (found.cause, found.question) == (None, None)


@pytest.mark.rule("REM-001", "REM-002", "USR-017")
def test_remote_access_is_granted_in_the_car_by_the_main_user_alone():
    mine = car(remote_access=False)
    found = why(mine)
    assert (found.cause.code, found.cause.task) == ("remote_access_missing", "REMOTE_ACCESS_ON")
    assert "Only the main user" in why(mine, role="secondary_user").cause.text


@pytest.mark.rule("REM-004", "REM-005", "REM-006")
def test_a_grant_that_was_lost_is_told_with_its_moment():
    mine = car()
    vehicles.revoke_remote_access(vin=mine.vin, account_id=queries.main_user_of(vehicle=mine).id)
    found = why(mine)
    assert found.cause.article == "remote-access-lost"
    assert found.cause.evidence[0].at is not None


@pytest.mark.rule("REM-007")
def test_without_a_contract_and_without_a_connection_the_fitting_reason_is_given():
    mine = car(contracts=False)
    assert why(mine).cause.code == "contract_missing"
    link.record_offline(vin=mine.vin, offline=payloads.Offline(at=clock.real_now(), because=payloads.DATA_OFF))
    assert why(mine).cause.code == "data_off"
    entitlements.start_inclusive_contracts(vin=mine.vin, at=clock.now())
    assert why(mine).cause.code == "data_off"


@pytest.mark.rule("REM-011")
@pytest.mark.parametrize(("percent", "code"), [(24, "battery_too_low"), (25, "")])
def test_climatisation_needs_its_charge(percent, code):
    mine = car()
    reports(mine, STATE_OF_CHARGE=percent)
    found = why(mine, "service", service="remote_climate")
    assert (found.cause.code if found.cause else "") == code


def test_a_car_that_is_driven_takes_no_commands_and_nobody_is_told_by_whom():
    mine = car()
    reports(mine, IGNITION=signals.IGNITION_ON)
    found = why(mine, role="secondary_user")
    assert found.cause.code == "vehicle_in_use"
    reports(mine, IGNITION=signals.IGNITION_OFF)
    assert why(mine).cause is None
