"""Remote commands: kept, signed, sent, sent again, and ended when nobody answered."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from psycopg.types.json import Jsonb

from vettura.foundation import clock, statements
from vettura.vehicle_link import errors, queries, rules
from vettura.vehicle_link.actions.sending import notify, send_down, signed
from vettura.vehicle_link.actions.watching import announce_ends, watched
from vettura.vehicle_link.models import OPEN_STATUSES, CommandStep, RemoteCommand, RepeatedWish
from vettura.vehicles.models import Vehicle
from vettura_wire import payloads, signing, statuses, topics
from vettura_wire.clock import to_ms
from vettura_wire.statuses import Status

Json = dict[str, Any]  # a JSON object: parameters of any type of command
Move = tuple[RemoteCommand, CommandStep, str]  # the third is the VIN
# what those who wait for a command are told; `unknown` may be corrected
ENDS = frozenset(map(str, (*statuses.FINAL, Status.UNKNOWN)))
# ends that are announced of every car: whoever asked waits for something that did not happen
BAD_ENDS = frozenset(map(str, (Status.FAILED, Status.REFUSED, Status.EXPIRED, Status.UNKNOWN)))

NEXT_COUNTER = """
    INSERT INTO vehicle_link_vehiclelink AS link
        (vehicle_id, is_online, software, head_unit, bearer, radio, highest_counter, state_sequence)
    VALUES (%s, false, '', '', '', '', 1, 0)
    ON CONFLICT (vehicle_id) DO UPDATE SET highest_counter = link.highest_counter + 1
    RETURNING highest_counter, is_online
"""
# The command of the same person that asks for the same and is still under way, and that nothing of its family came after
SAME_WISH = f"""
    SELECT open.id FROM vehicle_link_remotecommand open
    WHERE open.vehicle_id = %(vehicle_id)s AND open.account_id = %(account_id)s AND open.type = %(type)s
      AND open.params = %(params)s AND open.expires_at > %(issued_at)s AND open.id <> %(id)s
      AND open.status IN ({", ".join(f"'{status}'" for status in OPEN_STATUSES)})
      AND NOT EXISTS (
        SELECT 1 FROM vehicle_link_remotecommand later
        WHERE later.vehicle_id = %(vehicle_id)s AND later.counter > open.counter AND later.type = ANY(%(family)s))
"""  # noqa: S608  # words of our own table
# A command and its first steps in one statement: a person waits for it. It takes the counter that the command was
# signed with, if nobody took it meanwhile; nothing comes back when somebody did, or when the id is taken.
KEEP = f"""
    WITH link AS (
        UPDATE vehicle_link_vehiclelink
        SET highest_counter = %(counter)s, woken_at = coalesce(%(woken_at)s::timestamptz[], woken_at)
        WHERE vehicle_id = %(vehicle_id)s AND highest_counter = %(free_after)s AND is_online = %(is_online)s
          AND NOT EXISTS (SELECT 1 FROM vehicle_link_repeatedwish WHERE id = %(id)s)
          AND NOT EXISTS ({SAME_WISH})
        RETURNING vehicle_id
    ),
    kept AS (
        INSERT INTO vehicle_link_remotecommand
            (id, vehicle_id, account_id, type, params, counter, requested_at, issued_at, expires_at, status, cause,
             envelope, request_hash, last_sent_at, step_count)
        SELECT %(id)s, vehicle_id, %(account_id)s, %(type)s, %(params)s, %(counter)s, %(requested_at)s,
               %(issued_at)s, %(expires_at)s, %(status)s, %(cause)s, %(envelope)s, %(request_hash)s,
               %(last_sent_at)s, %(step_count)s
        FROM link
        ON CONFLICT (id) DO NOTHING
        RETURNING id
    )
    INSERT INTO vehicle_link_commandstep (command_id, position, status, at, cause)
    SELECT kept.id, step.position, step.status, %(requested_at)s, step.cause
    FROM kept, unnest(%(positions)s::int[], %(statuses)s::text[], %(causes)s::text[]) AS step (position, status, cause)
    ORDER BY step.position
    RETURNING id
"""  # noqa: S608  # words of our own table
# Moves of several commands with their steps in one statement: results of cars come in batches. A command that somebody
# else has moved meanwhile stays as it is.
MOVE = """
    WITH moved AS (
        UPDATE vehicle_link_remotecommand command
        SET status = move.status, cause = move.cause, step_count = move.step_count,
            last_sent_at = greatest(command.last_sent_at, move.last_sent_at)
        FROM unnest(%(ids)s::uuid[], %(last_statuses)s::text[], %(last_causes)s::text[], %(former_counts)s::int[],
                    %(counts)s::int[], %(sent)s::timestamptz[])
             AS move (id, status, cause, former_count, step_count, last_sent_at)
        WHERE command.id = move.id AND command.step_count = move.former_count
        RETURNING command.id
    )
    INSERT INTO vehicle_link_commandstep (command_id, position, status, at, cause)
    SELECT step.command_id, step.position, step.status, step.at, step.cause
    FROM unnest(%(command_ids)s::uuid[], %(positions)s::int[], %(statuses)s::text[], %(moments)s::timestamptz[],
                %(causes)s::text[]) WITH ORDINALITY AS step (command_id, position, status, at, cause, number)
    JOIN moved ON moved.id = step.command_id
    ORDER BY step.number
    RETURNING id, command_id
