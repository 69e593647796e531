"""What can be done to a car from afar, and what stands against it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from django.db.models import Q

from vettura.catalog import queries as catalog
from vettura.entitlements import queries as entitlements
from vettura.foundation import clock, ids
from vettura.foundation.errors import NotFound, Refusal
from vettura.identity import queries as identity
from vettura.remote_services import errors, rules
from vettura.remote_services.models import Incident, IncidentKind
from vettura.vehicle_link import queries as link
from vettura.vehicle_link.models import RemoteCommand
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_wire import remote, signals, statuses


@dataclass(frozen=True)
class Control:
    """A command that a page offers: what it is, the newest request of it, and whether that one is under way."""

    command: rules.CommandType
    latest: RemoteCommand | None
    is_entitled: bool
    # of the next request: sending the same form twice is one command
    key: UUID = field(default_factory=ids.new_id)

    @property
    def is_under_way(self) -> bool:
        """Whether the car has yet to answer."""
        return self.latest is not None and self.latest.status in statuses.FORWARD

    @property
    def progress_percent(self) -> int:
        """How far the newest request came, for the line in the control."""
        return rules.PROGRESS_PERCENT.get(self.latest.status, 100) if self.latest else 0


Json = dict[str, Any]  # a list of the wire
LOCATE = "locate"
BREAKDOWN_CALL = "breakdown_call"
BREAKDOWN = IncidentKind.BREAKDOWN.value
# a person in the portal
EVERYTHING = identity.Allowed()
ABOUT_PLACES = (IncidentKind.LOCATION_ENTERED, IncidentKind.LOCATION_LEFT)
ABOUT_SPEED = (IncidentKind.SPEED, IncidentKind.VALET_SPEED)
PlaceState = Literal["known", "unknown", "private", "refused", "no_service"]


@dataclass(frozen=True)
class Place:
    """Where a car was when it last said so, in degrees; `refusal` says why that may not be shown."""

    state: PlaceState
    latitude: float = 0.0
    longitude: float = 0.0
    measured_at: datetime | None = None
    refusal: str = ""

    @property
    def is_known(self) -> bool:
        """Whether there is anything to show."""
        return self.state == "known"


def place_of(*, vehicle: Vehicle, twin: link.Twin, at: datetime) -> Place:
    """
    Where a car is, as far as whoever uses it may know: only while a service that finds it runs, and not in privacy mode,
    in which the last place is not shown either.
    """
    if twin.cause == link.PRIVACY:
        return Place("private")
    refusal = standing_refusal(vehicle=vehicle)
    if refusal is not None:
        return Place("refused", refusal=str(refusal))
    if LOCATE not in entitlements.entitled_commands(vehicle=vehicle, at=at):
        return Place("no_service")
    latitude, longitude = twin.value(signals.LATITUDE), twin.value(signals.LONGITUDE)
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return Place("unknown")
    return Place("known", float(latitude), float(longitude), twin.measured_at(signals.LATITUDE))


def shows_place(*, vehicle: Vehicle) -> bool:
    """Whether whoever uses a car may know where it is now; `place_of` says why not."""
    if standing_refusal(vehicle=vehicle) is not None:
        return False
    return LOCATE in entitlements.entitled_commands(vehicle=vehicle, at=clock.now())


def settings_of(*, vehicle: Vehicle, allowed: identity.Allowed = EVERYTHING) -> dict[str, link.Held]:
    """
    What was set in a car from afar, by the wire's names, as the car says that it holds, each with its moment; nothing of what the car
    does not understand, nor of what a program may not see. Places in it are apart, as everywhere.
    """
    held = link.twins_of(vehicles=[vehicle])[vehicle.vin].held
    types = [type_ for type_ in understood(vehicle=vehicle) if type_ in remote.SETTINGS]
    seen = {
        remote.SETTINGS[type_] for type_ in types if link.sees_command(allowed=allowed, type=type_, vin=vehicle.vin)
    }
    found = {name: each for name, each in held.items() if name in seen}
    if allowed.sees_place(vehicle.vin):
        return found
    return {
        name: replace(each, value=rules.without_places(name, each.value))
        for name, each in found.items()
        if name != "location_alarms"
    }


TYPE_OF_SETTING = {name: type_ for type_, name in remote.SETTINGS.items() if type_.startswith("set_")}


def type_of_setting(*, name: str) -> str:
    """The type of command that sets this. Raises NotFound for what is not set by a command of its own."""
    if name not in TYPE_OF_SETTING:
        raise NotFound
    return TYPE_OF_SETTING[name]


def setting_of(
    *, vehicle: Vehicle, name: str, allowed: identity.Allowed = EVERYTHING
) -> tuple[link.Held | None, Json | None, UUID | None]:
    """
    A setting as the car keeps it, and what is on its way to the car with the id of that command. Raises NotFound for a setting that the
    car does not have or a program may not see.
    """
    type_ = type_of_setting(name=name)
    sees = link.sees_command(allowed=allowed, type=type_, vin=vehicle.vin)
    sees_place = allowed.sees_place(vehicle.vin)
    if type_ not in understood(vehicle=vehicle) or not sees or (name == "location_alarms" and not sees_place):
        raise NotFound
    held = settings_of(vehicle=vehicle, allowed=allowed).get(name)
    newest = link.newest_command(vehicle=vehicle, type=type_)
    if newest is None or newest.status not in statuses.FORWARD:
        return held, None, None
    return held, newest.params if sees_place else rules.without_places(name, newest.params), newest.id


def trips_of(*, twin: link.Twin) -> remote.Trips | None:
    """The car's statistics since the last start, since they were reset, and since the last time at cable or pump; None before it told."""
    held = twin.held.get(remote.TRIPS)
    return None if held is None else msgspec.convert(held.value, remote.Trips)


