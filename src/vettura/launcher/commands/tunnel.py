"""`vettura tunnel`: leads unmodified clients of another platform here, without changing this machine's name server."""

from __future__ import annotations

import argparse
import asyncio
import contextlib

from vettura import compat
from vettura.launcher.errors import LauncherError
from vettura.launcher.places import Ports
from vettura.launcher.progress import say

LONGEST_HEAD = 8192
PIECE = 65536
PORT = 8444


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--port", type=int, default=PORT, help=f"port of the proxy, on this machine only ({PORT})")
    parser.add_argument("--tls-port", type=int, default=Ports.tls, help=f"where Vettura serves HTTPS ({Ports.tls})")


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C."""
    try:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(options.port, options.tls_port))
    except OSError as error:
        raise LauncherError(f"The proxy cannot listen on port {options.port}: {error}") from error
    return 0


async def serve(port: int, tls_port: int) -> None:
    """This will pass every tunnel to a foreign host name on to our HTTPS, byte for byte, and refuse every other one."""

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await reader.readuntil(b"\r\n\r\n")
            method, _, rest = head.decode("latin-1").partition(" ")
            target = rest.partition(" ")[0]
            if method != "CONNECT" or target.rpartition(":")[0] not in compat.HOSTS:
                writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                await writer.drain()
            else:
                there, answers = await asyncio.open_connection("127.0.0.1", tls_port)
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await asyncio.gather(_pass_on(reader, answers), _pass_on(there, writer))
        writer.close()

    server = await asyncio.start_server(client, "127.0.0.1", port, limit=LONGEST_HEAD)
    say(f"Clients reach us with HTTPS_PROXY=http://127.0.0.1:{port}")
    async with server:
        await server.serve_forever()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Everything that one side says, until it is done."""
    with contextlib.suppress(OSError):
        while piece := await reader.read(PIECE):
            writer.write(piece)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()
