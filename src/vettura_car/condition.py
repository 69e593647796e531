"""A car's condition: everything that changes, as it is kept on disk and as it is reported by VSS path."""

import math
from datetime import timedelta
from typing import Any

import msgspec

from vettura_car.build import Build
from vettura_car.data_use import DataUse
from vettura_car.destinations import Kept
from vettura_car.guidance import Goal
from vettura_car.handset import PhoneUse
from vettura_car.map_state import Course, MapState
from vettura_car.network import PLACES, Network, abilities_of, phones_of_a_new_car
from vettura_car.remote_state import RemoteState
from vettura_wire import events, signals
from vettura_wire.clock import real_now
from vettura_wire.payloads import Event, SignalValue
from vettura_wire.remote import Trip, Trips
from vettura_wire.settings import LISTS, SCALES, SettingValue

IGNITION = {"off": signals.IGNITION_OFF, "on": signals.IGNITION_ON, "drive": signals.IGNITION_ON}
GEARS = {
    "P": signals.GEAR_PARK,
    "R": signals.GEAR_REVERSE,
    "N": signals.GEAR_NEUTRAL,
    "D": signals.GEAR_DRIVE,
}
KEYS = ("1", "2")

METERS_PER_PERCENT_BATTERY = {"BEV": 4200, "PHEV": 480}
METERS_PER_PERCENT_FUEL = 6500


class Held(msgspec.Struct, kw_only=True):
    """The newest version of a document that the car holds."""

    version: int
    # the owner of the facts decides what stands in a document; read through vettura_wire.events
    body: dict[str, Any]


class KeyMemory(msgspec.Struct, kw_only=True):
    """
    What a key remembers: who used it last, by account or as a guest (TAY-010). It holds no settings (TAY-009): those are
    in the account.
    """

    account_id: str | None = None
    name: str = ""
    is_guest: bool = False


class BeforeGuest(msgspec.Struct, kw_only=True):
    """What was set when a guest began; it is put back when the guest ends (TAY-005)."""

    ticks: dict[str, bool]
    choices: dict[str, str]
    settings: dict[str, Any]
    target_temperature: float


def factory_settings() -> dict[str, SettingValue]:
    """Seat and climate as they are in a new car, and empty lists."""
    return {name: scale.default for name, scale in SCALES.items()} | {name: [] for name in LISTS}


class Condition(msgspec.Struct, kw_only=True):
    """Everything about one car that changes. Levels in percent, temperatures in °C, mileage in km."""

    doors_open: dict[str, bool] = msgspec.field(default_factory=lambda: dict.fromkeys(signals.DOORS, False))
    doors_locked: dict[str, bool] = msgspec.field(default_factory=lambda: dict.fromkeys(signals.DOORS, True))
    windows_open: dict[str, bool] = msgspec.field(default_factory=lambda: dict.fromkeys(signals.DOORS, False))
    hood_open: bool = False
    front_trunk_open: bool = False
    rear_trunk_open: bool = False
    rear_trunk_locked: bool = True
    ignition: str = "on"
    gear: str = "P"
    parking_brake: bool = True
    horn: bool = False
    hazard_lights: bool = False
    climate_active: bool = False
    target_temperature: float = 21.0
    cabin_temperature: float = 12.0
    outside_temperature: float = 9.0
    state_of_charge: float = 78.0
    charge_limit: int = 85
    plugged_in: bool = False
    charging: bool = False
    fuel_level: float = 64.0
    mileage: float = 18240.0
    latitude: float = 45.0703
    longitude: float = 7.6869
    heading: float = 90.0
    tires: dict[str, int] = msgspec.field(default_factory=lambda: dict.fromkeys(signals.TIRES, 250))

    has_coverage: bool = True
    radio: str = "LTE"
    ticks: dict[str, bool] = {}
    choices: dict[str, str] = {}
    network: Network = msgspec.field(default_factory=Network)
    phone_use: PhoneUse = msgspec.field(default_factory=PhoneUse)
    map: MapState = msgspec.field(default_factory=MapState)
    course: Course = msgspec.field(default_factory=Course)
    data_use: DataUse = msgspec.field(default_factory=DataUse)
    privacy_on: bool = False
    private_services: list[str] = []
    guest: bool = False
    before_guest: BeforeGuest | None = None
    # seat, climate and lists as they are now; `profile_of` is whose they are, none for a guest's or nobody's
    # Any: a setting is a number or a list of texts, checked by vettura_wire.settings
    settings: dict[str, Any] = msgspec.field(default_factory=factory_settings)
    profile_of: str | None = None
    key: str = "1"
    keys: dict[str, KeyMemory] = {}
    remote_access_revoked: bool = False
    remote: RemoteState = msgspec.field(default_factory=RemoteState)
    destinations: Kept = msgspec.field(default_factory=Kept)
    guidance: Goal | None = None
    documents: dict[str, Held] = {}
    active_contracts: Held | None = None
    restarted_online: bool = False
    pending_events: list[Event] = []
    language: str | None = None


