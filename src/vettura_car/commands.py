"""
Commands: judged by the car itself, taken once, and carried out step by step.

The order of the checks is the one of ``docs/wire.md``. What the platform allowed is not enough: remote access,
privacy, contract and condition are judged again here, because the car is the last to know better.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from vettura_car.car import Car
from vettura_car.errors import NotPossible
from vettura_car.memory import Known, Memory
from vettura_wire import signing
from vettura_wire.clock import real_now, real_now_ms
from vettura_wire.errors import WireError
from vettura_wire.payloads import Command, Result, decode
from vettura_wire.statuses import Cause, Status

logger = logging.getLogger("vettura_car")

SECONDS = {"lock": 0.3, "unlock": 0.3, "trunk_unlock": 0.4, "honk": 1.2, "flash": 1.5, "honk_and_flash": 1.5,
           "breakdown_call": 0.6, "windows_open": 2.0, "windows_close": 2.0, "direct_charge_start": 1.0,
           "climate_start": 1.0, "climate_stop": 0.5, "charge_start": 1.0, "charge_stop": 0.5, "locate": 0.6}  # fmt: skip
DEFAULT_SECONDS = 0.5
SIGNALS = {"honk": "horn", "flash": "hazard_lights"}
"""What a command of these words uses, by the field of the condition."""


class Judgment(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a command: a result to send, and the command itself if it is to be carried out."""

    command: Command | None
    known: Known | None
    result: Result | None


def judge_message(  # noqa: PLR0911 - the order of the checks is the rule
    token: bytes, *, vin: str, keys: Mapping[str, Ed25519PublicKey], memory: Memory, now_ms: int
) -> Judgment:
    """
    This will check signature, VIN, memory, expiry and counter: everything that needs no look at the car.

    The command in the judgment is fresh and must be judged further; without one, the result (if any) is all to say.
    """
    request_hash = signing.request_hash(token)
    try:
        command = signing.verify(token, keys, Command)
    except WireError:
        claimed = _claimed(token)
        # bound to the forged bytes by its hash, so it cannot pass for an answer to a true command of that id
        refusal = _result(claimed.id, Status.REFUSED, request_hash, Cause.BAD_SIGNATURE) if claimed else None
        return Judgment(command=None, known=None, result=refusal)
    if command.vin != vin:
        return _refused(command, request_hash, Cause.WRONG_VEHICLE)
    known = memory.known(command.id)
    if known is not None:
        if known.request_hash != request_hash:
            return _refused(command, request_hash, Cause.REPLAYED)
        memory.send_again(known)
        return Judgment(command=None, known=known, result=None)
    if memory.is_older_than_memory(command) or command.counter <= memory.highest_counter:
        # also before the check of expiry: an old command is a replay, whatever else it is
        cause = Cause.EXPIRED if command.expires <= now_ms else Cause.REPLAYED
        return _refused(command, request_hash, cause)
    if command.expires <= now_ms:
        result = _result(command.id, Status.REFUSED, request_hash, Cause.EXPIRED)
        return Judgment(command=None, known=memory.remember(command, request_hash, result, now_ms), result=None)
    return Judgment(command=command, known=None, result=None)


