import json
import re
from pathlib import Path

import msgspec
import pytest
from joserfc import jws
from joserfc.jwk import KeySet

from vettura_wire import payloads, signing

PAGE = Path(__file__).parents[2].joinpath("docs/wire.md").read_text()
KEYS = json.loads(re.findall(r"```json keys\n(.*?)```", PAGE, re.DOTALL)[0])
VECTORS = [json.loads(text) for text in re.findall(r"```json vector\n(.*?)```", PAGE, re.DOTALL)]
EXAMPLES = re.findall(r"```json example (\w+)\n(.*?)```", PAGE, re.DOTALL)
PUBLIC = signing.load_pem_private_key(KEYS["private_key_pem"].encode(), None).public_key()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["request_hash"][:8])
def test_signing_a_vector_gives_its_very_bytes(vector):
    payload = signing.verify(vector["jws"].encode(), {KEYS["kid"]: PUBLIC})

    signed = signing.sign(payload, KEYS["private_key_pem"])

    assert signed.decode() == vector["jws"]
    assert payloads.encode(payload).decode() == vector["payload"]
    assert signing.request_hash(vector["jws"]) == vector["request_hash"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["request_hash"][:8])
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_another_library_reads_what_we_sign(vector):
    keys = KeySet.import_key_set(json.loads(signing.write_keys([PUBLIC])))

    read = jws.deserialize_compact(vector["jws"], keys, algorithms=["EdDSA"])

    assert read.payload.decode() == vector["payload"]
    assert keys.keys[0].thumbprint() == KEYS["kid"]


@pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_the_examples_of_the_page_are_payloads(name, text):
    kind = getattr(payloads, name)

    payload = payloads.decode(text.encode(), kind)

    assert set(msgspec.to_builtins(payload)) >= set(json.loads(text))


def test_the_page_has_an_example_of_every_payload_that_goes_up():
    assert {kind.__name__ for kind in payloads.UP_PAYLOADS.values()} == {name for name, _ in EXAMPLES}
