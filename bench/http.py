"""The smallest HTTP/1.1 client that keeps its connections: the client should cost little of what is measured."""

import asyncio
import json
import time
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

    async def request(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """The status and the JSON of the answer."""
        reader, writer = await self._connection()
        content = b"" if body is None else json.dumps(body).encode()
        more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        kind = "Content-Type: application/json\r\n" if content else ""
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost:{self._port}\r\n{self._headers}{more}{kind}"
        writer.write(f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content)
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
