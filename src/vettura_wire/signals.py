"""
Signals of a car by their names in the Vehicle Signal Specification 6.0, with their units.

The one mapping table: nobody writes a path or a unit by hand elsewhere. ``short`` is our word for it in JSON for
apps and in texts.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["boolean", "number", "integer", "text"]


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One signal: its path, our short word for it, its type and unit (empty where it has none)."""

    path: str
    short: str
    kind: Kind
    unit: str = ""


_DOORS = {
    "driver_door": "Vehicle.Cabin.Door.Row1.DriverSide",
    "passenger_door": "Vehicle.Cabin.Door.Row1.PassengerSide",
    "rear_driver_door": "Vehicle.Cabin.Door.Row2.DriverSide",
    "rear_passenger_door": "Vehicle.Cabin.Door.Row2.PassengerSide",
}
_WHEELS = {
    "front_left_tire": "Vehicle.Chassis.Axle.Row1.Wheel.Left.Tire",
    "front_right_tire": "Vehicle.Chassis.Axle.Row1.Wheel.Right.Tire",
    "rear_left_tire": "Vehicle.Chassis.Axle.Row2.Wheel.Left.Tire",
    "rear_right_tire": "Vehicle.Chassis.Axle.Row2.Wheel.Right.Tire",
}

DOORS = tuple(_DOORS)
TIRES = tuple(_WHEELS)
DOOR_OPEN = {door: f"{path}.IsOpen" for door, path in _DOORS.items()}
DOOR_LOCKED = {door: f"{path}.IsLocked" for door, path in _DOORS.items()}
WINDOW_OPEN = {door: f"{path}.Window.IsOpen" for door, path in _DOORS.items()}
TIRE_PRESSURE = {tire: f"{path}.Pressure" for tire, path in _WHEELS.items()}

HOOD_OPEN = "Vehicle.Body.Hood.IsOpen"
FRONT_TRUNK_OPEN = "Vehicle.Body.Trunk.Front.IsOpen"
REAR_TRUNK_OPEN = "Vehicle.Body.Trunk.Rear.IsOpen"
REAR_TRUNK_LOCKED = "Vehicle.Body.Trunk.Rear.IsLocked"

STATE_OF_CHARGE = "Vehicle.Powertrain.TractionBattery.StateOfCharge.Current"
ELECTRIC_RANGE = "Vehicle.Powertrain.TractionBattery.Range"
PLUGGED_IN = "Vehicle.Powertrain.TractionBattery.Charging.ChargingPort.AnyPosition.IsChargingCableConnected"
CHARGING = "Vehicle.Powertrain.TractionBattery.Charging.IsCharging"
CHARGE_LIMIT = "Vehicle.Powertrain.TractionBattery.Charging.ChargeLimit"
CHARGING_MODE = "Vehicle.Powertrain.TractionBattery.Charging.Mode"
CHARGE_TIME_LEFT = "Vehicle.Powertrain.TractionBattery.Charging.TimeToComplete"
FUEL_LEVEL = "Vehicle.Powertrain.FuelSystem.RelativeLevel"
FUEL_RANGE = "Vehicle.Powertrain.FuelSystem.Range"
RANGE = "Vehicle.Powertrain.Range"
MILEAGE = "Vehicle.TraveledDistance"
SERVICE_DISTANCE = "Vehicle.Service.DistanceToService"
SERVICE_TIME = "Vehicle.Service.TimeToService"
GEAR = "Vehicle.Powertrain.Transmission.SelectedGear"

CLIMATE_ACTIVE = "Vehicle.Cabin.HVAC.IsAirConditioningActive"
TARGET_TEMPERATURE = "Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"
CABIN_TEMPERATURE = "Vehicle.Cabin.HVAC.AmbientAirTemperature"
OUTSIDE_TEMPERATURE = "Vehicle.Exterior.AirTemperature"

LATITUDE = "Vehicle.CurrentLocation.Latitude"
LONGITUDE = "Vehicle.CurrentLocation.Longitude"
HEADING = "Vehicle.CurrentLocation.Heading"
SPEED = "Vehicle.Speed"
PARKING_BRAKE = "Vehicle.Chassis.ParkingBrake.IsEngaged"
IGNITION = "Vehicle.LowVoltageSystemState"
HORN = "Vehicle.Body.Horn.IsActive"
HAZARD_LIGHTS = "Vehicle.Body.Lights.Hazard.IsSignaling"

