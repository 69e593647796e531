"""Programs come in: how charge, ranges and mileage of a car went. `request.auth` is the account."""

import re
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account
from vettura.vehicle_link import errors, queries, rules
from vettura.vehicle_link.models import HistoryPoint
from vettura.vehicles import queries as vehicles
from vettura_wire.signals import SIGNALS

router = Router(tags=["vehicles"])

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PATHS = tuple(rules.HISTORY.values())
KIND_OF = {path: kind for kind, path in rules.HISTORY.items()}
CURSOR = re.compile(r"(\d{1,17})-(\d{1,18})", re.ASCII)


class HistoryPointOut(Schema):
    """What one report said; a signal that it did not mention is absent."""

    measured_at: datetime
    values: dict[str, float]


class GapOut(Schema):
    """A time in which privacy mode was on and nothing was kept."""

    began_at: datetime
    ended_at: datetime


class HistoryPage(Schema):
    """
    One page of points, oldest first; `next` is the cursor of the following page. `begin` and `end` are what was looked at: never
    more than the caller may see. Points are thinned to the last of each value in an hour when they are some days old.
    """

    begin: datetime
    end: datetime
    units: dict[str, str]
    gaps: list[GapOut]
    items: list[HistoryPointOut]
    next: str | None


class HistoryQuery(Schema):
    """What of the history is asked for."""

    signals: str = Field(
        default="",
        max_length=400,
        description=f"VSS paths, separated by commas, out of: {', '.join(PATHS)}. All of them if empty.",
        examples=[PATHS[0]],
    )
    begin: AwareDatetime | None = Field(
        default=None, alias="from", description="From when on; as far back as known if absent."
    )
    to: AwareDatetime | None = Field(default=None, description="Until when; now if absent.")
    after: str | None = Field(default=None, max_length=40, description="`next` of the page before.")
    limit: int = Field(default=200, ge=1, le=1000, description="How many points at most.")


@router.get("/{vin}/history", response=HistoryPage, operation_id="get_history", summary="Get the history of a car")
def get_history(request: HttpRequest, vin: str, asked: Query[HistoryQuery]) -> HistoryPage:
    """
    How charge, ranges and mileage went, for a user of the car: since both that person and the present main user have it.

    Values are those of the car, in the units named.
    """
    account = _account(request)
    vehicle = vehicles.vehicle_for(account=account, vin=vin)
    chosen = _chosen(asked.signals)
    now = clock.now()
    rows, looked_at = queries.history_points(
        vehicle=vehicle,
        account_id=account.id,
        kinds=[KIND_OF[path] for path in chosen],
        begin=_within(asked.begin, now) if asked.begin else None,
        end=_within(asked.to, now) if asked.to else now,
        limit=asked.limit,
        after=_place(asked.after),
    )
    page = rows[: asked.limit]
    return HistoryPage(
        begin=looked_at.begin,
        end=looked_at.end,
        units={path: SIGNALS[path].unit for path in chosen},
        gaps=[GapOut(began_at=began, ended_at=ended) for began, ended in looked_at.gaps],
        items=[_out(row, chosen) for row in page],
        next=_cursor(page[-1]) if len(rows) > asked.limit else None,
    )


def _within(asked: datetime, now: datetime) -> datetime:
    """A moment that every database and calendar knows: nothing was measured before the epoch, nothing will be after now."""
    return min(max(asked, EPOCH), now)


def _chosen(signals: str) -> list[str]:
    wanted = [path for each in signals.split(",") if (path := each.strip())]
    unknown = [path for path in wanted if path not in KIND_OF]
    if unknown:
        raise errors.SignalNotKept(signal=unknown[0][:80], known=", ".join(PATHS))
    return list(dict.fromkeys(wanted)) or list(PATHS)


def _out(row: HistoryPoint, chosen: list[str]) -> HistoryPointOut:
    said = {path: getattr(row, KIND_OF[path]) for path in chosen}
    return HistoryPointOut(
        measured_at=row.measured_at, values={path: float(value) for path, value in said.items() if value is not None}
    )


def _cursor(row: HistoryPoint) -> str:
    return f"{(row.measured_at - EPOCH) // timedelta(microseconds=1)}-{row.sequence}"


def _place(cursor: str | None) -> queries.Place | None:
    if cursor is None:
        return None
    found = CURSOR.fullmatch(cursor)
    if found is None or int(found[1]) >= (clock.now() - EPOCH) / timedelta(microseconds=1) + 1:
        raise NotFound
    return queries.Place(EPOCH + timedelta(microseconds=int(found[1])), int(found[2]))


def _account(request: HttpRequest) -> Account:
    account = getattr(request, "auth", None)
    if not isinstance(account, Account):
        raise NotFound
    return account
