"""What becomes of codes and tokens: taken once, renewed, ended, asked about; also when two come at once."""

import threading

import pytest
from django.db import connection
from django.test import Client
from tests import identity_facts as facts
from tests.identity.oidc.relying_party import RelyingParty

from vettura.foundation import clock as platform_clock
from vettura.identity import actions, queries, rules
from vettura.identity.models import Account, ProgramGrant, ProgramToken

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ID-001")]


@pytest.fixture
def person():
    return facts.account()


@pytest.fixture
def party(person):
    return RelyingParty(browser=facts.signed_in(person))


@pytest.fixture
def app(person):
    return RelyingParty("app", None, "http://127.0.0.1:5000/callback", browser=facts.signed_in(person))


def is_good(party: RelyingParty, access_token: str) -> bool:
    return party.userinfo(access_token).status_code == 200


def at_once(work, times: int = 6) -> list:
    """The answers of as many threads as said, all let go in the same moment."""
    gate, answers = threading.Barrier(times), []

    def run() -> None:
        gate.wait()
        try:
            answers.append(work())
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_refresh_token_is_replaced_each_time_and_keeps_what_the_first_sign_in_said(app):
    first = app.tokens(scope="openid email")
    second = app.renew(first["refresh_token"]).json()
    third = app.renew(second["refresh_token"]).json()

    assert len({first["refresh_token"], second["refresh_token"], third["refresh_token"]}) == 3
    said, renewed = app.claims(first["id_token"]), app.claims(third["id_token"])
    assert {name: renewed[name] for name in ("iss", "sub", "aud", "auth_time", "acr")} == {
        name: said[name] for name in ("iss", "sub", "aud", "auth_time", "acr")
    }
    assert "nonce" not in renewed
    assert is_good(app, third["access_token"])


def test_a_spent_refresh_token_ends_everything_that_came_of_the_same_sign_in_and_nothing_else(app):
    elsewhere = app.tokens()
    first = app.tokens()
    second = app.renew(first["refresh_token"]).json()

    again = app.renew(first["refresh_token"])

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert not is_good(app, first["access_token"])
    assert not is_good(app, second["access_token"])
    assert app.renew(second["refresh_token"]).json()["error"] == "invalid_grant"
    assert is_good(app, elsewhere["access_token"])
    assert ProgramGrant.objects.exclude(ended_at=None).get().ended_because == ProgramGrant.Ended.REFRESH_REUSED


def test_a_renewal_that_was_under_way_when_the_other_succeeded_is_refused_and_ends_nothing(app, clock):
    first = app.tokens()
    underway_since = clock.real_now()
    clock.advance(milliseconds=20)
    second = app.renew(first["refresh_token"]).json()

    late = actions.take_refresh_token(client_id="app", value=first["refresh_token"], arrived_at=underway_since)

    assert late is None
    assert is_good(app, second["access_token"])
    # one step later it is a second use
    assert (
        actions.take_refresh_token(client_id="app", value=first["refresh_token"], arrived_at=clock.real_now()) is None
    )
    assert not is_good(app, second["access_token"])


@pytest.mark.django_db(transaction=True)
def test_of_renewals_that_come_at_once_one_succeeds(app):
    token = app.tokens()["refresh_token"]

    answers = at_once(lambda: app.renew(token).status_code)

    assert sorted(answers) == [200, 400, 400, 400, 400, 400]
    assert ProgramToken.objects.filter(kind=ProgramToken.Kind.REFRESH).count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_redemptions_that_come_at_once_one_succeeds(party):
    code = party.code()

    answers = at_once(lambda: party.redeem(code).status_code)

    assert sorted(answers) == [200, 400, 400, 400, 400, 400]
    assert ProgramToken.objects.filter(kind=ProgramToken.Kind.ACCESS).count() == 1


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 400), (1, 400)])
def test_a_code_is_good_for_a_minute(party, clock, seconds, status):
    code = party.code()

    clock.advance(rules.CODE_LIFETIME)
    clock.advance(seconds=seconds)

    assert party.redeem(code).status_code == status


