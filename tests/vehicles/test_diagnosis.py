"""Why codes, drivers, invitations and the app do not do what somebody wants."""

from datetime import timedelta
from typing import Any

import pytest
from tests import link_facts, vehicle_facts

from vettura.foundation import clock, diagnosis
from vettura.foundation.diagnosis import Diagnosis, Inquiry
from vettura.identity.models import Account
from vettura.vehicles import actions, queries
from vettura.vehicles.models import Vehicle

pytestmark = pytest.mark.django_db


def why(
    topic: str,
    car: Vehicle | None,
    role: str = "main_user",
    *,
    person: Account | None = None,
    told: Any = None,
    service: str = "",
) -> Diagnosis:
    return diagnosis.diagnose(
        Inquiry(
            topic=topic,
            service=service,
            country=car.country if car else "IT",
            at=clock.now(),
            account_id=person.id if person else None,
            role=role,
            vin=car.vin if car else "",
            told=told or {},
        )
    )  # fmt: skip


def online(generation: str = "CAY-3", **facts: Any) -> Vehicle:
    link_facts.ensure_keys()
    return link_facts.online(vehicle_facts.vehicle(generation=generation, **facts))


@pytest.mark.rule("PAI-011", "PAI-012")
def test_no_data_connection_on_a_car_that_is_online_means_a_secondary_users_code():
    family = vehicle_facts.person()
    car = online(secondary_users=[family])
    assert why("pairing", car, "secondary_user", person=family).cause.code == "main_users_code_first"
    vehicle_facts.sign_in(car, queries.main_user_of(vehicle=car))
    assert why("pairing", car, "secondary_user", person=family).cause is None


@pytest.mark.rule("PAI-012")
def test_without_a_symbol_it_is_the_connection_after_all():
    car = vehicle_facts.vehicle(generation="CAY-3", country="DE", secondary_users=[vehicle_facts.person()])
    assert why("pairing", car, "secondary_user").question.code == "symbol"
    found = why("pairing", car, "secondary_user", told={"symbol": "no", "card_in_reader": "yes"})
    assert found.cause.code == "card_in_reader"
    assert why("pairing", car, "secondary_user", told={"symbol": "yes"}).cause.code == "main_users_code_first"


@pytest.mark.rule("PAI-001", "PAI-002", "REM-014", "PAI-010")
def test_the_first_thing_to_check_is_the_main_users_code():
    car = online()
    found = why("remote_access", car)
    assert (found.cause.code, found.cause.task) == ("not_linked", "PAIRING_LOGIN")
    assert found.cause.remedy.page == "vehicles:vehicle"
    assert [step.check for step in found.steps] == ["vehicles.the_main_users_code_was_typed"]


@pytest.mark.rule("PAI-007")
def test_a_car_that_needs_no_code_says_so():
    assert why("pairing", vehicle_facts.vehicle(generation="TAY")).cause.code == "no_code_needed"
    assert why("sign_in_car", vehicle_facts.vehicle(generation="CAY-3")).cause.code == "takes_codes"


def test_wrong_codes_lock_the_car_for_a_while():
    car = vehicle_facts.vehicle(generation="CAY-3")
    Vehicle.objects.filter(id=car.id).update(codes_locked_until=clock.real_now() + timedelta(minutes=9, seconds=30))
    assert "10 minutes" in why("pairing", car).cause.text
    Vehicle.objects.filter(id=car.id).update(codes_locked_until=clock.real_now())
    assert why("pairing", car).cause is None


@pytest.mark.rule("PRI-002", "PRI-003")
@pytest.mark.parametrize("role", ["main_user", "secondary_user"])
def test_privacy_mode_is_named_with_since_when_to_whoever_asks(role):
    car = online("TAY", signed_in=True, remote_access=True)
    since = clock.now()
    actions.set_privacy_mode(vin=car.vin, on=True, at=since)
    found = why("remote_access", car, role)
    assert (found.cause.code, found.cause.task) == ("privacy_mode", "PRIVACY_MODE_ON")
    assert found.cause.evidence[0].at == since
    actions.set_privacy_mode(vin=car.vin, on=False, at=since)
    assert "privacy_mode" not in [
        step.check for step in why("remote_access", car, role).steps if step.outcome == found.cause
    ]


@pytest.mark.rule("C-77")
def test_theft_protection_goes_on_in_privacy_mode():
    car = online("TAY", signed_in=True, equipment=("connect_plus", "pvts_plus"))
    actions.set_privacy_mode(vin=car.vin, on=True, at=clock.now())
    assert why("service", car, service="car_security_plus").cause.code == "contract_missing"
    assert why("service", car, service="music_streaming").cause.code == "privacy_mode"


def test_a_car_without_privacy_mode_has_the_data_switch():
    found = why("privacy", vehicle_facts.vehicle(generation="MAC-1"))
    assert (found.cause.code, found.cause.task) == ("no_privacy_mode", "DATA_OFF")


@pytest.mark.rule("TAY-005", "TAY-009", "TAY-012")
@pytest.mark.parametrize(("who", "code"), [("guest", "guest_keeps_nothing"), ("other", "settings_of_somebody_else")])
def test_settings_belong_to_whoever_is_signed_in(who, code):
    assert why("privacy", online("TAY"), told={"signed_in": who}).cause.code == code


@pytest.mark.rule("USR-004", "USR-005")
def test_only_the_main_user_adds_drivers():
    car = vehicle_facts.vehicle()
    assert why("drivers", car, "secondary_user").cause.code == "main_user_only"
    assert why("drivers", car).cause is None


@pytest.mark.rule("USR-006")
def test_a_driver_who_was_invited_has_to_accept_in_time():
    owner = vehicle_facts.with_pin(vehicle_facts.person())
    car = vehicle_facts.vehicle(main_user=owner)
    invitation = actions.invite_secondary_user(by=owner, vin=car.vin, email="lia@example.org", language="en")
    found = why("drivers", car)
    assert found.cause.code == "invitation_waits"
    assert "lia@" not in found.cause.text
    assert why("drivers", car, "secondary_user").cause.code == "main_user_only"
    type(invitation).objects.filter(id=invitation.id).update(expires_at=clock.now())
    assert why("drivers", car).cause.code == "invitation_expired"


def test_an_invited_person_learns_how_the_invitation_stands():
    sent = vehicle_facts.sale(buyer_email="buyer@example.org")
    buyer = vehicle_facts.person(email="buyer@example.org")
    assert why("invitation", None, "", person=buyer).cause.code == "invitation_waits"
    type(sent.invitation).objects.filter(id=sent.invitation.id).update(expires_at=clock.now())
    assert why("invitation", None, "", person=buyer).cause.code == "invitation_expired"
    assert why("invitation", None, "", person=vehicle_facts.person()).question.code == "link"


@pytest.mark.rule("C-33", "APP-004")
def test_the_car_decides_which_app_shows_it():
    car = online("TAY", signed_in=True)
    assert why("app", car, told={"app": "car_connect"}).cause.code == "other_app"
    assert why("app", car, told={"app": "connect", "phone": "older"}).cause.code == "phone_too_old"
    assert why("app", car, told={"app": "connect", "phone": "newer", "account": "other"}).cause.code == "other_account"
