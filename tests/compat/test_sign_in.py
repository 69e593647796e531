"""The unmodified clients sign in: conformance cases 3 to 6 of the contract."""

import base64
import hashlib
import importlib
import json
import re
import secrets
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from tests import identity_facts as facts

from vettura.api.shell import api
from vettura.compat import captcha, clients
from vettura.identity import actions, queries
from vettura.identity.models import ForeignSignIn, ProgramGrant

pytestmark = pytest.mark.django_db

CLIENT_ID = "XhygisuebbrqQ80byOuU5VncxLIm8E6H"
NOWHERE = "01a22389-e6fd-7845-a767-862dfda0a43d"
REDIRECT = "my-porsche-app://auth0/callback"


@pytest.fixture
def exceptions(client_package):
    return importlib.import_module("pyporscheconnectapi.exceptions")


@pytest.fixture
def letters(monkeypatch):
    """The letters of the pictures that were drawn, as a person reads them."""
    read: list[str] = []
    drawn = captcha.picture
    monkeypatch.setattr(captcha, "picture", lambda text: (read.append(text), drawn(text))[1])
    return read


def guess(connect, loop, exceptions, email: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(exceptions.PorscheWrongCredentialsError):
            loop.run(connect(email, "Wrong!2026pw").get_token())


def test_both_versions_sign_in_and_hold_tokens_of_the_same_account(connect, loop, person):
    token = loop.run(connect(person.email).get_token())

    bearer = queries.bearer(token=token.access_token)
    assert bearer.account == person
    assert {"cars", "manageCharging"} <= queries.foreign_scopes(scopes=bearer.scopes)
    assert (token["expires_in"], bool(token.refresh_token)) == (3600, True)
    assert loop.slept == [2.5]


def test_a_token_of_a_foreign_app_opens_nothing_of_our_own_interface(connect, loop, person):
    token = loop.run(connect(person.email).get_token())
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token.access_token}"}

    everything = [
        path for path, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items() if "get" in methods
    ]
    refused = Client().get("/api/v1/vehicles", **bearer)
    answers = {path: Client().get(re.sub(r"{\w+}", NOWHERE, path), **bearer).status_code for path in everything}
    userinfo = Client().get("/identity/o/api/userinfo", **bearer)
    renewed = Client().post(
        "/identity/o/api/token",
        {"grant_type": "refresh_token", "refresh_token": token.refresh_token, "client_id": CLIENT_ID},
    )

    assert (refused.status_code, refused.json()["code"]) == (403, "identity.scope_missing")
    assert {path: status for path, status in answers.items() if status not in (401, 403, 404)} == {}
    assert userinfo.status_code == 401
    assert renewed.status_code == 400


@pytest.mark.conformance(3)
def test_who_signs_in_again_with_the_same_cookies_needs_one_request(connect, loop, person):
    http = loop.http()
    loop.run(connect(person.email, http=http).get_token())
    before = len(loop.transport.seen)

    again = loop.run(connect(person.email, "not even asked for", http=http).get_token())

    assert [path for _, path, _ in loop.transport.seen[before:]] == ["/authorize", "/oauth/token"]
    assert queries.bearer(token=again.access_token).account == person


def test_cookies_are_worth_nothing_once_the_person_has_ended_the_access(connect, loop, person, exceptions):
    http = loop.http()
    token = loop.run(connect(person.email, http=http).get_token())

    actions.revoke_program(account=person, client_id=CLIENT_ID)

    assert (
        queries.bearer(token=token.access_token).account != person if queries.bearer(token=token.access_token) else True
    )
    with pytest.raises(exceptions.PorscheWrongCredentialsError):
        loop.run(connect(person.email, "Wrong!2026pw", http=http).get_token())


@pytest.mark.conformance(4)
def test_a_wrong_password_and_an_unknown_address_sound_the_same(connect, loop, person, exceptions):
    for email in (person.email, "nobody@example.org"):
        with pytest.raises(exceptions.PorscheWrongCredentialsError):
            loop.run(connect(email, "Wrong!2026pw").get_token())

    statuses = [status for _, path, status in loop.transport.seen if path.startswith("/u/login")]
    assert statuses == [302, 400, 302, 400]


