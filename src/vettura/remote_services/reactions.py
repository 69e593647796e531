"""What happens elsewhere and matters to remote services, and what people are told of it."""

from vettura.foundation.reactions import reacts_to
from vettura.remote_services import actions
from vettura.remote_services.events import IncidentReported
from vettura.vehicle_link.events import CommandFinished
from vettura.vehicles.events import MainUserParted


@reacts_to(MainUserParted)
def forget_incidents(event: MainUserParted) -> None:
    """Where the car was in the former main user's time is not the next one's business."""
    actions.forget_incidents(vin=event.vin)


@reacts_to(IncidentReported)
def tell_of_incident(event: IncidentReported) -> None:
    """Those whom an alarm concerns are told."""
    actions.tell_of_incident(incident_id=event.incident_id)


@reacts_to(CommandFinished)
def tell_of_command(event: CommandFinished) -> None:
    """Whoever waits for something that did not happen is told."""
    actions.tell_of_command(
        vin=event.vin, command_id=event.command_id, status=event.status, cause=event.cause, at=event.at
    )