def new_condition(build: Build) -> Condition:
    """A new car, in its country; where it has no SIM of its own, its owner has put one in and stored the PIN."""
    condition = Condition()
    condition.network.phones = phones_of_a_new_car(build.language)
    at_home = next((place for place in PLACES.values() if place.country == build.country), None)
    if at_home is not None:
        condition.latitude, condition.longitude = at_home.latitude, at_home.longitude
    if "integrated_sim" not in abilities_of(build).ways and build.generation.inserted_sim:
        condition.network.sim.is_in = True
        condition.network.stored_pin = condition.network.sim.pin
    return condition


def values(condition: Condition, build: Build) -> dict[str, SignalValue]:
    """
    This will give what the car measures now, by VSS path, rounded as its sensors are.

    Only signals that the pack names for this generation and drive are reported.
    """
    c = condition
    ignition = signals.IGNITION_LOCKED if c.ignition == "off" and all(c.doors_locked.values()) else IGNITION[c.ignition]
    found: dict[str, SignalValue] = {
        **{signals.DOOR_OPEN[door]: is_open for door, is_open in c.doors_open.items()},
        **{signals.DOOR_LOCKED[door]: is_locked for door, is_locked in c.doors_locked.items()},
        **{signals.WINDOW_OPEN[door]: is_open for door, is_open in c.windows_open.items()},
        **{signals.TIRE_PRESSURE[tire]: pressure for tire, pressure in c.tires.items()},
        signals.HOOD_OPEN: c.hood_open,
        signals.FRONT_TRUNK_OPEN: c.front_trunk_open,
        signals.REAR_TRUNK_OPEN: c.rear_trunk_open,
        signals.REAR_TRUNK_LOCKED: c.rear_trunk_locked,
        signals.IGNITION: ignition,
        signals.GEAR: GEARS[c.gear],
        signals.SPEED: speed_of(c),
        signals.PARKING_BRAKE: c.parking_brake,
        signals.HORN: c.horn,
        signals.HAZARD_LIGHTS: c.hazard_lights,
        signals.CLIMATE_ACTIVE: c.climate_active,
        signals.TARGET_TEMPERATURE: c.target_temperature,
        signals.CABIN_TEMPERATURE: round(c.cabin_temperature * 2) / 2,
        signals.OUTSIDE_TEMPERATURE: c.outside_temperature,
        signals.MILEAGE: round(c.mileage, 1),
        signals.SERVICE_DISTANCE: float(math.ceil(SERVICE_KM - c.mileage % SERVICE_KM)),
        signals.SERVICE_TIME: _days_to_service(c, build) * SECONDS_A_DAY,
        signals.LATITUDE: round(c.latitude, 5),
        signals.LONGITUDE: round(c.longitude, 5),
        signals.HEADING: round(c.heading, 1),
        signals.LOW_VOLTAGE: round(c.remote.low_voltage, 1),
        signals.RANGE: electric_range(c, build) + fuel_range(c, build),
    }
    if build.has_battery:
        found |= {
            signals.STATE_OF_CHARGE: round(c.state_of_charge * 2) / 2,
            signals.ELECTRIC_RANGE: electric_range(c, build),
            signals.PLUGGED_IN: c.plugged_in,
            signals.CHARGING: c.charging,
            signals.CHARGE_LIMIT: c.charge_limit,
            signals.CHARGING_MODE: charging_mode(c),
            signals.CHARGE_TIME_LEFT: charge_time_left(c),
        }
    if build.has_tank:
        found |= {signals.FUEL_LEVEL: round(c.fuel_level), signals.FUEL_RANGE: fuel_range(c, build)}
    wanted = set(build.generation.signals_of(build.drive))
    return {path: value for path, value in found.items() if path in wanted}


def is_moving(condition: Condition) -> bool:
    """Whether the car drives: ready, in gear, brake released."""
    return condition.ignition == "drive" and condition.gear in "DR" and not condition.parking_brake


SERVICE_KM = 30_000
"""A car is due for service each time it has come this far."""
SERVICE_DAYS = 730
"""And each time so many days are over, whatever it was driven."""
SECONDS_A_DAY = 86_400