"""


def send_command(
    *,
    vehicle: Vehicle,
    account_id: UUID,
    type: str,
    params: Json,
    command_id: UUID,
    lifetime: timedelta,
    supersedes: Collection[str] = (),
    standing: queries.Standing | None = None,
) -> RemoteCommand:
    """
    This will keep a signed command and send it at once if the car is there; else it waits for the car until it expires.

    The same id again returns the command as it stands, and so does the same wish of the same person while it is under way: its id
    is that command's from then on. Commands of the types in `supersedes` that still wait for this
    car are superseded. `standing` is how the link stood when the caller asked: with it the usual case is short. Raises
    CommandIdTaken when the id belongs to another command. It does not ask who may: the caller has.
    """

    is_asleep = standing is not None and standing.is_asleep
    woken_at = [*standing.woken_at, clock.real_now()] if standing is not None and is_asleep else None
    family = list(supersedes) or [type]

    def new(counter: int, *, is_online: bool) -> tuple[RemoteCommand, list[CommandStep]]:
        return _new_command(
            vehicle=vehicle,
            account_id=account_id,
            type=type,
            params=params,
            command_id=command_id,
            lifetime=lifetime,
            counter=counter,
            is_online=is_online,
            is_asleep=is_asleep,
        )

    def keep(free_after: int, *, is_online: bool) -> bool:
        return _keep(
            command,
            steps,
            free_after=free_after,
            is_online=is_online,
            family=family,
            woken_at=woken_at if is_online else None,
        )

    # The usual case is one statement and one commit: the car is there, and nobody else commands it in this instant.
    if standing is not None and standing.is_online:
        command, steps = new(standing.highest_counter + 1, is_online=True)
        if keep(command.counter - 1, is_online=True):
            _send(vehicle, command, steps)
            return command

    with transaction.atomic():
        # takes the row lock: counters grow in the order in which commands are kept
        ((counter, is_online),) = statements.fetch(NEXT_COUNTER, [vehicle.id])
        command, steps = new(counter, is_online=is_online)
        while not keep(counter, is_online=is_online):
            known = _known(command, family)
            if known is not None:
                return known
            # the same wish ended just now, and no other can begin while the lock is held: this one is kept the next time
        # what waits for a car that is there has been sent with its hello, so there is nothing to supersede
        if supersedes and not is_online:
            _supersede(vehicle=vehicle, types=supersedes, by=command, at=command.requested_at)
        _send(vehicle, command, steps)
    return command


def _new_command(
    *,
    vehicle: Vehicle,
    account_id: UUID,
    type: str,
    params: Json,
    command_id: UUID,
    lifetime: timedelta,
    counter: int,
    is_online: bool,
    is_asleep: bool,
) -> tuple[RemoteCommand, list[CommandStep]]:
    """The command, signed and not yet kept, and its first steps."""
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
    cause = "" if is_online else rules.CAR_UNREACHABLE
    first = rules.first_statuses(is_online=is_online, is_asleep=is_asleep)
    steps += [_next_step(command, status, at, cause) for status in first]
    return command, steps


def _send(vehicle: Vehicle, command: RemoteCommand, steps: list[CommandStep]) -> None:
    if command.last_sent_at is not None:
        send_down(vin=vehicle.vin, kind=topics.COMMAND, message=command.envelope.encode())
    notify(*(step_notice(command, step) for step in steps), vin=vehicle.vin)


def _keep(
    command: RemoteCommand,
    steps: list[CommandStep],
    *,
    free_after: int,
    is_online: bool,
    family: list[str],
    woken_at: list[datetime] | None,
) -> bool:
    """
    This will keep a new command with its steps and give the steps their ids.

    False, and nothing is kept, when the id is taken, the same wish is under way, or the link does not stand at `free_after`
    and `is_online`.
    """
    facts = {field.attname: getattr(command, field.attname) for field in RemoteCommand._meta.concrete_fields}
    facts |= {
        "free_after": free_after,
        "is_online": is_online,
        "family": family,
        "woken_at": woken_at,
        "params": Jsonb(command.params),
        "positions": [step.position for step in steps],
        "statuses": [str(step.status) for step in steps],
        "causes": [step.cause for step in steps],
        "status": str(command.status),
    }
    ids = sorted(row[0] for row in statements.fetch(KEEP, facts))
    if not ids:
        return False
    for step, step_id in zip(steps, ids, strict=True):
        step.id = step_id
    command._state.adding = False
    # who asked shows the steps at once: they need not be read again
    command._prefetched_objects_cache = {"steps": steps}  # type: ignore[attr-defined]  # where Django keeps them
    return True


def _known(asked: RemoteCommand, family: list[str]) -> RemoteCommand | None:
    """The command with this id or of the same wish; None where that ended in the meantime. Raises CommandIdTaken."""
    known = queries.known_command(command_id=asked.id)
    if known is not None:
        same = ("vehicle_id", "account_id", "type", "params")
        if any(getattr(known, name) != getattr(asked, name) for name in same):
            raise errors.CommandIdTaken
        return known
    facts = {field.attname: getattr(asked, field.attname) for field in RemoteCommand._meta.concrete_fields}
    found = statements.fetch(SAME_WISH, facts | {"params": Jsonb(asked.params), "family": family})
    if not found:
        return None
    ((command_id,),) = found
    RepeatedWish.objects.create(id=asked.id, command_id=command_id)
    return RemoteCommand.objects.get(id=command_id)


def move(command: RemoteCommand, *, status: str, at: datetime, cause: str = "") -> CommandStep | None:
    """
    This will move a locked command forward and return the unsaved step, or None where the table allows no such move.

    The caller saves the command (`save_moves`).
    """
    if not statuses.may_move(command.status, status):
        return None
    return _next_step(command, status, at, cause)


def save_moves(moves: Iterable[tuple[RemoteCommand, CommandStep, str]]) -> set[UUID]:
    """
    This will save moved commands with their steps and tell the live viewers. Each move: command, step, VIN.

    Returns the ids of commands that stay as they are, because somebody else has moved them since they were read; none
    if the caller holds their locks.
    """
    kept = list(moves)
    if not kept:
        return set()
    ended = [each for each in kept if each[1].status in ENDS]
    vins = set(watched({vin for _, _, vin in ended}).values()) if ended else set()
    announced = [each for each in ended if each[2] in vins or each[1].status in BAD_ENDS]
    if not announced:
        return _save(kept)[1]
    # what is announced is true, or neither is there
    with transaction.atomic():
        saved, left = _save(kept)
        announce_ends([each for each in saved if each in announced])
        return left


def _save(kept: list[Move]) -> tuple[list[Move], set[UUID]]:
    """Writes the moves; which of them were written, and the ids of commands that somebody else has moved."""
    commands = {command.id: command for command, _, _ in kept}
    steps = [step for _, step, _ in kept]
    new_steps = Counter(step.command_id for step in steps)
    rows = statements.fetch(
        MOVE,
        {
            "ids": list(commands),
            "last_statuses": [str(command.status) for command in commands.values()],
            "last_causes": [command.cause for command in commands.values()],
            "former_counts": [command.step_count - new_steps[command.id] for command in commands.values()],
            "counts": [command.step_count for command in commands.values()],
            "sent": [command.last_sent_at for command in commands.values()],
            "command_ids": [step.command_id for step in steps],
            "positions": [step.position for step in steps],
            "statuses": [str(step.status) for step in steps],
            "moments": [step.at for step in steps],
            "causes": [step.cause for step in steps],
        },
    )
    ids = sorted(row[0] for row in rows)
    moved = {row[1] for row in rows}
    saved = [move for move in kept if move[0].id in moved]
    notices: dict[str, list[Json]] = {}
    for (command, step, vin), step_id in zip(saved, ids, strict=True):
        step.id = step_id
        notices.setdefault(vin, []).append(step_notice(command, step))
    for vin, of_one_car in notices.items():
        notify(*of_one_car, vin=vin)
    return saved, set(commands) - moved


@transaction.atomic
def send_unanswered(*, vehicles: Sequence[Vehicle]) -> int:
    """This will send cars everything unanswered and unexpired, each in the order of counters; returns how many."""
    at = clock.real_now()
    vins = {vehicle.id: vehicle.vin for vehicle in vehicles}
    waiting = (
        RemoteCommand.objects.select_for_update()
        .filter(vehicle_id__in=vins, status__in=OPEN_STATUSES, expires_at__gt=at)
        .order_by("vehicle_id", "counter")
    )
    moves, resent = [], []
    for command in waiting:
        command.last_sent_at = at
        vin = vins[command.vehicle_id]
        step = move(command, status=Status.SENT, at=clock.now())
        if step is not None:
            moves.append((command, step, vin))
        else:
            resent.append(command)
        send_down(vin=vin, kind=topics.COMMAND, message=command.envelope.encode())
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