@pytest.mark.parametrize(("seconds", "is_alive"), [(-1, True), (0, False), (1, False)])
def test_an_access_token_is_good_for_an_hour(party, clock, seconds, is_alive):
    token = party.tokens()["access_token"]

    clock.advance(rules.ACCESS_LIFETIME)
    clock.advance(seconds=seconds)

    assert is_good(party, token) is is_alive
    assert party.introspect(token)["active"] is is_alive


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 400), (1, 400)])
def test_a_refresh_token_that_nobody_uses_dies_after_ninety_days(party, clock, seconds, status):
    token = party.tokens()["refresh_token"]

    clock.advance(rules.REFRESH_LIFETIME)
    clock.advance(seconds=seconds)

    assert party.renew(token).status_code == status


def test_a_code_is_good_only_for_the_program_and_the_address_it_was_made_for(party, app):
    code = party.code()

    assert app.redeem(code, code_verifier="x" * 50).json()["error"] == "invalid_grant"
    assert party.redeem(code, redirect_uri="https://rp.example/other").json()["error"] == "invalid_grant"
    assert party.redeem(code).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
    ],
)
def test_a_public_program_must_use_pkce_with_s256(app, change):
    answer = app.ask(**change)

    assert "error=invalid_request" in answer.headers["Location"]


def test_a_verifier_for_a_code_without_challenge_is_refused(party):
    assert party.redeem(party.code(), code_verifier="x" * 50).json()["error"] == "invalid_grant"


def test_a_program_may_ask_for_less_when_it_renews_and_never_for_more(app):
    tokens = app.tokens(scope="openid email")

    less = app.renew(tokens["refresh_token"], scope="openid").json()
    more = app.renew(less["refresh_token"], scope="openid email vehicles")

    assert less["scope"] == "openid"
    assert "email" not in app.userinfo(less["access_token"]).json()
    assert more.json()["error"] == "invalid_scope"
    assert app.renew(less["refresh_token"], scope="openid email").json()["scope"] == "openid email"


def test_what_is_known_but_not_allowed_to_a_program_is_refused_and_what_nobody_knows_is_ignored(party):
    assert party.tokens(scope="openid made-up")["scope"] == "openid"
    actions.register_client(
        client_id="website", name="Fuel", redirect_uris=[party.redirect_uri], scopes=["openid"], secret=party.secret
    )
    assert "error=invalid_scope" in party.ask(scope="openid email").headers["Location"]


# -- revocation (RFC 7009) ---------------------------------------------------------------------------------------------


def test_a_revoked_refresh_token_takes_the_access_tokens_along(app):
    tokens = app.tokens()

    answer = app.post("revocation_endpoint", token=tokens["refresh_token"], token_type_hint="access_token")

    assert answer.status_code == 200
    assert not is_good(app, tokens["access_token"])
    assert app.renew(tokens["refresh_token"]).status_code == 400


def test_a_revoked_access_token_leaves_the_rest(app):
    tokens = app.tokens()

    app.post("revocation_endpoint", token=tokens["access_token"])

    assert not is_good(app, tokens["access_token"])
    assert app.renew(tokens["refresh_token"]).status_code == 200


def test_nobody_revokes_the_token_of_another_program(app, party):
    tokens = app.tokens()

    assert party.post("revocation_endpoint", token=tokens["refresh_token"]).status_code == 200
    assert party.post("revocation_endpoint", token="made-up").status_code == 200

    assert is_good(app, tokens["access_token"])


# -- introspection (RFC 7662) ------------------------------------------------------------------------------------------


def test_a_program_with_a_secret_learns_what_its_token_is_good_for(party, person):
    token = party.tokens(scope="openid email")["access_token"]

    facts_of = party.introspect(token)

    assert facts_of["active"] is True
    assert (facts_of["client_id"], facts_of["scope"], facts_of["token_type"]) == ("website", "openid email", "Bearer")
    assert facts_of["sub"] == party.userinfo(token).json()["sub"]
    assert facts_of["exp"] - facts_of["iat"] == 3600


def test_only_an_api_asks_about_tokens_of_others(party, app):
    token = app.tokens()["access_token"]

    assert party.introspect(token) == {"active": False}
    assert RelyingParty("resource").introspect(token)["client_id"] == "app"


def test_a_public_program_asks_about_no_token(app):
    token = app.tokens()["access_token"]

    answer = app.post("introspection_endpoint", token=token)

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


# -- apps with access --------------------------------------------------------------------------------------------------


