"""`vettura up`"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time

from vettura.launcher.errors import LauncherError
from vettura.launcher.places import Places, Ports
from vettura.launcher.progress import say
from vettura.launcher.up import Plan, log_path, refuse_second, up

READY = "Vettura is ready: "


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    default = Ports()
    parser.add_argument("--detach", action="store_true", help="run in the background and come back when it is ready")
    parser.add_argument("--port", type=int, default=default.web, help="port of the pages (8000)")
    for name in ("tls", "mqtt", "owner_mqtt", "nats", "smtp", "imap", "car"):
        number = getattr(default, name)
        parser.add_argument(Ports.OPTIONS[name], type=int, default=number, help=f"({number})")
    parser.add_argument(
        "--profile", choices=("demo", "production"), default=os.environ.get("VETTURA_PROFILE") or "demo"
    )
    parser.add_argument("--host", help="address to listen on (this machine only)")
    parser.add_argument("--expose-demo", action="store_true", help="let the demo listen beyond this machine")


def run(options: argparse.Namespace) -> int:
    """Run everything here, or start it in the background."""
    if options.detach:
        return _detach()
    os.environ["VETTURA_PROFILE"] = options.profile
    ports = Ports(
        web=options.port,
        tls=options.tls_port,
        mqtt=options.mqtt_port,
        owner_mqtt=options.owner_mqtt_port,
        nats=options.nats_port,
        smtp=options.smtp_port,
        imap=options.imap_port,
        car=options.car_port,
    )
    places = Places(Places.from_environment().data_dir, ports)
    host = options.host or ("0.0.0.0" if options.expose_demo else "127.0.0.1")  # noqa: S104 asked for by --expose-demo
    up(Plan(places=places, profile=options.profile, host=host, expose_demo=options.expose_demo))
    return 0


def _detach() -> int:
    """Start the same command without `--detach` in a session of its own, and repeat what it says until it is ready."""
    places = Places.from_environment()
    refuse_second(places)  # before its log is begun anew
    places.logs_dir.mkdir(parents=True, exist_ok=True)
    words = [word for word in sys.argv[1:] if word != "--detach"]
    path = log_path(places)
    with path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "vettura.launcher.main", *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        with path.open(encoding="utf-8") as said:
            unfinished = ""
            while True:
                has_ended = process.poll() is not None
                unfinished += said.read()
                *lines, unfinished = unfinished.split("\n")
                for line in lines:
                    say(line)
                    if line.startswith(READY):
                        return 0
                if has_ended:
                    raise LauncherError(f"Vettura did not start; {path} has the whole story.")
                time.sleep(0.05)
    except KeyboardInterrupt:
        process.send_signal(signal.SIGTERM)
        process.wait()
        return 1
