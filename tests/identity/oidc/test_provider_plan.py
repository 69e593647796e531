"""
The test plan of the OpenID Foundation's (retired, Python) provider suite for a code-flow provider with a static client.

34 names, each a test below with the same request and the same expectation. Where the suite would warn and not fail, the
decision is docs/decisions/0012: `request` objects are refused by name (OP-request-Unsigned), a second redemption of a
code always ends its tokens (OP-OAuth-2nd, -30s, -Revokes), and scope claims are also in the ID token (OP-scope-*).
"""

import json
from datetime import timedelta

import pytest
from django.test import Client
from joserfc import jwk
from tests import identity_facts as facts
from tests.identity.oidc.relying_party import RelyingParty, answer_in

from vettura.foundation import clock as platform_clock
from vettura.identity import actions, rules

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ID-001")]

PLAN = (
    "OP-Response-code",
    "OP-Response-Missing",
    "OP-IDToken-C-Signature",
    "OP-ClientAuth-Basic-Static",
    "OP-ClientAuth-SecretPost-Static",
    "OP-UserInfo-Endpoint",
    "OP-UserInfo-Header",
    "OP-UserInfo-Body",
    "OP-nonce-NoReq-code",
    "OP-nonce-code",
    "OP-scope-profile",
    "OP-scope-email",
    "OP-scope-address",
    "OP-scope-phone",
    "OP-scope-All",
    "OP-display-page",
    "OP-display-popup",
    "OP-prompt-login",
    "OP-prompt-none-NotLoggedIn",
    "OP-prompt-none-LoggedIn",
    "OP-Req-max_age=1",
    "OP-Req-max_age=10000",
    "OP-Req-id_token_hint",
    "OP-Req-login_hint",
    "OP-Req-ui_locales",
    "OP-Req-claims_locales",
    "OP-Req-acr_values",
    "OP-Req-NotUnderstood",
    "OP-OAuth-2nd",
    "OP-OAuth-2nd-30s",
    "OP-OAuth-2nd-Revokes",
    "OP-redirect_uri-NotReg",
    "OP-claims-essential",
    "OP-request-Unsigned",
)
TESTED: set[str] = set()


def plan(name: str):
    """A test of the plan, under its own name."""
    TESTED.add(name)
    return pytest.mark.parametrize("op", [name], ids=[name])


@pytest.fixture
def person():
    someone = facts.account(email="ada@example.org")
    actions.update_contact(account=someone, language="en", street="Via Roma 1", postal_code="10121", city="Torino")
    someone.refresh_from_db()
    return someone


@pytest.fixture
def browser(person):
    """Signed in by the page, so that the session knows how and when."""
    client = Client()
    client.post("/signin/", {"login": person.email, "password": facts.PASSWORD})
    return client


@pytest.fixture
def party(browser):
    return RelyingParty(browser=browser)


def signed_in_some_time_ago(browser: Client, **ago: float) -> None:
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= timedelta(**ago).total_seconds()
    session.save()


@plan("OP-Response-code")
def test_a_code_comes_back(op, party):
    assert len(party.code()) >= 32


@plan("OP-Response-Missing")
def test_a_request_without_response_type_is_refused(op, party):
    answer = answer_in(party.ask(response_type=None))

    assert (answer["error"], answer["state"]) == ("invalid_request", "the-state")
    assert "code" not in answer


@plan("OP-IDToken-C-Signature")
def test_the_id_token_is_signed_with_a_published_key(op, party):
    claims = party.claims(party.tokens()["id_token"])

    assert claims["exp"] > claims["iat"]
    keys = Client().get(party.path("jwks_uri")).json()["keys"]
    assert all({"kty", "kid", "n", "e", "use", "alg"} == set(key) for key in keys)
    assert len(jwk.KeySet.import_key_set({"keys": keys}).keys) == 2


@plan("OP-ClientAuth-Basic-Static")
@pytest.mark.parametrize("secret", ["right", "wrong"])
def test_a_program_proves_itself_with_basic(op, party, secret):
    code = party.code()
    party.secret = party.secret if secret == "right" else "wrong" * 10

    answer = party.redeem(code)

    assert answer.status_code == (200 if secret == "right" else 401)
    if secret == "wrong":
        assert answer.json()["error"] == "invalid_client"
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")


@plan("OP-ClientAuth-SecretPost-Static")
def test_a_program_proves_itself_in_the_body(op, party):
    party.auth_method = "client_secret_post"

    assert party.tokens()["token_type"] == "Bearer"


