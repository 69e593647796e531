"""Signing in to a program by code with PKCE (RFC 7636), and what its token opens."""

import base64
import hashlib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import serialization
from django.core.cache import cache
from django.test import Client
from joserfc import jwk, jwt
from tests import identity_facts as facts

from vettura.foundation import clock
from vettura.identity import actions, queries
from vettura.identity.adapters.keys import ensure_oidc_key, next_key
from vettura.identity.models import Account
from vettura.identity.rules import API_SCOPE

pytestmark = pytest.mark.django_db

VERIFIER = "a-verifier-that-is-long-enough-for-the-standard-0123456789"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
CALLBACK = "http://127.0.0.1:53211/callback"


@pytest.fixture(scope="session")
def signing_key(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "oidc.pem"
    ensure_oidc_key(path)
    return path


@pytest.fixture(autouse=True)
def program(settings, signing_key):
    cache.clear()
    settings.IDP_OIDC_PRIVATE_KEY_FILE = signing_key
    return actions.register_client(
        client_id="vettura-cli", name="Command line", redirect_uris=["http://127.0.0.1/callback"]
    )


def ask(client: Client, **changes: str):
    asked = {
        "client_id": "vettura-cli",
        "response_type": "code",
        "redirect_uri": CALLBACK,
        "scope": f"openid email profile {API_SCOPE}",
        "state": "some-state",
        "nonce": "some-nonce",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return client.get("/identity/o/authorize", {name: value for name, value in asked.items() if value})


def allow(client: Client, page, *, scopes=("openid", "email", "profile", API_SCOPE), action="grant"):
    return client.post(
        "/identity/o/authorize", {"request": page.context["signed"], "scopes": list(scopes), "action": action}
    )


def code_of(answer) -> str:
    assert answer.status_code == 302
    parts = urlsplit(answer.headers["Location"])
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == CALLBACK
    facts_of = parse_qs(parts.query)
    assert facts_of["state"] == ["some-state"]
    return facts_of["code"][0]


def redeem(code: str, verifier: str = VERIFIER):
    return Client().post(
        "/identity/o/api/token",
        {
            "grant_type": "authorization_code",
            "code": code,
            "client_id": "vettura-cli",
            "redirect_uri": CALLBACK,
            "code_verifier": verifier,
        },
    )


def tokens_for(person: Account, scopes=("openid", "email", "profile", API_SCOPE)) -> dict:
    client = facts.signed_in(person)
    answer = redeem(code_of(allow(client, ask(client, scope=" ".join(scopes)), scopes=scopes)))
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_discovery_names_the_endpoints_and_pkce(client):
    found = client.get("/.well-known/openid-configuration").json()

    assert found["issuer"] == "http://localhost:8000"
    assert "S256" in found["code_challenge_methods_supported"]
    assert found["authorization_endpoint"].endswith("/identity/o/authorize")


@pytest.mark.rule("ID-001")
def test_a_program_gets_a_token_by_code_and_pkce_that_names_the_same_account(client):
    person = facts.account()

    tokens = tokens_for(person)

    assert queries.bearer_account(token=tokens["access_token"], scope=API_SCOPE) == person
    keys = jwk.KeySet.import_key_set(client.get("/.well-known/jwks.json").json())
    claims = jwt.decode(tokens["id_token"], keys, algorithms=["RS256"]).claims
    assert claims["sub"] == str(person.id) or claims["sub"] == person.id.hex
    assert (claims["iss"], claims["aud"], claims["nonce"]) == ("http://localhost:8000", "vettura-cli", "some-nonce")
    assert (claims["email"], claims["given_name"]) == (person.email, "Ada")


@pytest.mark.rule("ID-001", "ID-026")
def test_a_token_opens_the_api_and_without_one_it_stays_shut(client):
    person = facts.account()
    token = tokens_for(person)["access_token"]

    me = client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})

    assert me.json() == {
        "id": str(person.id),
        "email": person.email,
        "given_name": "Ada",
        "family_name": "Rossi",
        "language": "en",
        "country": "IT",
    }
    assert client.get("/api/v1/me").status_code == 401
    assert client.get("/api/v1/me", headers={"Authorization": "Bearer made-up"}).status_code == 401
    only_name = tokens_for(person, scopes=("openid",))["access_token"]
    refused = client.get("/api/v1/me", headers={"Authorization": f"Bearer {only_name}"})
    assert (refused.status_code, refused.json()["code"]) == (403, "identity.scope_missing")
    assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]


def test_somebody_who_is_not_signed_in_signs_in_first_and_comes_back(client):
    facts.account(email="ada@example.org")
    sent = ask(client)
    assert sent.headers["Location"].startswith("/signin/?next=")
    after = parse_qs(urlsplit(sent.headers["Location"]).query)["next"][0]

    back = client.post("/signin/", {"login": "ada@example.org", "password": facts.PASSWORD, "next": after})

    assert back.headers["Location"] == after
    assert "Command line asks for access" in client.get(after).content.decode()


def test_the_page_names_what_the_program_may_do_and_a_refusal_gives_no_code():
    client = facts.signed_in(facts.account())
    page = ask(client)
    assert "send commands" in page.content.decode()

    refused = allow(client, page, action="cancel")

    found = parse_qs(urlsplit(refused.headers["Location"]).query)
    assert found["error"] == ["access_denied"]
    assert "code" not in found


