"""Time comes in: rights that run out, leases that end, invitations before a delivery."""

from datetime import datetime

from vettura.foundation.sweeps import sweep
from vettura.vehicles import actions
from vettura.vehicles.models import Assignment, DeliveryOrder, Lease


def next_user_to_end() -> datetime | None:
    """When the next secondary user's last day is over."""
    return (
        Assignment.objects.filter(until=None, ends_at__isnull=False)
        .order_by("ends_at")
        .values_list("ends_at", flat=True)
        .first()
    )


@sweep(next_due=next_user_to_end)
def end_users(at: datetime) -> int:
    """This will end the rights of every secondary user whose last day is over."""
    due = Assignment.objects.filter(until=None, ends_at__lte=at).order_by("ends_at").values_list("id", flat=True)
    return sum(actions.end_due_user(assignment_id=id, at=at) for id in due)


def next_lease_to_end() -> datetime | None:
    """When the next lease is over."""
    return Lease.objects.filter(ended_at=None).order_by("ends_at").values_list("ends_at", flat=True).first()


@sweep(next_due=next_lease_to_end)
def end_leases(at: datetime) -> int:
    """This will return every car whose lease is over to its lessor."""
    due = Lease.objects.filter(ended_at=None, ends_at__lte=at).order_by("ends_at").values_list("id", flat=True)
    return sum(actions.end_due_lease(lease_id=id, at=at) for id in due)


def next_delivery_to_invite() -> datetime | None:
    """When the next buyer is to be invited."""
    return (
        DeliveryOrder.objects.filter(invitation=None, called_off_at=None)
        .order_by("invite_at")
        .values_list("invite_at", flat=True)
        .first()
    )


@sweep(next_due=next_delivery_to_invite)
def invite_buyers(at: datetime) -> int:
    """This will invite every buyer whose car is handed over soon (ID-002, ID-007)."""
    due = (
        DeliveryOrder.objects.filter(invitation=None, called_off_at=None, invite_at__lte=at)
        .order_by("invite_at")
        .values_list("id", flat=True)
    )
    return sum(actions.send_due_invitation(delivery_id=id, at=at) for id in due)