@pytest.mark.conformance(4)
def test_after_wrong_tries_a_picture_has_to_be_read_and_a_new_program_goes_on_with_its_letters(
    connect, loop, person, exceptions, letters, version
):
    guess(connect, loop, exceptions, person.email, 3)
    with pytest.raises(exceptions.PorscheCaptchaRequiredError) as first:
        loop.run(connect(person.email).get_token())
    more = {} if version == "0.2.7" else {"code_verifier": first.value.code_verifier}
    wrong = connect(person.email, captcha_code="XXXXXX", state=first.value.state, **more)
    with pytest.raises(exceptions.PorscheCaptchaRequiredError) as second:
        loop.run(wrong.get_token())

    right = connect(person.email, captcha_code=letters[-1].lower(), state=second.value.state, **more)
    token = loop.run(right.get_token())

    assert second.value.state == first.value.state
    assert second.value.captcha != first.value.captcha
    assert queries.bearer(token=token.access_token).account == person


def test_the_picture_is_one_that_home_assistant_can_enlarge_and_nobody_can_copy_text_from():
    head, _, data = captcha.picture("ACE347").partition(",")
    svg = base64.b64decode(data).decode()

    assert head == "data:image/svg+xml;base64"
    assert 'width="150" height="50"' in svg
    assert "<text" not in svg
    assert len(re.findall("<path", svg)) > 6


def test_a_picture_that_was_read_is_good_for_one_password(connect, loop, person, exceptions, letters):
    guess(connect, loop, exceptions, person.email, 3)
    begun = begin()
    ask_identifier(begun, person.email)
    assert ask_identifier(begun, person.email, captcha=letters[-1]).status_code == 302
    assert ask_password(begun, person.email, "Wrong!2026pw").status_code == 400

    assert ask_password(begun, person.email, facts.PASSWORD).status_code == 400
    assert ask_identifier(begun, person.email).status_code == 400


def test_tries_count_together_with_those_of_our_own_sign_in(connect, loop, person, exceptions, clock):
    for _ in range(6):
        Client().post("/signin/", {"login": person.email, "password": "Wrong!2026pw"})
    begun = begin()

    refused = ask_password(begun, person.email, facts.PASSWORD)

    assert refused.status_code == 400
    assert not ForeignSignIn.objects.exclude(account=None).exists()


@pytest.mark.conformance(4)
@pytest.mark.parametrize("version", ["0.2.9"], indirect=True)
def test_the_page_that_offers_a_passkey_is_passed_when_it_is_shown(connect, loop, person, settings):
    settings.COMPAT_PASSKEY_PAGE = "always"

    token = loop.run(connect(person.email).get_token())

    assert ("GET", "/u/passkey-enrollment", 200) in loop.transport.seen
    assert ("POST", "/u/passkey-enrollment", 302) in loop.transport.seen
    assert queries.bearer(token=token.access_token).account == person


def test_a_client_that_declares_passkeys_is_offered_one():
    person = facts.account()
    actions.allow_foreign_apps(account=person, is_on=True)
    begun = begin()
    ask_identifier(begun, person.email, **{"webauthn-available": "true"})
    ask_password(begun, person.email, facts.PASSWORD)

    assert follow(f"/authorize/resume?state={begun}").startswith("/u/passkey-enrollment")


@pytest.mark.conformance(6)
def test_a_spent_refresh_token_is_403_and_the_client_signs_in_again(connect, loop, person):
    connection = connect(person.email)
    first = dict(loop.run(connection.get_token()))
    connection.token.expires_at = -100
    second = dict(loop.run(connection.get_token()))
    assert second["refresh_token"] != first["refresh_token"]

    connection.token.update(first, expires_at=1)
    third = loop.run(connection.get_token())

    assert [status for _, path, status in loop.transport.seen if path == "/oauth/token"] == [200, 200, 403, 200]
    assert queries.bearer(token=third.access_token).account == person
    # whoever came with the spent one took the whole sign-in along
    assert queries.bearer(token=second["access_token"]) is None
    assert ProgramGrant.objects.get(ended_because="refresh_reused").account == person


@pytest.mark.conformance(6)
def test_an_access_token_is_over_after_an_hour(connect, loop, person, clock):
    token = loop.run(connect(person.email).get_token())

    clock.advance(hours=1)

    assert queries.bearer(token=token.access_token) is None