def test_a_code_is_worth_nothing_without_its_verifier_and_nothing_twice():
    person = facts.account()
    client = facts.signed_in(person)

    stolen = code_of(allow(client, ask(client)))
    assert redeem(stolen, verifier="x" * 60).status_code == 400
    code = code_of(allow(client, ask(client)))
    assert redeem(code).status_code == 200
    assert redeem(code).status_code == 400


def test_a_program_without_pkce_is_refused():
    client = facts.signed_in(facts.account())

    answer = ask(client, code_challenge="", code_challenge_method="")

    assert answer.status_code in (302, 400)
    assert "code=" not in answer.headers.get("Location", "")


def test_a_program_is_never_sent_to_an_address_it_did_not_register():
    client = facts.signed_in(facts.account())

    answer = ask(client, redirect_uri="https://evil.example/callback")

    assert "Location" not in answer.headers
    assert "This program cannot sign you in" in answer.content.decode()


def test_a_token_opens_only_what_it_was_granted():
    person = facts.account()

    token = tokens_for(person, scopes=("openid",))["access_token"]

    assert queries.bearer_account(token=token, scope="openid") == person
    assert queries.bearer_account(token=token, scope=API_SCOPE) is None
    assert queries.bearer_account(token="made-up", scope="openid") is None
    assert queries.bearer_account(token="", scope="openid") is None


def test_the_token_of_an_account_that_is_not_active_opens_nothing():
    person = facts.account()
    token = tokens_for(person)["access_token"]

    Account.objects.filter(id=person.id).update(status=Account.Status.DELETED, deleted_at=clock.now())

    assert queries.bearer_account(token=token, scope=API_SCOPE) is None


def test_access_is_listed_and_can_be_ended():
    person = facts.account()
    token = tokens_for(person)["access_token"]
    client = facts.signed_in(person)
    assert "Command line" in client.get("/account/programs/").content.decode()

    client.post("/account/programs/end/", {"client_id": "vettura-cli"})

    assert queries.bearer_account(token=token, scope=API_SCOPE) is None
    assert "No app has access" in client.get("/account/programs/").content.decode()


@pytest.mark.rule("ID-034")
def test_a_new_password_ends_the_access_of_every_program_and_the_page_says_so():
    person, other = facts.account(), facts.account()
    tokens, others = tokens_for(person), tokens_for(other)
    client = facts.signed_in(person)
    assert (
        "every app with access to your account has to ask for it again"
        in client.get("/account/password/").content.decode()
    )

    wrong = client.post("/account/password/", {"current": "Wrong!2026", "password1": "Another&2027"})
    assert wrong.status_code == 422
    assert queries.bearer_account(token=tokens["access_token"], scope=API_SCOPE) == person

    answer = client.post("/account/password/", {"current": facts.PASSWORD, "password1": "Another&2027"}, follow=True)

    assert "apps have to ask for access again" in answer.content.decode()
    assert "apps have to ask for access again" in facts.last_mail(person.email)[1]
    assert queries.bearer_account(token=tokens["access_token"], scope=API_SCOPE) is None
    asked = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"], "client_id": "vettura-cli"}
    assert Client().post("/identity/o/api/token", asked).status_code == 400
    assert queries.programs_with_access(account=person) == []
    assert queries.bearer_account(token=others["access_token"], scope=API_SCOPE) == other


@pytest.mark.rule("ID-021")
def test_a_reset_password_ends_the_access_of_every_program_and_of_the_codes_that_wait(client):
    person = facts.account()
    token = tokens_for(person)["access_token"]
    browser = facts.signed_in(person)
    unspent = code_of(allow(browser, ask(browser)))
    client.post("/password/reset/", {"email": person.email})
    page = client.get(facts.link_in(facts.last_mail(person.email)[1]), follow=True)
    assert "every app with access to your account has to ask for it again" in page.content.decode()

    done = client.post(page.redirect_chain[-1][0], {"password1": "Another&2027"})

    assert done.status_code == 302
    assert queries.bearer_account(token=token, scope=API_SCOPE) is None
    assert redeem(unspent).status_code == 400


def test_a_program_renews_its_token_and_the_old_refresh_token_is_spent():
    person = facts.account()
    first = tokens_for(person)

    def renew(token: str):
        asked = {"grant_type": "refresh_token", "refresh_token": token, "client_id": "vettura-cli"}
        return Client().post("/identity/o/api/token", asked)

    second = renew(first["refresh_token"])

    assert second.status_code == 200, second.content
    assert queries.bearer_account(token=second.json()["access_token"], scope=API_SCOPE) == person
    assert renew(first["refresh_token"]).status_code == 400


def test_the_signing_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    path = tmp_path / "keys" / "oidc.pem"

    ensure_oidc_key(path)
    first = path.read_bytes()
    ensure_oidc_key(path)

    assert path.read_bytes() == first
    assert path.stat().st_mode & 0o777 == 0o600
    key = serialization.load_pem_private_key(first, password=None)
    assert key.key_size == 3072
    assert sorted(path.parent.iterdir()) == [next_key(path), path]
