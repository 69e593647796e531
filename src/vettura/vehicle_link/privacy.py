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
from vettura.vehicle_link.models import CommandStep, HistoryPoint, PrivacySpan, RemoteCommand, RepeatedWish, Signal
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


@dataclass
class HistoryRow:
    """Charge (percent), ranges (meters) and mileage (kilometers) as a car reported them at a moment."""

    vin: str
    measured_at: datetime
    charge: float | None
    electric_range: int | None
    fuel_range: int | None
    mileage: float | None


@exports(
    "vehicle_history",
    title=_("Charge, range and mileage of your own vehicles over time"),
    row=HistoryRow,
    of=(HistoryPoint,),
)
def vehicle_history(person: Person) -> Iterator[HistoryRow]:
    """Of cars whose main user the person is now; a former main user's is deleted when they part."""
    own = vehicles.main_vehicle_ids(account_id=person.id)
    found = HistoryPoint.objects.filter(vehicle_id__in=own).order_by("vehicle__vin", "measured_at", "sequence")
    return read(HistoryRow, found, vin="vehicle__vin")


@dataclass
class PrivacyRow:
    """A time in which a car was in privacy mode."""

    vin: str
    began_at: datetime
    ended_at: datetime | None


@exports("privacy_mode", title=_("When privacy mode was on in your own vehicles"), row=PrivacyRow, of=(PrivacySpan,))
def privacy_mode(person: Person) -> Iterator[PrivacyRow]:
    """Of cars whose main user the person is now."""
    own = vehicles.main_vehicle_ids(account_id=person.id)
    found = PrivacySpan.objects.filter(vehicle_id__in=own).order_by("vehicle__vin", "began_at")
    return read(PrivacyRow, found, vin="vehicle__vin")


# -- what an erasure does -------------------------------------------------------------------------------------------


@erases(_("Remote commands, step by step"), of=(RemoteCommand, CommandStep, RepeatedWish))
def erased_commands(subject: Subject) -> QuerySet[RemoteCommand]:
    """Those that the person sent, to whichever car."""
    return RemoteCommand.objects.filter(account_id=subject.id)


@erases(_("What cars reported last, such as where they stand"), of=(Signal,))
def erased_signals(subject: Subject) -> QuerySet[Signal]:
    """Of cars whose last main user the person was: whoever comes after gets new reports."""
    return Signal.objects.filter(vehicle_id__in=vehicles.left_behind_by(account_id=subject.id))


@erases(_("Charge, range and mileage of cars over time"), of=(HistoryPoint,))
def erased_history(subject: Subject) -> QuerySet[HistoryPoint]:
    """Of cars whose last main user the person was."""
    return HistoryPoint.objects.filter(vehicle_id__in=vehicles.left_behind_by(account_id=subject.id))


@erases(_("When privacy mode was on in cars"), of=(PrivacySpan,))
def erased_privacy_spans(subject: Subject) -> QuerySet[PrivacySpan]:
    """Of cars whose last main user the person was."""
    return PrivacySpan.objects.filter(vehicle_id__in=vehicles.left_behind_by(account_id=subject.id))
