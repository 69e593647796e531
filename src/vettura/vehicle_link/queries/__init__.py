"""What is true on the link."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from vettura.catalog import queries as catalog
from vettura.foundation import clock, statements
from vettura.foundation.errors import NotFound
from vettura.identity.queries import API_SCOPE, LOCATION, Allowed
from vettura.vehicle_link import rules
from vettura.vehicle_link.models import (
    CommandStep,
    Document,
    HistoryPoint,
    ParkedMessage,
    PrivacySpan,
    RemoteCommand,
    Signal,
    VehicleLink,
)
from vettura.vehicle_link.queries.drives import Drive as Drive
from vettura.vehicle_link.queries.drives import drives_of as drives_of
from vettura.vehicles import queries as vehicle_queries
from vettura.vehicles.models import Vehicle
from vettura_wire import signals, statuses

PRIVACY = "privacy"
PLACE = rules.PLACE
STREAMS_OF_PROGRAM, STREAMS_OF_CAR = rules.STREAMS_OF_PROGRAM, rules.STREAMS_OF_CAR
# what each time slot of a chart shows: the last of each value in it
SLOTS = f"""
    SELECT date_bin(%(step)s, measured_at, %(begin)s) AS slot, max(measured_at),
           {", ".join(f"(array_agg({each} ORDER BY measured_at DESC) FILTER (WHERE {each} IS NOT NULL))[1]" for each in rules.HISTORY)}
    FROM vehicle_link_historypoint
    WHERE vehicle_id = %(vehicle)s AND measured_at >= %(begin)s AND measured_at <= %(end)s
    GROUP BY slot ORDER BY slot
