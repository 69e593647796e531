"""Template tags about cars."""

from datetime import date, datetime

from django import template

from vettura.catalog import queries as catalog
from vettura.vehicles import rules
from vettura.vehicles.models import Vehicle

register = template.Library()


@register.simple_tag
def last_day(ends_at: datetime, vehicle: Vehicle) -> date:
    """The last day before an end, where the car is: an end at midnight is the day before to people."""
    return rules.last_day(ends_at, catalog.country(vehicle.country).timezone)
