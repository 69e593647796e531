"""A person's data in this context: the remote commands they sent, and what their own cars tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vettura.foundation.archive import exports, read
from vettura.foundation.erasing import Subject, erases
from vettura.foundation.privacy import Person
from vettura.vehicle_link.models import CommandStep, RemoteCommand, Signal
from vettura.vehicles import queries as vehicles


@dataclass
class CommandRow:
    """A remote command that the person sent."""

    vin: str
    type: str
    params: dict[str, Any]
    requested_at: datetime
    status: str
    cause: str


@exports("remote_commands", title=_("Remote commands that you sent"), row=CommandRow, of=(RemoteCommand,))
def remote_commands(person: Person) -> Iterator[CommandRow]:
    """One's own only, never those of others who use the car."""
    found = RemoteCommand.objects.filter(account_id=person.id).order_by("requested_at", "id")
    return read(CommandRow, found, vin="vehicle__vin")


@dataclass
class SignalRow:
    """The newest value of a signal (COVESA VSS path) of a car whose main user the person is."""

    vin: str
    path: str
    value: Any
    measured_at: datetime


@exports("vehicle_signals", title=_("What your own vehicles last reported"), row=SignalRow, of=(Signal,))
def vehicle_signals(person: Person) -> Iterator[SignalRow]:
    """Of cars whose main user the person is now; what was before is not kept."""
    own = vehicles.main_vehicle_ids(account_id=person.id)
    return read(
        SignalRow, Signal.objects.filter(vehicle_id__in=own).order_by("vehicle__vin", "path"), vin="vehicle__vin"
    )


# -- what an erasure does -------------------------------------------------------------------------------------------


@erases(_("Remote commands, step by step"), of=(RemoteCommand, CommandStep))
def erased_commands(subject: Subject) -> QuerySet[RemoteCommand]:
    """Those that the person sent, to whichever car."""
    return RemoteCommand.objects.filter(account_id=subject.id)


@erases(_("What cars reported last, such as where they stand"), of=(Signal,))
def erased_signals(subject: Subject) -> QuerySet[Signal]:
    """Of cars whose last main user the person was: whoever comes after gets new reports."""
    return Signal.objects.filter(vehicle_id__in=vehicles.left_behind_by(account_id=subject.id))
