"""Time comes in: terms run out."""

from datetime import datetime

from vettura.entitlements import actions
from vettura.entitlements.models import Contract
from vettura.foundation.sweeps import sweep


def next_end() -> datetime | None:
    """When the next term runs out."""
    return (
        Contract.objects.filter(ended_at=None, ends_at__isnull=False)
        .order_by("ends_at")
        .values_list("ends_at", flat=True)
        .first()
    )


@sweep(next_due=next_end)
def end_expired_contracts(at: datetime) -> int:
    """This will end every contract whose term is over."""
    due = (
        Contract.objects.filter(ended_at=None, ends_at__lte=at)
        .order_by()
        .values_list("vehicle_id", flat=True)
        .distinct()
    )
    return sum(actions.end_expired_contracts(vehicle_id=vehicle_id, at=at) for vehicle_id in due)
