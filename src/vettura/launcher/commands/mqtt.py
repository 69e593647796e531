"""`vettura mqtt`"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import signal
from pathlib import Path

import uvloop

from vettura.config import environment as env
from vettura.launcher.children import tell_ready
from vettura.launcher.django_setup import set_up
from vettura.launcher.doctor import refuse_unsafe
from vettura.launcher.errors import LauncherError
from vettura.launcher.places import Places

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (this machine only)")
    parser.add_argument("--port", type=int, default=8884, help="port for MQTT over TLS (8884)")
    parser.add_argument("--expose-demo", action="store_true", help="let the demo listen beyond this machine")


def run(options: argparse.Namespace) -> int:
    """Serve owners until SIGTERM."""
    if env.profile() in ("demo", "test") and options.host not in LOOPBACK and not options.expose_demo:
        raise LauncherError(f"The demo only listens on this machine. To listen on {options.host}, add --expose-demo.")
    refuse_unsafe()
    set_up()
    server = importlib.import_module("vettura.owner_mqtt.server")  # models can be imported only now
    nats = importlib.import_module("vettura.vehicle_link.adapters.nats")
    keys = Places.from_environment().keys_dir
    certificate, key = env.OWNER_MQTT_CERTIFICATE.value, env.OWNER_MQTT_KEY.value
    listener = server.Listener(
        options.host,
        options.port,
        Path(certificate) if certificate else keys / "server.pem",
        Path(key) if key else keys / "server.key",
    )

    async def mqtt() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        await server.run(listener, stop, connect=nats.connect_patiently, ready=tell_ready)

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(mqtt())
    except OSError as error:
        raise LauncherError(f"MQTT for owners cannot listen on {options.host}:{options.port} ({error}).") from error
    return 0
