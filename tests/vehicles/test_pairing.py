"""Eight digits tie a head unit to a person, and cannot be guessed."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import vehicle_facts as facts

from vettura.catalog import queries as catalog
from vettura.foundation.models import OutboxEvent
from vettura.foundation.uplink import CarEvent, handler_of
from vettura.vehicles import actions, queries, rules
from vettura.vehicles.models import PairingCode

NEEDS_CODE = [each.code for each in catalog.generations() if each.needs_pairing_code]


def enter(car, code, purpose="sign_in"):
    return actions.enter_pairing_code(vin=car.vin, code=code, purpose=purpose)


def code_of(account, car):
    return queries.pairing_code_for(account=account, vehicle=car)


def wrong_code(car):
    taken = {queries.digits_of(each) for each in PairingCode.objects.filter(vehicle=car)}
    return next(each for each in ("00000000", "11111111", "22222222") if each not in taken)


@given(seed=st.text(), secret=st.text())
@pytest.mark.rule("PAI-001", "PAI-008")
def test_a_code_always_has_eight_digits(seed, secret):
    code = rules.pairing_code(secret=secret, seed=seed, length=8)

    assert len(code) == 8
    assert code.isascii()
    assert code.isdigit()


@pytest.mark.django_db
@pytest.mark.rule("PAI-002", "PAI-008", "PAI-009")
@pytest.mark.parametrize("generation", NEEDS_CODE)
def test_each_person_has_an_own_code_for_each_car(generation):
    owner, friend = facts.person(), facts.person()
    cars = [facts.vehicle(main_user=owner, secondary_users=[friend], generation=generation) for _ in range(2)]

    codes = [code_of(person, car) for person in (owner, friend) for car in cars]

    assert len(set(codes)) == 4
    assert all(len(code) == catalog.terms().pairing_code_length for code in codes)


@pytest.mark.django_db
@pytest.mark.rule("PAI-007")
def test_a_generation_that_needs_no_code_has_none():
    owner = facts.person()
    car = facts.vehicle(main_user=owner, generation="TAY")

    assert code_of(owner, car) is None
    assert not PairingCode.objects.exists()
    assert queries.is_linked(vehicle=car)


@pytest.mark.django_db
@pytest.mark.rule("DAT-001")
def test_codes_are_not_in_our_tables():
    owner = facts.person()
    car = facts.vehicle(main_user=owner, generation="CAY-3")

    row = PairingCode.objects.values().get()

    assert code_of(owner, car) not in {str(value) for value in row.values()}


@pytest.mark.django_db
@pytest.mark.rule("PAI-001", "PAI-005", "C-11", "C-71")
@pytest.mark.parametrize("generation", NEEDS_CODE)
def test_the_main_users_code_links_the_car_and_signs_the_main_user_in(generation, clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, generation=generation)
    assert not queries.is_linked(vehicle=car)

    outcome = enter(car, code_of(owner, car))

    car.refresh_from_db()
    assert (outcome.account, outcome.error) == (owner, None)
    assert (car.linked_at, car.signed_in_account) == (clock.now(), owner)
    assert queries.is_linked(vehicle=car)
    assert OutboxEvent.objects.filter(type="vehicles.HeadUnitPaired").count() == 1


@pytest.mark.django_db
@pytest.mark.rule("PAI-001")
@pytest.mark.parametrize("typed", ["", "1234567", "123456789", "12a45678", "١٢٣٤٥٦٧٨"])
def test_anything_but_the_eight_digits_is_refused(typed):
    car = facts.vehicle(generation="CAY-3")

    assert enter(car, typed).error == "code_wrong"

    car.refresh_from_db()
    assert (car.linked_at, car.signed_in_account) == (None, None)


@pytest.mark.django_db
@pytest.mark.rule("PAI-011", "C-11")
def test_a_secondary_users_code_before_the_main_users_says_that_there_is_no_data_connection():
    friend = facts.person()
    car = facts.vehicle(secondary_users=[friend], generation="CAY-3")

    outcome = enter(car, code_of(friend, car))

    car.refresh_from_db()
    assert outcome.error == "no_data_connection"
    assert (car.linked_at, car.signed_in_account, car.wrong_codes) == (None, None, 0)
    assert not OutboxEvent.objects.filter(type="vehicles.HeadUnitPaired").exists()


@pytest.mark.django_db
@pytest.mark.rule("PAI-005", "C-11")
def test_a_secondary_users_code_after_the_main_users_signs_that_person_in():
    friend = facts.person()
    car = facts.vehicle(secondary_users=[friend], generation="CAY-3", signed_in=True)

    outcome = enter(car, code_of(friend, car))

    car.refresh_from_db()
    assert (outcome.account, car.signed_in_account) == (friend, friend)


@pytest.mark.django_db
@pytest.mark.rule("PAI-010", "PAI-011", "C-11", "REM-014")
def test_a_secondary_users_code_to_grant_remote_access_says_that_there_is_no_data_connection():
    owner, friend = facts.person(), facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[friend], generation="CAY-3", signed_in=True)

    assert enter(car, code_of(friend, car), purpose="remote_access").error == "no_data_connection"
    assert enter(car, code_of(owner, car), purpose="remote_access").error is None


@pytest.mark.django_db
def test_a_code_of_another_car_is_wrong():
    owner = facts.person()
    car, other = (facts.vehicle(main_user=owner, generation="CAY-3") for _ in range(2))

    assert enter(car, code_of(owner, other)).error == "code_wrong"


@pytest.mark.django_db
def test_entering_the_right_code_twice_is_the_same_as_once():
    owner = facts.person()
    car = facts.vehicle(main_user=owner, generation="CAY-3")

    for _ in range(2):
        enter(car, code_of(owner, car))

    assert OutboxEvent.objects.filter(type="vehicles.HeadUnitPaired").count() == 1


@pytest.mark.django_db
def test_after_too_many_wrong_codes_the_right_one_is_locked_too_until_the_time_is_over(clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, generation="CAY-3")
    terms = catalog.terms()

    errors = [enter(car, wrong_code(car)).error for _ in range(terms.pairing_code_attempts)]
    locked_at = clock.real_now()
    assert errors == ["code_wrong"] * terms.pairing_code_attempts
    assert enter(car, code_of(owner, car)).error == "locked"
    clock.advance(terms.pairing_code_lock_duration - timedelta(microseconds=1))
    assert enter(car, code_of(owner, car)).error == "locked"
    clock.advance(timedelta(microseconds=1))

    assert clock.real_now() == locked_at + terms.pairing_code_lock_duration
    assert enter(car, code_of(owner, car)).error is None


@pytest.mark.django_db
def test_moving_the_demo_clock_opens_no_lock(clock):
    owner = facts.person()
    car = facts.vehicle(main_user=owner, generation="CAY-3")
    for _ in range(catalog.terms().pairing_code_attempts):
        enter(car, wrong_code(car))

    clock.shift_by(timedelta(days=30))

    assert enter(car, code_of(owner, car)).error == "locked"


@pytest.mark.django_db
def test_a_right_code_forgives_the_wrong_ones_before():
    owner = facts.person()
    car = facts.vehicle(main_user=owner, generation="CAY-3")
    for _ in range(catalog.terms().pairing_code_attempts - 1):
        enter(car, wrong_code(car))

    enter(car, code_of(owner, car))

    car.refresh_from_db()
    assert car.wrong_codes == 0
    assert enter(car, wrong_code(car)).error == "code_wrong"


@pytest.mark.django_db
def test_one_cars_lock_is_not_anothers():
    owner = facts.person()
    car, other = (facts.vehicle(main_user=owner, generation="CAY-3") for _ in range(2))
    for _ in range(catalog.terms().pairing_code_attempts):
        enter(car, wrong_code(car))

    assert enter(other, code_of(owner, other)).error is None


@pytest.mark.django_db
@pytest.mark.rule("C-11", "PAI-011")
def test_the_car_gets_its_answer(clock):
    owner, friend = facts.person(), facts.person()
    car = facts.vehicle(main_user=owner, secondary_users=[friend], generation="CAY-3")

    def answer(code, event_id):
        message = CarEvent(vin=car.vin, id=event_id, type="pairing_code_entered", at=clock.now(), data={"code": code})
        return handler_of("pairing_code_entered")(message)

    assert answer(code_of(friend, car), "1") == {"accepted": False, "error": "no_data_connection"}
    assert answer(wrong_code(car), "2") == {"accepted": False, "error": "code_wrong"}
    assert answer(code_of(owner, car), "3") == {"accepted": True, "error": None}


@pytest.mark.django_db
@pytest.mark.rule("PAI-003", "PCM-020", "PCM-021", "C-10")
@pytest.mark.parametrize("generation", NEEDS_CODE)
def test_the_way_to_the_code_entry_is_the_one_of_this_head_unit(generation):
    car = facts.vehicle(generation=generation)

    path = queries.pairing_path(vehicle=car, language="it")

    printed = catalog.head_unit(generation).task("PAIRING_LOGIN", generation)
    assert path == [step for step in printed.steps if not step.startswith("[")]


@pytest.mark.django_db
@pytest.mark.rule("PAI-007")
def test_a_head_unit_without_code_entry_has_no_way_to_it():
    assert queries.pairing_path(vehicle=facts.vehicle(generation="TAY"), language="it") == []
