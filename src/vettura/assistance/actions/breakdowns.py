"""A car does not go on: help is called, by a person from anywhere or with the key in the car, and called off."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from vettura.assistance import errors, queries, rules
from vettura.assistance.actions.cases import note, open_case
from vettura.assistance.actions.telling import end_call, tell
from vettura.assistance.models import BreakdownCall, Case
from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.ids import new_id
from vettura.identity import queries as people
from vettura.identity.models import Account
from vettura.remote_services import queries as remote
from vettura.vehicle_link import queries as link
from vettura.vehicles import queries as cars
from vettura.vehicles.models import Vehicle

# between a wish from afar and what the car says of it: as long as such a command lives at most
SAME_CALL = timedelta(minutes=30)


@transaction.atomic
def call_for_help(
    *,
    by: Account,
    vin: str,
    phone: str = "",
    text: str = "",
    place: tuple[float, float] | None = None,
    with_place_of_car: bool = False,
    channel: str = Case.Channel.PORTAL,
    case_id: UUID | None = None,
) -> BreakdownCall:
    """
    This will open a case for a car that does not go on, with what its state says, and tell caller and car.

    It needs no connection to the car. Its place is handed over only if the caller gives it with the call: in degrees, or as the
    car last said it. The same `case_id` again returns the same call. Raises NotFound, what remote services refuse (role, car,
    grant, contract), PhoneUnfit, PlaceUnknown, HelpIsOnItsWay.
    """
    vehicle = cars.vehicle_for(account=by, vin=vin)
    at = clock.now()
    remote.refuse_call_for_help(vehicle=vehicle, at=at)
    number = rules.callback_number(phone or by.phone, by.country)
    if number is None:
        raise errors.PhoneUnfit
    case_id = case_id or new_id()
    known = BreakdownCall.objects.filter(case_id=case_id, case__account=by).select_related("case").first()
    if known is not None:
        return known
    call = BreakdownCall(vehicle=vehicle, phone=number)
    twin = link.twins_of(vehicles=[vehicle])[vin]
    call.condition = rules.condition_of({path: each.value for path, each in twin.signals.items()})
    if place is not None:
        call.latitude, call.longitude, call.measured_at = *place, at
    elif with_place_of_car:
        found = remote.place_of(vehicle=vehicle, twin=twin, at=at)
        if not found.is_known:
            raise errors.PlaceUnknown
        call.latitude, call.longitude, call.measured_at = found.latitude, found.longitude, found.measured_at
    return _opened(call, account=by, channel=channel, text=text.strip()[: rules.LONGEST_TEXT], case_id=case_id)


@transaction.atomic
def take_call_of_car(*, vin: str, incident_id: UUID, at: datetime) -> None:
    """
    This will open a case for a call that a car has sent, because of its key or of a command; what it says of a call that is open
    already is added there. Twice is once, and what was closed since stays closed.
    """
    incident = remote.call_for_help(incident_id=incident_id)
    if incident is None:
        return
    vehicle = cars.vehicle_by_vin(vin=vin)
    link.link_of(vin=vin, lock=True)
    twin = link.twins_of(vehicles=[vehicle])[vin]
    known = queries.open_call_of(vehicle=vehicle)
    call = known or BreakdownCall(vehicle=vehicle)
    call.condition = rules.condition_of({path: each.value for path, each in twin.signals.items()})
    call.latitude, call.longitude, call.measured_at = incident.latitude, incident.longitude, at
    if known is not None:
        call.save()
        note(known.case, "car_told")
        return
    account = _who_called(vehicle, at)
    call.phone = (account.phone if account else "") or ""
    _opened(call, account=account, channel=Case.Channel.CAR, text="", case_id=new_id())


def cancel_call(*, by: Account, vin: str, case_id: UUID) -> BreakdownCall:
    """This will call off help that somebody called; an ended call stays as it is. Raises NotFound for anybody else's."""
    with transaction.atomic():
        call = queries.call_of(account=by, vin=vin, case_id=case_id)
        _call_off(call.case_id, by=by)
    return queries.call_of(account=by, vin=vin, case_id=case_id)


@transaction.atomic
def cancel_call_of_car(*, vin: str) -> None:
    """This will call off help for a car, because somebody in it says so; without a call it does nothing. Raises NotFound."""
    call = queries.open_call_of(vehicle=cars.vehicle_by_vin(vin=vin))
    if call is not None:
        _call_off(call.case_id, by=None)


def _call_off(case_id: UUID, *, by: Account | None) -> None:
    case = Case.objects.select_for_update().get(id=case_id)
    if case.status != Case.Status.OPEN:
        return
    end_call(case, BreakdownCall.State.CANCELLED)
    case.status, case.closed_at = Case.Status.CLOSED, clock.now()
    case.save(update_fields=["status", "closed_at"])
    note(case, "cancelled", by=by)


def _opened(call: BreakdownCall, *, account: Account | None, channel: str, text: str, case_id: UUID) -> BreakdownCall:
    vehicle = call.vehicle
    assert vehicle is not None
    try:
        with transaction.atomic():
            call.case = open_case(
                kind=Case.Kind.BREAKDOWN,
                channel=channel,
                language=account.language if account else catalog.country(vehicle.country).languages[0],
                account=account,
                vehicle=vehicle,
                country=vehicle.country,
                text=text,
                by=account,
                case_id=case_id,
            )
            call.save(force_insert=True)
    except IntegrityError:
        # one call for each car: the database says so, however many call at once
        raise errors.HelpIsOnItsWay from None
    tell(call)
    return call


def _who_called(vehicle: Vehicle, at: datetime) -> Account | None:
    """Whoever had the car call from afar just now, else whoever is signed in there, else the main user."""
    recent = link.recent_commands(vehicle=vehicle, limit=10)
    asked = next((each for each in recent if each.type == remote.BREAKDOWN_CALL), None)
    if asked is not None and clock.now() - asked.requested_at < SAME_CALL:
        return people.account(id=asked.account_id)
    if vehicle.signed_in_account_id is not None:
        return people.account(id=vehicle.signed_in_account_id)
    return cars.main_user_of(vehicle=vehicle)
