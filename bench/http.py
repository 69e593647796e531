"""The smallest HTTP/1.1 client that keeps its connections: the client should cost little of what is measured."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

# the server closes what was idle for five seconds
LONGEST_IDLE_SECONDS = 3


class Http:
    """A few kept connections to one server."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        """Headers go with every request."""
        self._port = port
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter, float]] = []
        self._streams: list[asyncio.Transport] = []

    async def request(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """The status and the JSON of the answer."""
        reader, writer = await self._connection()
        content = b"" if body is None else json.dumps(body).encode()
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        kind = "Content-Type: application/json\r\n" if content else ""
        writer.write(f"{self._head(method, path)}{more}{kind}Content-Length: {len(content)}\r\n\r\n".encode() + content)
        answer = await reader.readuntil(b"\r\n\r\n")
        lines = answer.decode("latin-1").split("\r\n")
        status = int(lines[0].split()[1])
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:]) if name}
        if fields.get("transfer-encoding") == "chunked":
            text = b""
            while size := int(await reader.readline(), 16):
                text += await reader.readexactly(size)
                await reader.readline()
            await reader.readline()
        else:
            text = await reader.readexactly(int(fields.get("content-length", "0")))
        self._free.append((reader, writer, time.monotonic()))
        return status, json.loads(text) if "json" in fields.get("content-type", "") else text

    async def stream(self, path: str, take: Callable[[str, bytes], None]) -> None:
        """This will open an event stream and call `take` with kind and data of each event until `close`."""
        loop = asyncio.get_running_loop()
        opened: asyncio.Future[None] = loop.create_future()
        transport, _ = await loop.create_connection(lambda: _Events(take, opened), "127.0.0.1", self._port)
        self._streams.append(transport)
        transport.write(f"{self._head('GET', path)}Accept: text/event-stream\r\n\r\n".encode())
        await opened

    def _head(self, method: str, path: str) -> str:
        return f"{method} {path} HTTP/1.1\r\nHost: localhost:{self._port}\r\n{self._headers}"

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._free:
            reader, writer, used_at = self._free.pop()
            if time.monotonic() - used_at < LONGEST_IDLE_SECONDS:
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self._port)

    def close(self) -> None:
        """This will close the connections."""
        for _, writer, _ in self._free:
            writer.close()
        for transport in self._streams:
            transport.close()


class _Events(asyncio.Protocol):
    """Server-sent events in a chunked answer, taken apart as they come."""

    def __init__(self, take: Callable[[str, bytes], None], opened: "asyncio.Future[None]") -> None:
        self._take = take
        self._opened = opened
        self._rest = b""

    def data_received(self, data: bytes) -> None:
        self._rest += data
        if not self._opened.done():
            head, is_whole, rest = self._rest.partition(b"\r\n\r\n")
            if not is_whole:
                return
            if b" 200 " not in head.partition(b"\r\n")[0]:
                self._opened.set_exception(RuntimeError(head.decode("latin-1")))
                return
            self._opened.set_result(None)
            self._rest = rest
        # an event ends with an empty line; the sizes of chunks stand between, on lines of their own
        *events, self._rest = self._rest.split(b"\n\n")
        for event in events:
            kind, content = "", b""
            for line in event.split(b"\n"):
                if line.startswith(b"event: "):
                    kind = line[7:].decode()
                elif line.startswith(b"data: "):
                    content = line[6:]
            if content:
                self._take(kind, content)