"""  # noqa: S608  # names of our own columns
# How the link stands, as every remote command asks it: a column beside the car, see `vehicles.queries.reach_of`; NULL for
# a car that was never linked
STANDING = """(
    SELECT ARRAY[highest_counter, is_online::int] FROM vehicle_link_vehiclelink link WHERE link.vehicle_id = vehicle.id)"""
# When the car was woken, and whether it is at rest: switched off, and nothing runs in it
WOKEN = "(SELECT woken_at FROM vehicle_link_vehiclelink link WHERE link.vehicle_id = vehicle.id)"
AT_REST = f"""(
    SELECT bool_or(path = '{signals.IGNITION}' AND value IN ('"{signals.IGNITION_OFF}"', '"{signals.IGNITION_LOCKED}"'))
           AND NOT bool_or(path <> '{signals.IGNITION}' AND value = 'true')
    FROM vehicle_link_signal WHERE vehicle_id = vehicle.id
     AND path IN ('{signals.IGNITION}', '{signals.CHARGING}', '{signals.CLIMATE_ACTIVE}'))"""  # noqa: S608  # names of our own
REACH = (STANDING, WOKEN, AT_REST)
"""What `standing_of` takes, in this order."""


@dataclass(frozen=True)
class Standing:
    """
    The highest counter given to a command for a car, whether the car is there, whether it has to be woken, and how often it has
    been within a day (real time).
    """

    highest_counter: int
    is_online: bool
    is_asleep: bool = False
    woken_at: tuple[datetime, ...] = ()

    @property
    def may_be_woken_at(self) -> datetime | None:
        """When a car that sleeps may be woken again (real time); None where nothing stands against it."""
        if not (self.is_online and self.is_asleep):
            return None
        return rules.next_wake_at(self.woken_at, a_day=catalog.terms().wakes_a_day)


@dataclass(frozen=True)
class Measured:
    """A value, the moment (world time) at which the car measured it, and when it reached us."""

    value: bool | int | float | str
    measured_at: datetime
    received_at: datetime | None = None


@dataclass(frozen=True)
class Held:
    """A setting of remote services as the car keeps it, and since when (world time) that is known."""

    value: dict[str, Any]
    measured_at: datetime


@dataclass(frozen=True)
class Twin:
    """
    What the platform knows of a car. `cause` says why values stand still: `privacy`, or empty; `silence` why nothing newer
    is known, None while the values are fresh.
    """

    vin: str
    is_online: bool = False
    last_seen_at: datetime | None = None
    connected_at: datetime | None = None
    bearer: str = ""
    radio: str = ""
    software: str = ""
    cause: str = ""
    silence: rules.Silence | None = None
    signals: dict[str, Measured] = field(default_factory=dict)
    # what the car keeps of remote services (timers, alarms …), by the wire's names of settings
    held: dict[str, Held] = field(default_factory=dict)

    def value(self, path: str) -> Any:  # Any: what a signal is depends on its path
        """The newest value of a signal; None while it was never reported."""
        measured = self.signals.get(path)
        return None if measured is None else measured.value

    def measured_at(self, path: str) -> datetime | None:
        """When the value was measured (world time)."""
        measured = self.signals.get(path)
        return None if measured is None else measured.measured_at

    @property
    def newest_at(self) -> datetime | None:
        """The moment of the newest measurement."""
        return max((measured.measured_at for measured in self.signals.values()), default=None)


def standing_of(
    column: Sequence[int] | None, woken_at: Sequence[datetime] | None = None, is_at_rest: bool | None = None
) -> Standing | None:
    """How the link of a car stands, from the columns REACH."""
    if not column:
        return None
    at = clock.real_now()
    recent = rules.recent_wakes(woken_at or (), at=at)
    is_awake = rules.is_awake(recent, at=at, stays=catalog.terms().wake_duration)
    return Standing(
        highest_counter=column[0],
        is_online=bool(column[1]),
        is_asleep=bool(is_at_rest) and not is_awake,
        woken_at=recent,
    )


def wakes_left(*, vehicle: Vehicle) -> int:
    """How often the car may still be woken from afar within these 24 hours."""
    found = VehicleLink.objects.filter(vehicle=vehicle).values_list("woken_at", flat=True).first()
    recent = rules.recent_wakes(found or (), at=clock.real_now())
    return max(0, catalog.terms().wakes_a_day - len(recent))


def twins_of(*, vehicles: Sequence[Vehicle]) -> dict[str, Twin]:
    """The twins of vehicles, by VIN; one of a car that never spoke is empty. Two queries, however many cars."""
    ids = [vehicle.id for vehicle in vehicles]
    links = {link.vehicle_id: link for link in VehicleLink.objects.filter(vehicle_id__in=ids)}
    values: dict[UUID, dict[str, Measured]] = {}
    held: dict[UUID, dict[str, Held]] = {}
    rows = Signal.objects.filter(vehicle_id__in=ids)
    for vehicle_id, path, *measured in rows.values_list("vehicle_id", "path", "value", "measured_at", "received_at"):
        if path.startswith(rules.HELD):
            held.setdefault(vehicle_id, {})[path.removeprefix(rules.HELD)] = Held(*measured[:2])
        else:
            values.setdefault(vehicle_id, {})[path] = Measured(*measured)
    return {
        vehicle.vin: replace(
            _twin(vehicle, links.get(vehicle.id), values.get(vehicle.id, {})), held=held.get(vehicle.id, {})
        )
        for vehicle in vehicles
    }


def _twin(vehicle: Vehicle, link: VehicleLink | None, values: dict[str, Measured]) -> Twin:
    cause = PRIVACY if vehicle.privacy_mode_on else ""
    silence = rules.silence_of(_known_of(vehicle, link, values), at=clock.now())
    if link is None:
        return Twin(vin=vehicle.vin, cause=cause, silence=silence, signals=values)
    return Twin(
        vin=vehicle.vin,
        is_online=link.is_online,
        last_seen_at=link.last_seen_at,
        connected_at=link.connected_at,
        bearer=link.bearer,
        radio=link.radio,
        software=link.software,
        cause=cause,
        silence=silence,
        signals=values,
    )


def _known_of(vehicle: Vehicle, link: VehicleLink | None, values: dict[str, Measured]) -> rules.KnownOfCar:
    newest_at = max((measured.measured_at for measured in values.values()), default=None)
    privacy_since = vehicle.privacy_changed_at if vehicle.privacy_mode_on else None
    if link is None:
        return rules.KnownOfCar(registered_at=vehicle.registered_at, privacy_since=privacy_since, newest_at=newest_at)
    told = {path: measured.value for path, measured in values.items()}
    is_busy = told.get(signals.CHARGING) is True or told.get(signals.CLIMATE_ACTIVE) is True
    expires_at = link.certificate_expires_at
    return rules.KnownOfCar(
        registered_at=vehicle.registered_at,
        is_online=link.is_online,
        connected_at=link.connected_at,
        last_seen_at=link.last_seen_at,
        left_at=link.left_at,
        left_because=link.left_because,
        privacy_since=privacy_since,
        revoked_at=_revoked_at(link),
        certificate_expires_at=None if expires_at is None else clock.to_world(expires_at),
        clock_ahead=link.clock_ahead,
        is_asleep=told.get(signals.IGNITION) in (signals.IGNITION_OFF, signals.IGNITION_LOCKED) and not is_busy,
        newest_at=newest_at,
    )


def command_of(*, vehicle: Vehicle, command_id: UUID) -> RemoteCommand:
    """A command of this vehicle, with its steps. Raises NotFound, also for another vehicle's and a former owner's."""
    found = _commands_of(vehicle).filter(id=command_id).prefetch_related("steps").first()
    if found is None:
        raise NotFound
    return found


def _commands_of(vehicle: Vehicle) -> QuerySet[RemoteCommand]:
    """The vehicle's commands since it has its main user: what a former owner had it do is nobody's business."""
    since = vehicle_queries.main_user_since(vehicle=vehicle)
    commands = RemoteCommand.objects.filter(vehicle=vehicle)
    return commands if since is None else commands.filter(requested_at__gte=since)


@dataclass(frozen=True)
class History:
    """
    What a car said of itself over a time: for each kind (`charge`, `mileage` …) moments and values in order, and the times in
    which privacy mode was on.
    """

    begin: datetime
    end: datetime
    values: dict[str, list[tuple[datetime, float]]]
    gaps: list[tuple[datetime, datetime]]


def history_of(*, vehicle: Vehicle, account_id: UUID, period: str, at: datetime) -> History:
    """
    The history of a vehicle over a period of `rules.PERIODS` that ends now, for one of its users: from when that person uses
    the car, and of its present main user's time only. Three queries. Raises NotFound for somebody who does not use it.
    """
    span, step = rules.PERIODS[period]
    since = vehicle_queries.history_visible_since(vehicle=vehicle, account_id=account_id)
    if since is None:
        raise NotFound
    begin = max(at - span, since)
    facts = {"step": step, "begin": begin, "end": at, "vehicle": vehicle.id}
    values: dict[str, list[tuple[datetime, float]]] = {kind: [] for kind in rules.HISTORY}
    for _slot, measured_at, *said in statements.fetch(SLOTS, facts):
        for kind, value in zip(rules.HISTORY, said, strict=True):
            if value is not None:
                values[kind].append((measured_at, float(value)))
    return History(begin=begin, end=at, values=values, gaps=_gaps(vehicle, begin, at))


@dataclass(frozen=True)
class Place:
    """Where a page of history ended: moment and number of its last point."""

    measured_at: datetime
    sequence: int


def history_points(
    *,
    vehicle: Vehicle,
    account_id: UUID,
    kinds: Sequence[str],
    begin: datetime | None,
    end: datetime,
    limit: int,
    after: Place | None = None,
) -> tuple[list[HistoryPoint], History]:
    """
    The points of a vehicle as they are stored (thinned where they are old), oldest first, that say something of one of these
    kinds of `rules.HISTORY`; one more than `limit` if there are more. For one of its users, as `history_of`. With the time that
    was looked at and its gaps; its values stay empty. Raises NotFound for somebody who does not use the car.
    """
    since = vehicle_queries.history_visible_since(vehicle=vehicle, account_id=account_id)
    if since is None:
        raise NotFound
    begin = max(begin, since) if begin is not None else since
    says_something = Q()
    for kind in kinds:
        says_something |= Q(**{f"{kind}__isnull": False})
    points = HistoryPoint.objects.filter(says_something, vehicle=vehicle, measured_at__gte=begin, measured_at__lte=end)
    if after is not None:
        later = Q(measured_at__gt=after.measured_at) | Q(measured_at=after.measured_at, sequence__gt=after.sequence)
        points = points.filter(later)
    found = list(points.order_by("measured_at", "sequence")[: limit + 1])
    return found, History(begin=begin, end=end, values={}, gaps=_gaps(vehicle, begin, end))


def _gaps(vehicle: Vehicle, begin: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    spans = PrivacySpan.objects.filter(vehicle=vehicle, began_at__lt=end).exclude(ended_at__lte=begin)
    rows = spans.order_by("began_at").values_list("began_at", "ended_at")
    return [(max(began, begin), min(ended or end, end)) for began, ended in rows]


def known_command(*, command_id: UUID) -> RemoteCommand | None:
    """
    The command with this id, whoever sent it, with its vehicle; also the one that a repeated wish with this id turned out to be.
    None if there is none.
    """
    commands = RemoteCommand.objects.select_related("vehicle")
    return commands.filter(id=command_id).first() or commands.filter(repetitions__id=command_id).first()


def recent_commands(
    *, vehicle: Vehicle, limit: int = 10, before: UUID | None = None, allowed: Allowed | None = None
) -> list[RemoteCommand]:
    """
    The vehicle's commands, the newest first, with their steps; `before` continues after a command already shown. With
    `allowed` only those that a program may see.
    """
    commands = _commands_of(vehicle).prefetch_related("steps").order_by("-counter")
    if allowed is not None and not allowed.may():
        known = rules.SCOPE_OF_COMMAND
        commands = commands.filter(
            type__in=[each for each in known if sees_command(allowed=allowed, type=each, vin=vehicle.vin)]
        )
    if before is not None:
        commands = commands.filter(counter__lt=command_of(vehicle=vehicle, command_id=before).counter)
    return list(commands[:limit])


def carried_out(*, vehicle: Vehicle, type: str, limit: int = 50) -> list[RemoteCommand]:
    """The newest commands of a type that the car has carried out, the newest first."""
    found = _commands_of(vehicle).filter(type=type, status=statuses.Status.DONE)
    return list(found.order_by("-counter")[:limit])


def newest_command(*, vehicle: Vehicle, type: str) -> RemoteCommand | None:
    """The vehicle's newest command of a type, in its present main user's time; None where there was none."""
    return _commands_of(vehicle).filter(type=type).order_by("-counter").first()


def steps_after(*, vehicle: Vehicle, step_id: int, limit: int = 200) -> list[CommandStep]:
    """The steps of the vehicle's commands since a step that a viewer saw last, oldest first."""
    steps = CommandStep.objects.filter(command__in=_commands_of(vehicle), id__gt=step_id).select_related("command")
    return list(steps.order_by("id")[:limit])


