"""`vettura web`"""

from __future__ import annotations

import argparse
import logging

from vettura.config import environment as env
from vettura.launcher.django_setup import set_up
from vettura.launcher.doctor import refuse_unsafe
from vettura.launcher.errors import LauncherError
from vettura.launcher.places import Places

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (this machine only)")
    parser.add_argument("--port", type=int, default=8000, help="port for HTTP (8000)")
    parser.add_argument("--tls-port", type=int, help="port for HTTPS with the certificate of our own authority")
    parser.add_argument("--expose-demo", action="store_true", help="let the demo listen beyond this machine")


def run(options: argparse.Namespace) -> int:
    """Serve until SIGTERM."""
    if env.profile() in ("demo", "test") and options.host not in LOOPBACK and not options.expose_demo:
        raise LauncherError(f"The demo only listens on this machine. To listen on {options.host}, add --expose-demo.")
    refuse_unsafe()
    set_up()
    # the front sets Django up when it is imported, and `set_up` has to find the servers before
    from vettura.config import front

    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    listeners = [front.Listener(options.host, options.port)]
    if options.tls_port:
        keys = Places.from_environment().keys_dir
        listeners.append(front.Listener(options.host, options.tls_port, keys / "server.pem", keys / "server.key"))
    front.run(listeners)
    return 0
