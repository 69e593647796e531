"""How long a sign-in lasts, and what browsers may do with what it shows."""

from datetime import timedelta

import pytest
from tests import identity_facts as facts

from vettura.portal.sessions import DESK, NOTED_EVERY, PORTAL

pytestmark = pytest.mark.django_db

STEP = timedelta(seconds=1)


def is_signed_in(browser, page: str) -> bool:
    answer = browser.get(page)
    return not (answer.status_code == 302 and answer.headers["Location"].startswith("/signin/"))


@pytest.fixture
def browser(clock):
    return facts.signed_in(facts.account(staff_roles=("assistance",)))


@pytest.mark.parametrize(("page", "limits"), [("/account/", PORTAL), ("/desk/people/", DESK)])
def test_a_session_that_is_not_used_ends(browser, clock, page, limits):
    assert is_signed_in(browser, page)
    clock.advance(limits.unused - STEP)
    assert is_signed_in(browser, page)
    clock.advance(limits.unused)

    assert not is_signed_in(browser, page)
    assert not is_signed_in(browser, "/account/")


@pytest.mark.parametrize(("page", "limits"), [("/account/", PORTAL), ("/desk/people/", DESK)])
def test_a_session_that_is_used_ends_as_well(browser, clock, page, limits):
    assert is_signed_in(browser, page)
    end = clock.real_now() + limits.at_most
    while clock.real_now() + limits.unused < end:
        clock.advance(limits.unused - STEP)
        assert is_signed_in(browser, page)
    clock.advance(end - clock.real_now() - STEP)
    assert is_signed_in(browser, page)
    clock.advance(STEP)

    assert not is_signed_in(browser, page)


def test_moving_the_worlds_clock_ends_no_session(browser, clock):
    assert is_signed_in(browser, "/desk/people/")

    clock.shift_by(timedelta(days=365))

    assert is_signed_in(browser, "/desk/people/")


def test_the_time_of_use_is_not_written_for_every_page(browser, clock, django_assert_num_queries):
    browser.get("/account/")
    first = browser.session["vettura_session_times"]
    clock.advance(NOTED_EVERY - STEP)
    browser.get("/account/")
    assert browser.session["vettura_session_times"] == first
    clock.advance(STEP)

    browser.get("/account/")

    assert browser.session["vettura_session_times"][2] == clock.real_now().timestamp()


def test_signing_in_gives_a_new_session_and_the_former_one_is_worth_nothing(client, clock):
    person = facts.account()
    client.get("/signin/")
    client.post("/signin/", {"login": person.email, "password": facts.PASSWORD})
    former = client.cookies["vettura_session"].value

    client.post("/signout/")
    client.post("/signin/", {"login": person.email, "password": facts.PASSWORD})

    assert client.cookies["vettura_session"].value != former
    client.cookies["vettura_session"] = former
    assert not is_signed_in(client, "/account/")


def test_the_cookies_are_out_of_reach_of_scripts_and_of_other_sites(client):
    person = facts.account()
    client.get("/signin/")
    client.post("/signin/", {"login": person.email, "password": facts.PASSWORD})

    for name in ("vettura_session", "vettura_csrf"):
        cookie = client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")


def test_a_session_is_known_by_a_value_that_nobody_guesses(client):
    person = facts.account()
    client.post("/signin/", {"login": person.email, "password": facts.PASSWORD})

    # 32 characters of 36: 165 bits
    assert len(client.cookies["vettura_session"].value) == 32


@pytest.mark.parametrize("page", ["/account/", "/billing/cards/", "/messages/", "/desk/people/", "/store/orders/"])
def test_what_is_shown_to_one_person_is_kept_in_no_cache(browser, page):
    assert "no-store" in browser.get(page).headers["Cache-Control"]


@pytest.mark.parametrize("page", ["/signin/", "/help/", "/account/"])
def test_no_page_is_framed_by_another_site(browser, page):
    answer = browser.get(page)

    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_a_form_that_no_page_of_ours_made_changes_nothing():
    person = facts.account()
    browser = facts.signed_in(person)
    browser.handler.enforce_csrf_checks = True

    answer = browser.post("/account/", {"language": "de", "street": "", "postal_code": "", "city": "Roma"})

    assert answer.status_code == 403
    person.refresh_from_db()
    assert (person.language, person.city) == ("en", "")


def test_a_password_is_compared_as_it_was_typed_and_may_be_long(client):
    from vettura.identity import actions

    person = facts.account()
    long = "Vettura!2026 " + "x" * 100
    actions.change_password(account=person, current=None, new=long)

    client.post("/signin/", {"login": person.email, "password": long.lower()})
    assert not is_signed_in(client, "/account/")
    client.post("/signin/", {"login": person.email, "password": long})
    assert is_signed_in(client, "/account/")


def test_the_hash_of_passwords_is_one_that_is_advised():
    from vettura.identity.adapters.passwords import PasswordHasher

    # OWASP Password Storage Cheat Sheet: Argon2id, memory in KiB, passes, lanes; all equally strong
    advised = [(47_104, 1, 1), (19_456, 2, 1), (12_288, 3, 1), (9_216, 4, 1), (7_168, 5, 1)]

    hasher = PasswordHasher()

    assert (hasher.memory_cost, hasher.time_cost, hasher.parallelism) in advised
    assert hasher.encode("Vettura!2026", hasher.salt()).startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
