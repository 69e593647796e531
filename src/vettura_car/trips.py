"""
What a light car does all day: it is parked, leaves, drives, parks, and charges at home. Pure: time passes, values follow.

Deterministic by seed: each decision has a number, and the same seed and number decide the same. Distances, speeds and
consumption are those of a large electric car; a place is reached by driving there, and charge comes from the cable, or for the
least part from braking.
"""

import math
import random
from typing import Literal

import msgspec

from vettura_wire import signals
from vettura_wire.payloads import SignalValue

Phase = Literal["parked", "driving", "charging"]

BATTERY_KWH = 93.0
KWH_PER_KM = 0.21
MASS_KG = 2300.0
RECUPERATED = 0.6
"""The part of the energy of motion that braking brings back."""
CHARGER_KW = 11.0
CHARGE_LIMIT = 85
RESERVE_PERCENT = 12.0
METERS_PER_PERCENT = BATTERY_KWH / 100 / KWH_PER_KM * 1000
FASTEST_KMH = 130.0
FASTER_PER_SECOND = 7.0
SLOWER_PER_SECOND = 9.0
"""Kilometers per hour that a driver gains or loses in a second, without haste."""
STEP_SECONDS = 1.0
KM_PER_DEGREE = 111.32


class Trip(msgspec.Struct, kw_only=True):
    """One car on its way through the day. Places in degrees, speed in km/h, charge in percent, mileage in km."""

    seed: str
    latitude: float
    longitude: float
    charge: float
    mileage: float
    home: tuple[float, float]
    phase: Phase = "parked"
    number: int = 0
    heading: float = 0.0
    speed: float = 0.0
    cruise: float = 50.0
    left_km: float = 0.0
    wait: float = 0.0
    is_home: bool = True

    def pass_time(self, seconds: float) -> None:
        """This will let time pass, in small steps."""
        while seconds > 0:
            step = min(STEP_SECONDS, seconds)
            seconds -= step
            if self.phase == "driving":
                self._drive(step)
            else:
                self._stand(step)

    def values(self) -> dict[str, SignalValue]:
        """What the car measures now, by VSS path."""
        is_driving, is_charging = self.phase == "driving", self.phase == "charging"
        meters = round(self.charge * METERS_PER_PERCENT / 1000) * 1000
        missing = max(0.0, CHARGE_LIMIT - self.charge) / 100 * BATTERY_KWH / CHARGER_KW
        ignition = signals.IGNITION_ON if is_driving else signals.IGNITION_LOCKED
        return {
            signals.STATE_OF_CHARGE: round(self.charge * 2) / 2,
            signals.ELECTRIC_RANGE: meters,
            signals.RANGE: meters,
            signals.MILEAGE: round(self.mileage, 1),
            signals.LATITUDE: round(self.latitude, 5),
            signals.LONGITUDE: round(self.longitude, 5),
            signals.HEADING: round(self.heading, 1),
            signals.SPEED: round(self.speed, 1),
            signals.IGNITION: ignition,
            signals.GEAR: signals.GEAR_DRIVE if is_driving else signals.GEAR_PARK,
            signals.PARKING_BRAKE: not is_driving,
            signals.PLUGGED_IN: is_charging,
            signals.CHARGING: is_charging,
            signals.CHARGE_LIMIT: CHARGE_LIMIT,
            signals.CHARGE_TIME_LEFT: round(missing * 60) * 60 if is_charging else 0,
            **dict.fromkeys(signals.DOOR_LOCKED.values(), not is_driving),
        }

    # -- standing ----------------------------------------------------------------------------------------------------

    def _stand(self, seconds: float) -> None:
        if self.phase == "charging":
            gained = CHARGER_KW * seconds / 3600 / BATTERY_KWH * 100
            self.charge = min(float(CHARGE_LIMIT), self.charge + gained)
            if self.charge >= CHARGE_LIMIT:
                self.phase = "parked"
        self.wait -= seconds
        if self.wait <= 0 and self.phase == "parked":
            self._leave()

    def _leave(self) -> None:
        """Away from home somewhere, from anywhere else home; whoever cannot come home again charges first."""
        self.number += 1
        chance = random.Random(f"{self.seed}:{self.number}")  # noqa: S311 - a simulation, guards nothing
        if self.is_home:
            reach = (self.charge - RESERVE_PERCENT) * METERS_PER_PERCENT / 1000 / 2.2
            if reach < 2:
                self.phase = "charging"
                return
            self.left_km, self.heading = min(chance.uniform(2, 45), reach), chance.uniform(0, 360)
        else:
            north = (self.home[0] - self.latitude) * KM_PER_DEGREE
            east = (self.home[1] - self.longitude) * KM_PER_DEGREE * math.cos(math.radians(self.latitude))
            self.left_km, self.heading = math.hypot(north, east), math.degrees(math.atan2(east, north)) % 360
        self.cruise = chance.choice((50.0, 70.0, 90.0, 110.0, FASTEST_KMH) if self.left_km > 15 else (30.0, 50.0, 70.0))
        self.phase = "driving"

    # -- driving -----------------------------------------------------------------------------------------------------

    def _drive(self, seconds: float) -> None:
        before = self.speed
        # the way that it takes to come to a stand from here
        braking_km = self.speed**2 / (2 * SLOWER_PER_SECOND * 3600)
        if self.left_km <= braking_km + self.speed / 3600 * seconds:
            self.speed = max(0.0, self.speed - SLOWER_PER_SECOND * seconds)
        else:
            self.speed = min(self.cruise, self.speed + FASTER_PER_SECOND * seconds)
        driven = min(self.left_km, (before + self.speed) / 2 / 3600 * seconds)
        self.left_km -= driven
        self.mileage += driven
        self.latitude += driven * math.cos(math.radians(self.heading)) / KM_PER_DEGREE
        self.longitude += (
            driven * math.sin(math.radians(self.heading)) / KM_PER_DEGREE / math.cos(math.radians(self.latitude))
        )
        used = driven * KWH_PER_KM - recuperated_kwh(before, self.speed)
        self.charge = max(0.0, min(100.0, self.charge - used / BATTERY_KWH * 100))
        if self.speed == 0:
            self._park()

    def _park(self) -> None:
        chance = random.Random(f"{self.seed}:{self.number}:parked")  # noqa: S311 - a simulation, guards nothing
        self.is_home = not self.is_home
        self.left_km, self.wait = 0.0, chance.uniform(60, 1800)
        self.phase = "charging" if self.is_home and self.charge < CHARGE_LIMIT - 15 else "parked"


def new_trip(seed: str, *, latitude: float = 45.0703, longitude: float = 7.6869) -> Trip:
    """A car that stands at its home, somewhere around the place given."""
    chance = random.Random(seed)  # noqa: S311 - a simulation, guards nothing
    home = (latitude + chance.uniform(-0.15, 0.15), longitude + chance.uniform(-0.2, 0.2))
    return Trip(
        seed=seed,
        latitude=home[0],
        longitude=home[1],
        home=home,
        charge=chance.uniform(35, CHARGE_LIMIT),
        mileage=chance.uniform(500, 60_000),
        wait=chance.uniform(0, 300),
    )


def recuperated_kwh(before_kmh: float, after_kmh: float) -> float:
    """What braking from one speed to another brings back; nothing for going faster."""
    joules = MASS_KG / 2 * ((before_kmh / 3.6) ** 2 - (after_kmh / 3.6) ** 2)
    return max(0.0, joules) * RECUPERATED / 3_600_000
