"""What hands do to the body of a car: gear, brake, doors, lids, locks, cable, and what is in battery and tank."""

import msgspec

from vettura_car import schedule
from vettura_car.condition import CHARGE_PERCENT_PER_SECOND
from vettura_car.errors import NotPossible
from vettura_car.knowledge import Knowledge
from vettura_wire.remote import Trip


class Body(Knowledge):
    """Acts at the switches that need nobody's permission; ``touched`` tells about each."""

    def touched(self) -> None:
        """This will tell that something changed, and keep it."""
        raise NotImplementedError

    def set_gear(self, gear: str) -> None:
        """This will put a gear in. Refuses (not_ready, cable_in) anything but P in a car that cannot drive now."""
        if gear != "P" and self.condition.ignition != "drive":
            raise NotPossible("not_ready")
        if gear != "P" and self.condition.plugged_in:
            raise NotPossible("cable_in")
        self.condition.gear = gear
        self.touched()

    def set_parking_brake(self, on: bool) -> None:
        """This will set or release the parking brake. Refuses (not_ready) to release it in a car that is switched off."""
        if not on and self.condition.ignition == "off":
            raise NotPossible("not_ready")
        self.change(parking_brake=on)

    def change(self, **fields: object) -> None:
        """This will set plain fields of the condition (a switch at the panel) and tell about it."""
        for name, value in fields.items():
            setattr(self.condition, name, value)
        self.touched()

    def open_part(self, part: str, is_open: bool) -> None:
        """This will open or close a door, a window (``<door>_window``) or a lid. Refuses (locked) a locked door."""
        c = self.condition
        if part in c.doors_open:
            if is_open and c.doors_locked[part]:
                raise NotPossible("door_locked")
            c.doors_open[part] = is_open
        elif part.removesuffix("_window") in c.windows_open:
            c.windows_open[part.removesuffix("_window")] = is_open
        elif part == "rear_trunk":
            if is_open and c.rear_trunk_locked:
                raise NotPossible("door_locked")
            c.rear_trunk_open = is_open
        elif part in ("hood", "front_trunk"):
            setattr(c, f"{part}_open", is_open)
        else:
            raise NotPossible("unknown_part")
        self.touched()

    def lock(self, locked: bool) -> None:
        """This will lock or unlock everything, by key or command. Refuses (door_open) to lock an open car."""
        c = self.condition
        if locked and (any(c.doors_open.values()) or c.rear_trunk_open):
            raise NotPossible("door_open")
        c.doors_locked = dict.fromkeys(c.doors_locked, locked)
        c.rear_trunk_locked = locked
        self.touched()

    def plug(self, plugged_in: bool) -> None:
        """
        This will plug the charging cable in, which starts charging up to the limit, or pull it.

        Refuses (unknown_option) a car without a high-voltage battery, and (not_parked) one that is not in P.
        """
        self._need_battery()
        if plugged_in and self.condition.gear != "P":
            raise NotPossible("not_parked")
        self.condition.plugged_in = plugged_in
        self.condition.remote.charge_wish = "planned"
        if plugged_in:
            self.condition.remote.trips = msgspec.structs.replace(self.condition.remote.trips, cyclic=Trip())
        self.settle_charging()
        self.touched()

    def charge(self, on: bool) -> None:
        """
        This will charge up to the limit now, or stop until the cable is pulled or somebody says otherwise.

        Refuses (not_plugged_in) to charge without a cable.
        """
        c = self.condition
        if on and not c.plugged_in:
            raise NotPossible("not_plugged_in")
        c.remote.charge_wish = "now" if on else "stopped"
        self.settle_charging()
        self.touched()

    def settle_charging(self) -> None:
        """This will charge or not, as cable, wish, profiles and timers say now; it tells nobody."""
        c = self.condition
        c.remote.charge_goal = self._charge_goal()
        may = c.plugged_in and c.remote.charge_wish != "stopped"
        c.charging = may and c.state_of_charge < c.remote.charge_goal

    def _charge_goal(self) -> float:
        c, state = self.condition, self.condition.remote
        if state.is_charging_directly or state.charge_wish == "now":
            return float(c.charge_limit)
        return schedule.charge_goal(
            profile=schedule.profile_at(state.charging_profiles.profiles, latitude=c.latitude, longitude=c.longitude),
            timers=state.departure_timers.timers,
            limit=c.charge_limit,
            charge=c.state_of_charge,
            percent_per_second=CHARGE_PERCENT_PER_SECOND,
            at=self.local_now(),
            is_charging=c.charging,
        )

    def set_charge(self, percent: float) -> None:
        """This will set what is in the battery. Refuses (unknown_option) a car without one."""
        self._need_battery()
        self.condition.state_of_charge = percent
        self.settle_charging()
        self.touched()

    def set_charge_limit(self, percent: int) -> None:
        """This will set where charging ends; what is above it already ends now."""
        self.condition.charge_limit = percent
        self.settle_charging()
        self.touched()

    def set_fuel(self, percent: float) -> None:
        """This will set what is in the tank. Refuses (unknown_option) a car without one."""
        if not self.build.has_tank:
            raise NotPossible("unknown_option")
        self.change(fuel_level=percent)

    def _need_battery(self) -> None:
        if not self.build.has_battery:
            raise NotPossible("unknown_option")
