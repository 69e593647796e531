"""Video identification by IDnow's HTTP API (v1); in the demo the same code speaks to the sandbox, which answers as IDnow does."""

import hashlib
import hmac
import io
import json
import zipfile
from datetime import date
from typing import Any
from urllib.parse import urlencode

import httpx
from django.conf import settings
from django.utils.crypto import constant_time_compare

from vettura.foundation import clock
from vettura.identity.ports import (
    BegunCheck,
    CheckResult,
    NoticeNotGenuine,
    Person,
    Picture,
    ProviderRefused,
    ProviderUnavailable,
    State,
)

TIMEOUT_SECONDS = 15
MOST_PICTURES, MOST_BYTES = 10, 8_000_000
AGENT_LINK_SECONDS = 300
# results that are not an end: somebody still looks
STATES: dict[str, State] = {
    "": "waiting",
    "CHECK_PENDING": "in_call",
    "REVIEW_PENDING": "in_call",
    "FRAUD_SUSPICION_PENDING": "in_call",
    "SUCCESS": "verified",
    "SUCCESS_DATA_CHANGED": "verified",
    "ABORTED": "aborted",
    "CANCELED": "failed",
    "FRAUD_SUSPICION_CONFIRMED": "failed",
}


class IdnowChecks:
    """Speaks to the provider of the settings."""

    def __init__(self) -> None:
        """Address, company and keys come from config/providers.py."""
        providers = settings.VETTURA_PROVIDERS
        self._api = f"{providers.ident_url}/api/v1/{providers.ident_company}"
        self._go = f"{providers.ident_go_url}/{providers.ident_company}/identifications"
        self._key, self._secret = providers.ident_key, providers.ident_webhook_secret
        self._agents_url = providers.ident_agents_url
        self._token = ""

    def begin(self, *, transaction: str, case: str, person: Person) -> BegunCheck:
        """See the port. `custom1` comes back with every result, and the provider's page leads the person back by it."""
        body = {
            "firstname": person.given_name,
            "lastname": person.family_name,
            "street": person.street,
            "zipcode": person.postal_code,
            "city": person.city,
            "country": person.country,
            "email": person.email,
            "mobilephone": person.phone,
            "preferredLang": person.language,
            "custom1": case,
        }
        answer = self._ask("POST", f"/identifications/{transaction}/start", json=body, key=True)
        code = str(answer.json()["id"])
        return BegunCheck(code=code, url=f"{self._go}/{code}")

    def result(self, *, transaction: str) -> CheckResult:
        """See the port."""
        found = self._ask("GET", f"/identifications/{transaction}").json()
        process, document = found["identificationprocess"], found.get("identificationdocument", {})
        reasons = str(process.get("reason") or "")
        until = _value(document, "validuntil")
        return CheckResult(
            # what we do not know is no success: somebody has to look
            state=STATES.get(str(process.get("result") or ""), "in_call"),
            reasons=tuple(each.strip() for each in reasons.split(",") if each.strip()),
            document_kind=_value(document, "type"),
            document_country=_value(document, "country"),
            document_number=_value(document, "number"),
            valid_until=date.fromisoformat(until[:10]) if until else None,
            has_pictures=bool(found.get("attachments")),
        )

    def pictures(self, *, transaction: str) -> list[Picture]:
        """See the port. They come in one archive; nothing in it is written to a disk."""
        archive = zipfile.ZipFile(io.BytesIO(self._ask("GET", f"/identifications/{transaction}.zip").content))
        found: list[Picture] = []
        for entry in archive.infolist():
            kind, _, ending = entry.filename.rpartition("/")[2].rpartition(".")
            media_type = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}.get(ending.lower())
            if media_type and entry.file_size <= MOST_BYTES and len(found) < MOST_PICTURES:
                found.append(Picture(kind=kind.lower()[:20], media_type=media_type, content=archive.read(entry)))
        return found

    def forget(self, *, transaction: str) -> None:
        """See the port."""
        self._ask("DELETE", f"/identifications/{transaction}", may_be_gone=True)

    def read_notice(self, *, body: bytes, signature: str) -> str:
        """See the port: `sha256=<HMAC of the body>`."""
        expected = f"sha256={hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()}"
        if not constant_time_compare(signature, expected):
            raise NoticeNotGenuine
        try:
            return str(json.loads(body)["identificationprocess"]["transactionnumber"])
        except (ValueError, KeyError, TypeError):
            raise NoticeNotGenuine from None

    def waiting_room(self, *, agent: str) -> str:
        """See the port: the link is signed and short-lived."""
        if not self._agents_url:
            return ""
        until = str(int(clock.real_now().timestamp()) + AGENT_LINK_SECONDS)
        signed = hmac.new(self._secret.encode(), f"{agent}\n{until}".encode(), hashlib.sha256).hexdigest()
        return f"{self._agents_url}?{urlencode({'agent': agent, 'until': until, 'signature': signed})}"

    def _ask(
        self,
        method: str,
        path: str,
        *,
        json: dict[str, str] | None = None,
        key: bool = False,
        may_be_gone: bool = False,
    ) -> httpx.Response:
        """One call; the log-in token is fetched when first needed and anew when it has run out."""
        for is_last in (False, True):
            headers = {"X-API-KEY": self._key} if key else {"X-API-LOGIN-TOKEN": self._token or self._sign_in()}
            answer = self._send(method, path, json, headers)
            if answer.status_code == 401 and not key and not is_last:
                self._token = ""
                continue
            break
        if answer.status_code >= 400 and not (may_be_gone and answer.status_code == 404):
            raise ProviderRefused(f"http_{answer.status_code}")
        return answer

    def _sign_in(self) -> str:
        answer = self._send("POST", "/login", {"apiKey": self._key}, {})
        if answer.status_code >= 400:
            raise ProviderRefused(f"login_http_{answer.status_code}")
        self._token = str(answer.json()["authToken"])
        return self._token

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> httpx.Response:  # Any: JSON
        try:
            answer = httpx.request(method, f"{self._api}{path}", json=body, headers=headers, timeout=TIMEOUT_SECONDS)
        except httpx.HTTPError as unreachable:
            # only the kind: a message may repeat an address with a person's case in it
            raise ProviderUnavailable(type(unreachable).__name__) from None
        if answer.status_code == 429 or answer.status_code >= 500:
            raise ProviderUnavailable(f"http_{answer.status_code}")
        return answer


def _value(document: dict[str, Any], name: str) -> str:  # Any: JSON
    return str(document.get(name, {}).get("value") or "")
