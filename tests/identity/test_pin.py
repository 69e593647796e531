import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from tests import identity_facts as facts

from vettura.catalog.queries import terms
from vettura.identity import actions, errors, queries
from vettura.identity.models import Pin

pytestmark = pytest.mark.django_db


def test_the_right_pin_passes_and_starts_the_counting_afresh():
    person = facts.account(pin="1234")
    for _ in range(terms().pin_attempts):
        with pytest.raises(errors.PinWrong):
            actions.check_pin(account=person, pin="0000")
        actions.check_pin(account=person, pin="1234")


def test_the_last_wrong_attempt_locks_the_pin_for_its_time_even_for_the_right_one(clock):
    person = facts.account(pin="1234")
    for left in range(terms().pin_attempts - 1, 0, -1):
        with pytest.raises(errors.PinWrong) as wrong:
            actions.check_pin(account=person, pin="0000")
        assert wrong.value.facts["attempts_left"] == left

    with pytest.raises(errors.PinLocked) as locked:
        actions.check_pin(account=person, pin="0000")

    assert locked.value.facts["until"] == clock.real_now() + terms().pin_lock_duration
    clock.advance(terms().pin_lock_duration - timedelta(seconds=1))
    with pytest.raises(errors.PinLocked):
        actions.check_pin(account=person, pin="1234")
    clock.advance(seconds=1)
    actions.check_pin(account=person, pin="1234")


def test_moving_the_worlds_clock_opens_no_lock(clock):
    person = facts.account(pin="1234")
    for _ in range(terms().pin_attempts):
        with pytest.raises((errors.PinWrong, errors.PinLocked)):
            actions.check_pin(account=person, pin="0000")

    clock.shift_by(timedelta(days=28))

    with pytest.raises(errors.PinLocked):
        actions.check_pin(account=person, pin="1234")


def test_without_a_pin_the_refusal_says_so():
    with pytest.raises(errors.PinNotSet):
        actions.check_pin(account=facts.account(), pin="1234")


@pytest.mark.parametrize("pin", ["", "123", "12345", "12a4", "١٢٣٤", " 123"])
def test_a_pin_has_exactly_its_digits(pin):
    person = facts.account()

    with pytest.raises(errors.PinMalformed):
        actions.set_pin(account=person, pin=pin)

    assert not queries.has_pin(account=person)


@pytest.mark.rule("DAT-001")
def test_the_pin_is_not_kept_in_clear():
    facts.account(pin="1234")

    assert b"1234" not in bytes(Pin.objects.get().sealed)


def test_a_wrong_pin_counts_even_if_the_caller_forgot_a_transaction_around_it():
    person = facts.account(pin="1234")

    with pytest.raises(RuntimeError), transaction.atomic():
        actions.check_pin(account=person, pin="0000")


def test_the_page_sets_a_pin_for_whoever_knows_the_password():
    person = facts.account()
    client = facts.signed_in(person)

    wrong = client.post("/account/pin/", {"pin": "4321", "password": "Wrong!2026"})
    assert wrong.status_code == 422
    assert not queries.has_pin(account=person)
    done = client.post("/account/pin/", {"pin": "4321", "password": facts.PASSWORD})

    assert done.status_code == 302
    actions.check_pin(account=person, pin="4321")


@pytest.mark.django_db(transaction=True)
def test_wrong_pins_tried_at_once_are_all_counted():
    person = facts.account(pin="1234")
    seen: list[str] = []

    def try_wrong() -> None:
        try:
            actions.check_pin(account=person, pin="0000")
        except (errors.PinWrong, errors.PinLocked) as refusal:
            seen.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=try_wrong) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert seen.count("identity.pin_wrong") == terms().pin_attempts - 1
    assert seen.count("identity.pin_locked") == 6 - (terms().pin_attempts - 1)


def test_it_tells_how_many_attempts_are_left_without_taking_one(clock):
    assert queries.pin_attempts_left(account=facts.account(email="new@example.org", pin=None)) == terms().pin_attempts
    person = facts.account(pin="1234")
    for left in range(terms().pin_attempts, 0, -1):
        assert queries.pin_attempts_left(account=person) == left
        with pytest.raises((errors.PinWrong, errors.PinLocked)):
            actions.check_pin(account=person, pin="0000")

    assert queries.pin_attempts_left(account=person) == 0
    clock.advance(terms().pin_lock_duration)
    assert queries.pin_attempts_left(account=person) == terms().pin_attempts


def wrong(person, times, *, car=""):
    """How a row of wrong PINs at a car ends."""
    for _ in range(times):
        with pytest.raises((errors.PinWrong, errors.PinLocked)) as refusal:
            actions.check_pin(account=person, pin="0000", car=car)
    return refusal.value


def test_wrong_pins_lock_one_car_for_one_person_and_no_other():
    person, other = facts.account(pin="1234"), facts.account(pin="1234")

    assert isinstance(wrong(person, terms().pin_attempts, car="CAR-1"), errors.PinLocked)

    assert queries.pin_attempts_left(account=person, car="CAR-1") == 0
    actions.check_pin(account=person, pin="1234", car="CAR-2")
    actions.check_pin(account=other, pin="1234", car="CAR-1")
    with pytest.raises(errors.PinLocked):
        actions.check_pin(account=person, pin="1234", car="CAR-1")


def test_guessing_does_not_begin_afresh_at_every_car():
    person = facts.account(pin="1234")
    cars = terms().pin_attempts_at_all_cars // terms().pin_attempts

    for number in range(cars):
        wrong(person, terms().pin_attempts, car=f"CAR-{number}")

    assert queries.pin_attempts_left(account=person, car="CAR-9") == 0
    with pytest.raises(errors.PinLocked):
        actions.check_pin(account=person, pin="1234", car="CAR-9")


def test_a_new_pin_ends_every_lock():
    person = facts.account(pin="1234")
    wrong(person, terms().pin_attempts, car="CAR-1")

    actions.set_pin(account=person, pin="4321")

    actions.check_pin(account=person, pin="4321", car="CAR-1")
