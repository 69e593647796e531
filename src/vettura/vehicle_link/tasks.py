"""What time brings to the link. Commands expire in real time, so the demo's clock never waits for them."""

from datetime import datetime

from vettura.foundation import clock
from vettura.foundation.sweeps import sweep
from vettura.vehicle_link import actions


def never_in_world_time() -> datetime | None:
    """Real time only: moving the world's clock makes nothing here due."""
    return None


@sweep(next_due=never_in_world_time)
def expire_commands(at: datetime) -> int:
    """This will end commands whose time is over; `at` is world time and not asked."""
    return actions.expire_commands(at=clock.real_now())


@sweep(next_due=never_in_world_time)
def resend_commands(at: datetime) -> int:
    """This will send unconfirmed commands again; `at` is world time and not asked."""
    return actions.resend_commands(at=clock.real_now())
