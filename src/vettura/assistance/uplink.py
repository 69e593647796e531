"""The car comes in: somebody in it calls off the help that was called."""

from vettura.assistance import actions
from vettura.foundation.uplink import CarEvent, handles
from vettura_wire import events


@handles(events.BREAKDOWN_CANCELLED)
def breakdown_cancelled(message: CarEvent) -> None:
    """This will end the call for help of this car; without one it does nothing."""
    actions.cancel_call_of_car(vin=message.vin)