def document_of(*, vehicle: Vehicle, name: str) -> Document | None:
    """What the car should hold under a name; None if nobody set it."""
    return Document.objects.filter(vehicle=vehicle, name=name).first()


def parked_messages(*, limit: int = 100) -> list[ParkedMessage]:
    """Messages from cars that nobody could work on, the newest first."""
    return list(ParkedMessage.objects.order_by("-id")[:limit])


def vehicle_of(*, vin: str) -> Vehicle:
    """The vehicle with this VIN. Raises NotFound for one that is not registered."""
    return vehicle_queries.vehicle_by_vin(vin=vin)


def link_of(*, vin: str, lock: bool = False) -> VehicleLink:
    """The link of a vehicle, made when it is the first time; locked for a change if asked. Raises NotFound."""
    return links_of(vins=[vin], lock=lock)[vin]


def links_of(*, vins: Sequence[str], lock: bool = False) -> dict[str, VehicleLink]:
    """The links of vehicles by VIN, as `link_of` gives each; locked in one order, whoever asks. Raises NotFound."""
    rows = VehicleLink.objects.select_related("vehicle").order_by("vehicle_id")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = {link.vehicle.vin: link for link in rows.filter(vehicle__vin__in=vins)}
    unknown = [vin for vin in vins if vin not in found]
    if unknown:
        for vin in unknown:
            VehicleLink.objects.get_or_create(vehicle=vehicle_of(vin=vin))
        found |= {link.vehicle.vin: link for link in rows.filter(vehicle__vin__in=unknown)}
    return found


