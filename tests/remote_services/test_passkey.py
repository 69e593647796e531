"""A passkey instead of the PIN: asked about one command, and good for nothing else."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode

import pytest
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData
from tests import link_facts as facts

from vettura.identity.errors import PasskeyMissing
from vettura.remote_services import actions, errors
from vettura.vehicle_link.models import RemoteCommand

ORIGIN = "http://localhost"
VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Device:
    """A device with a passkey of a person."""

    def __init__(self, person) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.site = hashlib.sha256(b"localhost").digest()
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(bytes(16), self.id, public)
        flags = VERIFIED | AuthenticatorData.FLAG.AT
        made = AttestationObject.create("none", AuthenticatorData.create(self.site, flags, 0, credential), {})
        response = {"clientDataJSON": b64(self._said("webauthn.create", b"x")), "attestationObject": b64(bytes(made))}
        Authenticator.objects.create(
            user=person,
            type=Authenticator.Type.WEBAUTHN,
            data={
                "name": "Mine",
                "credential": {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response},
            },
        )

    def answers(self, question, *, flags=VERIFIED):
        """What the device says to a question."""
        said = self._said("webauthn.get", question.options["challenge"])
        data = bytes(AuthenticatorData.create(self.site, flags, 1))
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": b64(said), "authenticatorData": b64(data), "signature": b64(signature)}
        answer = {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}
        return {"token": question.token, "passkey": answer}

    def _said(self, kind, challenge) -> bytes:
        text = challenge if isinstance(challenge, str) else b64(challenge)
        return json.dumps({"type": kind, "challenge": text, "origin": ORIGIN}).encode()


@pytest.fixture
def main(db, clock):
    return facts.account()


@pytest.fixture
def car(main):
    return facts.online(facts.vehicle(main_user=main))


def wish(person, car, *, key, type="unlock", **params):
    return {"by": person, "vin": car.vin, "type": type, "params": params, "command_id": key}


def test_a_passkey_opens_the_car_once(main, car):
    device, asked = Device(main), wish(main, car, key=facts.new_id())
    step_up = device.answers(actions.ask_for_passkey(**asked))

    first = actions.request_command(**asked, step_up=step_up)
    again = actions.request_command(**asked, step_up=step_up)

    assert (first.status, again.id) == ("sent", first.id)
    assert RemoteCommand.objects.count() == 1


@pytest.mark.parametrize("other", ["id", "type", "car", "person", "device", "unverified", "late", "token"])
def test_the_answer_to_one_question_passes_for_no_other(main, car, other, clock):
    device, key = Device(main), facts.new_id()
    step_up = device.answers(actions.ask_for_passkey(**wish(main, car, key=key)))
    asked = wish(main, car, key=key)
    if other == "id":
        asked["command_id"] = facts.new_id()
    if other == "type":
        asked["type"] = "trunk_unlock"
    if other == "car":
        asked["vin"] = facts.online(facts.vehicle(facts.OTHER_VIN, main_user=main)).vin
    if other == "person":
        asked["by"] = facts.account("second@example.org")
        facts.vehicles.assign_user(vehicle=car, account=asked["by"], role="secondary_user", at=facts.clock.now())
    if other == "device":
        stranger = Device(facts.account("stranger@example.org"))
        step_up = stranger.answers(actions.ask_for_passkey(**wish(main, car, key=key)))
    if other == "unverified":
        question = actions.ask_for_passkey(**wish(main, car, key=key))
        step_up = device.answers(question, flags=AuthenticatorData.FLAG.UP)
    if other == "late":
        clock.advance(minutes=3)
    if other == "token":
        step_up = step_up | {"token": step_up["token"][:-1] + "x"}

    with pytest.raises(errors.StepUpRequired):
        actions.request_command(**asked, step_up=step_up)

    assert not RemoteCommand.objects.exists()


def test_whoever_has_no_passkey_is_told_so(main, car):
    with pytest.raises(PasskeyMissing):
        actions.ask_for_passkey(**wish(main, car, key=facts.new_id()))
