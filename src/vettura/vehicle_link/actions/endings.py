"""How remote commands end that the car does not end: their time is over, they never arrived, or who asked may no longer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from vettura.foundation import clock
from vettura.vehicle_link import queries, rules
from vettura.vehicle_link.actions.commands import move, save_moves
from vettura.vehicle_link.models import (
    OPEN_STATUSES,
    Document,
    HistoryPoint,
    PrivacySpan,
    RemoteCommand,
    Signal,
    VehicleLink,
)
from vettura_wire import signals
from vettura_wire.statuses import Status

# a car keeps its answers for a week: what is older stays as it is
LOOKED_BACK = timedelta(days=7)


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
def expire_never_taken(*, seen: Mapping[UUID, tuple[int, datetime]]) -> int:
    """
    This will end the commands that cars were sent and never got, as their hellos show: their time was over when the car (by id of
    the vehicle) said so (real time), and their counters are above everything that it had seen by then. They will not be carried
    out. Returns how many.

    A hello may be read late: what was sent after the car wrote it, or still had time then, may have been carried out since.
    """
    silent = RemoteCommand.objects.select_for_update(of=("self",)).select_related("vehicle")
    at = clock.real_now()
    silent = silent.filter(
        vehicle_id__in=seen, status=Status.UNKNOWN, expires_at__lte=at, issued_at__gte=at - LOOKED_BACK
    ).order_by("id")
    moves = []
    for command in silent:
        highest_counter, said_at = seen[command.vehicle_id]
        lost = command.counter > highest_counter and command.expires_at <= said_at
        step = move(command, status=Status.EXPIRED, at=clock.now(), cause=rules.CAR_UNREACHABLE) if lost else None
        if step is not None:
            moves.append((command, step, command.vehicle.vin))
    save_moves(moves)
    return len(moves)


@transaction.atomic
def end_commands_of(*, vin: str, account_id: UUID) -> int:
    """
    This will end what a person's commands still wait for, because that person may no longer command the car.

    One that was never sent expires, one that was sent becomes unknown, as when its time is over; neither is sent
    again. Returns how many; repeating it changes nothing.
    """
    waiting = (
        RemoteCommand.objects.select_for_update(of=("self",))
        .filter(vehicle__vin=vin, account_id=account_id, status__in=OPEN_STATUSES)
        .order_by("id")
    )
    moves = []
    for command in waiting:
        status = rules.status_at_expiry(command.status)
        step = status and move(command, status=status, at=clock.now(), cause=rules.RIGHTS_ENDED)
        if step:
            moves.append((command, step, vin))
    save_moves(moves)
    return len(moves)


@transaction.atomic
def forget_place(*, vin: str) -> None:
    """
    This will forget where a car stands and what was set in it from afar, until it says so again: that was the place and the
    business of a person who has left it.
    """
    places = Q(path__in=(signals.LATITUDE, signals.LONGITUDE)) | Q(path__startswith=rules.HELD)
    Signal.objects.filter(places, vehicle__vin=vin).delete()


@transaction.atomic
def forget_car(*, vin: str) -> None:
    """This will delete everything that the link keeps of a car that is gone for good. Twice is once. Raises NotFound."""
    vehicle = queries.vehicle_of(vin=vin)
    for kept in (Signal, HistoryPoint, PrivacySpan, Document, RemoteCommand, VehicleLink):
        kept._default_manager.filter(vehicle=vehicle).delete()
