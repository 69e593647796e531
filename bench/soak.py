"""
Many commands through everything that goes wrong: packets twice, late and in another order, lines that break, and every process killed
and started again, the database and the broker too. What must never happen is counted.

- **executed twice**: two acts of a car for one command; **executed after expiry**: an act later than the command says;
- **carried out and denied**: an act of the car for a command that is said to have been refused, superseded or over before it came;
- **without terminal state**: when all is quiet again, a command that neither ended nor is `unknown`;
- **wrong state shown**: at any moment a command is `done`, nothing that may have acted came after it, and the twin says otherwise; and
  when all is quiet again, a twin that differs from its car.
"""

import asyncio
import contextlib
import json
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench import stage
from bench.http import Http

LIFETIME_SECONDS = 20
WISHES = ("lock", "unlock", "climate_start", "climate_stop", "flash")
PIN = "1234"
IN_FLIGHT = 40
# a car that found no platform waits up to half a minute before it tries again, and one that was in a garage has to tell everything
QUIET_SECONDS = 120
# between two kills: a process that starts again costs seconds of the processor, and in a long run commands are to be most of the work
SHORT_RUN, PAUSES_SECONDS, PAUSES_OF_LONG_RUN_SECONDS = 2_000, (3, 9), (10, 30)
# what a car was told last, for whoever wants to know how it came to that
LATEST = """
    SELECT counter, type, status, cause FROM vehicle_link_remotecommand
    WHERE vehicle_id = %s AND counter > 0 ORDER BY counter DESC LIMIT 6
"""
WRONG = """
    WITH newest AS (
        SELECT DISTINCT ON (vehicle_id, family) vehicle_id, type, status
        FROM (SELECT vehicle_id, type, status, counter, type IN ('lock', 'unlock') AS family
              FROM vehicle_link_remotecommand
              WHERE type IN ('lock', 'unlock', 'climate_start', 'climate_stop') AND counter > 0
                AND status NOT IN ('refused', 'expired', 'superseded', 'accepted', 'queued')) command
        ORDER BY vehicle_id, family, counter DESC)
    SELECT newest.vehicle_id, newest.type, signal.value FROM newest
    JOIN vehicle_link_signal signal ON signal.vehicle_id = newest.vehicle_id
     AND signal.path = CASE WHEN type IN ('lock', 'unlock') THEN %s ELSE %s END
    WHERE status = 'done' AND signal.value <> to_jsonb(type IN ('lock', 'climate_start'))
"""


@dataclass
class Seen:
    """What was seen on the way."""

    asked: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    wrong: int = 0
    looks: int = 0
    killed: Counter[str] = field(default_factory=Counter)


def pack_of(folder: Path) -> Path:
    """The brand pack with commands that live for seconds, so that many of them meet their end on the way."""
    pack = folder / "pack"
    shutil.copytree(stage.ROOT / "packs" / "porsche", pack)
    terms = pack / "terms.yaml"
    text = terms.read_text()
    begin = text.index("command_lifetimes:")
    end = text.index("  means:", begin)
    lives = re.sub(r"\{minutes: \d+\}", f"{{seconds: {LIFETIME_SECONDS}}}", text[begin:end])
    terms.write_text(text[:begin] + lives + text[end:])
    return pack


def measure(world: stage.Stage, *, commands: int, minutes: float, pack: Path) -> dict[str, Any]:
    """This will have so many commands carried out, or not, and count what must not happen. After `minutes` nothing more is asked."""
    from vettura.identity import actions as identity
    from vettura.identity.models import Account

    identity.set_pin(account=Account.objects.get(email=stage.EMAIL), pin=PIN)
    acts = world.data_dir / "acts"
    acts.touch()
    # until all are there nobody drives into a garage
    calm = world.data_dir / "calm"
    calm.touch()
    began = time.monotonic()
    seen = Seen()
    with Processes(world, pack, acts) as processes:
        stage.wait_until(lambda: stage.answers(world.port), what="the web process does not answer")
        stage.wait_until(lambda: _have_access(world), what="not every car knows that it may be reached", seconds=120)
        calm.unlink()
        pauses = PAUSES_SECONDS if commands <= SHORT_RUN else PAUSES_OF_LONG_RUN_SECONDS
        asyncio.run(_drive(world, processes, _numbers(commands, minutes), pauses, seen))
        calm.touch()
        processes.see_to_all()
        with contextlib.suppress(TimeoutError):
            stage.wait_until(lambda: not _open(), what="commands are open", seconds=QUIET_SECONDS)
        with contextlib.suppress(TimeoutError):
            stage.wait_until(lambda: not _differing(world), what="twins differ", seconds=QUIET_SECONDS)
        differing = _differing(world)
        print("\n".join(differing), end="", file=sys.stderr, flush=True)
        statuses = _statuses()
    done = [line.split() for line in acts.read_text().splitlines()]
    often = Counter(command_id for command_id, _, _ in done)
    return {
        "commands": sum(statuses.values()),
        "asked": seen.asked,
        "acts": len(done),
        "statuses": statuses,
        "causes": _causes(),
        "refused": dict(seen.refused),
        "killed": dict(seen.killed),
        "seconds": round(time.monotonic() - began, 1),
        "looks": seen.looks,
        "executed_twice": sum(count > 1 for count in often.values()),
        "executed_after_expiry": sum(int(at) > int(expires) for _, expires, at in done),
        "carried_out_and_denied": _denied(often),
        "without_terminal_state": sum(count for status, count in statuses.items() if status in OPEN),
        "wrong_state_shown": seen.wrong + len(differing),
    }


