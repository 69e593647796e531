"""Programs come in: help after a breakdown. `request.auth` is the account."""

from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Header, Router, Schema, Status

from vettura.assistance import actions, queries
from vettura.assistance.models import BreakdownCall, Case
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.foundation.idempotency import fingerprint, once
from vettura.identity.models import Account

router = Router(tags=["assistance"])
State = Literal["received", "in_progress", "done", "cancelled"]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]


class PlaceIn(Schema):
    """Where the caller is, in degrees (WGS 84)."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


class CallIn(Schema):
    """
    A call for help. The place is handed over only as the person says: `place` as their device knows it, `with_place_of_car` as the car last
    said it, or neither. `phone`: where to call back; the number of the account where it is absent.
    """

    phone: str = Field("", max_length=30)
    text: str = Field("", max_length=500)
    place: PlaceIn | None = None
    with_place_of_car: bool = False


class CallOut(Schema):
    """
    A call for help and how it goes: `received`, `in_progress` (somebody works on it), `done` or `cancelled`. Once it has ended, nothing
    that was handed over with it is kept: `phone` and place are empty.
    """

    id: UUID
    number: str
    state: State
    text: str
    phone: str
    latitude: float | None
    longitude: float | None
    called_at: datetime
    ended_at: datetime | None


class CallsOut(Schema):
    """The call that goes on for the car, and the person's calls that ended within a day, the newest first."""

    items: list[CallOut]


@router.post(
    "/{vin}/breakdown-calls",
    response={201: CallOut},
    operation_id="call_for_help",
    summary="Call help after a breakdown",
)
def call_for_help(request: HttpRequest, vin: str, call: CallIn, idempotency_key: Key = None) -> Status[CallOut]:
    """
    Open a case with Assistance for a car that does not go on. It needs no connection to the car; a person of Assistance calls back. Twice is
    refused while a call goes on, unless it comes with the same `Idempotency-Key`.
    """
    account = _account(request)
    wanted = call.model_dump()

    def do() -> dict[str, Any]:  # JSON
        place = (call.place.latitude, call.place.longitude) if call.place else None
        opened = actions.call_for_help(
            by=account,
            vin=vin,
            phone=call.phone,
            text=call.text,
            place=place,
            with_place_of_car=call.with_place_of_car,
            channel=Case.Channel.APP,
        )
        # the answer is kept for whoever asks twice, so it holds nothing but the id
        return {"id": str(opened.case_id)}

    if idempotency_key is None:
        answer = do()
    else:
        wish = fingerprint("assistance.call_for_help", vin, wanted)
        answer = once(account_id=account.id, key=idempotency_key, request_fingerprint=wish, do=do)
    return Status(201, _out(queries.call_of(account=account, vin=vin, case_id=UUID(answer["id"]))))


@router.get(
    "/{vin}/breakdown-calls",
    response=CallsOut,
    operation_id="list_calls_for_help",
    summary="See how a call for help goes",
)
def list_calls_for_help(request: HttpRequest, vin: str) -> CallsOut:
    """The person's own calls for help. The stream of the car tells `roadside_help` when one moves on."""
    return CallsOut(items=[_out(each) for each in queries.calls_of(account=_account(request), vin=vin, at=clock.now())])


@router.delete(
    "/{vin}/breakdown-calls/{call_id}", response=CallOut, operation_id="cancel_call_for_help", summary="Call off help"
)
def cancel_call_for_help(request: HttpRequest, vin: str, call_id: UUID) -> CallOut:
    """Say that nobody has to come. A call that has ended stays as it is."""
    return _out(actions.cancel_call(by=_account(request), vin=vin, case_id=call_id))


def _account(request: HttpRequest) -> Account:
    account = getattr(request, "auth", None)
    if not isinstance(account, Account):
        raise NotFound
    return account


def _out(call: BreakdownCall) -> CallOut:
    case = call.case
    return CallOut(
        id=case.id,
        number=case.number,
        state=cast("State", call.state),
        text=case.text,
        phone=call.phone,
        latitude=call.latitude,
        longitude=call.longitude,
        called_at=case.opened_at,
        ended_at=case.closed_at,
    )
