"""What is allowed and when on the link: pure functions. The table of command statuses is the wire's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from vettura_wire import payloads, signals, statuses
from vettura_wire.statuses import Status

CAR_UNREACHABLE = "car_unreachable"
NO_ANSWER = "no_answer"
RIGHTS_ENDED = "rights_ended"
# A core publish is QoS 0: a command the car did not confirm within this time is sent again, the same bytes.
RESEND_AFTER = timedelta(seconds=5)
# settings of remote services stand beside the signals under their names, after this
HELD = "remote:"
NEVER_SENT = frozenset({Status.ACCEPTED, Status.QUEUED, Status.WAKING})


def first_statuses(*, is_online: bool, is_asleep: bool = False) -> tuple[Status, ...]:
    """Sent at once to a car that is there, waking it if it sleeps; kept for one that is merely out of reach (C-62, C-74)."""
    if not is_online:
        return (Status.QUEUED,)
    return (Status.WAKING, Status.SENT) if is_asleep else (Status.SENT,)


WAKES_COUNT_FOR = timedelta(days=1)


def recent_wakes(woken_at: Sequence[datetime], *, at: datetime) -> tuple[datetime, ...]:
    """The wakes that still count, in order."""
    return tuple(sorted(each for each in woken_at if at - each < WAKES_COUNT_FOR))


def is_awake(woken_at: Sequence[datetime], *, at: datetime, stays: timedelta) -> bool:
    """Whether a car that rests is still awake from the last time."""
    return any(timedelta() <= at - each < stays for each in woken_at)


def next_wake_at(woken_at: Sequence[datetime], *, a_day: int) -> datetime | None:
    """When a car whose budget is spent may be woken again; None while it may now."""
    return None if len(woken_at) < a_day else sorted(woken_at)[-a_day] + WAKES_COUNT_FOR


def status_at_expiry(status: str) -> Status | None:
    """What becomes of an unanswered command when its time is over; None if nothing does."""
    if status in NEVER_SENT:
        return Status.EXPIRED
    if status in (Status.SENT, Status.DELIVERED, Status.RUNNING):
        return Status.UNKNOWN
    return None


def may_report(status: str) -> bool:
    """Whether a car may say this of a command; the other statuses are the platform's to decide."""
    return status in statuses.FROM_CAR


def believable(measured_at: datetime, received_at: datetime) -> datetime:
    """The moment of a measurement, never later than its receipt: a future one would hide all that follow."""
    return min(measured_at, received_at)


def lacks(held: Mapping[str, int], *, name: str, version: int) -> bool:
    """Whether a car that holds these documents needs this one."""
    return held.get(name, 0) < version


# -- history ---------------------------------------------------------------------------------------------------------

PLACE = frozenset(path for path in signals.SIGNALS if path.startswith("Vehicle.CurrentLocation."))
# which scope lets a program have a car do something; what is not named here needs the scope of everything
SCOPE_OF_COMMAND = {
    "lock": "access",
    "unlock": "access",
    "trunk_unlock": "access",
    "flash": "access",
    "honk": "access",
    "honk_and_flash": "access",
    "windows_close": "access",
    "windows_open": "access",
    "climate_start": "climate",
    "climate_stop": "climate",
    "charge_start": "charging",
    "charge_stop": "charging",
    "direct_charge_start": "charging",
    "direct_charge_stop": "charging",
    "set_charge_target": "charging",
    "set_charging_profiles": "charging",
    "set_departure_timers": "climate",
    "set_intelligent_climate": "climate",
    "set_location_alarms": "alarms",
    "set_speed_alarms": "alarms",
    "set_valet_alarm": "alarms",
    "locate": "location",
    "breakdown_call": "roadside",
}

# live streams at once: of one program for one person, and how many of them of the same car; a surface of this platform has more
STREAMS_OF_PROGRAM = 20
STREAMS_OF_CAR = 5
STREAMS_OF_OURS = 100
# a car that stands for longer than this has ended its trip
PAUSE_BETWEEN_DRIVES = timedelta(minutes=10)
HISTORY = {
    "charge": signals.STATE_OF_CHARGE,
    "electric_range": signals.ELECTRIC_RANGE,
    "fuel_range": signals.FUEL_RANGE,
    "mileage": signals.MILEAGE,
}
# how much is looked at, and how finely it is drawn
PERIODS = {
    "day": (timedelta(days=1), timedelta(minutes=10)),
    "week": (timedelta(days=7), timedelta(hours=1)),
    "month": (timedelta(days=30), timedelta(hours=6)),
}


Point = tuple[datetime, float]
Span = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A line drawn into a box of `width` by `height`: the texts of SVG's `points`, lone points, and the gaps as x and width."""

    width: int
    height: int
    lines: list[str]
    dots: list[tuple[float, float]]
    gaps: list[tuple[float, float]]
    lowest: float
    highest: float