ZEROS = (
    "executed_twice",
    "executed_after_expiry",
    "carried_out_and_denied",
    "without_terminal_state",
    "wrong_state_shown",
)
OPEN = ("accepted", "queued", "waking", "sent", "delivered", "running")


class Processes:
    """The platform's processes and the cars: each may be killed at any moment, and comes again."""

    def __init__(self, world: stage.Stage, pack: Path, acts: Path) -> None:
        """Nothing runs before it is entered."""
        self._world = world
        cars = ("-m", "bench.soak_cars", str(world.data_dir), str(pack), world.mqtt_url, str(acts), *world.vins)
        self._commands = {
            "link": ("-m", "vettura.launcher.main", "link"),
            "worker": ("-m", "vettura.launcher.main", "worker"),
            "web": ("-m", "vettura.launcher.main", "web", "--port", str(world.port)),
            "cars": cars,
        }
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._open = contextlib.ExitStack()

    def __enter__(self) -> "Processes":
        self.see_to_all()
        return self

    def __exit__(self, *raised: Any) -> None:
        # whoever ends with an error shows what its processes said last
        self._open.__exit__(*raised)

    def see_to_all(self) -> None:
        """This will start what does not run."""
        for name, command in self._commands.items():
            if name not in self._running or self._running[name].poll() is not None:
                entered = stage.process(*command, name=name, data_dir=self._world.data_dir)
                self._running[name] = self._open.enter_context(entered)

    def kill(self, name: str) -> None:
        """This will end one without a warning and start it again. The broker and the database are told to stop."""
        if name == "broker":
            self._world.restart_broker()
        elif name == "database":
            self._world.restart_database()
        else:
            self._running[name].send_signal(signal.SIGKILL)
            self._running[name].wait()
        self.see_to_all()


def _numbers(commands: int, minutes: float) -> Iterator[int]:
    """The numbers of the wishes while there is time; says once a minute how far it is."""
    began = told = time.monotonic()
    for number in range(commands):
        now = time.monotonic()
        if now - began > minutes * 60:
            return
        if now - told > 60:
            told = now
            print(f"{number} of {commands} wishes after {(now - began) / 60:.0f} min", file=sys.stderr, flush=True)
        yield number


async def _drive(
    world: stage.Stage, processes: Processes, numbers: Iterator[int], pauses: tuple[int, int], seen: Seen
) -> None:
    http = Http(world.port, world.headers)
    over = asyncio.Event()
    around = [asyncio.create_task(_disturb(processes, pauses, seen, over)), asyncio.create_task(_watch(seen, over))]
    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(IN_FLIGHT):
                group.create_task(_ask(http, world, numbers, seen))
    finally:
        over.set()
        await asyncio.gather(*around)
        http.close()


async def _ask(http: Http, world: stage.Stage, numbers: Iterator[int], seen: Seen) -> None:
    for _ in numbers:
        vin, type_, key = random.choice(world.vins), random.choice(WISHES), str(uuid4())
        body: dict[str, object] = {"type": type_} | ({"step_up": {"pin": PIN}} if type_ == "unlock" else {})
        seen.asked += 1
        # who gets no answer asks again with the same key, and so does who is impatient
        answered = 0
        while answered < random.choices((1, 2), (95, 5))[0]:
            try:
                status, answer = await asyncio.wait_for(
                    http.request("POST", f"/api/v1/vehicles/{vin}/commands", body, Idempotency_Key=key), 10
                )
            except (OSError, EOFError, TimeoutError, ValueError):
                await asyncio.sleep(0.3)
                continue
            if status >= 500 or not isinstance(answer, dict):
                # a page instead of an answer: the session could not be read while the database was away
                await asyncio.sleep(0.3)
                continue
            if status != 202:
                seen.refused[str(answer.get("code", status))] += 1
            answered += 1


async def _disturb(processes: Processes, pauses: tuple[int, int], seen: Seen, over: asyncio.Event) -> None:
    """One process after the other is killed, in an order of its own each time."""
    loop = asyncio.get_running_loop()
    while not over.is_set():
        for name in random.sample(NAMES, len(NAMES)):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), random.uniform(*pauses))
            if over.is_set():
                return
            if name in ("broker", "database"):
                # these end with the thread that began them, so it has to be one that stays
                processes.kill(name)
            else:
                await loop.run_in_executor(None, processes.kill, name)
            seen.killed[name] += 1


