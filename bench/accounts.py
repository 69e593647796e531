"""
Signing in, renewing tokens, and the garage of a person with many cars; each beside what it stands on, in the same run.

Sign-ins and renewals go through the whole of Django (middleware, rate limits, sessions), without sockets: what a network
costs is measured with the commands.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from bench import stage

if TYPE_CHECKING:
    from vettura.identity.models import Account

PASSWORD = "Vettura!2026"
CARS = 1000
# fewer than the limit of one address allows in a minute
RENEWALS_PER_MINUTE = 50
PROGRAM = "bench-program"
CALLBACK = "http://127.0.0.1:53211/callback"
TOKENS = "/identity/o/api/token"


def measure(scale: int) -> dict[str, Any]:
    """Everything of this part. Django is set up and the world exists."""
    from django.conf import settings

    from vettura.identity.adapters.keys import ensure_oidc_key
    from vettura.launcher.prepare import collect_static

    ensure_oidc_key(settings.IDP_OIDC_PRIVATE_KEY_FILE)
    collect_static()  # pages name their style sheet by its hash
    return {
        "sign_ins": _sign_ins(max(5, 60 // scale)),
        "renewals": _renewals(max(20, 600 // scale)),
        "garage": _garage(max(20, CARS // scale), rounds=max(3, 20 // scale)),
    }


def _sign_ins(count: int) -> dict[str, Any]:
    """Everybody once, with the time that the processor worked beside the time that passed."""
    from django.contrib.auth.hashers import get_hasher
    from django.core.cache import cache
    from django.test import Client

    hasher: Any = get_hasher()  # Any: Django's types know no parameters of it
    encoded = hasher.encode(PASSWORD, hasher.salt())
    floor = _seconds(count, lambda: hasher.verify(PASSWORD, encoded))
    # people of their own, as in life: somebody who signs in again and again has a long list of browsers to look through
    addresses = iter([_person_with(0, f"person-{number}").email for number in range(count)])
    browser = Client(SERVER_NAME="localhost")  # one: a new one starts all of Django's middleware anew

    def sign_in() -> None:
        cache.clear()  # the limit of attempts is not what is measured
        browser.cookies.clear()
        answer = browser.post("/signin/", {"login": next(addresses), "password": PASSWORD})
        assert answer.status_code == 302, answer.status_code

    whole, used = _with_cpu(count, sign_in)
    return {
        "argon2": {
            "variety": "argon2id",
            "memory_kib": hasher.memory_cost,
            "passes": hasher.time_cost,
            "lanes": hasher.parallelism,
        },
        "per_s": round(count / whole, 1),
        # what a core does in a second: the lanes of one hash may run on several at once
        "per_s_and_core": round(count / used, 1),
        "hash_alone_per_s": round(count / floor, 1),
        "ratio": round(floor / whole, 2),
    }


def _renewals(count: int) -> dict[str, Any]:
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client

    client, token, made = Client(SERVER_NAME="localhost"), _refresh_token(), 0

    def renew() -> None:
        nonlocal token, made
        made += 1
        if made % RENEWALS_PER_MINUTE == 0:
            cache.clear()  # as a minute does: the limit is counted, and not what is measured
        answer = client.post(TOKENS, {"grant_type": "refresh_token", "refresh_token": token, "client_id": PROGRAM})
        assert answer.status_code == 200, answer.content
        token = answer.json()["refresh_token"]

    def commit() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE foundation_clockshift SET shift = shift WHERE id = 1")

    floor = _seconds(count, commit)
    whole = _seconds(count, renew)
    return {
        "per_s": round(count / whole),
        "single_row_commits_per_s": round(count / floor),
        "ratio": round(floor / whole, 2),
    }


def _refresh_token() -> str:
    """What a program holds that a person has just let in, by code and PKCE."""
    from django.test import Client

    from vettura.identity import actions
    from vettura.identity.models import Account
    from vettura.identity.rules import API_SCOPE

    actions.register_client(client_id=PROGRAM, name="Bench", redirect_uris=["http://127.0.0.1/callback"])
    browser = _signed_in(Account.objects.get(email=stage.EMAIL))
    verifier = secrets.token_urlsafe(48)
    page = browser.get(
        "/identity/o/authorize",
        {
            "client_id": PROGRAM,
            "response_type": "code",
            "redirect_uri": CALLBACK,
            "scope": f"openid {API_SCOPE}",
            "state": "bench",
            "nonce": "bench",
            "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("="),
            "code_challenge_method": "S256",
        },
    )
    signed = page.content.decode().partition('name="request"')[2].partition('value="')[2].partition('"')[0]
    allowed = browser.post(
        "/identity/o/authorize", {"request": signed, "scopes": ["openid", API_SCOPE], "action": "grant"}
    )
    answer = Client(SERVER_NAME="localhost").post(
        TOKENS,
        {
            "grant_type": "authorization_code",
            "code": parse_qs(urlsplit(allowed.headers["Location"]).query)["code"][0],
            "client_id": PROGRAM,
            "redirect_uri": CALLBACK,
            "code_verifier": verifier,
        },
    )
    return str(answer.json()["refresh_token"])


def _garage(cars: int, *, rounds: int) -> dict[str, Any]:
    """The page of a person with many cars beside that of a person with one: how long, and how many questions."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found: dict[str, Any] = {}
    for name, count in (("one", 1), ("many", cars)):
        browser = _signed_in(_person_with(count, name))
        browser.get("/")  # the first page of a session writes down when it began
        with CaptureQueriesContext(connection) as asked:
            page = browser.get("/")
        questions = len(asked)  # later requests empty the record
        assert page.status_code == 200, page.status_code
        seconds = _seconds(rounds, lambda browser=browser: browser.get("/"))  # type: ignore[misc]
        found[name] = {"cars": count, "page_ms": round(seconds / rounds * 1000, 1), "queries": questions}
    empty = _signed_in(_person_with(0, "none"))
    empty.get("/account/")
    found["page_without_cars_ms"] = round(_seconds(rounds, lambda: empty.get("/account/")) / rounds * 1000, 1)
    found["ratio"] = round(found["many"]["page_ms"] / found["one"]["page_ms"], 2)
    return found


def _person_with(count: int, name: str) -> "Account":
    from django.db import connection

    from vettura.identity import actions as identity
    from vettura.vehicles import actions as vehicles

    person = identity.create_account(
        email=f"{name}@bench.example.org",
        given_name="Ada",
        family_name="Rossi",
        password=PASSWORD,
        country="IT",
        phone="+393331234567",
    )
    for number in range(count):
        car = vehicles.CarFacts(
            vin=f"WP0ZZZ9Y{'1' if count == 1 else '2'}LA{number:06d}",
            model_line="taycan",
            generation="TAY",
            model_name="Taycan 4S",
            model_year=2020,
            drive="BEV",
            equipment=("connect_plus",),
            country="IT",
        )
        vehicles.register_vehicle(car=car, main_user=person)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return person


def _signed_in(person: "Account") -> Any:  # Any: Django's test client is untyped
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _seconds(count: int, do: Callable[[], object]) -> float:
    return _with_cpu(count, do)[0]


def _with_cpu(count: int, do: Callable[[], object]) -> tuple[float, float]:
    """How long it took, and how long this process worked for it."""
    began, worked = time.perf_counter(), time.process_time()
    for _ in range(count):
        do()
    return time.perf_counter() - began, time.process_time() - worked
