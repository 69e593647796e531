"""Time comes in: what was deleted is forgotten."""

from datetime import datetime

from vettura.catalog import queries as catalog
from vettura.foundation.sweeps import sweep
from vettura.navigation import actions
from vettura.navigation.models import AppCalendar, Destination


def next_to_forget() -> datetime | None:
    """When the next deleted entry can no longer be put back."""
    oldest = (
        Destination.objects.filter(deleted_at__isnull=False)
        .exclude(name="")
        .order_by("deleted_at")
        .values_list("deleted_at", flat=True)
        .first()
    )
    return None if oldest is None else oldest + catalog.terms().deleted_destinations_kept


@sweep(next_due=next_to_forget)
def forget_deleted(at: datetime) -> int:
    """This will empty every entry whose time to be put back is over."""
    return actions.forget_deleted(before=at - catalog.terms().deleted_destinations_kept)


def next_calendar_over() -> datetime | None:
    """When the next calendar has nothing left in it."""
    return AppCalendar.objects.order_by("over_at").values_list("over_at", flat=True).first()


@sweep(next_due=next_calendar_over)
def forget_calendars(at: datetime) -> int:
    """This will delete calendars whose last entry is over."""
    return actions.forget_calendars(at=at)
