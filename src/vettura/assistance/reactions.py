"""What happens elsewhere and matters to Assistance."""

from vettura.assistance import actions
from vettura.foundation.reactions import reacts_to
from vettura.remote_services.events import IncidentReported
from vettura.remote_services.queries import BREAKDOWN


@reacts_to(IncidentReported)
def open_a_case_for_a_call(event: IncidentReported) -> None:
    """A car that calls for help has a case at once."""
    if event.kind == BREAKDOWN:
        actions.take_call_of_car(vin=event.vin, incident_id=event.incident_id, at=event.at)
