"""Remote commands: kept, signed, sent, sent again, and ended when nobody answered."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from vettura.foundation import clock
from vettura.vehicle_link import errors, rules
from vettura.vehicle_link.actions.sending import notify, send_down, signed
from vettura.vehicle_link.models import OPEN_STATUSES, CommandStep, RemoteCommand
from vettura.vehicles.models import Vehicle
from vettura_wire import payloads, signing, statuses, topics
from vettura_wire.clock import to_ms
from vettura_wire.statuses import Status

Json = dict[str, Any]  # a JSON object: parameters of any type of command

NEXT_COUNTER = """
    INSERT INTO vehicle_link_vehiclelink AS link
        (vehicle_id, is_online, software, head_unit, bearer, radio, highest_counter, state_sequence)
    VALUES (%s, false, '', '', '', '', 1, 0)
    ON CONFLICT (vehicle_id) DO UPDATE SET highest_counter = link.highest_counter + 1
    RETURNING highest_counter, is_online
"""
# a command and its first steps in one statement: a person waits for it. Nothing comes back when the id is taken.
KEEP = """
    WITH kept AS (
        INSERT INTO vehicle_link_remotecommand
            (id, vehicle_id, account_id, type, params, counter, requested_at, issued_at, expires_at, status, cause,
             envelope, request_hash, last_sent_at, step_count)
        VALUES (%(id)s, %(vehicle_id)s, %(account_id)s, %(type)s, %(params)s, %(counter)s, %(requested_at)s,
                %(issued_at)s, %(expires_at)s, %(status)s, %(cause)s, %(envelope)s, %(request_hash)s,
                %(last_sent_at)s, %(step_count)s)
        ON CONFLICT (id) DO NOTHING
        RETURNING id
    )
    INSERT INTO vehicle_link_commandstep (command_id, position, status, at, cause)
    SELECT kept.id, step.position, step.status, %(requested_at)s, step.cause
    FROM kept, unnest(%(positions)s::int[], %(statuses)s::text[], %(causes)s::text[]) AS step (position, status, cause)
    ORDER BY step.position
    RETURNING id
"""
# moves of several commands with their steps in one statement: results of cars come in batches
MOVE = """
    WITH moved AS (
        UPDATE vehicle_link_remotecommand command
        SET status = move.status, cause = move.cause, step_count = move.step_count, last_sent_at = move.last_sent_at
        FROM unnest(%(ids)s::uuid[], %(last_statuses)s::text[], %(last_causes)s::text[], %(counts)s::int[],
                    %(sent)s::timestamptz[]) AS move (id, status, cause, step_count, last_sent_at)
        WHERE command.id = move.id
    )
    INSERT INTO vehicle_link_commandstep (command_id, position, status, at, cause)
    SELECT step.command_id, step.position, step.status, step.at, step.cause
    FROM unnest(%(command_ids)s::uuid[], %(positions)s::int[], %(statuses)s::text[], %(moments)s::timestamptz[],
                %(causes)s::text[]) WITH ORDINALITY AS step (command_id, position, status, at, cause, number)
    ORDER BY step.number
    RETURNING id
