"""
Who may connect to the broker: NATS asks before each connection, this answers.

A car shows a client certificate whose common name is its VIN. It may publish below `vehicles/{vin}/up` and hear below
`vehicles/{vin}/down`, and nothing else; its MQTT client id must be its VIN, or one car could end another's session.
See https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_callout for the two tokens.
"""

import base64
import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import nkeys
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from vettura_wire import topics
from vettura_wire.clock import real_now

log = logging.getLogger(__name__)

Json = dict[str, Any]  # claims as NATS writes them

SUBJECT = "$SYS.REQ.USER.AUTH"
# the account of the broker in which cars and platform meet
ACCOUNT = "VETTURA"


@dataclass(frozen=True)
class Asked:
    """What the broker tells of a connection that wants in."""

    user_key: str
    server_id: str
    client_id: str
    certificate_vin: str | None
    is_mqtt: bool
    # when the certificate ends (real time), and which it is (SHA-256, hex)
    expires_at: datetime | None = None
    fingerprint: str = ""


class Unreadable(Exception):
    """The broker's question is not what we know."""


def read_question(token: bytes) -> Asked:
    """The broker's question, taken apart. Raises Unreadable."""
    try:
        claims = _claims(token)["nats"]
        information = claims.get("client_info") or {}
        tls = claims.get("client_tls") or {}
        certificate = _certificate_in(tls.get("verified_chains") or [])
        return Asked(
            user_key=claims["user_nkey"],
            server_id=claims["server_id"]["id"],
            client_id=information.get("mqtt_id") or "",
            certificate_vin=_vin_of(certificate),
            is_mqtt=information.get("type") == "mqtt",
            expires_at=None if certificate is None else certificate.not_valid_after_utc,
            fingerprint="" if certificate is None else certificate.fingerprint(hashes.SHA256()).hex(),
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise Unreadable(str(error)) from error


def refusal_of(asked: Asked, *, is_known: bool, is_revoked: bool = False) -> str | None:
    """Why this connection is refused, or None."""
    if asked.certificate_vin is None:
        return "no client certificate of a vehicle"
    if not asked.is_mqtt:
        return "vehicles speak MQTT"
    if asked.client_id != asked.certificate_vin:
        return "the client id is not the VIN of the certificate"
    if not is_known:
        return "no such vehicle"
    if is_revoked:
        return "the certificate was revoked"
    return None


def permissions_of(vin: str) -> Json:
    """What a car may do. A filter that ends in # covers its parent too, so NATS asks for both forms."""
    own = f"vehicles.{vin}"
    return {
        "pub": {"allow": [f"{own}.up.>"]},
        "sub": {"allow": [f"{own}.down", f"{own}.down.>"]},
    }


def answer(asked: Asked, *, issuer: nkeys.KeyPair, account: str, refusal: str | None) -> bytes:
    """The signed answer: a user with the car's permissions, or the reason why not."""
    body: Json = {"type": "authorization_response", "version": 2}
    if refusal is None and asked.certificate_vin is not None:
        vin = asked.certificate_vin
        body["jwt"] = _signed(
            {
                "sub": asked.user_key,
                "aud": account,
                "name": vin,
                # the broker ends the connection when the certificate ends
                **({} if asked.expires_at is None else {"exp": int(asked.expires_at.timestamp())}),
                "nats": {
                    "type": "user",
                    "version": 2,
                    "subs": -1,
                    "data": -1,
                    "payload": -1,
                    **permissions_of(vin),
                },
            },
            issuer,
        ).decode()
    else:
        body["error"] = refusal or "refused"
    return _signed({"sub": asked.user_key, "aud": asked.server_id, "nats": body}, issuer)


def _certificate_in(chains: list[list[str]]) -> x509.Certificate | None:
    """The verified client certificate."""
    return x509.load_pem_x509_certificate(chains[0][0].encode()) if chains and chains[0] else None


def _vin_of(certificate: x509.Certificate | None) -> str | None:
    """The common name of the verified client certificate, if it has the form of a VIN."""
    if certificate is None:
        return None
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(names[0].value) if len(names) == 1 else ""
    return name if topics.is_vin(name) else None


def _claims(token: bytes) -> Json:
    # the request comes over the account's own connection from the server itself, so its signature is not judged here
    claims: Json = json.loads(_unb64(token.split(b".")[1]))
    return claims


def _signed(claims: Json, key: nkeys.KeyPair) -> bytes:
    claims = {**claims, "iss": key.public_key.decode(), "iat": int(real_now().timestamp())}
    claims["jti"] = (
        base64.b32encode(hashlib.sha256(json.dumps(claims, sort_keys=True).encode()).digest()).decode().rstrip("=")
    )
    head = _b64(json.dumps({"typ": "JWT", "alg": "ed25519-nkey"}).encode())
    signing_input = head + b"." + _b64(json.dumps(claims).encode())
    return signing_input + b"." + _b64(bytes(key.sign(signing_input)))


def _b64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _unb64(data: bytes) -> bytes:
    return base64.urlsafe_b64decode(data + b"=" * (-len(data) % 4))