def chart(
    points: Sequence[Point], *, begin: datetime, end: datetime, gaps: Sequence[Span], lowest: float | None = None,
    highest: float | None = None, width: int = 640, height: int = 160,
) -> Chart:  # fmt: skip
    """This will draw points in order; the line breaks where a gap lies between two of them. Without points it is empty."""
    values = [value for _, value in points] or [0.0]
    low = min(values) if lowest is None else lowest
    high = max(max(values) if highest is None else highest, low + 1)
    seconds = max((end - begin).total_seconds(), 1.0)

    def across(at: datetime) -> float:
        return round((at - begin).total_seconds() / seconds * width, 1)

    drawn: list[list[tuple[float, float]]] = []
    before: datetime | None = None
    for at, value in points:
        if before is None or any(began < at and ended > before for began, ended in gaps):
            drawn.append([])
        drawn[-1].append((across(at), round(height - (value - low) / (high - low) * height, 1)))
        before = at
    return Chart(
        width=width,
        height=height,
        lines=[" ".join(f"{x},{y}" for x, y in line) for line in drawn if len(line) > 1],
        dots=[line[0] for line in drawn if len(line) == 1],
        gaps=[(across(began), round(across(ended) - across(began), 1)) for began, ended in gaps],
        lowest=low,
        highest=high,
    )


# -- why nothing newer is known of a car -----------------------------------------------------------------------------

# a car that is awake repeats everything every minute
STALE_AFTER = timedelta(minutes=3)
CLOCK_MAY_DIFFER_BY = timedelta(minutes=5)
LOST = "lost"
GOOD_BYE = "good_bye"


class SilenceCause(StrEnum):
    """Why a car is silent."""

    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_EXPIRED = "certificate_expired"
    NEVER_CONNECTED = "never_connected"
    PRIVACY = "privacy"
    DATA_OFF = "data_off"
    SIGNED_OFF = "signed_off"
    CONNECTION_LOST = "connection_lost"
    CLOCK_OFF = "clock_off"
    ASLEEP = "asleep"
    NO_REPORT = "no_report"


SENTENCES = {
    SilenceCause.CERTIFICATE_REVOKED: _("The car's certificate was revoked, so it is not let in."),
    SilenceCause.CERTIFICATE_EXPIRED: _("The car's certificate has expired, so it is not let in."),
    SilenceCause.NEVER_CONNECTED: _("The car has never been connected. Switch it on where it has reception."),
    SilenceCause.PRIVACY: _("Privacy mode is on in the car, so it sends no data."),
    SilenceCause.DATA_OFF: _("The data connection was switched off in the car."),
    SilenceCause.SIGNED_OFF: _("The car has signed off and is not connected."),
    SilenceCause.CONNECTION_LOST: _(
        "The connection broke off: the car may be in a garage, in a tunnel or without reception."
    ),
    SilenceCause.CLOCK_OFF: _("The clock of the car is wrong, so its values seem older or newer than they are."),
    SilenceCause.ASLEEP: _("The car is parked and asleep. It reports again as soon as something changes."),
    SilenceCause.NO_REPORT: _("The car is connected and has reported nothing new."),
}


@dataclass(frozen=True, kw_only=True)
class Silence:
    """Why nothing newer is known of a car, and since when (world time)."""

    cause: SilenceCause
    since: datetime | None

    @property
    def text(self) -> str:
        """The cause as a sentence in the reader's language."""
        return str(SENTENCES[self.cause])


@dataclass(frozen=True, kw_only=True)
class KnownOfCar:
    """What the platform knows that may explain a silence. All moments are world time; `since` ones are None where it is not so."""

    registered_at: datetime
    is_online: bool = False
    connected_at: datetime | None = None
    last_seen_at: datetime | None = None
    left_at: datetime | None = None
    left_because: str = ""
    privacy_since: datetime | None = None
    revoked_at: datetime | None = None
    certificate_expires_at: datetime | None = None
    clock_ahead: timedelta = timedelta()
    is_asleep: bool = False
    newest_at: datetime | None = None


def silence_of(known: KnownOfCar, *, at: datetime) -> Silence | None:
    """Why nothing newer is known of a car; None while its values are fresh. What only people can mend is named first."""
    if not known.is_online:
        return _absence_of(known, at)
    if known.privacy_since is not None:
        return Silence(cause=SilenceCause.PRIVACY, since=known.privacy_since)
    if abs(known.clock_ahead) > CLOCK_MAY_DIFFER_BY:
        return Silence(cause=SilenceCause.CLOCK_OFF, since=known.connected_at)
    if known.newest_at is not None and at - known.newest_at <= STALE_AFTER:
        return None
    if known.newest_at is None and known.connected_at is not None and at - known.connected_at <= STALE_AFTER:
        return None
    cause = SilenceCause.ASLEEP if known.is_asleep else SilenceCause.NO_REPORT
    return Silence(cause=cause, since=known.newest_at or known.connected_at)


def _absence_of(known: KnownOfCar, at: datetime) -> Silence:
    if known.revoked_at is not None:
        return Silence(cause=SilenceCause.CERTIFICATE_REVOKED, since=known.revoked_at)
    if known.certificate_expires_at is not None and known.certificate_expires_at <= at:
        return Silence(cause=SilenceCause.CERTIFICATE_EXPIRED, since=known.certificate_expires_at)
    if known.connected_at is None:
        return Silence(cause=SilenceCause.NEVER_CONNECTED, since=known.registered_at)
    if known.privacy_since is not None:
        return Silence(cause=SilenceCause.PRIVACY, since=known.privacy_since)
    causes = {payloads.DATA_OFF: SilenceCause.DATA_OFF, GOOD_BYE: SilenceCause.SIGNED_OFF}
    cause = causes.get(known.left_because, SilenceCause.CONNECTION_LOST)
    return Silence(cause=cause, since=known.left_at or known.last_seen_at)


def left_because(offline: payloads.Offline) -> str:
    """How a car left, as the link remembers it."""
    if offline.at is None:
        return LOST
    return payloads.DATA_OFF if offline.because == payloads.DATA_OFF else GOOD_BYE