def wanted_list(*, vehicle: Vehicle, twin: link.Twin, type: str) -> tuple[Json, RemoteCommand | None]:
    """
    A list of timers, profiles or alarms as the next change starts from: what is on its way to the car, else what the car holds; and the
    command that is on its way.
    """
    newest = next((each for each in link.recent_commands(vehicle=vehicle, limit=30) if each.type == type), None)
    if newest is not None and newest.status in statuses.FORWARD:
        return newest.params, newest
    held = twin.held.get(remote.SETTINGS[type])
    return (held.value if held else {}), newest


def incidents_of(
    *, vehicle: Vehicle, limit: int = 20, allowed: identity.Allowed = EVERYTHING, before: UUID | None = None
) -> list[Incident]:
    """
    What the car's alarms have told in its present main user's time, the newest first; to who may not know where the car is nothing
    of areas. `before` continues after one already shown. Raises NotFound for a `before` that is not there.
    """
    since = vehicles.main_user_since(vehicle=vehicle)
    found = Incident.objects.filter(vehicle=vehicle).order_by("-at", "-id")
    if since is not None:
        found = found.filter(at__gte=since)
    if not allowed.sees_place(vehicle.vin):
        found = found.exclude(kind__in=ABOUT_PLACES)
    if before is not None:
        last = found.filter(id=before).first()
        if last is None:
            raise NotFound
        found = found.filter(Q(at__lt=last.at) | Q(at=last.at, id__lt=last.id))
    return list(found[:limit])


def understood(*, vehicle: Vehicle) -> tuple[str, ...]:
    """The types of commands that this car understands (REM-013)."""
    return catalog.generation(vehicle.generation).commands_of(vehicle.drive)


def understood_commands(*, vehicle: Vehicle) -> list[rules.CommandType]:
    """The commands that this car understands, with what each needs."""
    return [rules.TYPES[type_] for type_ in understood(vehicle=vehicle)]


def control_of_portal(*, type: str) -> rules.CommandType:
    """A command that the portal offers as a control (REM-009). Raises UnknownCommand."""
    found = rules.command_type(type)
    if "portal" not in found.surfaces:
        raise errors.UnknownCommand(type=type[:32])
    return found


def require_known(*, type: str) -> None:
    """This will refuse a type of command that there is not. Raises UnknownCommand."""
    rules.command_type(type)


def parameter_of(*, type: str) -> str | None:
    """The one number that a type of command takes, by its name; None where it takes none."""
    known = rules.TYPES.get(type)
    return None if known is None else known.parameter


def sentence(*, status: str, cause: str) -> str:
    """What a step of a command means, in the reader's language."""
    return rules.sentence(status, cause)


def services_of(*, command_type: str) -> list[str]:
    """The service that unlocks a type of command, as a list of ids; empty where none does."""
    return [each.id for each in catalog.services() if command_type in each.commands][:1]


