"""Staff look at customers' cars, and that is written down."""

from vettura.foundation import clock
from vettura.help_center.models import StaffLook
from vettura.identity.models import Account
from vettura.vehicles.models import Vehicle


def note_look(*, vehicle: Vehicle, customer: Account | None, topic: str, service: str) -> None:
    """This will write down that somebody at the desk looks for what keeps a car from working."""
    StaffLook.objects.create(vehicle=vehicle, customer=customer, topic=topic, service=service, at=clock.now())
