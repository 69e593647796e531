import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from vettura_wire import signing
from vettura_wire.errors import BadSignature, MalformedPayload
from vettura_wire.payloads import Command, Document, Reply

VIN = "WP0ZZZY1ZLSA00001"


def new_key() -> tuple[bytes, bytes]:
    key = Ed25519PrivateKey.generate()
    return (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


PRIVATE, PUBLIC = new_key()
OLD_PRIVATE, OLD_PUBLIC = new_key()
KEYS = {signing.key_id(PUBLIC): PUBLIC, signing.key_id(OLD_PUBLIC): OLD_PUBLIC}
COMMAND = Command(id="c1", vin=VIN, type="lock", counter=1, issued=1, expires=2)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(body=st.dictionaries(st.text(), json_values), version=st.integers(0, 2**53))
def test_what_was_signed_is_read_unchanged(body, version):
    document = Document(vin=VIN, name="settings", version=version, body=body)

    assert signing.verify(signing.sign(document, PRIVATE), KEYS, Document) == document


def test_several_keys_are_valid_while_they_change():
    assert signing.verify(signing.sign(COMMAND, PRIVATE), KEYS, Command) == COMMAND
    assert signing.verify(signing.sign(COMMAND, OLD_PRIVATE), KEYS, Command) == COMMAND


def test_an_unknown_key_is_refused():
    token = signing.sign(COMMAND, OLD_PRIVATE)

    with pytest.raises(BadSignature):
        signing.verify(token, {signing.key_id(PUBLIC): PUBLIC}, Command)


def test_a_foreign_signature_under_a_known_key_id_is_refused():
    token = signing.sign(COMMAND, OLD_PRIVATE, signing.key_id(PUBLIC))

    with pytest.raises(BadSignature):
        signing.verify(token, KEYS, Command)


@given(position=st.integers(0, 10_000), sign=st.sampled_from(b"AQgw019-_.=\n"))
def test_a_changed_byte_is_refused(position, sign):
    token = bytearray(signing.sign(COMMAND, PRIVATE))
    position %= len(token)
    if token[position] == sign:
        return
    token[position] = sign

    with pytest.raises((BadSignature, MalformedPayload)):
        signing.verify(bytes(token), KEYS, Command)


def test_a_reply_does_not_pass_for_a_command():
    token = signing.sign(Reply(vin=VIN, to="hello", body={}), PRIVATE)

    with pytest.raises(BadSignature):
        signing.verify(token, KEYS, Command)


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "EdDSA", "crit": ["b64"]}])
def test_another_algorithm_is_refused(header):
    _head, body, signature = signing.sign(COMMAND, PRIVATE).split(b".")
    forged = signing._b64(json.dumps({"kid": signing.key_id(PUBLIC), "typ": "vettura-command", **header}).encode())

    with pytest.raises(BadSignature):
        signing.verify(b".".join([forged, body, signature]), KEYS, Command)


def test_the_file_of_public_keys_is_read_as_it_was_written():
    keys = signing.read_keys(signing.write_keys([PUBLIC, OLD_PUBLIC]))

    assert signing.verify(signing.sign(COMMAND, OLD_PRIVATE), keys, Command) == COMMAND


@pytest.mark.parametrize("content", ["[]", "{", '{"keys": [{"kty": "OKP"}]}', '{"a": "no pem"}'])
def test_a_broken_file_of_keys_is_refused(content):
    with pytest.raises(BadSignature):
        signing.read_keys(content)