def test_without_the_persons_own_word_nobody_gets_in_with_the_right_password(connect, loop, exceptions):
    person = facts.account()

    with pytest.raises(exceptions.PorscheWrongCredentialsError):
        loop.run(connect(person.email).get_token())

    assert "Apps with access" in ask_password(begin(), person.email, facts.PASSWORD).content.decode()


def test_where_the_operator_does_not_offer_it_there_is_nothing(settings, person):
    settings.COMPAT_IS_ON = False

    assert Client().get("/authorize").status_code == 404
    assert Client().post("/oauth/token").status_code == 404
    assert Client().post("/u/login/password").status_code == 404


def test_an_account_with_a_second_factor_takes_an_app_password_only(connect, loop, person, exceptions):
    TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    made = actions.make_app_password(account=person, name="Home Assistant")
    with pytest.raises(exceptions.PorscheWrongCredentialsError):
        loop.run(connect(person.email).get_token())

    token = loop.run(connect(person.email, made.password).get_token())

    assert Authenticator.objects.filter(user=person).exists()
    assert queries.bearer(token=token.access_token).account == person
    actions.end_app_password(account=person, password_id=made.row.id)
    assert queries.bearer(token=token.access_token) is None
    with pytest.raises(exceptions.PorscheWrongCredentialsError):
        loop.run(connect(person.email, made.password).get_token())


def test_an_app_password_does_not_open_the_portal(person):
    made = actions.make_app_password(account=person, name="Home Assistant")

    answer = Client().post("/signin/", {"login": person.email, "password": made.password})

    assert answer.status_code != 302


# -- by hand: what an ill-behaved program would try ---------------------------------------------------------------------


def begin(**changes: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": REDIRECT,
        "scope": "openid cars",
        **changes,
    }
    answer = Client().get("/authorize", asked)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer["Location"]).query)["state"][0]


def ask_identifier(state: str, email: str, **more: str):
    return Client().post(f"/u/login/identifier?state={state}", {"username": email, "state": state, **more})


def ask_password(state: str, email: str, password: str):
    return Client().post(f"/u/login/password?state={state}", {"username": email, "password": password, "state": state})


def follow(address: str) -> str:
    answer = Client().get(address)
    assert answer.status_code == 302, answer.content
    return answer["Location"]


def code_for(person, **changes: str) -> str:
    state = begin(**changes)
    resume = ask_password(state, person.email, facts.PASSWORD)["Location"]
    return parse_qs(urlsplit(follow(resume)).query)["code"][0]