def document_versions_of(*, vehicles: Sequence[Vehicle]) -> dict[str, dict[str, int]]:
    """The newest version of each document of the vehicles, by VIN and name."""
    newest: dict[str, dict[str, int]] = {vehicle.vin: {} for vehicle in vehicles}
    vins = {vehicle.id: vehicle.vin for vehicle in vehicles}
    for vehicle_id, name, version in Document.objects.filter(vehicle_id__in=vins).values_list(
        "vehicle_id", "name", "version"
    ):
        newest[vins[vehicle_id]][name] = version
    return newest


@dataclass(frozen=True)
class Admission:
    """What the broker's door knows of a registered car: certificates taken back (SHA-256, hex), and until when its last one holds."""

    revoked_certificates: Sequence[str] = ()
    certificate_expires_at: datetime | None = None


def admissions_of(*, vins: Sequence[str]) -> dict[str, Admission]:
    """How the registered cars among these stand at the door, by VIN; who is missing is not registered."""
    rows = VehicleLink.objects.filter(vehicle__vin__in=vins).values_list(
        "vehicle__vin", "revoked_certificates", "certificate_expires_at"
    )
    found = {vin: Admission(revoked or (), expires_at) for vin, revoked, expires_at in rows}
    # registered, but its link is made when it is first needed
    new = {vin: Admission() for vin in vins if vin not in found and vehicle_queries.find_vehicle(vin=vin) is not None}
    discarded = vehicle_queries.discarded_vins(vins=vins)
    return {vin: admission for vin, admission in (found | new).items() if vin not in discarded}


