"""Time comes in: what cars have told is forgotten."""

from datetime import datetime

from vettura.catalog import queries as catalog
from vettura.foundation.sweeps import sweep
from vettura.remote_services import actions
from vettura.remote_services.models import Incident


def next_to_forget() -> datetime | None:
    """When the oldest incident has been kept long enough."""
    oldest = Incident.objects.order_by("at").values_list("at", flat=True).first()
    return None if oldest is None else oldest + catalog.terms().incidents_kept


@sweep(next_due=next_to_forget)
def forget_old_incidents(at: datetime) -> int:
    """This will delete what has been kept long enough."""
    return actions.forget_old_incidents(before=at - catalog.terms().incidents_kept)
