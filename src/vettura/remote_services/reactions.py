"""What happens elsewhere and matters to remote services."""

from vettura.foundation.reactions import reacts_to
from vettura.remote_services import actions
from vettura.vehicles.events import MainUserParted


@reacts_to(MainUserParted)
def forget_incidents(event: MainUserParted) -> None:
    """Where the car was in the former main user's time is not the next one's business."""
    actions.forget_incidents(vin=event.vin)