def _days_to_service(condition: Condition, build: Build) -> int:
    """Whole days; each car was serviced on a day of its own."""
    held = condition.documents.get(events.CLOCK)
    shift = held.body.get("shift_seconds", 0.0) if held else 0.0
    today = (real_now() + timedelta(seconds=shift)).toordinal() + int(build.vin[-4:])
    return SERVICE_DAYS - today % SERVICE_DAYS


MOST_BACKWARDS = 15


def speed_of(condition: Condition) -> float:
    """How fast the car goes now, in km/h; never fast backwards."""
    if not is_moving(condition):
        return 0.0
    speed = condition.course.speed
    return float(min(speed, MOST_BACKWARDS) if condition.gear == "R" else speed)


def electric_range(condition: Condition, build: Build) -> int:
    """Meters on the battery, to whole kilometers; 0 without one."""
    per_percent = METERS_PER_PERCENT_BATTERY.get(build.drive, 0)
    return round(condition.state_of_charge * per_percent / 1000) * 1000


def fuel_range(condition: Condition, build: Build) -> int:
    """Meters on the tank, to whole kilometers; 0 without one."""
    return round(condition.fuel_level * METERS_PER_PERCENT_FUEL / 1000) * 1000 if build.has_tank else 0


CHARGE_PERCENT_PER_SECOND = 0.05
DEGREES_PER_SECOND = 0.1
"""How fast charge rises at the cable, and the cabin goes to its temperature."""


def charging_mode(condition: Condition) -> str:
    """What decides when the car charges: its driver, a profile, or a departure."""
    state = condition.remote
    if state.is_charging_directly or state.charge_wish == "now":
        return signals.CHARGING_AT_ONCE
    if any(each.enabled for each in state.charging_profiles.profiles):
        return signals.CHARGING_BY_PROFILE
    has_departure = any(each.enabled and each.target_percent is not None for each in state.departure_timers.timers)
    return signals.CHARGING_BY_TIMER if has_departure else signals.CHARGING_AT_ONCE


def charge_time_left(condition: Condition) -> int:
    """Seconds until the charge limit at the simulated power; 0 when not charging."""
    if not condition.charging:
        return 0
    missing = max(0.0, condition.remote.charge_goal - condition.state_of_charge)
    return round(missing / CHARGE_PERCENT_PER_SECOND / 60) * 60


KWH_PER_KM, LITERS_PER_KM = 0.21, 0.09


def driven(trips: Trips, kilometers: float, seconds: float, *, on_battery: bool) -> Trips:
    """The statistics after some more kilometers."""

    def more(trip: Trip) -> Trip:
        return Trip(
            km=round(trip.km + kilometers, 4),
            seconds=trip.seconds + round(seconds),
            kwh=round(trip.kwh + (kilometers * KWH_PER_KM if on_battery else 0), 4),
            liters=round(trip.liters + (0 if on_battery else kilometers * LITERS_PER_KM), 4),
        )

    return Trips(short=more(trips.short), long=more(trips.long), cyclic=more(trips.cyclic))


def move_on(condition: Condition, build: Build, seconds: float) -> None:
    """This will let some seconds pass: charging, heating and driving change levels, temperatures and place."""
    c = condition
    if c.charging:
        risen = min(c.remote.charge_goal, c.state_of_charge + CHARGE_PERCENT_PER_SECOND * seconds)
        c.state_of_charge = max(c.state_of_charge, risen)
        c.charging = c.state_of_charge < c.remote.charge_goal
    goal = c.target_temperature if c.climate_active else c.outside_temperature
    rate = DEGREES_PER_SECOND if c.climate_active else 0.005
    c.cabin_temperature += max(-rate * seconds, min(rate * seconds, goal - c.cabin_temperature))
    if is_moving(c):
        kilometers = speed_of(c) / 3600 * seconds
        c.mileage += kilometers
        # on a road that the map knows, the road says where to
        if c.course.road is None:
            c.longitude += kilometers / 78.6 * (1 if c.gear == "D" else -1)
        on_battery = build.has_battery and c.state_of_charge > 0
        if not c.privacy_on:
            c.remote.trips = driven(c.remote.trips, kilometers, seconds, on_battery=on_battery)
        if on_battery:
            c.state_of_charge = max(
                0.0, c.state_of_charge - kilometers * 1000 / METERS_PER_PERCENT_BATTERY[build.drive]
            )
        elif build.has_tank:
            c.fuel_level = max(0.0, c.fuel_level - kilometers * 1000 / METERS_PER_PERCENT_FUEL)
