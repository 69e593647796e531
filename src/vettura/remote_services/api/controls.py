"""What an app can offer for a car: `/api/v1/vehicles/{vin}/controls`."""

from django.http import HttpRequest
from ninja import Router, Schema

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.remote_services import errors, queries, rules
from vettura.vehicle_link import queries as link
from vettura.vehicles import queries as vehicles

router = Router(tags=["remote services"])


class RangeOut(Schema):
    """From where to where a number may go, and what it is if nobody says it (null: as it was last in the car)."""

    minimum: float
    maximum: float
    default: float | None


class ControlOut(Schema):
    """
    A command that an app may offer for a car. `verb` is what its button says, `done` what is the case afterwards; of a `family` one
    is shown at a time, the first. `needs_step_up`: it opens, so it asks for the PIN.
    """

    type: str
    verb: str
    done: str
    icon: str
    family: str
    is_entitled: bool
    needs_step_up: bool
    temperature: RangeOut | None
    target_percent: RangeOut | None
    seats: list[str]


class RefusalOut(Schema):
    """What stands against every command at the moment: its code, and the sentence in the asker's language."""

    code: str
    text: str


class ControlsOut(Schema):
    """What can be done to a car from afar by an app, the most useful first, and what stands against all of it."""

    vin: str
    refusal: RefusalOut | None
    items: list[ControlOut]


@router.get("/{vin}/controls", response=ControlsOut, operation_id="list_controls", summary="List what an app can offer")
def list_controls(request: HttpRequest, vin: str) -> ControlsOut:
    """Which commands this car understands and an app may offer, what each takes, and whether a contract unlocks it now."""
    account: Account = getattr(request, "auth")  # noqa: B009  (ninja sets it; Django's request type does not know it)
    vehicle = vehicles.vehicle_for(account=account, vin=vin)
    twin = link.twins_of(vehicles=[vehicle])[vehicle.vin]
    allowed = identity.allowed(request)
    of_app = queries.app_commands(vehicle=vehicle)
    offered = [
        each
        for each in queries.controls_of(vehicle=vehicle, twin=twin, commands=[], surface="app", at=clock.now())
        if each.command in of_app and link.sees_command(allowed=allowed, type=each.command.type, vin=vehicle.vin)
    ]
    refusal = queries.standing_refusal(vehicle=vehicle)
    if refusal is None and offered and not any(each.is_entitled for each in offered):
        refusal = errors.NotEntitled()
    zones = list(catalog.generation(vehicle.generation).seat_zones)
    return ControlsOut(
        vin=vehicle.vin,
        refusal=RefusalOut(code=refusal.code, text=str(refusal)) if refusal else None,
        items=[_control_out(each, zones) for each in offered],
    )


def _control_out(control: queries.Control, zones: list[str]) -> ControlOut:
    terms, command = catalog.terms(), control.command
    degrees = RangeOut(
        minimum=float(terms.climate_temperature_minimum),
        maximum=float(terms.climate_temperature_maximum),
        default=float(terms.climate_temperature_default),
    )
    percent = RangeOut(minimum=terms.charge_target_minimum, maximum=terms.charge_target_maximum, default=None)
    return ControlOut(
        type=command.type,
        verb=str(command.verb),
        done=str(command.done),
        icon=command.icon,
        family=command.family,
        is_entitled=control.is_entitled,
        needs_step_up=command.opens,
        temperature=degrees if command.parameter == rules.TEMPERATURE else None,
        target_percent=percent if command.parameter == rules.TARGET else None,
        seats=zones if command.parameter == rules.TEMPERATURE else [],
    )
