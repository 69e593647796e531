"""The security code: set, changed, reset, and counted."""

from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import identity_facts as facts

from vettura.catalog.queries import terms
from vettura.foundation import locks
from vettura.foundation.models import OutboxEvent
from vettura.identity import actions, errors, queries, rules
from vettura.identity.models import SecurityCode
from vettura_wire.security_code import stretched

CODE, OTHER = "482913", "739164"


# the same code and salt give the same, and each time is meant to take long
stretched_once = cache(stretched)


def has(person, code):
    """Whether a car would find that this is the person's code."""
    salt = queries.security_code_salt(account=person, about="")
    error = actions.check_code_proof(
        account_id=person.id, is_proven=lambda verifier: stretched_once(code, salt) == verifier
    )
    return error or True


def with_code(code=CODE):
    person = facts.account()
    actions.set_security_code(account=person, password=facts.PASSWORD, code=code)
    return person


@pytest.mark.django_db
@pytest.mark.rule("DAT-001")
def test_nothing_that_is_kept_of_a_code_can_be_turned_back_into_it():
    person = with_code()

    row = SecurityCode.objects.get(account=person)

    kept = bytes(row.salt) + bytes(row.sealed_verifier)
    assert CODE.encode() not in kept
    assert stretched(CODE, bytes(row.salt)) not in kept
    assert has(person, CODE) is True


@pytest.mark.django_db
def test_two_people_with_the_same_code_keep_different_things():
    one, other = with_code(), with_code()

    assert bytes(one.security_code.salt) != bytes(other.security_code.salt)


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["", "12345", "1234567", "12a456", "١٢٣٤٥٦", " 48291"])
def test_a_code_has_exactly_its_digits(code):
    person = facts.account()

    with pytest.raises(errors.SecurityCodeMalformed):
        actions.set_security_code(account=person, password=facts.PASSWORD, code=code)

    assert not queries.has_security_code(account=person)


@pytest.mark.parametrize("code", ["000000", "777777", "123456", "654321", "890123", "210987"])
def test_codes_that_everybody_tries_first_are_simple(code):
    assert rules.is_simple_code(code)


@pytest.mark.parametrize("code", ["482913", "112233", "121212", "123457"])
def test_other_codes_are_not(code):
    assert not rules.is_simple_code(code)


@pytest.mark.django_db
def test_a_simple_code_is_refused():
    person = facts.account()

    with pytest.raises(errors.SecurityCodeTooSimple):
        actions.set_security_code(account=person, password=facts.PASSWORD, code="123456")

    assert not queries.has_security_code(account=person)


@pytest.mark.django_db
def test_only_who_knows_the_password_sets_the_first_code():
    person = facts.account()

    with pytest.raises(errors.ConfirmationWrong):
        actions.set_security_code(account=person, password="wrong", code=CODE)

    assert not queries.has_security_code(account=person)


@pytest.mark.django_db
def test_the_password_alone_does_not_replace_a_code():
    person = with_code()

    with pytest.raises(errors.SecurityCodeThere):
        actions.set_security_code(account=person, password=facts.PASSWORD, code=OTHER)

    assert has(person, CODE) is True


@pytest.mark.django_db(transaction=True)
def test_whoever_knows_the_current_code_changes_it_and_nothing_is_announced():
    person = with_code()

    actions.change_security_code(account=person, current=CODE, code=OTHER)

    assert (has(person, OTHER), has(person, CODE)) == (True, "code_wrong")
    assert not OutboxEvent.objects.filter(type="identity.SecurityCodeReset").exists()


