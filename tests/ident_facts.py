"""Video identification: a running provider, agents and people in calls, cases."""

import hashlib
import hmac
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from django.conf import settings as django_settings
from starlette.applications import Starlette
from starlette.routing import Mount
from tests import identity_facts, store_facts

from vettura.identity import actions, queries
from vettura.identity.models import Account, IdentityCheck
from vettura_sandbox.ident.app import create_app
from vettura_wire import clock as wire_clock

KEY, SECRET, COMPANY = "ident_sandbox", "whsec_ident", "vettura"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
EDGE = f"{CHROME} Edg/140.0.0.0"
OPERA = f"{CHROME} OPR/120.0.0.0"
INTERNET_EXPLORER = "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15"
CHROME_ON_ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
CHROME_ON_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1"
FIREFOX_ON_TABLET = "Mozilla/5.0 (Android 14; Tablet; rv:143.0) Gecko/143.0 Firefox/143.0"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"a picture of a document"
GOOD = {
    "kind": "IDCARD", "country": "IT", "number": "CA12345AA", "valid_until": "2035-01-01",
    "holograms": "yes", "face": "yes", "data": "yes", "readable": "yes",
}  # fmt: skip
_numbers = itertools.count(1)
_clients: list[httpx.Client] = []


def _opened(client: httpx.Client) -> httpx.Client:
    """Closed at the end of the test."""
    _clients.append(client)
    return client


@dataclass(frozen=True)
class IdentProvider:
    """The sandbox, with what its agents do there."""

    url: str

    def agent(self) -> httpx.Client:
        """The browser of an agent who came in by a link of ours."""
        client = _opened(httpx.Client(follow_redirects=True))
        assert client.get(self.agent_link()).status_code == 200
        return client

    def agent_link(self, *, agent: str = "Ines Vogel", seconds: int = 60, secret: str = SECRET) -> str:
        """A signed way in; the provider lives in real time, whatever the clock of the test says."""
        until = str(int(wire_clock.real_now().timestamp()) + seconds)
        signed = hmac.new(secret.encode(), f"{agent}\n{until}".encode(), hashlib.sha256).hexdigest()
        return f"{self.url}/agent/enter?{urlencode({'agent': agent, 'until': until, 'signature': signed})}"

    def take_call(self, code: str) -> httpx.Client:
        """An agent takes the call of a case."""
        client = self.agent()
        assert client.get(f"{self.url}/agent/{code}/").status_code == 200
        return client

    def take_pictures(self, agent: httpx.Client, code: str, *kinds: str) -> None:
        """The agent takes pictures: all, or the named ones."""
        for kind in kinds or ("idfrontside", "idbackside", "userface"):
            answer = agent.post(f"{self.url}/agent/{code}/pictures/{kind}", content=PICTURE)
            assert answer.status_code == 204, answer.text

    def decide(self, code: str, *, decision: str = "pass", pictures: bool = True, **answers: str) -> httpx.Response:
        """An agent takes the call, looks, and decides; `answers` say what differs from a good document."""
        agent = self.take_call(code)
        if pictures:
            self.take_pictures(agent, code)
        known = {name: value for name, value in {**GOOD, **answers}.items() if value}
        answer = agent.post(f"{self.url}/agent/{code}/decision", data={**known, "decision": decision})
        agent.close()
        return answer

    def api(self) -> httpx.Client:
        """A signed-in program of ours."""
        base = f"{self.url}/api/v1/{COMPANY}"
        token = httpx.post(f"{base}/login", json={"apiKey": KEY}).json()["authToken"]
        return _opened(httpx.Client(base_url=base, headers={"X-API-LOGIN-TOKEN": token}))


@pytest.fixture(scope="session")
def ident_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IdentProvider]:
    """One provider for all tests of a run; nobody hears its webhooks."""
    folder: Path = tmp_path_factory.mktemp("ident")
    app = create_app(
        folder,
        company=COMPANY,
        key=KEY,
        webhook_url="",
        webhook_secret=SECRET,
        return_url="http://localhost:8000/identification/{custom1}/",
    )
    with store_facts.running(Starlette(routes=[Mount("/sandbox/ident", app)])) as url:
        yield IdentProvider(f"{url}/sandbox/ident")


@pytest.fixture
def ident(ident_sandbox: IdentProvider, settings: Any) -> Iterator[IdentProvider]:
    """The provider, in force."""
    settings.VETTURA_PROVIDERS = replace(
        django_settings.VETTURA_PROVIDERS,
        ident_url=ident_sandbox.url,
        ident_go_url=ident_sandbox.url,
        ident_agents_url=f"{ident_sandbox.url}/agent/enter",
        ident_company=COMPANY,
        ident_key=KEY,
        ident_webhook_secret=SECRET,
    )
    yield ident_sandbox
    for client in _clients:
        client.close()
    _clients.clear()


def notice(case: IdentityCheck, *, result: str = "SUCCESS", secret: str = SECRET) -> tuple[bytes, str]:
    """A webhook about the running attempt of a case, and its signature."""
    body = json.dumps(
        {"identificationprocess": {"result": result, "transactionnumber": case.transaction_number, "n": next(_numbers)}}
    ).encode()
    return body, f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def opened_case(person: Account | None = None, *, country: str = "IT") -> IdentityCheck:
    """A case of somebody who has to be identified."""
    case = actions.require_identity_check(account=person or identity_facts.account(), country=country)
    assert case is not None
    return case


def waiting_case(person: Account | None = None, *, country: str = "IT") -> IdentityCheck:
    """A case whose person has begun an attempt."""
    case = opened_case(person, country=country)
    return actions.start_identity_check(by=case.account, check_id=case.id, user_agent=CHROME)


def hear(case: IdentityCheck) -> IdentityCheck:
    """The webhook about a case arrives, and a worker works on it."""
    case.refresh_from_db()
    body, signature = notice(case)
    actions.receive_identity_notice(body=body, signature=signature)
    store_facts.run_jobs()
    return queries.identity_check(account=case.account, check_id=case.id)


def verified_case(provider: IdentProvider, person: Account | None = None, *, country: str = "IT") -> IdentityCheck:
    """A case that was passed."""
    case = waiting_case(person, country=country)
    provider.decide(case.code)
    return hear(case)
