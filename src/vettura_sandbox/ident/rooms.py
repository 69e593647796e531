"""Who is in a call right now, and what the two browsers have to tell each other before they see each other."""

import asyncio
import contextlib
import json
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

ROLES = ("person", "agent")
SIGNALS = ("offer", "answer", "candidate", "bye")
MOST_SIGNAL_BYTES = 64_000


class Rooms:
    """One room per attempt with at most one person and one agent; whoever comes again takes the place of their former self."""

    def __init__(self) -> None:
        """Nobody is there yet."""
        self._sockets: dict[str, dict[str, WebSocket]] = {}

    def is_present(self, code: str, role: str) -> bool:
        """Whether somebody of this role is in the room."""
        return role in self._sockets.get(code, {})

    async def tell(self, code: str, message: dict[str, Any]) -> None:  # Any: JSON
        """This will say something to both."""
        for socket in list(self._sockets.get(code, {}).values()):
            await self._say(socket, message)

    async def join(self, code: str, role: str, socket: WebSocket) -> None:
        """This will keep somebody in the room until they leave, and pass their signals to the other one."""
        room = self._sockets.setdefault(code, {})
        former, room[role] = room.get(role), socket
        if former is not None:
            with contextlib.suppress(RuntimeError):
                await former.close(4000)
        await self._announce(code)
        try:
            while True:
                text = await socket.receive_text()
                other = room.get(ROLES[1 - ROLES.index(role)])
                if other is not None and len(text) <= MOST_SIGNAL_BYTES and _is_signal(text):
                    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                        await other.send_text(text)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            if room.get(role) is socket:
                del room[role]
                if not room:
                    self._sockets.pop(code, None)
                await asyncio.shield(self._announce(code))

    async def _announce(self, code: str) -> None:
        await self.tell(code, {"type": "presence", "who": sorted(self._sockets.get(code, {}))})

    async def _say(self, socket: WebSocket, message: dict[str, Any]) -> None:  # Any: JSON
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await socket.send_text(json.dumps(message))


def _is_signal(text: str) -> bool:
    try:
        message = json.loads(text)
    except ValueError:
        return False
    return isinstance(message, dict) and message.get("type") in SIGNALS
