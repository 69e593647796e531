"""What people do at the head unit: signing in and out, remote access, privacy mode, factory settings."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests import vehicle_facts as facts

from vettura.catalog import queries as catalog
from vettura.foundation.models import OutboxEvent
from vettura.foundation.uplink import CarEvent, handler_of
from vettura.vehicles import actions, queries, rules
from vettura.vehicles.errors import CarCodeExpired, CarCodesLocked, CarCodeUnknown, MainUserOnly, NotSignedInInCar
from vettura.vehicles.models import CarSignIn, RemoteAccessGrant

pytestmark = pytest.mark.django_db


def tell(car, clock, event_type, **data):
    message = CarEvent(vin=car.vin, id=str(uuid4()), type=event_type, at=clock.now(), data=data)
    return handler_of(event_type)(message)


def published(event_type):
    return OutboxEvent.objects.filter(type=f"vehicles.{event_type}").count()


@pytest.mark.rule("ID-001", "PAI-007")
def test_a_car_without_codes_shows_a_code_and_its_user_confirms_it_in_the_portal(clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner)

    reply = tell(car, clock, "sign_in_requested")
    actions.confirm_car_sign_in(user_code=reply["user_code"], by=owner)

    car.refresh_from_db()
    assert (car.signed_in_account, car.linked_at) == (owner, clock.now())
    assert reply["verification_url"].endswith("/car/")
    assert reply["expires_at"] == (clock.real_now() + catalog.terms().car_sign_in_validity).isoformat()
    assert queries.users_document(vehicle=car)["signed_in"] == str(owner.id)
    assert published("HeadUnitPaired") == 1


def test_the_same_message_of_the_car_gives_the_same_code():
    car = facts.vehicle()

    codes = {actions.begin_car_sign_in(vin=car.vin, event_id="once").user_code for _ in range(2)}

    assert len(codes) == 1


def test_a_newer_code_ends_the_older_one():
    owner = facts.person()
    car = facts.vehicle(main_user=owner)
    older = actions.begin_car_sign_in(vin=car.vin, event_id="1").user_code

    actions.begin_car_sign_in(vin=car.vin, event_id="2")

    with pytest.raises(CarCodeUnknown):
        actions.confirm_car_sign_in(user_code=older, by=owner)


def test_a_code_is_read_however_it_is_typed():
    owner = facts.person()
    car = facts.vehicle(main_user=owner)
    code = actions.begin_car_sign_in(vin=car.vin, event_id="1").user_code

    found = actions.find_car_sign_in(user_code=f" {code[:4].lower()}-{code[4:]} ", by=owner)

    assert found.vehicle == car
    assert set(code) <= set(rules.CAR_CODE_LETTERS)


@pytest.mark.rule("ID-026")
def test_a_stranger_cannot_sign_in_to_a_car_even_with_the_right_code():
    car = facts.vehicle()
    code = actions.begin_car_sign_in(vin=car.vin, event_id="1").user_code

    with pytest.raises(CarCodeUnknown):
        actions.confirm_car_sign_in(user_code=code, by=facts.person())

    car.refresh_from_db()
    assert car.signed_in_account is None


def test_a_code_expires_in_real_time(clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner)
    sign_in = actions.begin_car_sign_in(vin=car.vin, event_id="1")

    clock.shift_by(timedelta(days=30))
    assert actions.find_car_sign_in(user_code=sign_in.user_code, by=owner) == sign_in
    clock.advance(catalog.terms().car_sign_in_validity)
    with pytest.raises(CarCodeExpired):
        actions.confirm_car_sign_in(user_code=sign_in.user_code, by=owner)

    car.refresh_from_db()
    assert car.signed_in_account is None


def test_a_confirmed_code_signs_nobody_else_in():
    owner, friend = facts.person(), facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[friend])
    code = actions.begin_car_sign_in(vin=car.vin, event_id="1").user_code
    actions.confirm_car_sign_in(user_code=code, by=owner)

    with pytest.raises(CarCodeUnknown):
        actions.confirm_car_sign_in(user_code=code, by=friend)

    car.refresh_from_db()
    assert car.signed_in_account == owner


def test_confirming_twice_is_the_same_as_once():
    owner = facts.person()
    car = facts.vehicle(main_user=owner)
    code = actions.begin_car_sign_in(vin=car.vin, event_id="1").user_code

    for _ in range(2):
        actions.confirm_car_sign_in(user_code=code, by=owner)

    assert published("HeadUnitPaired") == 1


def test_after_too_many_wrong_codes_an_account_has_to_wait(clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner)
    code = actions.begin_car_sign_in(vin=car.vin, event_id="1").user_code
    terms = catalog.terms()
    for _ in range(terms.pairing_code_attempts):
        with pytest.raises(CarCodeUnknown):
            actions.find_car_sign_in(user_code="WRONGWRO", by=owner)

    with pytest.raises(CarCodesLocked) as locked:
        actions.confirm_car_sign_in(user_code=code, by=owner)
    clock.advance(terms.pairing_code_lock_duration)
    code = actions.begin_car_sign_in(vin=car.vin, event_id="2").user_code

    assert locked.value.facts == {"minutes": terms.pairing_code_lock_duration.total_seconds() // 60}
    assert actions.confirm_car_sign_in(user_code=code, by=owner) == car


@pytest.mark.rule("C-71")
def test_a_car_with_pairing_codes_is_signed_in_to_by_those_only(clock):
    car = facts.vehicle(generation="CAY-3")

    assert tell(car, clock, "sign_in_requested") == {"user_code": None, "error": "pairing_code_needed"}

    assert not CarSignIn.objects.exists()


def test_signing_out_leaves_the_car_linked(clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, generation="CAY-3", signed_in=True)

    tell(car, clock, "signed_out")

    car.refresh_from_db()
    assert car.signed_in_account is None
    assert queries.is_linked(vehicle=car)


@pytest.mark.rule("REM-002", "USR-017")
def test_the_main_user_grants_remote_access_in_the_car(clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, signed_in=True)
    assert not queries.has_remote_access(vehicle=car)

    for _ in range(2):
        reply = tell(car, clock, "remote_access", granted=True, account_id=str(owner.id))
        assert reply == {"accepted": True, "error": None}

    assert queries.has_remote_access(vehicle=car)
    assert published("RemoteAccessGranted") == 1


@pytest.mark.rule("USR-017", "REM-002")
def test_a_secondary_user_cannot_grant_remote_access(clock):
    friend = facts.person()
    car = facts.vehicle(secondary_users=[friend], signed_in=True)
    facts.sign_in(car, friend)

    with pytest.raises(MainUserOnly):
        actions.grant_remote_access(vin=car.vin, account_id=friend.id)
    reply = tell(car, clock, "remote_access", granted=True, account_id=str(friend.id))

    assert reply == {"accepted": False, "error": "vehicles.main_user_only"}
    assert not RemoteAccessGrant.objects.exists()


@pytest.mark.rule("REM-002", "ID-026")
@pytest.mark.parametrize("account_id", [None, "", "not-an-id", "00000000-0000-0000-0000-000000000000"])
def test_nobody_in_particular_cannot_grant_remote_access(account_id, clock):
    car = facts.vehicle(signed_in=True)

    reply = tell(car, clock, "remote_access", granted=True, account_id=account_id)

    assert reply == {"accepted": False, "error": "vehicles.main_user_only"}
    assert not RemoteAccessGrant.objects.exists()


@pytest.mark.rule("REM-002", "PAI-010")
@pytest.mark.parametrize("generation", ["TAY", "CAY-3"])
def test_the_main_user_has_to_be_known_to_the_head_unit_first(generation):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, generation=generation)

    with pytest.raises(NotSignedInInCar):
        actions.grant_remote_access(vin=car.vin, account_id=owner.id)

    assert not queries.has_remote_access(vehicle=car)


@pytest.mark.rule("REM-002")
def test_the_main_user_ends_remote_access_in_the_car(clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, remote_access=True)

    tell(car, clock, "remote_access", granted=False, account_id=str(owner.id))

    assert not queries.has_remote_access(vehicle=car)
    assert RemoteAccessGrant.objects.get().revoked_because == "main_user"
    assert published("RemoteAccessRevoked") == 1


@pytest.mark.rule("REM-004", "IMP-34")
@pytest.mark.parametrize("generation", ["TAY", "CAY-3"])
def test_factory_settings_switch_remote_access_off_and_forget_who_was_signed_in(generation, clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, generation=generation, remote_access=True)

    for _ in range(2):
        tell(car, clock, "factory_reset")

    car.refresh_from_db()
    assert not queries.has_remote_access(vehicle=car)
    assert (car.signed_in_account, car.linked_at) == (None, None)
    assert RemoteAccessGrant.objects.get().revoked_because == "factory_reset"
    assert published("RemoteAccessRevoked") == 1


@pytest.mark.rule("REM-004", "REM-006")
def test_after_factory_settings_the_main_user_can_grant_again(clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, remote_access=True)
    tell(car, clock, "factory_reset")

    clock.advance(minutes=1)
    facts.sign_in(car, owner)
    actions.grant_remote_access(vin=car.vin, account_id=owner.id)

    assert queries.has_remote_access(vehicle=car)


@pytest.mark.rule("C-77")
def test_privacy_mode_is_what_the_car_said_last(clock):
    car = facts.vehicle()
    early = clock.now()
    clock.advance(minutes=1)

    tell(car, clock, "privacy", on=True)
    actions.set_privacy_mode(vin=car.vin, on=False, at=early)

    car.refresh_from_db()
    assert (car.privacy_mode_on, car.privacy_changed_at) == (True, clock.now())
    assert published("PrivacyModeChanged") == 1


def test_a_new_main_user_has_to_pair_anew(clock):
    former, newcomer = facts.person(), facts.person()
    car = facts.vehicle(main_user=former, generation="CAY-3", signed_in=True)
    queries.current_assignments().filter(vehicle=car).update(until=clock.now())

    actions.assign_user(vehicle=car, account=newcomer, role="main_user", at=clock.now())

    car.refresh_from_db()
    assert not queries.is_linked(vehicle=car)
