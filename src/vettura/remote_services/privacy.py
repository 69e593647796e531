"""A person's data in this context: what the alarms of their own cars have told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vettura.foundation.archive import exports, read
from vettura.foundation.erasing import Subject, erases
from vettura.foundation.privacy import Person
from vettura.remote_services.models import Incident
from vettura.vehicles import queries as vehicles


@dataclass
class IncidentRow:
    """An alarm that tripped, or a call for help: degrees, kilometers per hour."""

    vin: str
    kind: str
    name: str
    latitude: float
    longitude: float
    speed: float
    at: datetime


@exports("vehicle_alarms", title=_("What alarms of your own vehicles have told"), row=IncidentRow, of=(Incident,))
def vehicle_alarms(person: Person) -> Iterator[IncidentRow]:
    """Of cars whose main user the person is now; a former main user's is deleted when they part."""
    own = vehicles.main_vehicle_ids(account_id=person.id)
    return read(
        IncidentRow, Incident.objects.filter(vehicle_id__in=own).order_by("vehicle__vin", "at"), vin="vehicle__vin"
    )


@erases(_("What alarms of cars have told, with places"), of=(Incident,))
def erased_incidents(subject: Subject) -> QuerySet[Incident]:
    """Of cars whose last main user the person was."""
    return Incident.objects.filter(vehicle_id__in=vehicles.left_behind_by(account_id=subject.id))
