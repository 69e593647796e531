"""A person's data in this context: their places."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vettura.foundation.archive import exports, read
from vettura.foundation.erasing import Subject, erases
from vettura.foundation.privacy import Person
from vettura.navigation.models import AppCalendar, Destination, DestinationList


@dataclass
class DestinationRow:
    """A place that the person keeps for a car; of one that was deleted, `deleted_at` says when."""

    vin: str
    kind: str
    name: str
    address: str
    latitude: float | None
    longitude: float | None
    note: str
    category: str
    origin: str
    changed_at: datetime
    deleted_at: datetime | None


@exports("destinations", title=_("Your destinations"), row=DestinationRow, of=(Destination, DestinationList))
def destinations(person: Person) -> Iterator[DestinationRow]:
    """Car by car."""
    found = Destination.objects.filter(list__account_id=person.id)
    return read(DestinationRow, found.order_by("list__vehicle__vin", "name", "id"), vin="list__vehicle__vin")


@erases(_("Destinations and points of interest"), of=(DestinationList, Destination))
def erased_destinations(subject: Subject) -> QuerySet[DestinationList]:
    """For every car; they went with the person's rights already."""
    return DestinationList.objects.filter(account_id=subject.id)


@dataclass
class CalendarRow:
    """What the app brought of the person's calendar for a car."""

    vin: str
    entries: list[dict[str, Any]]
    brought_at: datetime


@exports("calendar_in_vehicles", title=_("Your calendar in your vehicles"), row=CalendarRow, of=(AppCalendar,))
def calendars(person: Person) -> Iterator[CalendarRow]:
    """Car by car."""
    found = AppCalendar.objects.filter(account_id=person.id).order_by("vehicle__vin")
    return read(CalendarRow, found, vin="vehicle__vin")


@erases(_("The calendar that an app brought into vehicles"), of=(AppCalendar,))
def erased_calendars(subject: Subject) -> QuerySet[AppCalendar]:
    """For every car."""
    return AppCalendar.objects.filter(account_id=subject.id)