def app_commands(*, vehicle: Vehicle) -> list[rules.CommandType]:
    """What the app that is valid for a car offers there: what both know (REM-013, C-33)."""
    app = catalog.app_of(vehicle.generation)
    types = tuple(type_ for type_ in understood(vehicle=vehicle) if type_ in app.commands)
    return rules.offered_types(types, "app")


def needs_remote_access(*, command_type: str) -> bool:
    """Whether every service that unlocks this command asks for the main user's grant (REM-001)."""
    unlocking = [each for each in catalog.services() if command_type in each.commands]
    return not unlocking or all(each.needs_remote_access for each in unlocking)


def refuse_without_access(*, vehicle: Vehicle) -> None:
    """
    This will do nothing if the platform may reach the car.

    Raises NotLinked, the first thing to check where a pairing code is needed (REM-014), or NoRemoteAccess (REM-001).
    """
    if not vehicles.has_remote_access(vehicle=vehicle):
        raise without_access(is_linked=vehicles.is_linked(vehicle=vehicle))


def without_access(*, is_linked: bool) -> Refusal:
    """Why a car that the platform may not reach is not reached (REM-001, REM-014)."""
    return errors.NoRemoteAccess() if is_linked else errors.NotLinked()


def is_under_grant(*, vehicle: Vehicle, command_type: str) -> bool:
    """
    Whether whoever uses the car (`vehicle.role`) needs the main user's grant of remote access for a command: for most everybody does, for a
    breakdown call everybody but the main user (USR-013).
    """
    if needs_remote_access(command_type=command_type):
        return True
    return command_type == BREAKDOWN_CALL and vehicle.role != "main_user"


def refuse_call_for_help(*, vehicle: Vehicle, at: datetime) -> None:
    """
    This will do nothing if whoever uses the car (`vehicle.role`) may call help for it, be the car reached or not.

    Raises RoleMayNot, NotSupported, NotLinked or NoRemoteAccess, NotEntitled, the first that applies.
    """
    if not vehicles.may(role=vehicle.role, permission="command"):
        raise errors.RoleMayNot
    if not vehicles.has_connect(vehicle=vehicle) or BREAKDOWN_CALL not in understood(vehicle=vehicle):
        raise errors.NotSupported
    if is_under_grant(vehicle=vehicle, command_type=BREAKDOWN_CALL):
        refuse_without_access(vehicle=vehicle)
    if BREAKDOWN_CALL not in entitlements.entitled_commands(vehicle=vehicle, at=at):
        raise errors.NotEntitled


def call_for_help(*, incident_id: UUID) -> Incident | None:
    """What a car has told with a call for help; None when it is no longer kept."""
    return Incident.objects.filter(id=incident_id, kind=IncidentKind.BREAKDOWN).first()


def standing_refusal(*, vehicle: Vehicle) -> Refusal | None:
    """What stands against every command of this car at the moment, so that pages can say it before anyone tries."""
    try:
        refuse_without_access(vehicle=vehicle)
    except Refusal as refusal:
        return refusal
    return errors.PrivacyMode() if vehicle.privacy_mode_on else None


def refusal_of(*, vehicle: Vehicle, type: str, at: datetime) -> Refusal | None:
    """What stands against one command of this car at the moment, so that a page can say it before anyone tries; None if nothing is known."""
    if type not in understood(vehicle=vehicle):
        return errors.NotSupported()
    refusal = standing_refusal(vehicle=vehicle)
    is_entitled = type in entitlements.entitled_commands(vehicle=vehicle, at=at)
    return refusal or (None if is_entitled else errors.NotEntitled())


def controls_of(
    *, vehicle: Vehicle, twin: link.Twin, commands: Sequence[RemoteCommand], surface: rules.Surface, at: datetime
) -> list[Control]:
    """What this surface offers for the car, the most useful first; `commands` are the newest ones (REM-009, REM-013)."""
    entitled = entitlements.entitled_commands(vehicle=vehicle, at=at)
    values = {path: measured.value for path, measured in twin.signals.items()}
    types = rules.next_of_family(rules.offered_types(understood(vehicle=vehicle), surface), values)
    latest: dict[str, RemoteCommand] = {}
    for command in commands:
        latest.setdefault(command.type, command)
    return [Control(entry, latest.get(entry.type), entry.type in entitled) for entry in types]