def test_people_see_what_an_app_may_and_end_it_and_nothing_of_it_works_a_moment_later(app, party, person):
    tokens = app.tokens(scope="openid email vehicles")
    renewed = app.renew(tokens["refresh_token"]).json()
    other = party.tokens()
    page = app.browser.get("/account/programs/").content.decode()
    assert "Phone app" in page
    assert "send commands to them" in page
    assert "The consequence" not in app.browser.get("/account/programs/end/?client_id=app").content.decode()

    app.browser.post("/account/programs/end/", {"client_id": "app"})

    assert not is_good(app, tokens["access_token"])
    assert not is_good(app, renewed["access_token"])
    assert app.renew(renewed["refresh_token"]).status_code == 400
    # what a live stream asks at its next check
    assert queries.bearer_account(token=renewed["access_token"], scope="vehicles") is None
    assert is_good(party, other["access_token"])
    assert [program.client_id for program in queries.programs_with_access(account=person)] == ["website"]


def test_whoever_ended_an_app_is_asked_again(party):
    party.tokens()
    assert party.ask().status_code == 302
    party.browser.post("/account/programs/end/", {"client_id": "website"})

    assert party.ask().status_code == 200


def test_nobody_ends_the_apps_of_another_person(party):
    tokens = party.tokens()

    facts.signed_in(facts.account()).post("/account/programs/end/", {"client_id": "website"})

    assert is_good(party, tokens["access_token"])


def test_the_list_asks_the_database_the_same_however_many_sign_ins_there_are(
    app, party, person, django_assert_max_num_queries
):
    for _ in range(3):
        app.tokens()
        party.tokens()

    with django_assert_max_num_queries(1):
        found = queries.programs_with_access(account=person)

    assert [program.name for program in found] == ["Fuel prices", "Phone app"]


def test_an_account_that_is_gone_has_no_tokens_and_gets_none(party, person):
    tokens = party.tokens()

    gone = {"status": Account.Status.DELETED, "deleted_at": platform_clock.now()}
    Account.objects.filter(id=person.id).update(**gone)

    assert not is_good(party, tokens["access_token"])
    assert party.introspect(tokens["access_token"]) == {"active": False}
    assert party.renew(tokens["refresh_token"]).status_code == 400


def test_use_of_the_api_is_noted_and_shown_as_last_used(app, person, clock):
    token = app.tokens(scope="openid vehicles")["access_token"]
    clock.advance(minutes=10)

    Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})

    assert queries.programs_with_access(account=person)[0].last_used == platform_clock.now()


# -- limits, pages of other sites, malformed requests ------------------------------------------------------------------


def test_a_program_that_asks_too_often_from_one_place_waits(party, settings):
    settings.IDP_OIDC_RATE_LIMITS = settings.IDP_OIDC_RATE_LIMITS | {"token_client": "2/m/key"}

    statuses = [party.renew("made-up").status_code for _ in range(3)]
    late = party.renew("made-up")

    assert statuses == [400, 400, 429]
    assert late.headers["Retry-After"] == "60"


def test_only_pages_of_registered_origins_may_ask_for_tokens(party):
    path = party.path("token_endpoint")

    allowed = Client().options(path, headers={"Origin": "https://rp.example"})
    other = Client().options(path, headers={"Origin": "https://evil.example"})

    assert allowed.headers["Access-Control-Allow-Origin"] == "https://rp.example"
    assert "Access-Control-Allow-Origin" not in other.headers


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password", "username": "a", "password": "b"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "a\x00b"}, "invalid_request"),
        ({"grant_type": ["refresh_token", "refresh_token"], "refresh_token": "x"}, "invalid_request"),
    ],
)
def test_a_token_request_that_cannot_be_is_refused_by_name(party, body, error):
    answer = party.post("token_endpoint", **body)

    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_is_long_over_is_forgotten_and_what_lives_is_kept(app, person, clock):
    app.tokens()
    clock.advance(rules.REFRESH_LIFETIME)
    clock.advance(days=31)
    # the browser's own sign-in is over as well
    app.browser = facts.signed_in(person)
    living = app.tokens()

    actions.forget_old_grants(at=clock.real_now())

    assert ProgramGrant.objects.count() == 1
    assert is_good(app, living["access_token"])
