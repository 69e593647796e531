"""Help after a breakdown, called with the key in the car: who may call, and what the platform says of the call."""

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from vettura_car.errors import NotPossible
from vettura_wire import events
from vettura_wire.events import HelpBody

if TYPE_CHECKING:
    from vettura_car.car import Car

COMMAND = "breakdown_call"
ENDED_IS_SHOWN = timedelta(minutes=15)
OPEN = ("received", "in_progress")


class Roadside:
    """The call for help of one car. Whoever sits in it calls and calls off."""

    def __init__(self, car: "Car") -> None:
        self._car = car

    @property
    def service(self) -> str | None:
        """The service by which help is called in this car; None where there is none."""
        return next((each.id for each in self._car.build.services() if COMMAND in each.commands), None)

    @property
    def call(self) -> HelpBody | None:
        """The call as the platform last told of it; one that has ended is shown for a while."""
        held = self._car.condition.documents.get(events.ROADSIDE_HELP)
        if held is None:
            return None
        try:
            call = msgspec.convert(held.body, HelpBody)
        except msgspec.ValidationError:
            return None
        is_new = call.at is not None and self._car.world_now() - call.at < ENDED_IS_SHOWN
        return call if call.state in OPEN or is_new else None

    @property
    def is_called(self) -> bool:
        """Whether a call goes on."""
        return self.call is not None and self.call.state in OPEN

    def press(self) -> None:
        """
        This will call help, and say where the car is.

        Refuses with the reason why the service does not work for whoever sits here, or because a call goes on.
        """
        if self.service is None:
            raise NotPossible("not_equipped")
        reason = self._car.entitlement.of(self.service).reason
        if reason is not None:
            raise NotPossible(reason)
        if self.is_called:
            raise NotPossible("help_on_its_way")
        self.say_where()
        self._car.touched()

    def say_where(self) -> None:
        """This will hand over with a call where the car is and how far it has come."""
        c = self._car.condition
        place = {"latitude": round(c.latitude, 5), "longitude": round(c.longitude, 5)}
        self._car.say(events.BREAKDOWN_CALL, {**place, "mileage": round(c.mileage, 1)})

    def call_off(self) -> None:
        """This will call help off. Refuses (nothing_to_do) without a call."""
        if not self.is_called:
            raise NotPossible("nothing_to_do")
        self._car.say(events.BREAKDOWN_CANCELLED, {})
        self._car.touched()