def _revoked_at(link: VehicleLink) -> datetime | None:
    """When the car's certificate was taken back, if it has not been connected with another since; else None."""
    revoked_at = link.certificate_revoked_at
    is_back = revoked_at is None or link.is_online or (link.connected_at is not None and link.connected_at > revoked_at)
    return None if is_back else revoked_at


def revoked_vins(*, limit: int = 1000) -> list[str]:
    """The cars whose certificate was taken back and that have not come in with another since, the latest first."""
    links = VehicleLink.objects.filter(certificate_revoked_at__isnull=False).select_related("vehicle")
    rows = links.order_by("-certificate_revoked_at", "vehicle_id")[:limit]
    return [link.vehicle.vin for link in rows if _revoked_at(link) is not None]


def scope_of_command(*, type: str) -> str:
    """Which scope lets a program have a car do this; the one of everything for what is not named."""
    return rules.SCOPE_OF_COMMAND.get(type, API_SCOPE)


def sees_command(*, allowed: Allowed, type: str, vin: str) -> bool:
    """Whether a program may see how a command of this type goes: with the state of the car, or with what it may order."""
    scope = scope_of_command(type=type)
    # where a car is looked for or watched says something of the place: whoever may see the state need not know that
    return allowed.reaches(vin) and allowed.may(scope, *(("status",) if scope not in (LOCATION, "alarms") else ()))


def seen_signals(*, allowed: Allowed, vin: str, paths: Iterable[str]) -> set[str]:
    """The signals of a car among these that a program may see: those of the place are apart."""
    may_state = allowed.may("status") and allowed.reaches(vin)
    may_place = allowed.sees_place(vin)
    return {path for path in paths if (may_place if path in rules.PLACE else may_state)}
