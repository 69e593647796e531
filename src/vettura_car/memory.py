"""
What a car remembers of commands: enough to take each one once, over restarts and pulled plugs.

Id, counter and results of every unexpired command, and the highest counter ever seen, are on disk before the car
acts. A car that finds no memory (new disk, broken file) refuses everything issued before its first hello.
"""

from pathlib import Path

import msgspec

from vettura_car.storage import write_atomically
from vettura_wire.payloads import Command, Result
from vettura_wire.statuses import is_final

KEEP_UNSENT_MS = 7 * 24 * 3600 * 1000
"""How long an answer that nobody took is kept: a late answer still corrects ``unknown``."""


class Known(msgspec.Struct, kw_only=True):
    """One command the car has seen: what was signed, what was answered, and how much of that went out."""

    id: str
    counter: int
    request_hash: str
    expires: int
    results: list[Result] = []
    sent: int = 0

    @property
    def is_answered(self) -> bool:
        """Whether the last result is final."""
        return bool(self.results) and is_final(self.results[-1].status)


class _Content(msgspec.Struct, kw_only=True):
    highest_counter: int = 0
    born_ms: int = 0
    commands: dict[str, Known] = {}


class Memory:
    """
    The memory of one car. ``path`` None keeps it in the process only (light cars).

    Every change is on disk when the method returns.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.is_fresh = True
        self._content = _Content()
        if path is not None and path.exists():
            try:
                self._content = msgspec.json.decode(path.read_bytes(), type=_Content)
                self.is_fresh = False
            except msgspec.DecodeError:
                # a broken file is no memory: worse than none would be believing half of it
                path.replace(path.with_suffix(".broken"))

    @property
    def highest_counter(self) -> int:
        """The highest counter of a command that was meant for this car; 0 before the first."""
        return self._content.highest_counter

    def begin(self, hello_ms: int) -> None:
        """This will start a memory at the moment of the first hello; a car that remembers keeps what it has."""
        if self.is_fresh:
            self._content.born_ms = hello_ms
            self.is_fresh = False
            self._save()

    def is_older_than_memory(self, command: Command) -> bool:
        """Whether the command was issued before this memory began: it may have been executed already."""
        return command.issued < self._content.born_ms

    def known(self, command_id: str) -> Known | None:
        """What is remembered of a command, None if nothing."""
        return self._content.commands.get(command_id)

    def remember(self, command: Command, request_hash: str, result: Result, now_ms: int) -> Known:
        """This will note a command with its first result, raise the highest counter and forget what expired."""
        known = Known(
            id=command.id,
            counter=command.counter,
            request_hash=request_hash,
            expires=command.expires,
            results=[result],
        )
        self._content.commands[command.id] = known
        self._content.highest_counter = max(self._content.highest_counter, command.counter)
        self._forget(now_ms)
        self._save()
        return known

    def add(self, known: Known, result: Result) -> None:
        """This will note the next result of a command."""
        known.results.append(result)
        self._save()

    def send_again(self, known: Known) -> None:
        """This will have the last result sent once more."""
        known.sent = min(known.sent, len(known.results) - 1)

    def note_sent(self, known: Known) -> None:
        """This will note that the broker took one more result; on disk once the answer is out (less would only repeat it)."""
        known.sent += 1
        if known.is_answered and known.sent >= len(known.results):
            self._save()

    def unsent(self) -> list[tuple[Known, Result]]:
        """Results that the platform has not acknowledged, oldest command first, each command's in order."""
        commands = sorted(self._content.commands.values(), key=lambda known: known.counter)
        return [(known, result) for known in commands for result in known.results[known.sent :]]

    def interrupted(self) -> list[Known]:
        """Commands that were under way when the car went down."""
        return [known for known in self._content.commands.values() if not known.is_answered]

    def _forget(self, now_ms: int) -> None:
        for known in list(self._content.commands.values()):
            took_all = known.sent >= len(known.results) and known.is_answered
            if known.expires < now_ms and (took_all or known.expires + KEEP_UNSENT_MS < now_ms):
                del self._content.commands[known.id]

    def _save(self) -> None:
        if self._path is not None:
            write_atomically(self._path, msgspec.json.encode(self._content))
