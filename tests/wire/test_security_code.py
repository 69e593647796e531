"""A security code is proven, not sent."""

import base64
import json
import re
import secrets
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vettura_wire import settings as personal
from vettura_wire.clock import real_now
from vettura_wire.security_code import CodeChallenge, CodeProof, challenge_of, is_proven, prove, public_key, stretched

PAGE = Path(__file__).parents[2].joinpath("docs/wire.md").read_text()
VECTOR = json.loads(re.findall(r"```json security-code\n(.*?)```", PAGE, re.DOTALL)[0])
VIN, CODE = "WP0ZZZY1ZLSA00001", "482913"


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Asked:
    """A challenge of the platform for a code, and what the platform keeps of it."""

    def __init__(self, code: str = CODE) -> None:
        self.private, self.nonce, salt = secrets.token_bytes(32), secrets.token_bytes(32), secrets.token_bytes(16)
        self.verifier = stretched(code, salt)
        self.challenge = challenge_of(
            id="a-challenge", salt=salt, nonce=self.nonce, private=self.private, expires_at=real_now()
        )

    def takes(self, proof: CodeProof, vin: str = VIN) -> bool:
        return is_proven(proof, vin=vin, nonce=self.nonce, private=self.private, verifier=self.verifier)


def answer(asked: Asked, code: str = CODE, vin: str = VIN) -> CodeProof:
    return prove(asked.challenge, vin=vin, code=code, private=secrets.token_bytes(32))


def test_the_vector_of_the_page_is_what_we_send():
    challenge = msgspec.convert(VECTOR["challenge"], CodeChallenge)

    proof = prove(challenge, vin=VECTOR["vin"], code=VECTOR["code"], private=raw(VECTOR["car_private"]))

    assert msgspec.to_builtins(proof) == VECTOR["proof"]
    assert stretched(VECTOR["code"], raw(challenge.salt)) == raw(VECTOR["stretched"])
    assert public_key(raw(VECTOR["platform_private"])) == raw(challenge.key)
    assert is_proven(
        proof,
        vin=VECTOR["vin"],
        nonce=raw(challenge.nonce),
        private=raw(VECTOR["platform_private"]),
        verifier=raw(VECTOR["stretched"]),
    )


@given(typed=st.from_regex(r"[0-9]{6}", fullmatch=True))
@settings(max_examples=10, deadline=None)
def test_only_the_right_code_is_proven(typed):
    asked = Asked()

    assert asked.takes(answer(asked)) is True
    assert asked.takes(answer(asked, typed)) is (typed == CODE)


def test_a_proof_is_good_for_one_challenge_of_one_car_only():
    asked, other = Asked(), Asked()

    proof = answer(asked)

    assert not other.takes(proof)
    assert not asked.takes(proof, vin="WP0ZZZY1ZLSA00002")
    assert not asked.takes(answer(asked, vin="WP0ZZZY1ZLSA00002"))


@pytest.mark.parametrize("field", ["challenge", "key", "proof"])
def test_nothing_in_a_proof_can_be_changed(field):
    asked = Asked()
    proof, another = answer(asked), answer(Asked())
    changed = "another" if field == "challenge" else getattr(another, field)

    assert not asked.takes(msgspec.structs.replace(proof, **{field: changed}))


@pytest.mark.parametrize("key", ["", "AAAA", "not base64 at all!", "A" * 43])
def test_what_is_no_key_proves_nothing(key):
    asked = Asked()

    assert not asked.takes(msgspec.structs.replace(answer(asked), key=key))


def test_neither_challenge_nor_proof_says_anything_of_the_code():
    asked = Asked()
    proof = answer(asked)

    sent = msgspec.json.encode(asked.challenge) + msgspec.json.encode(proof)

    assert CODE.encode() not in sent
    assert raw(proof.proof) != asked.verifier
    assert answer(asked).proof != proof.proof


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("seat_position", [0, 55, 100], [-5, 101, 52, "50", True, None]),
        ("seat_heating", [0, 3], [4, 1.5]),
        ("temperature", [16, 21.5, 28], [15.5, 28.5, 21.3]),
        (
            "favorites",
            [[], ["Via Po 1, Torino"], ["a"] * 20],
            [["a"] * 21, [""], ["a" * 61], [" a"], ["a\n"], [1], "a"],
        ),
        ("unknown", [], [1, [], "a"]),
    ],
)
def test_a_setting_has_only_values_of_its_kind(name, good, bad):
    assert all(personal.fits(name, value) for value in good)
    assert not any(personal.fits(name, value) for value in bad)
