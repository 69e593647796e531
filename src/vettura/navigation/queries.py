"""What is true of destinations."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from vettura.catalog import queries as catalog
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.navigation import rules
from vettura.navigation.models import AppCalendar, Destination, DestinationList, Origin
from vettura.vehicle_link import queries as link
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_pack.model import KnownPlace
from vettura_wire import destinations as wire
from vettura_wire import events


@dataclass(frozen=True, kw_only=True)
class Standing:
    """
    How far a person's list for a car came: when it was released, when the car took that, and what is new since.

    `is_held`: the car has the list of this person now, because the person is signed in there.
    """

    released_at: datetime | None = None
    taken_at: datetime | None = None
    is_held: bool = False
    new: int = 0
    changed: int = 0
    deleted: int = 0

    @property
    def is_current(self) -> bool:
        """Whether a release would change nothing."""
        return not (self.new or self.changed or self.deleted)


def vehicle_for(*, account: Account, vin: str) -> Vehicle:
    """A car for which this person may keep destinations. Raises NotFound for strangers, NotAllowed."""
    vehicle = vehicles.vehicle_for(account=account, vin=vin)
    vehicles.require(account=account, vehicle=vehicle, permission="configure_own_services")
    return vehicle


def entries_of(*, account: Account, vehicle: Vehicle) -> list[Destination]:
    """Everything in a person's list for a car, by name; deleted entries too."""
    return list(_all_of(account, vehicle).order_by(Lower("name"), "id"))


def page(
    *, account: Account, vehicle: Vehicle, limit: int, after: UUID | None = None, kind: str = ""
) -> tuple[list[Destination], UUID | None]:
    """One page of the list by name, and the id after which the next one begins. Raises NotFound for an unknown `after`."""
    found = _alive(account, vehicle).annotate(sorted_by=Lower("name"))
    if kind:
        found = found.filter(kind=kind)
    if after is not None:
        last = _all_of(account, vehicle).filter(id=after).annotate(sorted_by=Lower("name")).first()
        if last is None:
            raise NotFound
        found = found.filter(Q(sorted_by__gt=last.sorted_by) | Q(sorted_by=last.sorted_by, id__gt=after))
    rows: list[Destination] = list(found.order_by("sorted_by", "id")[: limit + 1])
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def destination(*, account: Account, vehicle: Vehicle, destination_id: UUID) -> Destination:
    """One entry of the person's own list that is not deleted. Raises NotFound."""
    found = _alive(account, vehicle).filter(id=destination_id).first()
    if found is None:
        raise NotFound
    return found


def standing(*, account: Account, vehicle: Vehicle, entries: list[Destination]) -> Standing:
    """How far the list came; `entries` are all of it, as `entries_of` gives them."""
    known = DestinationList.objects.filter(account=account, vehicle=vehicle).first()
    changes = Counter(rules.change_for_car(each) for each in entries)
    return Standing(
        released_at=known.released_at if known else None,
        taken_at=known.taken_at if known else None,
        is_held=vehicle.signed_in_account_id == account.id,
        new=changes["new"],
        changed=changes["changed"],
        deleted=changes["deleted"],
    )


def known_places() -> tuple[KnownPlace, ...]:
    """Places to pick instead of typing where they are."""
    return catalog.pack().places


def documents(*, vehicle: Vehicle) -> dict[str, dict[str, Any]]:  # JSON
    """
    What the car is told: what was released, and what the app made, of the person who is signed in; nothing while nobody is.

    A car that never had a list and has none to get is not told so.
    """
    account_id = vehicle.signed_in_account_id
    # only who uses the car has a list for it; a visitor has none
    rows = list(Destination.objects.filter(list__account_id=account_id, list__vehicle=vehicle)) if account_id else []
    released = [version for row in rows if (version := rules.released_version_of(row)) is not None]
    by_app = [rules.version_of(row) for row in rows if row.origin == Origin.APP and row.kind == wire.POI]
    told = {
        events.DESTINATIONS: rules.body(account_id, released),
        events.APP_POI: rules.body(account_id, by_app),
        events.APP_CALENDAR: {
            "account_id": str(account_id) if account_id else None,
            "entries": calendar_of(account_id=account_id, vehicle=vehicle) if account_id else [],
        },
    }
    return {
        name: body
        for name, body in told.items()
        if body["entries"] or link.document_of(vehicle=vehicle, name=name) is not None
    }


def _all_of(account: Account, vehicle: Vehicle) -> QuerySet[Destination]:
    return Destination.objects.filter(list__account=account, list__vehicle=vehicle)


def _alive(account: Account, vehicle: Vehicle) -> QuerySet[Destination]:
    return _all_of(account, vehicle).filter(deleted_at=None)


def calendar_of(*, account_id: UUID, vehicle: Vehicle) -> list[dict[str, Any]]:  # JSON
    """What the app brought of a person's calendar for a car, as it stands on the wire, in the order it begins."""
    found = AppCalendar.objects.filter(account_id=account_id, vehicle=vehicle).values_list("entries", flat=True).first()
    return found or []


def takes_calendar(*, vehicle: Vehicle) -> bool:
    """Whether the app of this car brings calendars into it (APP-006)."""
    return vehicles.has_connect(vehicle=vehicle) and "calendar" in catalog.app_of(vehicle.generation).functions