class Commands:
    """The commands of one car. ``unremembered`` holds refusals of messages that leave no trace in the memory."""

    def __init__(self, car: Car, keys: Mapping[str, Ed25519PublicKey]) -> None:
        self._car = car
        self._keys = keys
        self._running: set[asyncio.Task[None]] = set()
        # one after the other, in the order in which they came: the last wish is what stands at the end
        self._turn = asyncio.Lock()
        self.unremembered: list[Result] = []
        for known in car.memory.interrupted():
            # it may or may not have happened before the plug was pulled; it must not happen twice
            car.memory.add(known, _result(known.id, Status.FAILED, known.request_hash, "restarted"))

    def take(self, token: bytes) -> None:
        """This will judge a signed command and, if it may be, carry it out in the background."""
        car = self._car
        now_ms = real_now_ms()
        judgment = judge_message(token, vin=car.vin, keys=self._keys, memory=car.memory, now_ms=now_ms)
        if judgment.result is not None:
            self.unremembered.append(judgment.result)
        command = judgment.command
        if command is not None:
            request_hash = signing.request_hash(token)
            cause = self._objection(command)
            if cause is None:
                car.remote.wake()
            status = Status.REFUSED if cause else Status.DELIVERED
            first = _result(command.id, status, request_hash, cause)
            known = car.memory.remember(command, request_hash, first, now_ms)
            if cause is None:
                task = asyncio.get_running_loop().create_task(self._carry_out(command, known))
                self._running.add(task)
                task.add_done_callback(self._running.discard)
        car.touched()

    async def settle(self) -> None:
        """This will wait until nothing is under way."""
        while self._running:
            await asyncio.gather(*self._running)

    def _objection(self, command: Command) -> str | None:
        car = self._car
        if command.type not in car.build.commands:
            return Cause.NOT_SUPPORTED
        if car.build.needs_remote_access(command.type) and not car.has_remote_access:
            return Cause.REMOTE_ACCESS_MISSING  # REM-001, REM-006
        if car.entitlement.is_private(command.type):
            return Cause.PRIVACY_MODE  # PRI-001, PRI-002
        if not car.entitlement.allows(command.type):
            return Cause.NOT_ENTITLED  # STO-052
        return self._objection_of_condition(command)

    def _objection_of_condition(self, command: Command) -> str | None:
        car = self._car
        if not car.remote.understands(command):
            return Cause.ILL_PARAMETERS
        if car.remote.must_sleep:
            return Cause.LOW_VOLTAGE
        if (
            command.type == "climate_start"
            and car.build.has_battery
            and car.condition.state_of_charge < car.build.pack.terms.climate_battery_minimum
        ):
            return Cause.BATTERY_BELOW_25  # REM-011, C-54
        if command.type in ("charge_start", "direct_charge_start") and not car.condition.plugged_in:
            return Cause.NOT_PLUGGED_IN
        return None

    async def _carry_out(self, command: Command, known: Known) -> None:
        async with self._turn:
            await self._act(command, known)

    async def _act(self, command: Command, known: Known) -> None:
        car = self._car
        duration = SECONDS.get(command.type, DEFAULT_SECONDS) / car.speed
        self._report(known, Status.RUNNING)
        try:
            self._need_no_objection(command)
            if command.type in ("honk", "flash", "honk_and_flash"):
                used = [part for word, part in SIGNALS.items() if word in command.type]
                car.change(**dict.fromkeys(used, True))
                await asyncio.sleep(duration)
                car.change(**dict.fromkeys(used, False))
            else:
                await asyncio.sleep(duration)
                self._need_no_objection(command)
                obey(car, command)
        except NotPossible as reason:
            self._report(known, Status.FAILED, reason.code)
        else:
            # with its word that it is done the car says what holds now
            remote = car.remote
            self._report(
                known,
                Status.DONE,
                values=remote.values_after(command.type),
                settings=remote.settings_after(command.type),
            )

    def _need_no_objection(self, command: Command) -> None:
        """What was allowed when the command came may have been withdrawn or be over since; the moment of acting counts."""
        if command.expires <= real_now_ms():
            raise NotPossible(Cause.EXPIRED)
        if cause := self._objection(command):
            raise NotPossible(cause)

    def _report(self, known: Known, status: Status, cause: str | None = None, **holds: dict[str, Any]) -> None:
        self._car.memory.add(known, _result(known.id, status, known.request_hash, cause, **holds))
        self._car.touched()


def obey(car: Car, command: Command) -> None:
    """
    This will do what the command says to the car.

    Refuses (NotPossible) what the car cannot do now, such as locking with an open door, and ill parameters.
    """
    match command.type:
        case "lock" | "unlock":
            car.lock(command.type == "lock")
        case "trunk_unlock":
            car.change(rear_trunk_locked=False)
        case "locate":
            car.uplink.report_all()
            car.touched()
        case _:
            car.remote.obey(command)


def _refused(command: Command, request_hash: str, cause: Cause) -> Judgment:
    return Judgment(command=None, known=None, result=_result(command.id, Status.REFUSED, request_hash, cause))


def _result(
    command_id: str, status: Status, request_hash: str, cause: str | None = None, **holds: dict[str, Any]
) -> Result:
    return Result(command_id=command_id, status=status, at=real_now(), request_hash=request_hash, cause=cause, **holds)


def _claimed(token: bytes) -> Command | None:
    """What an unverified message says of itself; only good for naming it in a refusal."""
    try:
        return decode(signing.read_unverified(token), Command)
    except WireError:
        return None
