"""What the alarms of a car have told, for programs: `/api/v1/vehicles/{vin}/alarms`."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.remote_services import queries
from vettura.vehicles import queries as vehicles

router = Router(tags=["remote services"])

LARGEST_PAGE = 100


class AlarmOut(Schema):
    """What a car has told by itself: degrees, kilometers per hour; `text` says what it is."""

    id: UUID
    kind: str
    text: str
    name: str
    latitude: float | None
    longitude: float | None
    speed: float
    at: datetime


class AlarmsOut(Schema):
    """Alarms of a car, the newest first; `next` is the cursor of the following page."""

    items: list[AlarmOut]
    next: UUID | None


@router.get("/{vin}/alarms", response=AlarmsOut, operation_id="list_alarms", summary="List what alarms have told")
def list_alarms(
    request: HttpRequest, vin: str, limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 20, before: UUID | None = None
) -> AlarmsOut:
    """Alarms that tripped in the car and calls for help, with time, and place for who may know where the car is."""
    account: Account = getattr(request, "auth")  # noqa: B009  (ninja sets it; Django's request type does not know it)
    vehicle = vehicles.vehicle_for(account=account, vin=vin)
    allowed = identity.allowed(request)
    sees_place = allowed.sees_place(vehicle.vin)
    found = queries.incidents_of(vehicle=vehicle, limit=limit + 1, allowed=allowed, before=before)
    page = found[:limit]
    return AlarmsOut(
        next=page[-1].id if len(found) > limit else None,
        items=[
            AlarmOut(
                id=each.id,
                kind=each.kind,
                text=each.get_kind_display(),
                name=each.name,
                latitude=each.latitude if sees_place else None,
                longitude=each.longitude if sees_place else None,
                speed=each.speed,
                at=each.at,
            )
            for each in page
        ],
    )
