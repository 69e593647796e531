"""Remote services in the car: what their commands set, and what the car does by itself because of that."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from vettura_car import schedule
from vettura_car.condition import DEGREES_PER_SECOND, speed_of
from vettura_car.errors import NotPossible
from vettura_car.remote_state import RemoteState
from vettura_wire import events, signals
from vettura_wire import remote as wire
from vettura_wire.clock import real_now
from vettura_wire.errors import IllParameters
from vettura_wire.payloads import Command, SignalValue

if TYPE_CHECKING:
    from vettura_car.car import Car

SLOWER_AGAIN = 5
"""Kilometers per hour below the limit at which a speed alarm is over and can trip again."""
FULL_VOLTS = 12.6
VOLTS_PER_WAKE = 0.02
VOLTS_PER_SECOND = 0.002
"""What a wake takes from the battery, and what driving and charging bring back."""
POSITION = (signals.LATITUDE, signals.LONGITUDE, signals.HEADING)
LOCKS = (*signals.DOOR_LOCKED.values(), signals.REAR_TRUNK_LOCKED)
CHARGE = (signals.CHARGING, signals.CHARGE_LIMIT, signals.CHARGING_MODE, signals.CHARGE_TIME_LEFT)
CLIMATE = (signals.CLIMATE_ACTIVE, signals.TARGET_TEMPERATURE)
WINDOWS = tuple(signals.WINDOW_OPEN.values())
CHANGES: dict[str, tuple[str, ...]] = {
    "lock": LOCKS,
    "unlock": LOCKS,
    "trunk_unlock": (signals.REAR_TRUNK_LOCKED,),
    "climate_start": CLIMATE,
    "climate_stop": CLIMATE,
    "charge_start": CHARGE,
    "charge_stop": CHARGE,
    "direct_charge_start": CHARGE,
    "direct_charge_stop": CHARGE,
    "set_charge_target": CHARGE,
    "set_charging_profiles": CHARGE,
    "set_departure_timers": CHARGE,
    "windows_open": WINDOWS,
    "windows_close": WINDOWS,
    "locate": POSITION,
}
"""The signals that a type of command is to change: its result says what they are afterwards."""


class Remote:
    """The settings of remote services in one car, kept with its condition."""

    def __init__(self, car: "Car") -> None:
        self._car = car

    # -- commands ----------------------------------------------------------------------------------------------------

    def obey(self, command: Command) -> None:
        """
        This will do what a command says. The parameters are judged here, whatever the platform has judged.

        Refuses (NotPossible) what the car cannot do now or does not have.
        """
        car, parameters = self._car, self.parameters(command)
        match command.type:
            case "climate_start":
                self._start_climate(parameters)
            case "climate_stop":
                self._state.climate_until = None
                car.change(climate_active=False)
            case "charge_start" | "charge_stop" | "direct_charge_start" | "direct_charge_stop":
                self._charge(command.type)
            case "set_charge_target":
                self._set_target(parameters)
            case "windows_open" | "windows_close":
                self._move_windows(command.type == "windows_open")
            case "breakdown_call":
                self._car.roadside.say_where()
            case type_ if type_ in wire.SETTINGS:
                self._keep(wire.SETTINGS[type_], parameters)
            case _:
                raise NotPossible("not_supported")

    def parameters(self, command: Command) -> Any:  # Any: each type has its own
        """The parameters of a command. Refuses (ill_parameters) what means nothing."""
        try:
            return wire.parameters_of(command.type, command.params)
        except IllParameters as error:
            raise NotPossible("ill_parameters") from error

    def understands(self, command: Command) -> bool:
        """Whether the parameters of a command mean something."""
        try:
            self.parameters(command)
        except NotPossible:
            return False
        return True

    def values_after(self, command_type: str) -> dict[str, SignalValue]:
        """What the car measures now of what such a command changes; no place that is private."""
        measured = self._car.uplink.open_values()
        return {path: measured[path] for path in CHANGES.get(command_type, ()) if path in measured}

    def settings_after(self, command_type: str) -> dict[str, Any]:  # Any: JSON
        """What holds now of what such a command sets."""
        name = wire.SETTINGS.get(command_type)
        return {name: self.setting(name)} if name else {}

    def setting(self, name: str) -> dict[str, Any]:  # Any: JSON
        """What holds of a setting, as the wire writes it."""
        if name == "climate":
            return {"temperature": self._car.condition.target_temperature, "seats": list(self._state.seats)}
        found: dict[str, Any] = wire.plain(getattr(self._state, name))
        return found

    def belong_to(self, account_id: str | None) -> None:
        """This will forget what a former main user has set: where that person goes is not the next one's business."""
        if account_id is not None and self._state.main_user not in (None, account_id):
            self.forget()
        self._state.main_user = account_id or self._state.main_user

    def forget(self) -> None:
        """This will forget everything that was set from afar."""
        before = self._state
        self._car.condition.remote = RemoteState(low_voltage=before.low_voltage, main_user=before.main_user)
        self._car.settle_charging()
        self._say(*wire.KINDS)

    # -- trips -------------------------------------------------------------------------------------------------------

    def begin_trip(self) -> None:
        """This will begin the statistics of a trip."""
        self._state.trips = msgspec.structs.replace(self._state.trips, short=wire.Trip())

    def end_trip(self) -> None:
        """This will tell the platform how the car was driven; in privacy mode nothing was counted."""
        if not self._car.condition.privacy_on:
            self._say(wire.TRIPS)

    # -- the battery that wakes the car -------------------------------------------------------------------------------

    @property
    def is_asleep(self) -> bool:
        """Whether a command wakes the car: it is switched off, nothing runs in it, and the last wake is over."""
        c, awake_until = self._car.condition, self._state.awake_until
        is_busy = c.ignition != "off" or c.charging or c.climate_active
        return not is_busy and (awake_until is None or real_now() >= awake_until)

    @property
    def must_sleep(self) -> bool:
        """Whether the 12 V battery is too low for anything but starting the car."""
        return self._car.condition.ignition != "drive" and self._state.low_voltage < float(
            self._car.build.pack.terms.low_voltage_minimum
        )

    def wake(self) -> None:
        """This will wake the car for a command, which takes a little from its battery."""
        if self.is_asleep:
            self._state.low_voltage -= VOLTS_PER_WAKE
            self._state.awake_until = real_now() + self._car.build.pack.terms.wake_duration

    def _load_battery(self, seconds: float) -> None:
        c, state = self._car.condition, self._state
        if c.ignition == "drive" or c.charging:
            state.low_voltage = min(FULL_VOLTS, state.low_voltage + VOLTS_PER_SECOND * seconds)

    # -- as time passes ----------------------------------------------------------------------------------------------

    def pass_time(self, seconds: float) -> None:
        """This will begin and end what is due now, and tell what alarms have seen."""
        self._load_battery(seconds)
        now = self._car.local_now()
        self._follow_timers(now)
        self._watch()
        self._car.settle_charging()

    def _follow_timers(self, now: datetime) -> None:
        car, c, state = self._car, self._car.condition, self._state
        if state.climate_until is not None:
            if c.ignition == "drive":
                # somebody has left: the cabin is the driver's now
                state.climate_until = None
            elif now >= state.climate_until:
                state.climate_until = None
                car.change(climate_active=False)  # REM-010
        timers = state.departure_timers.timers
        if not timers or not self._may("set_departure_timers"):
            return
        departure = schedule.departure_to_warm_for(timers, now, lead=self._lead(), done=state.climate_for)
        if departure is not None and not c.climate_active and c.ignition != "drive" and self._has_charge_for_climate():
            state.climate_for, state.climate_until = departure, departure + car.build.pack.terms.climate_hold
            car.change(climate_active=True)
        left = schedule.used_up(timers, now)
        if left != timers:
            state.departure_timers = wire.DepartureTimers(timers=left)
            self._say("departure_timers")

    def _lead(self) -> timedelta:
        """How long before a departure the car begins: a fixed time, or as late as it still gets there."""
        most = self._car.build.pack.terms.climate_lead
        if not self._state.intelligent_climate.enabled:
            return most
        c = self._car.condition
        return min(most, timedelta(seconds=abs(c.target_temperature - c.cabin_temperature) / DEGREES_PER_SECOND))

    def _watch(self) -> None:
        """Looks whether an alarm has something to tell; nothing is watched in privacy mode or without a contract."""
        state, c = self._state, self._car.condition
        speed = speed_of(c)
        if self._may("set_speed_alarms"):
            for each in state.speed_alarms.alarms:
                if each.enabled:
                    self._watch_speed(
                        f"speed:{each.id}", each.limit_kmh, speed, "speed", alarm_id=each.id, name=each.name
                    )
        if self._may("set_location_alarms"):
            for alarm in state.location_alarms.alarms:
                self._watch_place(alarm)
        valet = state.valet_alarm
        if valet.enabled and self._may("set_valet_alarm"):
            if valet.limit_kmh is not None:
                self._watch_speed("valet_speed", valet.limit_kmh, speed, "valet_speed")
            is_away = valet.area is not None and not schedule.is_inside(valet.area, c.latitude, c.longitude)
            self._trip("valet_area", is_away, "valet_area")

    def _watch_speed(self, key: str, limit: int, speed: float, kind: str, **more: object) -> None:
        is_over = speed > limit or (key in self._state.tripped and speed > limit - SLOWER_AGAIN)
        self._trip(key, is_over, kind, **more)

    def _trip(self, key: str, is_so: bool, kind: str, **more: object) -> None:
        tripped = self._state.tripped
        if is_so and key not in tripped:
            self._state.tripped = [*tripped, key]
            self._alarm(kind, **more)
        elif not is_so and key in tripped:
            self._state.tripped = [each for each in tripped if each != key]

    def _watch_place(self, alarm: wire.LocationAlarm) -> None:
        if not alarm.enabled:
            return
        c, key = self._car.condition, str(alarm.id)
        before = self._state.inside.get(key)
        now = schedule.is_inside(alarm.area, c.latitude, c.longitude)
        if before == now:
            return
        self._state.inside = {**self._state.inside, key: now}
        if before is not None and alarm.on in ("both", "enter" if now else "leave"):
            self._alarm("location_entered" if now else "location_left", alarm_id=alarm.id, name=alarm.name)

    def _alarm(self, kind: str, **more: object) -> None:
        c = self._car.condition
        facts = {
            "kind": kind,
            "latitude": round(c.latitude, 5),
            "longitude": round(c.longitude, 5),
            "speed": round(speed_of(c), 1),
        }
        self._car.say(events.ALARM, facts | more)

    # -- inside ------------------------------------------------------------------------------------------------------

    @property
    def _state(self) -> RemoteState:
        return self._car.condition.remote

    def _may(self, command_type: str) -> bool:
        """Whether what such a command has set may act now."""
        entitlement = self._car.entitlement
        return entitlement.allows(command_type) and not entitlement.is_private(command_type)

    def _start_climate(self, wanted: wire.ClimateStart) -> None:
        terms = self._car.build.pack.terms
        temperature = self._car.condition.target_temperature if wanted.temperature is None else wanted.temperature
        if not float(terms.climate_temperature_minimum) <= temperature <= float(terms.climate_temperature_maximum):
            raise NotPossible("temperature_out_of_range")
        if not set(wanted.seats or ()) <= set(self._car.build.generation.seat_zones):
            raise NotPossible("no_such_seat")
        if wanted.seats is not None:
            self._state.seats = list(wanted.seats)
        # what a person starts does not end with a timer
        self._state.climate_until = None
        self._car.change(climate_active=True, target_temperature=temperature)

    def _charge(self, command_type: str) -> None:
        """``charge_*`` is about this time at the cable; ``direct_charge_*`` holds until it is taken back."""
        car, c, state = self._car, self._car.condition, self._state
        if command_type.endswith("_start"):
            if not c.plugged_in:
                raise NotPossible("not_plugged_in")
            if c.state_of_charge >= c.charge_limit:
                raise NotPossible("charge_target_reached")
        match command_type:
            case "charge_start":
                car.charge(True)
            case "charge_stop":
                state.is_charging_directly = False
                car.charge(False)
            case _:
                state.is_charging_directly = command_type == "direct_charge_start"
                state.charge_wish = "planned"
                car.settle_charging()
                car.touched()

    def _set_target(self, wanted: wire.ChargeTarget) -> None:
        terms = self._car.build.pack.terms
        if not terms.charge_target_minimum <= wanted.target_percent <= terms.charge_target_maximum:
            raise NotPossible("charge_target_out_of_range")
        self._car.set_charge_limit(wanted.target_percent)

    def _move_windows(self, is_open: bool) -> None:
        c = self._car.condition
        if c.ignition == "drive":
            raise NotPossible("vehicle_in_use")
        self._car.change(windows_open=dict.fromkeys(c.windows_open, is_open))

    def _keep(self, name: str, parameters: wire.Strict) -> None:
        state, c = self._state, self._car.condition
        if isinstance(parameters, wire.ValetAlarm):
            parameters = self._valet(parameters)
            state.tripped = [each for each in state.tripped if not each.startswith("valet")]
        elif isinstance(parameters, wire.SpeedAlarms):
            state.tripped = [each for each in state.tripped if not each.startswith("speed:")]
        elif isinstance(parameters, wire.LocationAlarms):
            # where the car is now is no news
            state.inside = {
                str(each.id): schedule.is_inside(each.area, c.latitude, c.longitude) for each in parameters.alarms
            }
        elif isinstance(parameters, wire.DepartureTimers):
            state.climate_for = None
        setattr(state, name, parameters)
        self._car.settle_charging()
        self._car.touched()

    def _valet(self, wanted: wire.ValetAlarm) -> wire.ValetAlarm:
        c = self._car.condition
        area = wanted.area
        if area is None and wanted.radius is not None and wanted.enabled:
            area = wire.Area(latitude=round(c.latitude, 5), longitude=round(c.longitude, 5), radius=wanted.radius)
        return wire.ValetAlarm(
            enabled=wanted.enabled, limit_kmh=wanted.limit_kmh, radius=area.radius if area else None, area=area
        )

    def _has_charge_for_climate(self) -> bool:
        build = self._car.build
        return not build.has_battery or self._car.condition.state_of_charge >= build.pack.terms.climate_battery_minimum

    def _say(self, *names: str) -> None:
        self._car.say(events.REMOTE_SETTINGS, {"settings": {name: self.setting(name) for name in names}})
