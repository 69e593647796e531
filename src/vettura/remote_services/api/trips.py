"""How a car was driven, for programs: `/api/v1/vehicles/{vin}/trips`."""

from datetime import UTC, datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime

from vettura.foundation import clock
from vettura.identity.models import Account
from vettura.remote_services import queries
from vettura.vehicle_link import queries as link
from vettura.vehicles import queries as vehicles
from vettura_wire.remote import Trip

router = Router(tags=["remote services"])
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class TripOut(Schema):
    """One trip: when it began and ended, and the mileage at both ends in kilometers. The newest may still go on. Its `id` stays."""

    id: str
    began_at: datetime
    ended_at: datetime
    mileage_before: float
    mileage_after: float
    kilometers: float
    seconds: int


class StatisticOut(Schema):
    """What the car counted: kilometers, seconds, and what that took."""

    kilometers: float
    seconds: int
    kwh: float
    liters: float


class TripsOut(Schema):
    """
    The car's own statistics (null while it never told them) and trips, the newest first; `next` is the cursor of the following page.
    """

    since_start: StatisticOut | None
    since_reset: StatisticOut | None
    since_charged_or_refueled: StatisticOut | None
    items: list[TripOut]
    next: datetime | None


@router.get("/{vin}/trips", response=TripsOut, operation_id="list_trips", summary="List the trips of a car")
def list_trips(
    request: HttpRequest,
    vin: str,
    before: Annotated[AwareDatetime | None, Query(description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 20,
) -> TripsOut:
    """
    For a user of the car, since both that person and the present main user have it, as far back as reports are kept one by one. Without
    places; what was driven in privacy mode is not there.
    """
    account: Account = getattr(request, "auth")  # noqa: B009  (ninja sets it; Django's request type does not know it)
    vehicle = vehicles.vehicle_for(account=account, vin=vin)
    now = clock.now()
    until = min(max(before, EPOCH), now) if before else now
    found = link.drives_of(vehicle=vehicle, account_id=account.id, until=until, limit=limit + 1)
    page = found[:limit]
    told = queries.trips_of(twin=link.twins_of(vehicles=[vehicle])[vehicle.vin])
    return TripsOut(
        since_start=_statistic(told.short) if told else None,
        since_reset=_statistic(told.long) if told else None,
        since_charged_or_refueled=_statistic(told.cyclic) if told else None,
        items=[_trip(each) for each in page],
        next=page[-1].began_at if len(found) > limit else None,
    )


def _trip(drive: link.Drive) -> TripOut:
    return TripOut(
        id=str(int(drive.began_at.timestamp())),
        began_at=drive.began_at,
        ended_at=drive.ended_at,
        mileage_before=round(drive.mileage_before, 1),
        mileage_after=round(drive.mileage_after, 1),
        kilometers=round(drive.mileage_after - drive.mileage_before, 1),
        seconds=int((drive.ended_at - drive.began_at).total_seconds()),
    )


def _statistic(trip: Trip) -> StatisticOut:
    return StatisticOut(
        kilometers=round(trip.km, 1), seconds=trip.seconds, kwh=round(trip.kwh, 2), liters=round(trip.liters, 2)
    )
