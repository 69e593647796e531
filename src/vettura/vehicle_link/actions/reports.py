"""What cars report: they come, they go, they measure, they answer, and things happen in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection, transaction

from vettura.foundation import clock, statements, uplink
from vettura.foundation.errors import Refusal
from vettura.vehicle_link import queries, rules
from vettura.vehicle_link.actions.commands import move, save_moves, send_unanswered
from vettura.vehicle_link.actions.documents import send_missing_documents, set_clock
from vettura.vehicle_link.actions.endings import expire_never_taken
from vettura.vehicle_link.actions.history import keep_history
from vettura.vehicle_link.actions.sending import notify, send_down, signed
from vettura.vehicle_link.actions.watching import announce_changes, values_of, watched
from vettura.vehicle_link.models import CommandStep, ParkedMessage, ReceivedEvent, RemoteCommand, VehicleLink
from vettura_wire import payloads, remote, signals, topics

Said = tuple[datetime, payloads.SignalValue | dict[str, Any]]  # when (world time), and a value or a setting (JSON)
Json = dict[str, Any]  # a JSON object: each type of event has its own facts

TOLD_BY_HELLO = [
    *("is_online", "connected_at", "last_seen_at", "left_at", "left_because", "clock_ahead"),
    *("software", "head_unit", "bearer", "radio", "highest_counter"),
]
# in the order of the model, as Django puts rows together
MOVING_COLUMNS = ["id", "type", "status", "cause", "request_hash", "last_sent_at", "step_count"]
# what results of cars may move; sorted, so that two writers lock rows in the same order
MOVING = f"""
    SELECT {", ".join(f"command.{column}" for column in MOVING_COLUMNS)}, vehicle.vin
    FROM vehicle_link_remotecommand command JOIN vehicles_vehicle vehicle ON vehicle.id = command.vehicle_id
    WHERE command.id = ANY(%s::uuid[])
    ORDER BY command.id