@plan("OP-UserInfo-Endpoint")
def test_userinfo_tells_the_subject(op, party):
    tokens = party.tokens()

    answer = party.userinfo(tokens["access_token"])

    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json() == {"sub": party.claims(tokens["id_token"])["sub"]}


@plan("OP-UserInfo-Header")
def test_userinfo_takes_the_token_in_the_header_of_a_post(op, party):
    token = party.tokens()["access_token"]

    answer = Client().post(party.path("userinfo_endpoint"), headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 200
    assert Client().get(party.path("userinfo_endpoint") + f"?access_token={token}").status_code == 401


@plan("OP-UserInfo-Body")
def test_userinfo_takes_the_token_in_a_form(op, party):
    token = party.tokens()["access_token"]

    assert Client().post(party.path("userinfo_endpoint"), {"access_token": token}).status_code == 200


@plan("OP-nonce-NoReq-code")
def test_a_nonce_is_not_needed(op, party):
    assert "nonce" not in party.claims(party.tokens(nonce=None)["id_token"])


@plan("OP-nonce-code")
def test_the_nonce_comes_back(op, party):
    assert party.claims(party.tokens()["id_token"])["nonce"] == party.nonce


SCOPES = {
    "profile": {"name": "Ada Rossi", "given_name": "Ada", "family_name": "Rossi", "locale": "en"},
    "email": {"email": "ada@example.org", "email_verified": True},
    "address": {
        "address": {
            "street_address": "Via Roma 1",
            "postal_code": "10121",
            "locality": "Torino",
            "country": "IT",
            "formatted": "Via Roma 1\n10121 Torino\nIT",
        }
    },
    "phone": {"phone_number": facts.PHONE, "phone_number_verified": True},
}
SCOPES["All"] = {name: value for known in SCOPES.values() for name, value in known.items()}
TESTED |= {f"OP-scope-{scope}" for scope in SCOPES}


@pytest.mark.parametrize("scope", SCOPES, ids=[f"OP-scope-{scope}" for scope in SCOPES])
def test_a_scope_tells_its_claims_and_no_others(scope, party):
    asked = "openid profile email address phone" if scope == "All" else f"openid {scope}"

    tokens = party.tokens(scope=asked)

    told = party.userinfo(tokens["access_token"]).json()
    assert told.pop("sub") == party.claims(tokens["id_token"])["sub"]
    assert told == SCOPES[scope]


@pytest.mark.parametrize("display", ["page", "popup"], ids=["OP-display-page", "OP-display-popup"])
def test_a_display_is_understood(display, party):
    assert party.ask(display=display).status_code == 200
    assert party.code(display=display)


TESTED |= {"OP-display-page", "OP-display-popup"}


@plan("OP-prompt-login")
def test_prompt_login_asks_for_the_password_again_and_says_the_new_time(op, party, browser):
    signed_in_some_time_ago(browser, minutes=2)
    before = party.claims(party.tokens()["id_token"])["auth_time"]

    sent = party.ask(prompt="login")
    assert sent.headers["Location"].startswith("/signin/again/?")
    back = browser.post(sent.headers["Location"], {"password": facts.PASSWORD})
    answer = answer_in(browser.get(back.headers["Location"]))

    after = party.claims(party.redeem(answer["code"]).json()["id_token"])["auth_time"]
    assert after >= before + 120


@plan("OP-prompt-none-NotLoggedIn")
def test_prompt_none_shows_no_page_to_somebody_unknown(op, party):
    party.browser = Client()

    assert answer_in(party.ask(prompt="none"))["error"] == "login_required"


@plan("OP-prompt-none-LoggedIn")
def test_prompt_none_answers_at_once_after_an_earlier_consent(op, party):
    assert answer_in(party.ask(prompt="none"))["error"] == "consent_required"
    first = party.claims(party.tokens()["id_token"])

    again = party.claims(party.redeem(answer_in(party.ask(prompt="none"))["code"]).json()["id_token"])

    assert (again["sub"], again["auth_time"]) == (first["sub"], first["auth_time"])


@plan("OP-Req-max_age=1")
def test_an_old_sign_in_is_made_new(op, party, browser):
    signed_in_some_time_ago(browser, seconds=90)

    sent = party.ask(max_age="1")

    assert sent.headers["Location"].startswith("/signin/again/?")
    back = browser.post(sent.headers["Location"], {"password": facts.PASSWORD})
    page = browser.get(back.headers["Location"])
    code = answer_in(party.allow(page))["code"]
    claims = party.claims(party.redeem(code).json()["id_token"])
    assert platform_clock.real_now().timestamp() - claims["auth_time"] < 60


@plan("OP-Req-max_age=10000")
def test_a_young_sign_in_is_good_enough(op, party):
    first = party.claims(party.tokens()["id_token"])

    second = party.claims(party.tokens(max_age="10000")["id_token"])

    assert second["auth_time"] == first["auth_time"]


@plan("OP-Req-id_token_hint")
def test_a_hint_to_the_one_who_is_signed_in_goes_through_without_a_page(op, party):
    hint = party.tokens()["id_token"]

    assert "code" in answer_in(party.ask(prompt="none", id_token_hint=hint))


@plan("OP-Req-login_hint")
def test_the_hinted_address_stands_in_the_sign_in_form(op, party):
    party.browser = Client()

    sent = party.ask(login_hint="ada@example.org")

    assert 'value="ada@example.org"' in party.browser.get(sent.headers["Location"]).content.decode()


@plan("OP-Req-ui_locales")
def test_the_page_speaks_the_language_that_was_asked_for(op, party):
    assert "Consenti accesso" in party.ask(ui_locales="xx it-IT en").content.decode()
    assert party.code(ui_locales="se")


@plan("OP-Req-claims_locales")
def test_claims_locales_do_no_harm(op, party):
    assert party.claims(party.tokens(claims_locales="se")["id_token"])["sub"]


@plan("OP-Req-acr_values")
def test_the_class_of_the_sign_in_is_told_as_it_was(op, party):
    wanted = " ".join(reversed(party.discover()["acr_values_supported"]))

    claims = party.claims(party.tokens(acr_values=wanted)["id_token"])

    assert (claims["acr"], claims["amr"]) == (rules.ACR_ONE_FACTOR, ["pwd"])


@plan("OP-Req-NotUnderstood")
def test_a_parameter_that_nobody_knows_is_ignored(op, party):
    assert party.code(extra="foobar")


@plan("OP-OAuth-2nd")
def test_a_code_is_good_once(op, party):
    code = party.code()
    assert party.redeem(code).status_code == 200

    again = party.redeem(code)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


@plan("OP-OAuth-2nd-30s")
def test_a_code_is_still_spent_half_a_minute_later(op, party, clock):
    code = party.code()
    assert party.redeem(code).status_code == 200

    clock.advance(seconds=30)

    assert party.redeem(code).json()["error"] == "invalid_grant"


@plan("OP-OAuth-2nd-Revokes")
def test_a_code_that_comes_twice_ends_the_tokens_of_the_first_time(op, party):
    code = party.code()
    tokens = party.redeem(code).json()
    assert party.userinfo(tokens["access_token"]).status_code == 200

    party.redeem(code)

    assert party.userinfo(tokens["access_token"]).status_code == 401
    assert party.renew(tokens["refresh_token"]).json()["error"] == "invalid_grant"


@plan("OP-redirect_uri-NotReg")
@pytest.mark.parametrize(
    "address",
    [
        "https://rp.example/callback/",
        "https://rp.example/callback?x=1",
        "https://evil.example/callback",
        "http://rp.example/callback",
    ],
)
def test_nobody_is_sent_to_an_address_that_was_not_registered(op, party, address):
    answer = party.ask(redirect_uri=address)

    assert answer.status_code == 400
    assert "Location" not in answer.headers


@plan("OP-claims-essential")
def test_a_single_claim_is_told_where_it_was_asked_for(op, party):
    wish = json.dumps({"userinfo": {"name": {"essential": True}}})

    tokens = party.tokens(claims=wish)

    told = party.userinfo(tokens["access_token"]).json()
    assert (set(told), told["name"]) == ({"sub", "name"}, "Ada Rossi")
    assert "name" not in party.claims(tokens["id_token"])


@plan("OP-request-Unsigned")
def test_a_request_object_is_refused_by_name(op, party):
    answer = answer_in(party.ask(request="eyJhbGciOiJub25lIn0.e30."))

    assert answer["error"] == "request_not_supported"
    assert party.discover()["request_parameter_supported"] is False


def test_every_name_of_the_plan_has_its_test():
    assert len(PLAN) == 34
    assert set(PLAN) == TESTED