def redeem(code: str, **more: str):
    return Client().post(
        "/oauth/token",
        {"client_id": CLIENT_ID, "grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, **more},
    )


def challenge(verifier: str) -> dict[str, str]:
    made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    return {"code_challenge": made, "code_challenge_method": "S256"}


def test_the_password_step_answers_with_a_relative_path_and_the_code_comes_with_the_apps_own_word(person):
    resume = ask_password(begin(state="its own word"), person.email, facts.PASSWORD)["Location"]

    back = follow(resume)

    assert resume.startswith("/authorize/resume?state=")
    assert back.startswith(f"{REDIRECT}?code=")
    assert parse_qs(urlsplit(back).query)["state"] == ["its own word"]


def test_a_sign_in_gives_one_code(person):
    resume = ask_password(begin(), person.email, facts.PASSWORD)["Location"]
    follow(resume)

    assert Client().get(resume).status_code == 401


def test_nobody_gets_a_code_before_the_password(person):
    assert Client().get(f"/authorize/resume?state={begin()}").status_code == 401


def test_a_sign_in_is_over_after_a_quarter_of_an_hour(person, clock):
    state = begin()
    clock.advance(minutes=15)

    assert ask_identifier(state, person.email).status_code == 401
    assert ask_password(state, person.email, facts.PASSWORD).status_code == 400


@pytest.mark.conformance(5)
def test_a_code_with_a_challenge_needs_its_verifier(person):
    verifier = secrets.token_urlsafe(64)

    assert redeem(code_for(person, **challenge(verifier))).status_code == 403
    assert redeem(code_for(person, **challenge(verifier)), code_verifier="another").status_code == 403
    assert redeem(code_for(person), code_verifier=verifier).status_code == 403
    assert redeem(code_for(person, **challenge(verifier)), code_verifier=verifier).status_code == 200


@pytest.mark.conformance(5)
def test_a_missing_challenge_is_refused_where_the_operator_requires_one(person, settings):
    settings.COMPAT_NEEDS_CHALLENGE = True
    asked = {"response_type": "code", "client_id": CLIENT_ID, "redirect_uri": REDIRECT, "scope": "cars"}

    assert Client().get("/authorize", asked).status_code == 400
    assert Client().get("/authorize", asked | challenge("x" * 64)).status_code == 302
    assert (
        Client().get("/authorize", asked | challenge("x" * 64) | {"code_challenge_method": "plain"}).status_code == 400
    )


@pytest.mark.conformance(5)
def test_a_code_that_comes_twice_is_refused_and_ends_what_came_of_it(person):
    code = code_for(person)
    token = redeem(code).json()

    again = redeem(code)

    assert (again.status_code, again.json()["error"]) == (403, "invalid_grant")
    assert queries.bearer(token=token["access_token"]) is None


@pytest.mark.parametrize(
    "changes",
    [{"client_id": "somebody"}, {"redirect_uri": "https://evil.example/callback"}, {"response_type": "token"}],
)
def test_unknown_clients_and_addresses_get_a_page_and_no_redirect(changes):
    asked = {"response_type": "code", "client_id": CLIENT_ID, "redirect_uri": REDIRECT, "scope": "cars"} | changes

    assert Client().get("/authorize", asked).status_code == 400


@pytest.mark.conformance(11)
def test_foreign_scopes_are_granted_as_far_as_they_are_known(person):
    token = redeem(code_for(person, scope="cars something:else manageCharging vehicles"))

    assert token.json()["scope"] == "cars manageCharging"


def test_every_scope_that_the_clients_ask_for_is_known(client_package):
    asked = importlib.import_module("pyporscheconnectapi.const").SCOPE.split()

    assert set(asked) == set(clients.SCOPES)


def test_the_access_stands_under_apps_with_access_and_is_ended_there(person):
    token = redeem(code_for(person)).json()
    browser = facts.signed_in(person)

    page = browser.get("/account/programs/").content.decode()
    browser.post("/account/programs/end/", {"client_id": CLIENT_ID})

    assert "Porsche Connect client" in page
    assert "as an app of another maker" in page
    assert queries.bearer(token=token["access_token"]) is None


def test_turning_foreign_apps_off_ends_them_and_nothing_else(person):
    token = redeem(code_for(person)).json()
    browser = facts.signed_in(person)

    browser.post("/account/programs/foreign/refuse/")

    assert queries.bearer(token=token["access_token"]) is None
    assert ask_password(begin(), person.email, facts.PASSWORD).status_code == 400


def test_a_person_lets_foreign_apps_in_with_the_password_and_makes_app_passwords(db):
    person = facts.account()
    browser = facts.signed_in(person)
    page = "/account/programs/foreign/"

    assert browser.post(page, {"password": "Wrong!2026pw"}).status_code == 422
    assert not queries.lets_foreign_apps_in(account=person)
    browser.post(page, {"password": facts.PASSWORD})
    made = browser.post(f"{page}passwords/", {"name": "Home Assistant", "password": facts.PASSWORD}).content.decode()
    secret = re.search(r"<code[^>]*>([a-z2-9-]{23})</code>", made)[1]

    assert queries.lets_foreign_apps_in(account=person)
    assert secret not in browser.get(page).content.decode()
    assert ask_password(begin(), person.email, secret).status_code == 302
    stranger = facts.signed_in(facts.account())
    row = queries.app_passwords(account=person)[0]
    assert stranger.post(f"{page}passwords/{row.id}/end/").status_code == 404
    browser.post(f"{page}passwords/{row.id}/end/")
    assert ask_password(begin(), person.email, secret).status_code == 400


def test_a_new_password_ends_foreign_apps_and_their_passwords(person):
    made = actions.make_app_password(account=person, name="Home Assistant")
    token = redeem(code_for(person)).json()

    actions.change_password(account=person, current=facts.PASSWORD, new="Another!2026pw")

    assert queries.bearer(token=token["access_token"]) is None
    assert ask_password(begin(), person.email, made.password).status_code == 400


def test_tokens_are_given_for_json_too(person):
    answer = Client().post(
        "/oauth/token",
        json.dumps(
            {
                "client_id": CLIENT_ID,
                "grant_type": "authorization_code",
                "code": code_for(person),
                "redirect_uri": REDIRECT,
            }
        ),
        content_type="application/json",
    )

    assert answer.status_code == 200
