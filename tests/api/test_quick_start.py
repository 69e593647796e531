"""The quick start of `docs/api`: the very lines that stand there, against a running server, with a person who allows it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from tests import identity_facts
from tests import link_facts as facts
from tests.program_facts import token

from vettura.identity import actions as identity
from vettura.vehicle_link import actions as link
from vettura.vehicle_link import rules as rules_of_link
from vettura.vehicle_link.models import RemoteCommand
from vettura_wire import payloads, signals

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "README.md"
BLOCKS = dict(
    re.findall(r"```(sh|python)\n(.*?)```", PAGE.read_text().partition("## What a program may")[0], re.DOTALL)
)
RUNNERS = {"sh": ["sh", "-c"], "python": [sys.executable, "-c"]}


@pytest.fixture
def person(transactional_db):
    cache.clear()
    return facts.account()


@pytest.fixture
def car(person):
    car = facts.vehicle(main_user=person)
    values = {signals.STATE_OF_CHARGE: 80.0}
    at = facts.clock.real_now()
    link.record_states(states=[(car.vin, payloads.State(seq=1, measured_at=at, values=values))])
    return car


@pytest.mark.parametrize("language", ["sh", "python"])
def test_its_ten_lines_read_a_car_and_lock_it(live_server, settings, person, car, language):
    if language == "sh" and shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    settings.VETTURA_BASE_URL = live_server.url
    own = identity.create_own_program(by=person, name="My first program")
    program = subprocess.Popen(
        [*RUNNERS[language], BLOCKS[language]],
        env={"PATH": os.environ["PATH"], "BASE": live_server.url, "CLIENT": own.id},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        asked = program.stdout.readline()
        code = parse_qs(urlsplit(re.search(r"http\S+?(?=,)", asked)[0]).query)["code"][0]
        answer = {"code": code, "action": "confirm", "cars": [car.vin]}
        assert identity_facts.signed_in(person).post("/device/", answer).status_code == 200
        said, _ = program.communicate("\n", timeout=60)
    finally:
        program.kill()

    assert program.returncode == 0, said
    assert signals.STATE_OF_CHARGE in said
    assert [each.type for each in RemoteCommand.objects.all()] == ["lock"]


def test_what_it_says_of_changing_a_setting_works(live_server, person, car):
    block = re.search(r"```sh\n(.*?)```", (PAGE.parent / "changing.md").read_text(), re.DOTALL)
    environment = {
        "PATH": os.environ["PATH"],
        "BASE": live_server.url,
        "vin": car.vin,
        "auth": f"Authorization: Bearer {token(person, 'vehicles')}",
    }
    if shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine")
    with tempfile.TemporaryDirectory() as folder:
        said = subprocess.run(
            ["sh", "-c", block[1]], check=False, env=environment, capture_output=True, text=True, cwd=folder
        )

    assert json.loads(said.stdout)["type"] == "set_departure_timers", said


def test_every_operation_that_coverage_names_exists():
    from tests.permissions.test_matrix import operations

    known = {each.path.rsplit("/", 1)[-1].strip("{}") for each in operations()} | {"{id}", "command_id"}
    named = re.findall(r"`(?:GET |PUT |POST |DELETE )?(?:/|…/)([^`\s]+)`", (PAGE.parent / "coverage.md").read_text())

    assert [each for each in named if each.rsplit("/", 1)[-1].strip("{}") not in known | {"id", "name"}] == []


@pytest.mark.parametrize("language", ["sh", "python"])
def test_it_is_ten_lines(language):
    lines = [line for line in BLOCKS[language].splitlines() if line.strip()]

    # one that is broken is still one
    assert len([line for line in lines if not line.startswith("  ")]) <= 10


def test_what_it_says_of_signatures_is_what_we_sign():
    from vettura.developers import rules

    block = re.search(r"```python\n(import hashlib.*?)```", PAGE.read_text(), re.DOTALL)
    known: dict = {}
    exec(block[1], known)
    at = facts.real_now()
    made = rules.signature(secrets=["new", "former"], at=at, body=b"{}")

    assert known["is_ours"]("former", made, b"{}")
    assert not known["is_ours"]("other", made, b"{}")
    assert not known["is_ours"]("new", made, b"{ }")
    old = rules.signature(secrets=["new"], at=at - rules.FRESH, body=b"{}")
    assert not known["is_ours"]("new", old, b"{}")


def test_the_budgets_and_pauses_it_names_are_those_in_force():
    from vettura.developers import rules

    text = PAGE.read_text()

    assert [(each.limit, each.seconds) for each in rules.BUDGETS.values()] == [(600, 60), (240, 60), (60, 3600)]
    assert "600 requests a minute for each program and person, 240 of them" in text
    assert "60 commands an hour" in text
    assert f"{rules_of_link.STREAMS_OF_PROGRAM} live" in text
    assert f"{rules_of_link.STREAMS_OF_CAR} of them of the same vehicle" in text
    assert [int(each.total_seconds()) for each in rules.PAUSES] == [10, 60, 300, 1800, 7200, 21600, 43200]
    assert "10 s, 1 min, 5 min, 30 min, 2 h, 6 h and 12 h" in text
    assert all(f"`{event}`" in text for event in rules.EVENTS)
