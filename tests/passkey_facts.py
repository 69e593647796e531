"""Passkeys for tests: a device that answers questions, in this process or as a browser's virtual one."""

import hashlib
import json
import secrets
from base64 import b64encode, urlsafe_b64encode

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

ORIGIN = "http://localhost"
UNVERIFIED = AuthenticatorData.FLAG.UP
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

    def as_virtual(self) -> dict[str, object]:
        """The same passkey, as the browser's debugging protocol takes it."""
        formats = serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        return {
            "credentialId": b64encode(self.id).decode(),
            "isResidentCredential": False,
            "rpId": "localhost",
            "privateKey": b64encode(self.key.private_bytes(*formats)).decode(),
            "signCount": 1,
        }
