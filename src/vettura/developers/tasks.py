"""Time comes in: deliveries are sent, tried again and forgotten. All in real time: receivers live in it."""

from datetime import datetime
from uuid import UUID

from vettura.developers import actions
from vettura.foundation import clock
from vettura.foundation.jobs import job
from vettura.foundation.sweeps import sweep


def never_in_world_time() -> datetime | None:
    """Moving the world's clock makes nothing here due on its way."""
    return None


@job(actions.SEND)
def send_delivery(delivery_id: str, attempt: int) -> None:
    """This will try one delivery."""
    actions.send(delivery_id=UUID(delivery_id), attempt=attempt)


@sweep(next_due=never_in_world_time)
def send_again(at: datetime) -> int:
    """This will have deliveries tried again whose pause is over; `at` is world time and not asked."""
    return actions.send_due(at=clock.real_now())


@sweep(next_due=never_in_world_time)
def forget_deliveries(at: datetime) -> int:
    """This will delete old deliveries and counts; `at` is world time and not asked."""
    return actions.forget_old(at=clock.real_now())
