"""Programs come in: a person's destinations for a car. `request.auth` is the account."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Header, Query, Router, Schema, Status
from pydantic import AwareDatetime, Field

from vettura.foundation import conditional
from vettura.foundation.errors import NotFound
from vettura.foundation.idempotency import repeatable
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.navigation import actions, queries, rules
from vettura.navigation.models import Destination, Origin
from vettura.navigation.rules import Draft
from vettura_wire import calendar

router = Router(tags=["destinations"])
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Cursor = Annotated[UUID | None, Query(description="`next` of the page before.")]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
KindName = Literal["destination", "poi"]
Category = Literal["home", "work", "food", "shop", "sight", "charging", "parking", "other"]


class DestinationOut(Schema):
    """
    A place that the caller keeps for a car. `origin`: where it was made (`portal`, `app`, `car`).

    `change`: what of it the car does not have yet and gets with the next release (`new`, `changed`), null for nothing.
    """

    id: UUID
    kind: KindName
    name: str
    address: str
    latitude: float | None
    longitude: float | None
    note: str
    category: str
    origin: str
    change: Literal["new", "changed"] | None


class DestinationPage(Schema):
    """One page of destinations; `next` is the cursor of the following page."""

    items: list[DestinationOut]
    next: UUID | None


class DestinationIn(Schema):
    """A place to keep: a position, an address, or both."""

    name: str
    kind: KindName = "destination"
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    note: str = ""
    category: Category = "other"


class DestinationChange(Schema):
    """What is to be changed; what is absent stays. `latitude` and `longitude` null take the position away."""

    name: str | None = None
    kind: KindName | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    note: str | None = None
    category: Category | None = None


class ReleaseOut(Schema):
    """How far the list came: when it was released for the car, when the car took that, and what is new since."""

    released_at: datetime | None
    taken_at: datetime | None = Field(description="When the car took the last release; null while it has not.")
    new: int
    changed: int
    deleted: int


def _account(request: HttpRequest) -> Account:
    account = getattr(request, "auth", None)
    if not isinstance(account, Account):
        raise NotFound
    return account


def _out(row: Destination) -> DestinationOut:
    change = rules.change_for_car(row)
    return DestinationOut(
        id=row.id,
        kind="poi" if row.kind == "poi" else "destination",
        name=row.name,
        address=row.address,
        latitude=row.latitude,
        longitude=row.longitude,
        note=row.note,
        category=row.category,
        origin=row.origin,
        change=None if change == "deleted" else change,
    )


def _release_out(standing: queries.Standing) -> ReleaseOut:
    return ReleaseOut(
        released_at=standing.released_at,
        taken_at=standing.taken_at,
        new=standing.new,
        changed=standing.changed,
        deleted=standing.deleted,
    )


@router.get(
    "/{vin}/destinations",
    response=DestinationPage,
    operation_id="list_destinations",
    summary="List destinations for a vehicle",
)
def list_destinations(
    request: HttpRequest, vin: str, after: Cursor = None, limit: Limit = 50, kind: KindName | None = None
) -> DestinationPage:
    """The caller's own, by name; `kind` leaves the other kind out."""
    account = _account(request)
    vehicle = queries.vehicle_for(account=account, vin=vin)
    rows, next_cursor = queries.page(account=account, vehicle=vehicle, limit=limit, after=after, kind=kind or "")
    return DestinationPage(items=[_out(each) for each in rows], next=next_cursor)


@router.post(
    "/{vin}/destinations",
    response={201: DestinationOut},
    operation_id="add_destination",
    summary="Add a destination for a vehicle",
)
def add_destination(
    request: HttpRequest, vin: str, destination: DestinationIn, idempotency_key: Key = None
) -> Status[DestinationOut]:
    """
    Keep a place for a car (NAV-017).

    The car gets it with the next release; a point of interest also when the phone with the app joins the car's hotspot. Twice is
    two, unless it comes with the same `Idempotency-Key`.
    """
    account = _account(request)
    wanted = destination.model_dump()

    def do() -> dict[str, Any]:  # JSON
        row = actions.add_destination(by=account, vin=vin, draft=Draft(**wanted), origin=Origin.APP)
        return _out(row).model_dump(mode="json")

    answer = repeatable(
        account_id=account.id,
        program=identity.allowed(request).client_id,
        key=idempotency_key,
        asked=("navigation.add", vin, wanted),
        do=do,
    )
    return Status(201, DestinationOut(**answer))