LOW_VOLTAGE = "Vehicle.LowVoltageBattery.CurrentVoltage"

CHARGING_AT_ONCE = "MANUAL"
CHARGING_BY_PROFILE = "PROFILE"
CHARGING_BY_TIMER = "TIMER"
"""Values of ``CHARGING_MODE`` that a car reports: regardless of timers and profiles, by a profile, for a departure."""

IGNITION_LOCKED = "LOCK"
IGNITION_OFF = "OFF"
IGNITION_ON = "ON"
"""Values of ``IGNITION`` that a car reports (VSS also knows ACC and START)."""

GEAR_PARK = 126
GEAR_DRIVE = 127
GEAR_NEUTRAL = 0
GEAR_REVERSE = -1
"""Values of ``GEAR`` as VSS writes them."""


def _table() -> dict[str, Signal]:
    def signal(path: str, short: str, kind: Kind, unit: str = "") -> Signal:
        return Signal(path=path, short=short, kind=kind, unit=unit)

    rows = [
        *(signal(path, f"{door}_open", "boolean") for door, path in DOOR_OPEN.items()),
        *(signal(path, f"{door}_locked", "boolean") for door, path in DOOR_LOCKED.items()),
        *(signal(path, f"{door}_window_open", "boolean") for door, path in WINDOW_OPEN.items()),
        signal(HOOD_OPEN, "hood_open", "boolean"),
        signal(FRONT_TRUNK_OPEN, "front_trunk_open", "boolean"),
        signal(REAR_TRUNK_OPEN, "rear_trunk_open", "boolean"),
        signal(REAR_TRUNK_LOCKED, "rear_trunk_locked", "boolean"),
        signal(STATE_OF_CHARGE, "state_of_charge", "number", "percent"),
        signal(ELECTRIC_RANGE, "electric_range", "integer", "m"),
        signal(PLUGGED_IN, "plugged_in", "boolean"),
        signal(CHARGING, "charging", "boolean"),
        signal(CHARGE_LIMIT, "charge_limit", "integer", "percent"),
        signal(CHARGING_MODE, "charging_mode", "text"),
        signal(LOW_VOLTAGE, "low_voltage", "number", "V"),
        signal(CHARGE_TIME_LEFT, "charge_time_left", "integer", "s"),
        signal(FUEL_LEVEL, "fuel_level", "integer", "percent"),
        signal(FUEL_RANGE, "fuel_range", "integer", "m"),
        signal(RANGE, "range", "integer", "m"),
        signal(MILEAGE, "mileage", "number", "km"),
        signal(SERVICE_DISTANCE, "service_distance", "number", "km"),
        signal(SERVICE_TIME, "service_time", "integer", "s"),
        signal(GEAR, "gear", "integer"),
        signal(CLIMATE_ACTIVE, "climate_active", "boolean"),
        signal(TARGET_TEMPERATURE, "target_temperature", "number", "celsius"),
        signal(CABIN_TEMPERATURE, "cabin_temperature", "number", "celsius"),
        signal(OUTSIDE_TEMPERATURE, "outside_temperature", "number", "celsius"),
        signal(LATITUDE, "latitude", "number", "degrees"),
        signal(LONGITUDE, "longitude", "number", "degrees"),
        signal(HEADING, "heading", "number", "degrees"),
        signal(SPEED, "speed", "number", "km/h"),
        signal(PARKING_BRAKE, "parking_brake", "boolean"),
        signal(IGNITION, "ignition", "text"),
        signal(HORN, "horn", "boolean"),
        signal(HAZARD_LIGHTS, "hazard_lights", "boolean"),
        *(signal(path, f"{tire}_pressure", "integer", "kPa") for tire, path in TIRE_PRESSURE.items()),
    ]
    return {row.path: row for row in rows}


SIGNALS: dict[str, Signal] = _table()
"""Every signal by its VSS path."""

BY_SHORT: dict[str, Signal] = {signal.short: signal for signal in SIGNALS.values()}
"""Every signal by our short word."""


def fits(path: str, value: object) -> bool:
    """This will tell whether a value is of the signal's type; an unknown path fits nothing."""
    signal = SIGNALS.get(path)
    if signal is None:
        return False
    if signal.kind == "boolean":
        return isinstance(value, bool)
    if isinstance(value, bool):
        return False
    if signal.kind == "integer":
        return isinstance(value, int)
    if signal.kind == "number":
        return isinstance(value, int | float)
    return isinstance(value, str)
