"""Jobs of the foundation itself."""

from vettura.foundation import outbox
from vettura.foundation.jobs import job


@job("foundation.deliver_event")
def deliver_event(event_id: int) -> None:
    """This will hand one announcement to those who react to it."""
    outbox.deliver(event_id=event_id)