@router.get(
    "/{vin}/destinations/release",
    response=ReleaseOut,
    operation_id="get_destination_release",
    summary="Get the state of the destination list in a vehicle",
)
def get_release(request: HttpRequest, vin: str) -> ReleaseOut:
    """What of the caller's list the car was given, and what is new since."""
    account = _account(request)
    vehicle = queries.vehicle_for(account=account, vin=vin)
    entries = queries.entries_of(account=account, vehicle=vehicle)
    return _release_out(queries.standing(account=account, vehicle=vehicle, entries=entries))


@router.post(
    "/{vin}/destinations/release",
    response=ReleaseOut,
    operation_id="release_destinations",
    summary="Update the destination list in a vehicle",
)
def release(request: HttpRequest, vin: str) -> ReleaseOut:
    """Make the list as it stands available to the car. With nothing new it changes nothing."""
    return _release_out(actions.release(by=_account(request), vin=vin))


@router.get(
    "/{vin}/destinations/{destination_id}",
    response=DestinationOut,
    operation_id="get_destination",
    summary="Get a destination",
)
def get_destination(request: HttpRequest, vin: str, destination_id: UUID) -> DestinationOut:
    """One of the caller's own."""
    account = _account(request)
    vehicle = queries.vehicle_for(account=account, vin=vin)
    return _out(queries.destination(account=account, vehicle=vehicle, destination_id=destination_id))


@router.patch(
    "/{vin}/destinations/{destination_id}",
    response=DestinationOut,
    operation_id="change_destination",
    summary="Change a destination",
)
def change_destination(
    request: HttpRequest, vin: str, destination_id: UUID, changes: DestinationChange
) -> DestinationOut:
    """What is absent, and every null but those of the position, stays as it is."""
    given = changes.model_dump(exclude_unset=True)
    present = {name: value for name, value in given.items() if value is not None or name in ("latitude", "longitude")}
    row = actions.change_destination(
        by=_account(request),
        vin=vin,
        destination_id=destination_id,
        changes=present,
        expected=conditional.expected(request, _out),
    )
    return _out(row)


@router.delete(
    "/{vin}/destinations/{destination_id}",
    response={204: None},
    operation_id="delete_destination",
    summary="Delete a destination",
)
def delete_destination(request: HttpRequest, vin: str, destination_id: UUID) -> Status[None]:
    """It leaves the car with the next release. Twice is once."""
    actions.delete_destination(
        by=_account(request),
        vin=vin,
        destination_id=destination_id,
        expected=conditional.expected(request, _out),
    )
    return Status(204, None)


class CalendarEntryIn(Schema):
    """An entry of a calendar. Times have an offset."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime
    title: str = Field(min_length=1, max_length=calendar.LONGEST_TITLE)
    place: str = Field("", max_length=calendar.LONGEST_PLACE)


class CalendarIn(Schema):
    """All entries that the car is to show: what is not among them is gone."""

    entries: list[CalendarEntryIn] = Field(max_length=calendar.MOST_ENTRIES)


class CalendarOut(Schema):
    """What the app brought for the car of the caller's calendar, in the order it begins, without what is over."""

    entries: list[CalendarEntryIn]


@router.put(
    "/{vin}/calendar", response=CalendarOut, operation_id="bring_calendar", summary="Bring a calendar into a vehicle"
)
def bring_calendar(request: HttpRequest, vin: str, wanted: CalendarIn) -> CalendarOut:
    """
    Have the car show entries of the caller's calendar (APP-006): while the caller is signed in there, and a phone with the app is in the car's
    hotspot. It ends with signing out, and by itself when the last entry is over.
    """
    entries = [calendar.CalendarEntry(**each.model_dump()) for each in wanted.entries]
    actions.bring_calendar(by=_account(request), vin=vin, entries=entries)
    return get_calendar(request, vin)


@router.get(
    "/{vin}/calendar", response=CalendarOut, operation_id="get_calendar", summary="Get the calendar of a vehicle"
)
def get_calendar(request: HttpRequest, vin: str) -> CalendarOut:
    """The caller's own; nobody else sees it."""
    account = _account(request)
    vehicle = queries.vehicle_for(account=account, vin=vin)
    entries = queries.calendar_of(account_id=account.id, vehicle=vehicle)
    return CalendarOut(entries=[CalendarEntryIn(**each) for each in entries])


@router.delete(
    "/{vin}/calendar",
    response={204: None},
    operation_id="take_calendar_away",
    summary="Take a calendar out of a vehicle",
)
def take_calendar_away(request: HttpRequest, vin: str) -> Status[None]:
    """Nothing of the caller's calendar stays here or in the car. Twice is once."""
    actions.bring_calendar(by=_account(request), vin=vin, entries=[])
    return Status(204, None)