NAMES = ["cars", "link", "web", "worker", "broker", "database", "cars"]


async def _watch(seen: Seen, over: asyncio.Event) -> None:
    """Looks at what is shown, as often as it can."""
    loop = asyncio.get_running_loop()
    while not over.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), 0.5)
        wrong = await loop.run_in_executor(None, _wrong)
        if wrong is not None:
            seen.looks += 1
            seen.wrong += wrong


def _wrong() -> int | None:
    from django.db import DatabaseError, InterfaceError, connections

    from vettura.foundation import statements
    from vettura_wire import signals

    try:
        found = list(statements.fetch(WRONG, [signals.DOOR_LOCKED["driver_door"], signals.CLIMATE_ACTIVE]))
        for vehicle_id, type_, value in found:
            latest = list(statements.fetch(LATEST, [vehicle_id]))
            print(f"{type_} is done and the car says {value}: {latest}", file=sys.stderr, flush=True)
    except (DatabaseError, InterfaceError):
        return None
    finally:
        connections.close_all()
    return len(found)


def _open() -> int:
    return sum(count for status, count in _statuses().items() if status in OPEN)


def _have_access(world: stage.Stage) -> bool:
    """Whether every car has what it needs to obey: the grant of its main user, and its contracts."""
    for vin in world.vins:
        file = world.data_dir / "cars" / vin / "state.json"
        state = json.loads(file.read_text()) if file.exists() else {}
        users = state.get("documents", {}).get("users", {}).get("body", {})
        if not users.get("remote_access") or not (state.get("active_contracts") or {}).get("body", {}).get("services"):
            return False
    return True


def _statuses() -> dict[str, int]:
    from django.db import connections
    from django.db.models import Count

    from vettura.vehicle_link.models import RemoteCommand

    connections.close_all()
    rows = RemoteCommand.objects.filter(counter__gt=0).values_list("status").annotate(Count("id"))
    return dict(sorted(rows))


def _causes() -> dict[str, int]:
    """Why commands failed or were refused by cars."""
    from django.db.models import Count

    from vettura.vehicle_link.models import RemoteCommand

    ended = RemoteCommand.objects.filter(counter__gt=0, status__in=("failed", "refused"))
    return dict(sorted(ended.values_list("cause").annotate(Count("id"))))


def _denied(acts: Counter[str]) -> int:
    """How many commands were carried out of which people read that they were not."""
    from vettura.vehicle_link.models import RemoteCommand

    said = RemoteCommand.objects.filter(status__in=("refused", "expired", "superseded")).values_list("id", flat=True)
    return sum(str(each) in acts for each in said)


def _differing(world: stage.Stage) -> list[str]:
    """The cars of which the platform says something else than is so, with what is (locked, climate) and what is shown."""
    from vettura.vehicle_link import queries
    from vettura.vehicles.models import Vehicle
    from vettura_wire import signals

    twins = queries.twins_of(vehicles=list(Vehicle.objects.filter(vin__in=world.vins)))
    differing = []
    for vin in world.vins:
        state = json.loads((world.data_dir / "cars" / vin / "state.json").read_text())
        # what stands as in a new car is not written down
        locked = all(state.get("doors_locked", {"": True}).values())
        shown = twins[vin].value(signals.DOOR_LOCKED["driver_door"]), twins[vin].value(signals.CLIMATE_ACTIVE)
        if shown != (locked, state.get("climate_active", False)):
            differing.append(f"{vin} is {(locked, state.get('climate_active', False))} and {shown} is shown")
    return differing


def lines(found: dict[str, Any]) -> list[str]:
    """The zeros, as a person reads them."""
    killed = ", ".join(f"{name} {count}" for name, count in sorted(found["killed"].items()))
    ended = ", ".join(f"{status} {count}" for status, count in found["statuses"].items())
    causes = ", ".join(f"{cause} {count}" for cause, count in found["causes"].items())
    refused = ", ".join(f"{code} {count}" for code, count in found["refused"].items())
    return [
        f"{found['commands']} commands of {found['asked']} wishes in {found['seconds']} s; {ended}",
        f"  failed or refused in the car because of: {causes or 'nothing'}; refused by the platform: {refused or 'none'}",
        f"  killed and started again: {killed}; the state was looked at {found['looks']} times",
        *(
            f"{label:44}{found[name]:>10}"
            for label, name in (
                ("executed twice", "executed_twice"),
                ("executed after expiry", "executed_after_expiry"),
                ("carried out and denied", "carried_out_and_denied"),
                ("without terminal state", "without_terminal_state"),
                ("wrong state shown", "wrong_state_shown"),
            )
        ),
    ]
