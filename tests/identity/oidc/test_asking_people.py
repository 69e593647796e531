"""What people are asked on the way: consent, which account, a device's code, signing out; and the keys that vouch for it."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jws
from tests import identity_facts as facts
from tests.identity.oidc.relying_party import RelyingParty, answer_in

from vettura.identity import actions, rules
from vettura.identity.adapters.keys import ensure_oidc_key, next_key, rotate_oidc_key
from vettura.identity.errors import ProgramInvalid
from vettura.identity.models import DeviceSignIn, ProgramGrant

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


def test_consent_is_remembered_for_what_was_allowed_and_asked_for_what_is_new(party):
    assert party.ask(scope="openid email").status_code == 200
    party.tokens(scope="openid email")

    assert "code" in answer_in(party.ask(scope="openid"))
    assert "code" in answer_in(party.ask(scope="openid email"))
    assert party.ask(scope="openid email phone").status_code == 200
    assert party.ask(scope="openid", prompt="consent").status_code == 200


def test_a_program_that_another_could_pose_as_is_asked_about_each_time(app):
    app.tokens()

    assert app.ask().status_code == 200
    assert answer_in(app.ask(prompt="none"))["error"] == "consent_required"


def test_what_a_person_leaves_out_the_program_does_not_get(party):
    page = party.ask(scope="openid email phone", claims=json.dumps({"userinfo": {"name": None}}))

    tokens = party.redeem(answer_in(party.allow(page, scopes=["email"]))["code"]).json()

    assert tokens["scope"] == "openid email"
    assert set(party.userinfo(tokens["access_token"]).json()) == {"sub", "email", "email_verified"}


def test_a_refusal_is_told_and_opens_nothing(party):
    answer = answer_in(party.allow(party.ask(), action="cancel"))

    assert (answer["error"], answer["state"]) == ("access_denied", "the-state")
    assert not ProgramGrant.objects.exists()


def test_a_surface_of_ours_asks_nobody(party):
    actions.register_client(
        client_id="website", name="Portal", redirect_uris=[party.redirect_uri], secret=party.secret, is_ours=True
    )

    assert "code" in answer_in(party.ask(prompt="none"))


def test_a_form_that_was_made_for_somebody_else_gives_no_code(party):
    page = party.ask()
    party.browser = facts.signed_in(facts.account())

    answer = party.allow(page)

    assert answer.headers["Location"].startswith("/identity/o/authorize?")
    assert party.browser.post("/identity/o/authorize", {"request": "made-up", "action": "grant"}).status_code == 403
    assert not ProgramGrant.objects.exists()


def test_the_answer_needs_the_token_against_forgery(party, person):
    party.browser = Client(enforce_csrf_checks=True)
    party.browser.force_login(person, backend=facts.BACKEND)

    assert party.allow(party.ask()).status_code == 403


def test_a_program_may_post_its_request(party):
    sent = party.browser.post("/identity/o/authorize", {"client_id": "website", "scope": "openid"})

    assert sent.headers["Location"] == "/identity/o/authorize?client_id=website&scope=openid"


def test_a_person_who_shall_choose_goes_on_as_they_say(party):
    party.tokens()
    page = party.ask(prompt="select_account")
    assert page.context["may_go_on"] is True

    chosen = party.browser.get(party.allow(page, action="continue").headers["Location"])

    assert "code" in answer_in(chosen)


def test_a_program_that_means_somebody_else_gets_no_answer_for_this_one(party):
    theirs = RelyingParty(browser=facts.signed_in(facts.account()))
    hint = theirs.tokens()["id_token"]

    assert answer_in(party.ask(prompt="none", id_token_hint=hint))["error"] == "login_required"
    page = party.ask(id_token_hint=hint)
    assert page.context["may_go_on"] is False
    assert answer_in(party.allow(page, action="continue"))["error"] == "access_denied"
    other = party.allow(page, action="other")
    assert other.headers["Location"].startswith("/signin/?next=")
    assert "error=invalid_request" in party.ask(id_token_hint="made-up").headers["Location"]


def test_a_mark_of_one_request_is_worth_nothing_on_another(party):
    sent = party.ask(prompt="login")
    marked = parse_qs(urlsplit(sent.headers["Location"]).query)["next"][0]
    mark = parse_qs(urlsplit(marked).query)["fresh_after"][0]

    assert party.ask(prompt="login", fresh_after=mark).headers["Location"].startswith("/signin/again/")


@pytest.mark.parametrize("max_age", ["-1", "soon", "1.5", "99999999999"])
def test_an_age_that_is_no_number_is_refused(party, max_age):
    assert answer_in(party.ask(max_age=max_age))["error"] == "invalid_request"


@pytest.mark.parametrize("claims", ["{", "[]", '{"id_token": 1}', '{"userinfo": {"name": 1}}'])
def test_claims_of_the_wrong_shape_are_refused(party, claims):
    assert answer_in(party.ask(claims=claims))["error"] == "invalid_request"


def test_a_sign_in_that_is_not_strong_enough_is_not_called_so(party):
    wish = json.dumps({"id_token": {"acr": {"essential": True, "values": [rules.ACR_TWO_FACTORS]}}})
    party.tokens()

    assert answer_in(party.ask(claims=wish))["error"] == "unmet_authentication_requirements"


@pytest.mark.parametrize(
    ("records", "acr", "amr"),
    [
        ([], rules.ACR_ONE_FACTOR, ()),
        ([{"method": "password"}], rules.ACR_ONE_FACTOR, ("pwd",)),
        ([{"method": "password"}, {"method": "mfa", "type": "totp"}], rules.ACR_TWO_FACTORS, ("otp", "pwd", "mfa")),
        ([{"method": "mfa", "type": "webauthn", "passwordless": True}], rules.ACR_PHISHING_RESISTANT, ("hwk",)),
    ],
)
def test_a_sign_in_is_called_what_it_was(records, acr, amr):
    assert rules.authentication_strength(records) == (acr, amr)


# -- devices (RFC 8628) ------------------------------------------------------------------------------------------------


def begin(app: RelyingParty, scope: str = "openid vehicles") -> dict:
    answer = app.post("device_authorization_endpoint", scope=scope)
    assert answer.status_code == 200, answer.content
    return answer.json()


def poll(app: RelyingParty, device: dict):
    kind = "urn:ietf:params:oauth:grant-type:device_code"
    return app.post("token_endpoint", grant_type=kind, device_code=device["device_code"])


def test_a_device_shows_a_code_and_is_let_in_once(app):
    device = begin(app)
    assert poll(app, device).json()["error"] == "authorization_pending"

    page = app.browser.get("/device/", {"code": device["user_code"].replace("-", "").lower()})
    assert "send commands" in page.content.decode()
    app.browser.post("/device/", {"code": device["user_code"], "action": "confirm"})

    tokens = poll(app, device).json()
    assert tokens["scope"] == "openid vehicles"
    assert app.claims(tokens["id_token"])["acr"] == rules.ACR_ONE_FACTOR
    assert app.renew(tokens["refresh_token"]).status_code == 200
    assert poll(app, device).json()["error"] == "invalid_grant"


def test_a_refused_device_is_told_so(app):
    device = begin(app)

    app.browser.post("/device/", {"code": device["user_code"], "action": "deny"})

    assert poll(app, device).json()["error"] == "access_denied"
    assert not ProgramGrant.objects.exists()


@pytest.mark.parametrize(
    ("seconds", "error"), [(4, "slow_down"), (5, "authorization_pending"), (6, "authorization_pending")]
)
def test_a_device_that_asks_too_soon_is_slowed_down(app, clock, seconds, error):
    device = begin(app)
    poll(app, device)

    clock.advance(seconds=seconds)

    assert poll(app, device).json()["error"] == error
    assert DeviceSignIn.objects.get().interval_seconds == (10 if error == "slow_down" else 5)


@pytest.mark.parametrize(("seconds", "is_good"), [(-1, True), (0, False), (1, False)])
def test_a_device_code_runs_out_after_ten_minutes(app, clock, seconds, is_good):
    device = begin(app)

    clock.advance(rules.DEVICE_LIFETIME)
    clock.advance(seconds=seconds)

    assert poll(app, device).json()["error"] == ("authorization_pending" if is_good else "expired_token")
    assert app.browser.get("/device/", {"code": device["user_code"]}).status_code == (200 if is_good else 422)


def test_guessing_codes_is_slowed_down(app, settings):
    settings.IDP_OIDC_RATE_LIMITS = settings.IDP_OIDC_RATE_LIMITS | {"device_user_code_person": "2/m/user"}

    statuses = [app.browser.get("/device/", {"code": "BCDF-GHJK"}).status_code for _ in range(3)]

    assert statuses == [422, 422, 429]


def test_another_program_does_not_get_the_tokens_of_a_device(app, party):
    device = begin(app)
    app.browser.post("/device/", {"code": device["user_code"], "action": "confirm"})

    assert poll(party, device).json()["error"] == "invalid_grant"
    assert poll(app, device).status_code == 200


# -- signing out (RP-Initiated Logout) ---------------------------------------------------------------------------------


def test_a_program_signs_out_whom_its_id_token_names_and_what_this_browser_allowed_it(party, person):
    at_home = RelyingParty(browser=facts.signed_in(person)).tokens()
    tokens = party.tokens()
    asked = {
        "id_token_hint": tokens["id_token"],
        "post_logout_redirect_uri": "https://rp.example/bye",
        "state": "s-1",
    }

    answer = party.browser.get(party.path("end_session_endpoint"), asked)

    assert answer.headers["Location"] == "https://rp.example/bye?state=s-1"
    assert party.ask(prompt="none").headers["Location"].count("login_required") == 1
    assert party.userinfo(tokens["access_token"]).status_code == 401
    assert party.userinfo(at_home["access_token"]).status_code == 200


def test_without_an_id_token_the_person_is_asked(party):
    tokens = party.tokens()
    page = party.browser.get(party.path("end_session_endpoint"), {"client_id": "website"})
    assert "Sign out here too?" in page.content.decode()

    party.browser.post(party.path("end_session_endpoint"), {"request": page.context["signed"], "action": "stay"})
    assert party.userinfo(tokens["access_token"]).status_code == 200
    party.browser.post(party.path("end_session_endpoint"), {"request": page.context["signed"], "action": "logout"})

    assert party.userinfo(tokens["access_token"]).status_code == 401


@pytest.mark.parametrize("address", ["https://rp.example/other", "https://evil.example/bye", "javascript:alert(1)"])
def test_nobody_is_sent_to_an_address_that_was_not_registered_for_signing_out(party, address):
    asked = {"client_id": "website", "post_logout_redirect_uri": address}

    answer = party.browser.get(party.path("end_session_endpoint"), asked)

    assert (answer.status_code, "Location" in answer.headers) == (400, False)


# -- discovery and keys ------------------------------------------------------------------------------------------------


def test_discovery_names_only_addresses_that_answer(client):
    found = client.get("/.well-known/openid-configuration").json()

    addresses = [value for name, value in found.items() if name.endswith(("_endpoint", "_uri"))]
    assert len(addresses) == 8
    assert all(client.get(urlsplit(address).path).status_code != 404 for address in addresses)
    assert found == client.get("/.well-known/oauth-authorization-server").json()


def test_keys_change_without_a_token_that_cannot_be_checked(party, settings, tmp_path):
    path = settings.IDP_OIDC_PRIVATE_KEY_FILE = tmp_path / "oidc.pem"
    ensure_oidc_key(path)
    before = party.tokens()["id_token"]
    announced = {key["kid"] for key in Client().get(party.path("jwks_uri")).json()["keys"]}

    assert rotate_oidc_key(path)

    after = party.tokens()["id_token"]
    kids = {token: jws.extract_compact(token.encode()).headers()["kid"] for token in (before, after)}
    assert kids[before] != kids[after]
    assert kids[after] in announced
    assert party.claims(before)["sub"] == party.claims(after)["sub"]
    assert len(Client().get(party.path("jwks_uri")).json()["keys"]) == 3
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_that_nobody_could_have_read_does_not_sign(tmp_path):
    path = tmp_path / "oidc.pem"
    ensure_oidc_key(path)
    next_key(path).unlink()
    present = path.read_text()

    assert not rotate_oidc_key(path)

    assert path.read_text() == present
    assert next_key(path).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uris": ["http://rp.example/callback"]},
        {"redirect_uris": ["https://*.example/callback"]},
        {"redirect_uris": ["https://rp.example/callback#part"]},
        {"redirect_uris": ["javascript:alert(1)"]},
        {"scopes": ["openid", "everything"]},
        {"secret": "short"},
        {"name": " "},
    ],
)
def test_a_program_that_would_be_a_hole_is_not_registered(wrong):
    with pytest.raises(ProgramInvalid):
        actions.register_client(**({"client_id": "new", "name": "New", "redirect_uris": []} | wrong))
