"""What a car keeps of remote services: timers, profiles, alarms, and how far each has come."""

from datetime import datetime
from typing import Literal

import msgspec

from vettura_wire import remote as wire
from vettura_wire.remote import (
    ChargingProfiles,
    DepartureTimers,
    IntelligentClimate,
    LocationAlarms,
    SpeedAlarms,
    ValetAlarm,
)

ChargeWish = Literal["planned", "now", "stopped"]


class RemoteState(msgspec.Struct, kw_only=True):
    """
    The settings of remote services, and what the car remembers to keep to them.

    ``charge_wish``: as profiles and timers say, now, or not until somebody says so (until the cable is pulled).
    ``charge_goal``: where charging ends now, in percent. ``climate_until`` (world time) ends what a timer has begun.
    """

    charging_profiles: ChargingProfiles = ChargingProfiles(profiles=[])
    departure_timers: DepartureTimers = DepartureTimers(timers=[])
    location_alarms: LocationAlarms = LocationAlarms(alarms=[])
    speed_alarms: SpeedAlarms = SpeedAlarms(alarms=[])
    valet_alarm: ValetAlarm = ValetAlarm(enabled=False)
    intelligent_climate: IntelligentClimate = IntelligentClimate(enabled=False)
    seats: list[wire.Seat] = []
    trips: wire.Trips = wire.Trips()
    # whose settings these are, by account
    main_user: str | None = None

    is_charging_directly: bool = False
    charge_wish: ChargeWish = "planned"
    charge_goal: float = 85.0
    climate_for: datetime | None = None
    climate_until: datetime | None = None
    # alarms that have tripped and are not over yet, and whether the car was inside each circle when last asked
    tripped: list[str] = []
    inside: dict[str, bool] = {}
    # volts of the battery that wakes the car
    low_voltage: float = 12.6
    # real time; until then another command wakes nobody
    awake_until: datetime | None = None
