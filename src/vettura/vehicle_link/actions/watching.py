"""Telling the parts above what changes in cars that somebody outside is told about. Other cars cost nothing but a look."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from vettura.foundation import outbox
from vettura.vehicle_link import queries
from vettura.vehicle_link.events import CommandFinished, SignalsChanged
from vettura.vehicle_link.models import CommandStep, RemoteCommand, Signal, VehicleLink

Values = dict[UUID, dict[str, Any]]  # what a signal is depends on its path


def watch(*, vin: str, on: bool) -> None:
    """This will have changes of a car announced, or no longer. Saying it again changes nothing."""
    link = queries.link_of(vin=vin)
    VehicleLink.objects.filter(pk=link.pk).exclude(is_watched=on).update(is_watched=on)


def watched(vins: Collection[str]) -> dict[UUID, str]:
    """Of these cars those that are watched: VINs by id."""
    links = VehicleLink.objects.filter(vehicle__vin__in=vins, is_watched=True)
    return dict(links.values_list("vehicle_id", "vehicle__vin"))


def values_of(cars: Collection[UUID]) -> Values:
    """What the twins of these cars hold now."""
    found: Values = {car: {} for car in cars}
    if cars:
        for car, path, value in Signal.objects.filter(vehicle_id__in=cars).values_list("vehicle_id", "path", "value"):
            found[car][path] = value
    return found


def announce_changes(cars: dict[UUID, str], before: Values, at: datetime) -> None:
    """This will announce what is different from before; inside the transaction that changed it."""
    for car, values in values_of(cars).items():
        changed = {path: value for path, value in values.items() if before[car].get(path) != value}
        if changed:
            outbox.publish(SignalsChanged(vin=cars[car], values=changed, at=at))


def announce_ends(ended: Collection[tuple[RemoteCommand, CommandStep, str]]) -> None:
    """This will announce commands that came to an end; inside the transaction that ended them."""
    for command, step, vin in ended:
        outbox.publish(
            CommandFinished(
                vin=vin,
                command_id=command.id,
                type=command.type,
                status=str(step.status),
                cause=step.cause,
                at=step.at,
            )
        )