"""


@transaction.atomic
def send_command(
    *,
    vehicle: Vehicle,
    account_id: UUID,
    type: str,
    params: Json,
    command_id: UUID,
    lifetime: timedelta,
    supersedes: Collection[str] = (),
) -> RemoteCommand:
    """
    This will keep a signed command and send it at once if the car is there; else it waits for the car until it expires.

    The same id again returns the command as it stands. Commands of the types in `supersedes` that still wait for this
    car are superseded. Raises CommandIdTaken when the id belongs to another command. It does not ask who may: the
    caller has.
    """
    with connection.cursor() as cursor:
        # takes the row lock: counters grow in the order in which commands are kept
        cursor.execute(NEXT_COUNTER, [vehicle.id])
        counter, is_online = cursor.fetchone()

    issued_at, at = clock.real_now(), clock.now()
    expires_at = issued_at + lifetime
    message = signed(
        payloads.Command(
            id=str(command_id),
            vin=vehicle.vin,
            type=type,
            counter=counter,
            issued=to_ms(issued_at),
            expires=to_ms(expires_at),
            params=params,
        )
    )
    status = rules.first_status(is_online=is_online)
    command = RemoteCommand(
        id=command_id,
        vehicle=vehicle,
        account_id=account_id,
        type=type,
        params=params,
        counter=counter,
        requested_at=at,
        issued_at=issued_at,
        expires_at=expires_at,
        status=Status.ACCEPTED,
        envelope=message.decode(),
        request_hash=signing.request_hash(message),
        last_sent_at=issued_at if is_online else None,
    )
    steps = [_next_step(command, Status.ACCEPTED, at, "")]
    steps.append(_next_step(command, status, at, "" if is_online else rules.CAR_UNREACHABLE))
    if not _keep(command, steps):
        return _known(command)
    # what waits for a car that is there has been sent with its hello, so there is nothing to supersede
    if supersedes and not is_online:
        _supersede(vehicle=vehicle, types=supersedes, by=command, at=at)
    if is_online:
        send_down(vin=vehicle.vin, kind=topics.COMMAND, message=message)
    for step in steps:
        announce_step(vehicle.vin, command, step)
    return command


def _keep(command: RemoteCommand, steps: list[CommandStep]) -> bool:
    """This will keep a new command with its steps and give the steps their ids; False when the id is taken."""
    facts = {field.attname: getattr(command, field.attname) for field in RemoteCommand._meta.concrete_fields}
    facts |= {
        "params": Jsonb(command.params),
        "positions": [step.position for step in steps],
        "statuses": [str(step.status) for step in steps],
        "causes": [step.cause for step in steps],
        "status": str(command.status),
    }
    with connection.cursor() as cursor:
        cursor.execute(KEEP, facts)
        ids = sorted(row[0] for row in cursor.fetchall())
    if not ids:
        return False
    for step, step_id in zip(steps, ids, strict=True):
        step.id = step_id
    command._state.adding = False
    # who asked shows the steps at once: they need not be read again
    command._prefetched_objects_cache = {"steps": steps}  # type: ignore[attr-defined]  # where Django keeps them
    return True


def _known(asked: RemoteCommand) -> RemoteCommand:
    known = RemoteCommand.objects.get(id=asked.id)
    same = ("vehicle_id", "account_id", "type", "params")
    if any(getattr(known, name) != getattr(asked, name) for name in same):
        raise errors.CommandIdTaken
    return known


def move(command: RemoteCommand, *, status: str, at: datetime, cause: str = "") -> CommandStep | None:
    """
    This will move a locked command forward and return the unsaved step, or None where the table allows no such move.

    The caller saves the command (`save_moves`).
    """
    if not statuses.may_move(command.status, status):
        return None
    return _next_step(command, status, at, cause)


def save_moves(moves: Iterable[tuple[RemoteCommand, CommandStep, str]]) -> None:
    """This will save moved commands with their steps and tell the live viewers. Each move: command, step, VIN."""
    kept = list(moves)
    if not kept:
        return
    commands = list({command.id: command for command, _, _ in kept}.values())
    steps = [step for _, step, _ in kept]
    with connection.cursor() as cursor:
        cursor.execute(
            MOVE,
            {
                "ids": [command.id for command in commands],
                "last_statuses": [str(command.status) for command in commands],
                "last_causes": [command.cause for command in commands],
                "counts": [command.step_count for command in commands],
                "sent": [command.last_sent_at for command in commands],
                "command_ids": [step.command_id for step in steps],
                "positions": [step.position for step in steps],
                "statuses": [str(step.status) for step in steps],
                "moments": [step.at for step in steps],
                "causes": [step.cause for step in steps],
            },
        )
        ids = sorted(row[0] for row in cursor.fetchall())
    for step, step_id in zip(steps, ids, strict=True):
        step.id = step_id
    for command, step, vin in kept:
        announce_step(vin, command, step)


@transaction.atomic
def expire_commands(*, at: datetime) -> int:
    """
    This will end every command whose time is over (real time): one that was never sent expires and nothing happens
    late; one that was sent and not answered becomes unknown, until a late answer corrects it. Returns how many.
    """
    due = (
        RemoteCommand.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("vehicle")
        .filter(status__in=OPEN_STATUSES, expires_at__lte=at)
        .order_by("id")
    )
    moves = []
    for command in due:
        status = rules.status_at_expiry(command.status)
        if status is None:
            continue
        cause = rules.CAR_UNREACHABLE if status == Status.EXPIRED else rules.NO_ANSWER
        step = move(command, status=status, at=clock.now(), cause=cause)
        if step is not None:
            moves.append((command, step, command.vehicle.vin))
    save_moves(moves)
    return len(moves)


@transaction.atomic
def send_unanswered(*, vehicle: Vehicle) -> int:
    """This will send a car everything unanswered and unexpired, in the order of counters; returns how many."""
    at = clock.real_now()
    waiting = (
        RemoteCommand.objects.select_for_update()
        .filter(vehicle=vehicle, status__in=OPEN_STATUSES, expires_at__gt=at)
        .order_by("counter")
    )
    moves, resent = [], []
    for command in waiting:
        command.last_sent_at = at
        step = move(command, status=Status.SENT, at=clock.now())
        if step is not None:
            moves.append((command, step, vehicle.vin))
        else:
            resent.append(command)
        send_down(vin=vehicle.vin, kind=topics.COMMAND, message=command.envelope.encode())
    save_moves(moves)
    RemoteCommand.objects.bulk_update(resent, ["last_sent_at"])
    return len(moves) + len(resent)


@transaction.atomic
def resend_commands(*, at: datetime) -> int:
    """This will send the same bytes again to cars that are there and have not confirmed a command; returns how many."""
    unconfirmed = (
        RemoteCommand.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("vehicle")
        .filter(
            status=Status.SENT,
            expires_at__gt=at,
            last_sent_at__lte=at - rules.RESEND_AFTER,
            vehicle__link__is_online=True,
        )
        .order_by("vehicle_id", "counter")
    )
    commands = list(unconfirmed)
    for command in commands:
        command.last_sent_at = at
        send_down(vin=command.vehicle.vin, kind=topics.COMMAND, message=command.envelope.encode())
    RemoteCommand.objects.bulk_update(commands, ["last_sent_at"])
    return len(commands)


def announce_step(vin: str, command: RemoteCommand, step: CommandStep) -> None:
    """This will tell the live viewers that a command has moved."""
    notify(vin=vin, notice=step_notice(command, step))


def step_notice(command: RemoteCommand, step: CommandStep) -> Json:
    """What live viewers read of one step; `id` is the place to resume from."""
    return {
        "kind": "command",
        "id": step.id,
        "command": {"id": str(command.id), "type": command.type, "status": step.status, "cause": step.cause or None},
        "at": step.at.isoformat(),
    }


def _supersede(*, vehicle: Vehicle, types: Collection[str], by: RemoteCommand, at: datetime) -> None:
    waiting = (
        RemoteCommand.objects.select_for_update()
        .filter(vehicle=vehicle, type__in=types, status__in=rules.NEVER_SENT, counter__lt=by.counter)
        .order_by("counter")
    )
    moves = []
    for command in waiting:
        step = move(command, status=Status.SUPERSEDED, at=at, cause=by.type)
        if step is not None:
            moves.append((command, step, vehicle.vin))
    save_moves(moves)


def _next_step(command: RemoteCommand, status: str, at: datetime, cause: str) -> CommandStep:
    command.status, command.cause = status, cause
    command.step_count += 1
    return CommandStep(command=command, position=command.step_count, status=status, at=at, cause=cause)
