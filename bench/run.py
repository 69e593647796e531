"""
`make bench`: measures commands, ingest, accounts and connected cars on this machine and writes `bench/results.json`.

Read the ratios: the machine is one, so what costs the same here and there cancels out.
"""

import argparse
import asyncio
import json
import logging
import math
import os
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

import uvloop

from bench import accounts, commands, connected, ingest, phone, reading, soak, stage
from bench import help as help_center

RESULTS = Path(__file__).with_name("results.json")
CARS = 200
REPORTS = 40_000
CONNECTED = 5_000
SOAKED = 100_000
SOAK_CARS = 30
RATES = [(1.0, 30), (100.0, 1500), (300.0, 3000)]
LISTENERS = 1_000
READS = 1_000
FLOOR = (
    ("empty_view", "a request to an empty view"),
    ("two_commits", "two single-row commits"),
    ("qos1_round_trip", "one QoS 1 round trip"),
    ("whole", "all three"),
)


def main() -> None:
    """This will run everything, print a table and write the results."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of everything: to see that it works")
    parser.add_argument(
        "--only",
        choices=["commands", "ingest", "accounts", "connected", "reading", "phone", "soak", "help"],
        help="one part",
    )
    parser.add_argument("--connected", type=int, default=CONNECTED, help=f"how many cars are connected ({CONNECTED})")
    parser.add_argument("--commands", type=int, default=SOAKED, help=f"how many commands the soak has ({SOAKED})")
    parser.add_argument("--minutes", type=float, default=math.inf, help="how long the soak asks at most (no end)")
    options = parser.parse_args()
    logging.disable(logging.WARNING)
    if options.only == "soak":
        sys.exit(_soak(options.commands, options.minutes))
    scale = 10 if options.quick else 1
    if options.only == "help":
        print("\n".join(help_center.lines(_help(scale))))
        return
    found: dict[str, Any] = {"machine": {"python": platform.python_version(), "cpus": _cpus(), "load_before": _load()}}
    with stage.set_up(cars=CARS // scale) as world:
        if options.only in (None, "accounts"):
            found["accounts"] = accounts.measure(scale)
        if options.only in (None, "commands"):
            found["commands"] = _commands(world, scale)
        if options.only in (None, "reading"):
            found["reading"] = _reading(world, scale)
        if options.only in (None, "phone"):
            found["phone"] = phone.measure(world)
        if options.only in (None, "ingest"):
            found["ingest"] = _ingest(world, REPORTS // scale)
        if options.only in (None, "connected"):
            found["connected"] = connected.measure(
                world,
                cars=max(20, options.connected // scale**2),
                idle_seconds=30 / scale,
                changes=max(20, 300 // scale),
            )
    found["machine"]["load_after"] = _load()
    print(table(found))
    if not options.quick and not options.only:
        RESULTS.write_text(json.dumps(found, indent=2) + "\n")


def _soak(commands: int, minutes: float) -> int:
    """A world of its own: its commands live for seconds. Prints the zeros; 1 where one is none."""
    with tempfile.TemporaryDirectory(prefix="vts") as folder:
        pack = soak.pack_of(Path(folder))
        with stage.set_up(cars=min(SOAK_CARS, max(5, commands // 50)), pack=pack, history=100) as world:
            found = soak.measure(world, commands=commands, minutes=minutes, pack=pack)
    print("\n".join(soak.lines(found)))
    return int(any(found[name] for name in soak.ZEROS))


def _help(scale: int) -> dict[str, Any]:
    """A world of its own: its pack has many articles."""
    with tempfile.TemporaryDirectory(prefix="vth") as folder:
        Path(folder).chmod(0o755)
        pack = help_center.pack_of(Path(folder), help_center.ARTICLES // scale)
        with stage.set_up(cars=1, pack=pack, history=100) as world:
            return help_center.measure(world, searches=help_center.SEARCHES // scale)


def _commands(world: stage.Stage, scale: int) -> dict[str, Any]:
    with stage.link(world), stage.web(world):
        stage.wait_until(lambda: stage.answers(world.port), what="the web process does not answer")
        with stage.fleet(world):
            stage.wait_until(
                lambda: stage.cars_online() >= len(world.vins), what="not every car came online", seconds=120
            )
            rates = [(rate, max(5, count // scale)) for rate, count in RATES]
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                return runner.run(commands.measure(world, rates=rates))


def _reading(world: stage.Stage, scale: int) -> dict[str, Any]:
    with stage.link(world), stage.web(world):
        stage.wait_until(lambda: stage.answers(world.port), what="the web process does not answer")
        with stage.fleet(world):
            stage.wait_until(
                lambda: stage.cars_online() >= len(world.vins), what="not every car came online", seconds=120
            )
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                return runner.run(reading.measure(world, listeners=LISTENERS // scale, reads=READS // scale))


def _ingest(world: stage.Stage, count: int) -> dict[str, Any]:
    given = ingest.reports(world, count)
    rows_alone = ingest.copy_and_upsert(world, given)
    with stage.link(world):  # makes the stream and the consumer, if it is the first
        stage.wait_until(lambda: _has_stream(world), what="the link made no consumer")
    asyncio.run(ingest.fill_stream(world, given))
    with stage.link(world):
        committed = asyncio.run(ingest.drained_per_second(world))
    return {
        "reports_per_s": round(committed),
        "copy_and_upsert_alone_reports_per_s": round(rows_alone),
        "values_per_report": len(ingest.PATHS),
        "ratio": round(committed / rows_alone, 2),
    }


def _has_stream(world: stage.Stage) -> bool:
    async def ask() -> bool:
        import nats
        from nats.js.errors import NotFoundError

        seed = (world.keys_dir / "nats-platform.seed").read_text().strip()
        connection = await nats.connect(world.nats_url, nkeys_seed_str=seed)
        try:
            await connection.jetstream().consumer_info("$MQTT_msgs", "vettura-link")
        except NotFoundError:
            return False
        finally:
            await connection.close()
        return True

    return asyncio.run(ask())


def _cpus() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _load() -> float:
    """What else runs takes its share: read the results with it."""
    return round(os.getloadavg()[0], 1)


def table(found: dict[str, Any]) -> str:
    """The results as a person reads them."""
    machine = found["machine"]
    lines = [f"{machine['cpus']} CPUs, load average {machine['load_before']} before and {machine['load_after']} after"]
    lines.append(f"{'':44}{'p50 ms':>10}{'p99 ms':>10}")
    measured = found.get("commands", {})

    def line(label: str, times: dict[str, float]) -> None:
        lines.append(f"{label:44}{times['p50_ms']:>10}{times['p99_ms']:>10}")

    for name, each in measured.items():
        if name == "raw_broker":
            line("raw broker: command to car, result back", each)
            continue
        rate = name.removeprefix("commands_at_").removesuffix("_per_s")
        for part, label in FLOOR:
            line(f"floor at {rate}/s: {label}", each["floor"][part])
        for step in ("accepted", "received", "visible"):
            line(f"commands at {rate}/s: {step}", each[step])
        lines.append(f"  visible p50 = {each['p50_over_floor']} x floor; goal at most 3, and p99 below 250 ms")
    parts = {
        "reading": reading.lines,
        "phone": phone.lines,
        "ingest": _of_ingest,
        "connected": _of_connected,
        "accounts": _of_accounts,
    }
    for name, lines_of in parts.items():
        if name in found:
            lines += lines_of(found[name])
    return "\n".join(lines)


def _of_ingest(each: dict[str, Any]) -> list[str]:
    return [
        f"{'state reports committed to the twin per s':44}{each['reports_per_s']:>10}",
        f"{'COPY and upsert of the same rows alone per s':44}{each['copy_and_upsert_alone_reports_per_s']:>10}",
        f"  ratio {each['ratio']}; goal at least 0.33",
    ]


def _of_connected(each: dict[str, Any]) -> list[str]:
    bare, platform = each["bare_broker"], each["platform"]
    lines = [f"{each['cars']} connected idle cars".ljust(44) + f"{'platform':>10}{'bare':>10}{'ratio':>10}"]
    for label, key, ratio in (
        ("memory per car, KiB", "kib_per_car", "memory_ratio"),
        ("CPU per car and minute, ms", "idle_cpu_ms_per_car_and_minute", "cpu_ratio"),
        ("everybody back after an outage, s", "all_back_s", "back_ratio"),
    ):
        lines.append(f"{label:44}{platform[key]:>10}{bare[key]:>10}{each[ratio] or '-':>10}")
    seen = platform["change_seen"]
    lines.append(f"{'an app sees a change meanwhile: p50, p99 ms':44}{seen['p50_ms']:>10}{seen['p99_ms']:>10}")
    return lines


def _of_accounts(each: dict[str, Any]) -> list[str]:
    signing, renewing, garage = each["sign_ins"], each["renewals"], each["garage"]
    made = signing["argon2"]
    lines = [
        f"{'password sign-ins per s':44}{signing['per_s']:>10}",
        f"{'password sign-ins per s and core':44}{signing['per_s_and_core']:>10}",
        f"{'the hash alone per s':44}{signing['hash_alone_per_s']:>10}",
        f"  {made['variety']}, {made['memory_kib']} KiB, {made['passes']} passes, {made['lanes']} lanes; anchor: 15 per s and core",
        f"{'token refreshes per s':44}{renewing['per_s']:>10}",
        f"{'single-row commits per s':44}{renewing['single_row_commits_per_s']:>10}",
    ]
    for name in ("one", "many"):
        label = f"garage with {garage[name]['cars']} cars: ms, queries"
        lines.append(f"{label:44}{garage[name]['page_ms']:>10}{garage[name]['queries']:>10}")
    floor = "floor: a page of the account without cars: ms"
    lines.append(f"{floor:44}{garage['page_without_cars_ms']:>10}")
    lines.append(f"  ratio {garage['ratio']}; the number of queries must not grow")
    return lines