"""  # noqa: S608  # names of our own columns


@dataclass(frozen=True)
class UnusableMessage(Exception):
    """A message that is well formed but cannot be believed; it is parked with the reason."""

    reason: str

    def __str__(self) -> str:
        return self.reason


def register_link(*, vin: str) -> None:
    """This will prepare the link of a vehicle that is new here; a known one stays as it is."""
    VehicleLink.objects.get_or_create(vehicle=queries.vehicle_of(vin=vin))


def record_hello(*, vin: str, hello: payloads.Hello, arrived_at: datetime | None = None) -> None:
    """This will do for one car what `record_hellos` does for many."""
    record_hellos(hellos={vin: (hello, arrived_at)})


@transaction.atomic
def record_hellos(*, hellos: Mapping[str, tuple[payloads.Hello, datetime | None]]) -> None:
    """
    This will note that cars (by VIN) are there and bring them up to date: a reply, the documents each lacks, and everything
    unanswered and unexpired in the order of counters. Saying hello twice sends twice and changes nothing.

    Beside each hello stands when the broker took it (real time); by that the car's clock is judged. What is asked of the
    database does not grow with the cars: after an outage all of them come at once.
    """
    if any(hello.vin != vin for vin, (hello, _) in hellos.items()):
        raise UnusableMessage("the hello names another vehicle")
    at = clock.now()
    links = queries.links_of(vins=list(hellos), lock=True)
    for vin, (hello, arrived_at) in hellos.items():
        link = links[vin]
        link.is_online, link.connected_at, link.last_seen_at = True, at, at
        link.left_at, link.left_because = None, ""
        link.clock_ahead = hello.sent_at - (arrived_at or clock.real_now())
        link.software, link.head_unit = hello.software[:64], hello.head_unit[:64]
        link.bearer, link.radio = hello.connection.bearer[:16], hello.connection.radio[:16]
        # after a restore from a backup the car may have seen more counters than we remember giving out
        link.highest_counter = max(link.highest_counter, hello.highest_counter)
    VehicleLink.objects.bulk_update(links.values(), TOLD_BY_HELLO)
    vehicles = [link.vehicle for link in links.values()]
    newest = queries.document_versions_of(vehicles=vehicles)
    real_at = clock.real_now().isoformat()
    for vin in hellos:
        # the versions tell the car which documents belong to this start, however late they arrive
        body = {"protocol": 1, "at": real_at, "documents": newest[vin]}
        send_down(vin=vin, kind=topics.REPLY, message=signed(payloads.Reply(vin=vin, to=topics.HELLO, body=body)))
    if (shift := clock.source().shift()) > timedelta():
        set_clock(shift_seconds=shift.total_seconds(), vins=list(hellos))
        newest = queries.document_versions_of(vehicles=vehicles)
    send_missing_documents(
        lacking={
            vin: [
                name
                for name, version in newest[vin].items()
                if rules.lacks(hello.documents, name=name, version=version)
            ]
            for vin, (hello, _) in hellos.items()
        }
    )
    send_unanswered(vehicles=vehicles)
    expire_never_taken(
        seen={
            # a clock that is ahead does not make it later than the broker has seen it
            links[vin].vehicle_id: (hello.highest_counter, min(hello.sent_at, arrived_at or clock.real_now()))
            for vin, (hello, arrived_at) in hellos.items()
            if hello.has_memory
        }
    )
    for vin in hellos:
        _notify_presence(vin, is_online=True, at=at)


@transaction.atomic
def record_offline(*, vin: str, offline: payloads.Offline | None = None) -> None:
    """This will note that a car is gone and how it left; commands from now on wait for it."""
    offline, now = offline or payloads.Offline(), clock.now()
    left_at = now if offline.at is None else rules.believable(clock.to_world(offline.at), now)
    changes = {"is_online": False, "left_at": left_at, "left_because": rules.left_because(offline)}
    if VehicleLink.objects.filter(vehicle__vin=vin, is_online=True).update(**changes):
        _notify_presence(vin, is_online=False, at=now)


@transaction.atomic
def note_certificates(*, expiring: Mapping[str, datetime]) -> None:
    """This will note until when (real time) the certificates are valid with which cars (by VIN) come in."""
    for vin, expires_at in sorted(expiring.items()):
        VehicleLink.objects.filter(vehicle__vin=vin).update(certificate_expires_at=expires_at)


@transaction.atomic
def record_presence(*, vins: Sequence[str], sequences: Mapping[str, int]) -> None:
    """This will note that these cars spoke just now (to within some seconds: not every word is written down)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE vehicle_link_vehiclelink link
            SET last_seen_at = %(at)s, is_online = true,
                state_sequence = greatest(link.state_sequence, spoke.sequence)
            FROM unnest(%(vins)s::text[], %(sequences)s::bigint[]) AS spoke (vin, sequence)
            JOIN vehicles_vehicle vehicle ON vehicle.vin = spoke.vin
            WHERE link.vehicle_id = vehicle.id
              AND (NOT link.is_online OR link.last_seen_at IS NULL OR link.last_seen_at < %(at)s - interval '5 seconds')
            """,
            {"at": clock.now(), "vins": list(vins), "sequences": [sequences.get(vin, 0) for vin in vins]},
        )


@transaction.atomic
def record_states(*, states: Sequence[tuple[str, payloads.State]]) -> None:
    """
    This will bring twins up to date: of each signal the newest measurement wins, whatever the order of arrival.

    Measured-at is shifted to world time. Unknown signals and values of another type than the signal's are left out.
    While a car is in privacy mode nothing measured since is taken (C-77); the last values stay. Every report becomes a point of
    the car's history, once, as far as it says something of it.
    """
    received_at = clock.now()
    newest: dict[tuple[str, str], Said] = {}
    sequences: dict[str, int] = {}
    for vin, state in states:
        sequences[vin] = max(state.seq, sequences.get(vin, 0))
        measured_at = rules.believable(clock.to_world(state.measured_at), received_at)
        for path, value in state.values.items():
            known = newest.get((vin, path))
            if (known is None or known[0] < measured_at) and signals.fits(path, value):
                newest[vin, path] = (measured_at, value)
    if newest:
        cars = watched({vin for vin, _ in newest})
        before = values_of(cars)
        _merge(newest, received_at)
        announce_changes(cars, before, received_at)
    keep_history(states, received_at)
    record_presence(vins=sorted(sequences), sequences=sequences)
    _notify_values(newest, received_at)


@transaction.atomic
def record_settings(*, vin: str, settings: Mapping[str, Any], at: datetime) -> None:
    """This will note what holds of the settings of remote services in a car since `at` (world time); what is none is left out."""
    received_at = clock.now()
    newest: dict[tuple[str, str], Said] = {
        (vin, rules.HELD + name): (rules.believable(at, received_at), value)
        for name, value in settings.items()
        if remote.fits(name, value)
    }
    if newest:
        _merge(newest, received_at)
        _notify_values(newest, received_at)


def _notify_values(newest: Mapping[tuple[str, str], Said], at: datetime) -> None:
    """Tells the live viewers; settings are named only, whoever wants them asks for them."""
    live: dict[str, dict[str, Any]] = {}
    changed: dict[str, list[str]] = {}
    for (vin, path), (_, value) in newest.items():
        if path.startswith(rules.HELD):
            changed.setdefault(vin, []).append(path.removeprefix(rules.HELD))
        else:
            live.setdefault(vin, {})[path] = value
    for vin, values in live.items():
        notify({"kind": "state", "values": values, "at": at.isoformat()}, vin=vin)
    for vin, names in changed.items():
        notify({"kind": "settings", "settings": sorted(names), "at": at.isoformat()}, vin=vin)


def _merge(newest: Mapping[tuple[str, str], Said], received_at: datetime) -> None:
    encode = msgspec.json.encode
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS arriving_signal "
            "(vin text, path text, value jsonb, measured_at timestamptz) ON COMMIT DELETE ROWS"
        )
        with cursor.copy("COPY arriving_signal (vin, path, value, measured_at) FROM STDIN") as copy:
            for (vin, path), (measured_at, value) in newest.items():
                copy.write_row((vin, path, encode(value).decode(), measured_at))
        # sorted, so that two writers lock rows in the same order
        cursor.execute(
            """
            INSERT INTO vehicle_link_signal AS signal (vehicle_id, path, value, measured_at, received_at)
            SELECT vehicle.id, arriving.path, arriving.value, arriving.measured_at, %s
            FROM arriving_signal arriving
            JOIN vehicles_vehicle vehicle ON vehicle.vin = arriving.vin
             AND NOT (vehicle.privacy_mode_on AND arriving.measured_at >= vehicle.privacy_changed_at)
            LEFT JOIN vehicle_link_vehiclelink link ON link.vehicle_id = vehicle.id
            -- a late word of where a former main user left the car is not told to the next one
            WHERE NOT ((arriving.path = ANY(%s) OR starts_with(arriving.path, %s)) AND arriving.measured_at < coalesce(link.history_since, '-infinity'))
            ORDER BY vehicle.id, arriving.path
            ON CONFLICT (vehicle_id, path) DO UPDATE
            SET value = excluded.value, measured_at = excluded.measured_at, received_at = excluded.received_at
            WHERE signal.measured_at < excluded.measured_at
            """,
            [received_at, [signals.LATITUDE, signals.LONGITUDE], rules.HELD],
        )
        cursor.execute("DELETE FROM arriving_signal")


@dataclass
class Answered:
    """What became of a batch of results: the positions in the batch that could not be believed, with the reason."""

    unusable: dict[int, str] = field(default_factory=dict)


def record_results(*, results: Sequence[tuple[str, payloads.Result]]) -> Answered:
    """
    This will move commands forward along the table, as their cars say; a repeated or late word changes nothing.

    A result counts only from the command's own car, and only with the hash of the very bytes that were signed.
    """
    answered = Answered()
    positions = range(len(results))
    # The usual case reads without locks and writes what nobody else has moved meanwhile: one commit, no waiting.
    left = _move_on(results, positions, answered, MOVING)
    if left:
        with transaction.atomic():
            _move_on(results, left, answered, MOVING + "FOR UPDATE OF command")
    return answered


def _move_on(
    results: Sequence[tuple[str, payloads.Result]], positions: Sequence[int], answered: Answered, statement: str
) -> list[int]:
    """Moves the commands of these results; returns the positions of those that somebody else moved meanwhile."""
    ids = sorted({results[each][1].command_id for each in positions if _is_uuid(results[each][1].command_id)})
    commands: dict[str, RemoteCommand] = {}
    owners: dict[str, str] = {}
    for *columns, owner in statements.fetch(statement, [ids]):
        command = RemoteCommand.from_db("default", MOVING_COLUMNS, columns)
        commands[str(command.id)], owners[str(command.id)] = command, owner
    now = clock.now()
    moves: list[tuple[RemoteCommand, CommandStep, str]] = []
    said: dict[tuple[str, str], Said] = {}
    for position in positions:
        vin, result = results[position]
        found = commands.get(result.command_id)
        reason = _why_unusable(vin, result, found, owners.get(result.command_id))
        if found is None or reason is not None:
            answered.unusable[position] = reason or "there is no such command"
            continue
        at = rules.believable(clock.to_world(result.at), now)
        step = move(found, status=result.status, at=at, cause=(result.cause or "")[:48])
        if step is not None:
            moves.append((found, step, vin))
        if result.values or result.settings:
            _note_holds(said, vin, result, at)
    if said:
        # who sees that it is done sees at the same moment what holds: both or neither
        with transaction.atomic():
            _merge(said, now)
            _notify_values(said, now)
            unmoved = {str(each) for each in save_moves(moves)}
        return [position for position in positions if results[position][1].command_id in unmoved]
    unmoved = {str(each) for each in save_moves(moves)}
    return [position for position in positions if results[position][1].command_id in unmoved]


def _note_holds(said: dict[tuple[str, str], Said], vin: str, result: payloads.Result, at: datetime) -> None:
    holds = {path: value for path, value in result.values.items() if signals.fits(path, value)}
    settings = {rules.HELD + name: value for name, value in result.settings.items() if remote.fits(name, value)}
    for path, value in (holds | settings).items():
        known = said.get((vin, path))
        if known is None or known[0] <= at:
            said[vin, path] = (at, value)


def _why_unusable(vin: str, result: payloads.Result, command: RemoteCommand | None, owner: str | None) -> str | None:
    if command is None:
        return "there is no such command"
    if owner != vin:
        return "the command is another vehicle's"
    if result.request_hash != command.request_hash:
        return "the result does not belong to the bytes that were signed"
    if not rules.may_report(result.status):
        return f"a car may not report {result.status!r}"
    return None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@transaction.atomic
def record_event(*, vin: str, event: payloads.Event) -> None:
    """
    This will hand an event to the part of the business that handles it and send its reply to the car.

    The same event again is answered with the kept reply and changes nothing. A refusal is a reply too: not accepted,
    with its code. An event that nobody handles raises UnusableMessage.
    """
    handler = uplink.handler_of(event.type)
    if handler is None:
        raise UnusableMessage(f"nobody handles {event.type!r}")
    vehicle = queries.vehicle_of(vin=vin)
    now = clock.now()
    at = rules.believable(clock.to_world(event.at), now)
    received, is_new = ReceivedEvent.objects.get_or_create(
        vehicle=vehicle,
        event_id=event.id,
        defaults={"type": event.type, "at": at, "received_at": now},
    )
    if is_new:
        received.reply = _answer(
            handler, uplink.CarEvent(vin=vin, id=event.id, type=event.type, at=at, data=event.data)
        )
        received.save(update_fields=["reply"])
    if received.reply is not None:
        reply = payloads.Reply(vin=vin, to=event.id, body=received.reply)
        send_down(vin=vin, kind=topics.REPLY, message=signed(reply))


def _answer(handler: uplink.Handler, event: uplink.CarEvent) -> Json | None:
    try:
        with transaction.atomic():
            return handler(event)
    except Refusal as refusal:
        return {"accepted": False, "error": refusal.code.rpartition(".")[2]}


def park_message(*, topic: str, payload: bytes, reason: str, stream_sequence: int) -> None:
    """This will keep a message that nobody could work on, once, where people can look at it."""
    ParkedMessage.objects.get_or_create(
        stream_sequence=stream_sequence,
        defaults={
            "topic": topic[:200],
            "payload": payload,
            "reason": reason[:2000].replace("\x00", ""),
            "received_at": clock.now(),
        },
    )


def _notify_presence(vin: str, *, is_online: bool, at: datetime) -> None:
    notify({"kind": "link", "is_online": is_online, "at": at.isoformat()}, vin=vin)
