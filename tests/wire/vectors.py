"""
Makes `docs/wire-vectors.json`: what a car answers, message by message, for any language to replay. `python -m tests.wire.vectors` writes it.

Signatures of Ed25519 depend on nothing but key and bytes, so the file is the same whenever and wherever it is made.
"""

import base64
import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FILE = Path(__file__).parents[2] / "docs" / "wire-vectors.json"
VIN, OTHER_VIN = "WP0ZZZY1ZLSA00001", "WP0ZZZY1ZLSA00002"
BEGUN = 1_763_848_800_000
MINUTE = 60_000
PLATFORM = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def jwk(key) -> dict[str, str]:
    x = b64(key.public_key().public_bytes_raw())
    thumbprint = b64(hashlib.sha256(f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'.encode()).digest())
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": thumbprint, "x": x}


def compact(value) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def sign(payload, kind="command", *, key=PLATFORM, kid=None, **header) -> str:
    head = {"alg": "EdDSA", "kid": kid or jwk(key)["kid"], "typ": f"vettura-{kind}"} | header
    signed = f"{b64(compact(head))}.{b64(compact(payload))}"
    return f"{signed}.{b64(key.sign(signed.encode()))}"


def command(number=1, *, type="lock", vin=VIN, counter=None, issued=BEGUN + MINUTE, expires=None, params=None):
    return {
        "id": f"0192f0a0-0000-7000-8000-{number:012d}",
        "vin": vin,
        "type": type,
        "counter": number if counter is None else counter,
        "issued": issued,
        "expires": issued + 5 * MINUTE if expires is None else expires,
        "params": params or {},
    }


def step(message, verdict, cause=None, *, at=BEGUN + 2 * MINUTE):
    return {"at": at, "message": message, "verdict": verdict, "cause": cause}


def case(name, says, *steps, **car):
    """A car as it stands before the first message, and what it answers to each."""
    facts = {
        "vin": VIN,
        "memory_begun_at": BEGUN,
        "remote_access": True,
        "privacy_mode": False,
        "entitled": True,
        "battery": 78,
        "plugged_in": True,
        "low_voltage": 12.6,
    }
    return {"name": name, "says": says, "car": facts | car, "steps": list(steps)}


def changed(token: str) -> str:
    """The same message with one byte of its payload changed."""
    head, body, signature = token.split(".")
    raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).replace(b'"lock"', b'"honk"')
    return f"{head}.{b64(raw)}.{signature}"


def uncanonical(token: str) -> str:
    """The same signature in another text: the last sign carries bits that mean nothing."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) + 1]


def commands() -> list[dict]:
    good = sign(command())
    late = command(issued=BEGUN + MINUTE, expires=BEGUN + MINUTE + 1000)
    unsigned = f"{b64(compact({'alg': 'none', 'kid': jwk(PLATFORM)['kid'], 'typ': 'vettura-command'}))}.{b64(compact(command()))}."
    bad = "refused", "bad_signature"
    return [
        case("taken", "step 8", step(good, "taken")),
        case("changed byte", "step 1", step(changed(good), *bad)),
        case("unknown key", "step 1", step(sign(command(), key=STRANGER), *bad)),
        case("known key id, other key", "step 1", step(sign(command(), key=STRANGER, kid=jwk(PLATFORM)["kid"]), *bad)),
        case("no algorithm", "step 1", step(unsigned, *bad)),
        case("another algorithm", "step 1", step(sign(command(), alg="HS256"), *bad)),
        case("critical header", "step 1", step(sign(command(), crit=["exp"]), *bad)),
        case("reply for a command", "step 1", step(sign(command(), "reply"), *bad)),
        case("document for a command", "step 1", step(sign(command(), "document"), *bad)),
        case("another text of the same bytes", "step 1", step(uncanonical(good), *bad)),
        case("without an id", "step 1: nothing is sent", step(sign({"vin": VIN}), "dropped")),
        case("no message at all", "step 1: nothing is sent", step("lock, please", "dropped")),
        case("another car's", "step 2", step(sign(command(vin=OTHER_VIN)), "refused", "wrong_vehicle")),
        case("known id", "step 3", step(good, "taken"), step(good, "repeated")),
        case("known id after it expired", "step 3", step(good, "taken"), step(good, "repeated", at=BEGUN + 60 * MINUTE)),
        case("known id in other bytes", "step 3", step(good, "taken"), step(sign(command(type="unlock")), "refused", "replayed")),
        case("refused before, known now", "step 3", step(sign(late), "refused", "expired"), step(sign(late), "repeated")),
        case("expired", "step 4", step(sign(late), "refused", "expired")),
        case("expired to the millisecond", "step 4", step(good, "refused", "expired", at=BEGUN + 6 * MINUTE)),
        case("a millisecond before it expires", "step 8", step(good, "taken", at=BEGUN + 6 * MINUTE - 1)),
        case("lower counter", "step 5", step(sign(command(5)), "taken"), step(sign(command(4)), "refused", "replayed")),
        case("same counter", "step 5", step(sign(command(5)), "taken"), step(sign(command(6, counter=5)), "refused", "replayed")),
        case("gap in the counter", "step 8", step(sign(command(5)), "taken"), step(sign(command(9)), "taken")),
        case("refused ones count", "step 5", step(sign(late | {"counter": 7}), "refused", "expired"),
             step(sign(command(2, counter=7)), "refused", "replayed")),
        case("another car's do not count", "step 2", step(sign(command(9, vin=OTHER_VIN)), "refused", "wrong_vehicle"),
             step(good, "taken")),
        case("fresh memory", "step 6", step(sign(command(issued=BEGUN - 1, expires=BEGUN + 9 * MINUTE)), "refused", "replayed")),
        case("issued with the hello", "step 8", step(sign(command(issued=BEGUN)), "taken")),
        case("without remote access", "step 7", step(good, "refused", "remote_access_missing"), remote_access=False),
        case("privacy mode", "step 7", step(good, "refused", "privacy_mode"), privacy_mode=True),
        case("without remote access in privacy mode", "step 7: remote access first",
             step(good, "refused", "remote_access_missing"), remote_access=False, privacy_mode=True),
        case("not entitled", "step 7", step(good, "refused", "not_entitled"), entitled=False),
        case("unknown command", "step 7", step(sign(command(type="fly")), "refused", "not_supported")),
        case("battery too low", "step 7", step(sign(command(type="climate_start")), "refused", "battery_below_25"), battery=24),
        case("battery just enough", "step 8", step(sign(command(type="climate_start")), "taken"), battery=25),
        case("parameters that mean nothing", "step 7",
             step(sign(command(type="set_speed_alarms", params={"alarms": [{"id": 1, "enabled": True, "limit_kmh": "fast"}]})),
                  "refused", "ill_parameters")),
        case("an unknown parameter", "step 7", step(sign(command(params={"gently": True})), "refused", "ill_parameters")),
        case("a list of alarms", "step 8",
             step(sign(command(type="set_speed_alarms", params={"alarms": [{"id": 1, "enabled": True, "limit_kmh": 130}]})), "taken")),
        case("a battery that must not be woken for", "step 7", step(good, "refused", "low_voltage"), low_voltage=11.5),
        case("no cable", "step 7", step(sign(command(type="charge_start")), "refused", "not_plugged_in"), plugged_in=False),
    ]  # fmt: skip


def documents() -> list[dict]:
    """Documents one after the other: which version of `clock` the car holds and acknowledges afterwards; null for dropped."""

    def clock(version, **changes):
        return {"vin": VIN, "name": "clock", "version": version, "body": {"shift_seconds": 60.0 * version}} | changes

    third = sign(clock(3), "document")
    return [
        {"name": "first", "message": third, "acknowledged": 3},
        {"name": "the same again", "message": third, "acknowledged": 3},
        {"name": "an older one", "message": sign(clock(2), "document"), "acknowledged": 3},
        {"name": "a newer one", "message": sign(clock(4), "document"), "acknowledged": 4},
        {"name": "another car's", "message": sign(clock(5, vin=OTHER_VIN), "document"), "acknowledged": None},
        {"name": "unknown key", "message": sign(clock(5), "document", key=STRANGER), "acknowledged": None},
        {"name": "a command for a document", "message": sign(clock(5), "command"), "acknowledged": None},
        {"name": "unknown fields are ignored", "message": sign(clock(5, mood="good"), "document"), "acknowledged": 5},
        {"name": "without a version", "message": sign({"vin": VIN, "name": "clock", "body": {}}, "document"), "acknowledged": None},
    ]  # fmt: skip


def replies() -> list[dict]:
    """Replies to the event that waits: what the screen is told; null for dropped."""
    waits = "0192f0a1-0000-7000-8000-000000000001"

    def reply(**changes):
        return {"vin": VIN, "to": waits, "body": {"accepted": True, "error": None}} | changes

    no = {"accepted": False, "error": "code_wrong"}
    return [
        {"name": "accepted", "to": waits, "message": sign(reply(), "reply"), "accepted": True},
        {"name": "refused", "to": waits, "message": sign(reply(body=no), "reply"), "accepted": False},
        {"name": "another shape is a no", "to": waits, "message": sign(reply(body={"maybe": 1}), "reply"), "accepted": False},
        {"name": "nobody waits for it", "to": waits, "message": sign(reply(to="somebody"), "reply"), "accepted": None},
        {"name": "another car's", "to": waits, "message": sign(reply(vin=OTHER_VIN), "reply"), "accepted": None},
        {"name": "a document for a reply", "to": waits, "message": sign(reply(), "document"), "accepted": None},
        {"name": "changed by somebody", "to": waits, "message": sign(reply(), "reply", key=STRANGER), "accepted": None},
    ]  # fmt: skip


def make() -> str:
    """The whole file."""
    content = {
        "about": "See wire.md, Test vectors. Times are epoch milliseconds. The keys are for tests: never use them.",
        "platform_keys": {"keys": [jwk(PLATFORM)]},
        "supported": ["lock", "unlock", "honk", "climate_start", "charge_start", "set_speed_alarms"],
        "commands": commands(),
        "documents": documents(),
        "replies": replies(),
    }
    return json.dumps(content, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(make())
