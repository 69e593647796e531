"""Guessing takes longer and longer, is counted per account and per place, and locks nobody out for good."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tests import identity_facts as facts

from vettura.catalog.queries import terms
from vettura.identity import actions, rules
from vettura.identity.actions import attempts
from vettura.identity.errors import ConfirmationWrong, TooManyAttempts
from vettura.identity.models import Attempts
from vettura.notifications.models import Mail

pytestmark = pytest.mark.django_db

WRONG = "Wrong!2026"
NEW_PASSWORD = "Another&2027"


def sign_in(email, password=facts.PASSWORD, *, place="192.0.2.1"):
    """Whether a sign-in from this place works."""
    client = Client(REMOTE_ADDR=place)
    answer = client.post("/signin/", {"login": email, "password": password})
    return "_auth_user_id" in client.session, answer.content.decode()


def spend_free_attempts(email, **more):
    for _ in range(terms().sign_in_free_attempts):
        sign_in(email, WRONG, **more)


@given(attempts_made=st.integers(0, 10**9), free=st.integers(1, 100))
def test_pauses_only_grow_and_never_beyond_the_longest(attempts_made, free):
    pause = rules.pause_after(attempts=attempts_made, free=free)
    following = rules.pause_after(attempts=attempts_made + 1, free=free)

    assert (pause is None) == (attempts_made < free)
    assert (pause or timedelta()) <= (following or timedelta()) <= terms().sign_in_longest_pause


@pytest.mark.parametrize("known", [True, False])
def test_after_the_free_attempts_even_the_right_password_waits_for_known_and_unknown_addresses_alike(clock, known):
    if known:
        facts.account(email="ada@example.org")
    spend_free_attempts("ada@example.org")

    is_in, page = sign_in("ADA@example.org ")

    assert not is_in
    assert "Try again in 1 min, or choose a new password" in page


@pytest.mark.parametrize(("moved", "works"), [(-1, False), (0, True), (1, True)])
def test_a_pause_ends_by_itself(clock, moved, works):
    facts.account(email="ada@example.org")
    spend_free_attempts("ada@example.org")
    clock.advance(terms().sign_in_first_pause + timedelta(seconds=moved))

    assert sign_in("ada@example.org")[0] is works


def test_moving_world_time_ends_no_pause(clock):
    facts.account(email="ada@example.org")
    spend_free_attempts("ada@example.org")
    clock.shift_by(timedelta(days=30))

    assert not sign_in("ada@example.org")[0]


def test_each_further_wrong_password_doubles_the_pause_up_to_the_longest(clock):
    facts.account(email="ada@example.org")
    spend_free_attempts("ada@example.org")
    pauses = []
    for _ in range(8):
        row = Attempts.objects.order_by("count").last()
        pauses.append(row.paused_until - row.last_at)
        clock.move_to(row.paused_until)
        sign_in("ada@example.org", WRONG)

    first, longest = terms().sign_in_first_pause, terms().sign_in_longest_pause
    assert pauses == [min(first * 2**step, longest) for step in range(8)]


def test_tries_during_a_pause_do_not_make_it_longer(clock):
    facts.account(email="ada@example.org")
    spend_free_attempts("ada@example.org")
    for _ in range(20):
        sign_in("ada@example.org", WRONG)
    clock.advance(terms().sign_in_first_pause)

    assert sign_in("ada@example.org")[0]


def test_a_right_password_begins_the_counting_afresh(clock):
    facts.account(email="ada@example.org")
    for _ in range(3):
        for _ in range(terms().sign_in_free_attempts - 1):
            sign_in("ada@example.org", WRONG)
        assert sign_in("ada@example.org")[0]


@pytest.mark.parametrize(("moved", "paused"), [(-1, True), (0, False)])
def test_tries_are_forgotten_after_a_while(clock, moved, paused):
    facts.account(email="ada@example.org")
    for _ in range(terms().sign_in_free_attempts - 1):
        sign_in("ada@example.org", WRONG)
    clock.advance(terms().sign_in_attempts_kept + timedelta(seconds=moved))
    sign_in("ada@example.org", WRONG)

    assert sign_in("ada@example.org")[0] is not paused


@pytest.mark.rule("ID-021")
def test_a_new_password_ends_the_pause(client, clock):
    person = facts.account()
    spend_free_attempts(person.email)
    client.post("/password/reset/", {"email": person.email})
    link = client.get(facts.link_in(facts.last_mail(person.email)[1]))["Location"]
    client.post(link, {"password1": NEW_PASSWORD})

    assert sign_in(person.email, NEW_PASSWORD)[0]


def test_assistance_ends_the_pause(client, clock):
    person = facts.account()
    spend_free_attempts(person.email)
    client.force_login(facts.account(staff_roles=("assistance",)))

    client.post(f"/desk/people/{person.id}/sign-in/", {"reason": "Answered the questions on the phone"})

    assert sign_in(person.email)[0]


def test_one_account_in_a_pause_does_not_stop_others(clock):
    facts.account(email="ada@example.org")
    facts.account(email="bob@example.org")
    spend_free_attempts("ada@example.org")

    assert sign_in("bob@example.org")[0]


def test_many_accounts_tried_from_one_place_pause_that_place_and_no_other(clock):
    facts.account(email="ada@example.org")
    for number in range(terms().sign_in_free_attempts_per_place):
        sign_in(f"victim{number}@example.org", WRONG, place="192.0.2.66")

    assert not sign_in("ada@example.org", place="192.0.2.66")[0]
    assert sign_in("ada@example.org", place="192.0.2.7")[0]
    clock.advance(terms().sign_in_first_pause)
    assert sign_in("ada@example.org", place="192.0.2.66")[0]


def test_ones_own_account_does_not_wash_a_place_clean(clock):
    facts.account(email="mallory@example.org")
    for number in range(terms().sign_in_free_attempts_per_place):
        sign_in(f"victim{number}@example.org", WRONG, place="192.0.2.66")
        if number % 5 == 0:
            sign_in("mallory@example.org", place="192.0.2.66")

    assert not sign_in("mallory@example.org", place="192.0.2.66")[0]


@pytest.mark.parametrize("path", ["/account/password/", "/account/pin/"])
def test_the_current_password_cannot_be_guessed_from_an_open_session(clock, path):
    person = facts.account()
    client = facts.signed_in(person)
    typed = {"password1": NEW_PASSWORD, "pin": "1234"}
    for _ in range(terms().sign_in_free_attempts):
        client.post(path, {**typed, "current": WRONG, "password": WRONG})

    refused = client.post(path, {**typed, "current": facts.PASSWORD, "password": facts.PASSWORD})
    clock.advance(terms().sign_in_first_pause)
    done = client.post(path, {**typed, "current": facts.PASSWORD, "password": facts.PASSWORD})

    assert refused.status_code == 422
    assert "Try again in 1 min" in refused.content.decode()
    assert done.status_code == 302


def test_a_password_asked_for_again_is_counted_by_the_action_itself(clock):
    person = facts.account()
    for _ in range(terms().sign_in_free_attempts):
        with pytest.raises(ConfirmationWrong):
            actions.confirm_password(account=person, password=WRONG, place="192.0.2.1")

    with pytest.raises(TooManyAttempts):
        actions.confirm_password(account=person, password=facts.PASSWORD, place="192.0.2.1")


@pytest.mark.parametrize(("path", "more"), [("/password/reset/", {}), ("/signup/", {"country": "IT"})])
@pytest.mark.parametrize("known", [True, False])
def test_mails_that_anybody_may_ask_for_are_limited_the_same_for_known_and_unknown_addresses(
    client, clock, path, more, known
):
    if known:
        facts.account(email="ada@example.org")
    for _ in range(terms().mail_requests_free):
        assert client.post(path, {"email": "ada@example.org", **more}).status_code in (200, 302)
    before = Mail.objects.filter(to="ada@example.org").count()

    refused = client.post(path, {"email": "ada@example.org", **more})
    during = Mail.objects.filter(to="ada@example.org").count()
    clock.advance(terms().sign_in_first_pause)
    client.post(path, {"email": "ada@example.org", **more})

    assert "in 1 min" in refused.content.decode()
    assert during == before
    if known:
        assert Mail.objects.filter(to="ada@example.org").count() == before + 1


def test_the_table_tells_nobody_who_was_tried():
    sign_in("ada@example.org", WRONG)

    assert not any("ada" in row.key for row in Attempts.objects.all())
    assert Attempts.objects.count() == 2


def test_old_counts_are_deleted(clock):
    sign_in("ada@example.org", WRONG)
    clock.advance(terms().sign_in_attempts_kept - timedelta(seconds=1))

    assert attempts.drop_old_attempts(at=clock.real_now()) == 0
    clock.advance(seconds=1)
    assert attempts.drop_old_attempts(at=clock.real_now()) == 2


@pytest.mark.django_db(transaction=True)
def test_tries_at_once_are_counted_like_tries_in_turn():
    limits = [attempts.at_account(kind="password", subject="ada@example.org")]

    def attempt(_):
        try:
            attempts.count_attempt(limits=limits)
        except TooManyAttempts:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(attempt, range(16)))

    assert sum(taken) == terms().sign_in_free_attempts
