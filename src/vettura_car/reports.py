"""
What a car has measured and the broker has not acknowledged yet: in order, each with its own moment, over gaps and restarts.

A journal, not a picture: a report is one more line on disk before it may be sent, and so is the word that it was taken.
A line that a pulled plug tore is skipped. There is room for so many reports and no more: then the oldest that hold
nothing but drifting numbers go first, because a later one says where the number went; what a person did goes last.
"""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from vettura_car.storage import write_atomically
from vettura_wire import signals
from vettura_wire.clock import real_now_ms
from vettura_wire.payloads import SignalValue, State

MOST_WAITING = 2_000
"""Reports that a car keeps: some hours of driving without a connection."""
SHORTEST_JOURNAL = 200
"""Lines that the journal may have before it is written anew without what was taken."""

DRIFTING = frozenset(
    {
        signals.STATE_OF_CHARGE,
        signals.ELECTRIC_RANGE,
        signals.CHARGE_TIME_LEFT,
        signals.FUEL_LEVEL,
        signals.FUEL_RANGE,
        signals.RANGE,
        signals.MILEAGE,
        signals.CABIN_TEMPERATURE,
        signals.OUTSIDE_TEMPERATURE,
        signals.LATITUDE,
        signals.LONGITUDE,
        signals.HEADING,
        signals.SPEED,
        *signals.TIRE_PRESSURE.values(),
    }
)
"""Numbers that move by themselves and slowly: reported at intervals. Everything else is reported when it changes."""


class _Line(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One line: a report, or that one was taken, or where numbers and values stood when the journal was written anew."""

    report: State | None = None
    taken: int | None = None
    seq: int | None = None
    # the last values measured, so that only what changed since is a change
    noted: dict[str, SignalValue] | None = None


class Reports:
    """The reports of one car. ``path`` None keeps them in the process only (light cars)."""

    def __init__(self, path: Path | None, *, most: int = MOST_WAITING) -> None:
        self._path = path
        self._most = most
        self._waiting: dict[int, State] = {}
        self._noted: dict[str, SignalValue] = {}
        # a car that has lost its disk goes on with higher numbers: the platform takes a known number for a repetition
        self._seq = real_now_ms()
        self._lines = 0
        if path is not None and path.exists():
            self._read(path)

    @property
    def noted(self) -> Mapping[str, SignalValue]:
        """The last value of each signal that a report holds; empty before the first."""
        return self._noted

    def waiting(self) -> list[State]:
        """The reports to send, in order."""
        return list(self._waiting.values())

    def add(self, measured_at: datetime, values: dict[str, SignalValue]) -> State:
        """This will keep a report under the next number; it is on disk when this returns."""
        self._seq += 1
        report = State(seq=self._seq, measured_at=measured_at, values=values)
        self._waiting[report.seq] = report
        self._noted |= values
        self._append(_Line(report=report), to_disk=True)
        while len(self._waiting) > self._most:
            self.take(self._least_needed())
        return report

    def take(self, seq: int) -> None:
        """This will let a report go that the broker has acknowledged; one that is not kept (any more) changes nothing."""
        if self._waiting.pop(seq, None) is None:
            return
        # not forced to disk: a machine that dies in this moment sends the report once more, and the platform knows it
        self._append(_Line(taken=seq), to_disk=False)
        if self._lines > SHORTEST_JOURNAL + 2 * len(self._waiting):
            self._write_anew()

    def forget(self) -> None:
        """This will let every report and every last value go; numbers go on."""
        self._waiting, self._noted = {}, {}
        self._write_anew()

    def _least_needed(self) -> int:
        drifting = (seq for seq, report in self._waiting.items() if DRIFTING.issuperset(report.values))
        return next(drifting, next(iter(self._waiting)))

    def _read(self, path: Path) -> None:
        for text in path.read_bytes().splitlines():
            try:
                line = msgspec.json.decode(text, type=_Line)
            except msgspec.DecodeError:
                continue
            if line.noted is not None:
                self._noted |= line.noted
            if line.report is not None:
                self._waiting[line.report.seq] = line.report
                self._noted |= line.report.values
            if line.taken is not None:
                self._waiting.pop(line.taken, None)
            self._seq = max(self._seq, line.seq or 0, line.report.seq if line.report else 0)
        # whole lines only: what is added next must not hang on to a torn one
        self._write_anew()

    def _append(self, line: _Line, *, to_disk: bool) -> None:
        self._lines += 1
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(line) + b"\n")
            if to_disk:
                file.flush()
                os.fsync(file.fileno())

    def _write_anew(self) -> None:
        lines = [_Line(seq=self._seq, noted=self._noted), *(_Line(report=each) for each in self._waiting.values())]
        self._lines = len(lines)
        if self._path is not None:
            write_atomically(self._path, b"".join(msgspec.json.encode(line) + b"\n" for line in lines))