@pytest.mark.django_db(transaction=True)
def test_a_wrong_current_code_changes_nothing_and_is_counted(clock):
    person = with_code()
    attempts = terms().security_code_attempts
    for left in range(attempts - 1, 0, -1):
        with pytest.raises(errors.SecurityCodeWrong) as wrong:
            actions.change_security_code(account=person, current="000001", code=OTHER)
        assert wrong.value.facts == {"attempts_left": left}

    for current in ("000001", CODE):
        with pytest.raises(errors.SecurityCodeLocked) as locked:
            actions.change_security_code(account=person, current=current, code=OTHER)

    assert locked.value.facts == {"minutes": terms().security_code_lock_duration.total_seconds() // 60}
    clock.advance(terms().security_code_lock_duration)
    assert has(person, CODE) is True


@pytest.mark.django_db(transaction=True)
def test_without_a_code_there_is_none_to_change_or_reset():
    person = facts.account()

    with pytest.raises(errors.SecurityCodeNotSet):
        actions.change_security_code(account=person, current=CODE, code=OTHER)
    with pytest.raises(errors.SecurityCodeNotSet):
        actions.reset_security_code(account=person, password=facts.PASSWORD, code=OTHER)


@pytest.mark.django_db
@pytest.mark.rule("REM-005")
def test_a_reset_puts_a_new_code_in_place_says_so_and_lifts_the_lock(clock):
    person = with_code()
    for _ in range(terms().security_code_attempts):
        has(person, "000001")

    actions.reset_security_code(account=person, password=facts.PASSWORD, code=OTHER)

    assert has(person, OTHER) is True
    event = OutboxEvent.objects.get(type="identity.SecurityCodeReset")
    assert event.stream == str(person.id)
    _, text, _ = facts.last_mail(person.email)
    assert "Remote access to your cars has ended" in text
    assert OTHER not in text


@pytest.mark.django_db
def test_only_who_knows_the_password_resets():
    person = with_code()

    with pytest.raises(errors.ConfirmationWrong):
        actions.reset_security_code(account=person, password="wrong", code=OTHER)

    assert has(person, CODE) is True
    assert not OutboxEvent.objects.filter(type="identity.SecurityCodeReset").exists()


@pytest.mark.django_db
def test_each_lock_lasts_twice_as_long_as_the_one_before_and_none_is_for_good(clock):
    person = with_code()
    expected = terms().security_code_lock_duration
    for _ in range(12):
        for _ in range(terms().security_code_attempts):
            assert has(person, "000001") == "code_wrong"
        assert has(person, CODE) == "locked"
        clock.advance(expected - timedelta(microseconds=1))
        assert has(person, CODE) == "locked"
        clock.advance(timedelta(microseconds=1))
        expected = min(expected * 2, terms().longest_code_lock_duration)

    assert has(person, CODE) is True
    for _ in range(terms().security_code_attempts):
        has(person, "000001")
    clock.advance(terms().security_code_lock_duration)
    assert has(person, CODE) is True


@pytest.mark.django_db
def test_moving_the_worlds_clock_opens_no_lock(clock):
    person = with_code()
    for _ in range(terms().security_code_attempts):
        has(person, "000001")

    clock.shift_by(timedelta(days=30))

    assert has(person, CODE) == "locked"


@given(before=st.integers(0, 1000), first=st.timedeltas(timedelta(seconds=1), timedelta(hours=1)))
def test_a_lock_never_gets_shorter_nor_longer_than_the_longest(before, first):
    longest = timedelta(days=1)

    now, later = (locks.lock_duration(locks_before=each, first=first, longest=longest) for each in (before, before + 1))

    assert first <= now <= later <= longest


@pytest.mark.django_db
def test_an_address_that_nobody_has_looks_like_one_that_somebody_has():
    salts = [queries.security_code_salt(account=None, about="nobody@example.org") for _ in range(2)]

    assert salts[0] == salts[1]
    assert len(salts[0]) == len(queries.security_code_salt(account=with_code(), about=""))
    assert actions.check_code_proof(account_id=None, is_proven=lambda verifier: False) == "code_wrong"


@pytest.mark.django_db
def test_a_deleted_code_is_taken_nowhere():
    person = with_code()

    for _ in range(2):
        actions.forget_security_code(account_id=person.id)

    assert has(person, CODE) == "code_wrong"


@pytest.mark.django_db
def test_the_page_sets_the_first_code():
    person = facts.account()
    browser = facts.signed_in(person)

    refused = browser.post("/account/security-code/", {"code": "111111", "password": facts.PASSWORD})
    done = browser.post("/account/security-code/", {"code": CODE, "password": facts.PASSWORD})

    assert (refused.status_code, done.status_code) == (422, 302)
    assert has(person, CODE) is True


@pytest.mark.django_db(transaction=True)
def test_the_page_changes_a_code_and_says_what_is_wrong():
    person = with_code()
    browser = facts.signed_in(person)

    wrong = browser.post("/account/security-code/", {"current": "000001", "code": OTHER})
    right = browser.post("/account/security-code/", {"current": CODE, "code": OTHER})

    assert "Attempts left: 4" in wrong.content.decode()
    assert right.status_code == 302
    assert has(person, OTHER) is True


@pytest.mark.django_db
def test_the_reset_page_asks_for_the_password():
    person = with_code()
    browser = facts.signed_in(person)

    wrong = browser.post("/account/security-code/reset/", {"code": OTHER, "password": "wrong"})
    assert (wrong.status_code, has(person, CODE)) == (422, True)
    right = browser.post("/account/security-code/reset/", {"code": OTHER, "password": facts.PASSWORD})

    assert right.status_code == 302
    assert has(person, OTHER) is True


@pytest.mark.django_db
def test_whoever_has_no_code_is_led_from_the_reset_to_the_first_code():
    answer = facts.signed_in(facts.account()).get("/account/security-code/reset/")

    assert answer.headers["location"] == "/account/security-code/"
