"""What time brings to the link. Commands expire in real time, so the demo's clock never waits for them."""

from datetime import datetime

from vettura.foundation import clock
from vettura.foundation.sweeps import sweep
from vettura.vehicle_link import actions


def never_in_world_time() -> datetime | None:
    """Moving the world's clock makes nothing here due on its way."""
    return None


@sweep(next_due=never_in_world_time)
def expire_commands(at: datetime) -> int:
    """This will end commands whose time is over; `at` is world time and not asked."""
    return actions.expire_commands(at=clock.real_now())


@sweep(next_due=never_in_world_time)
def resend_commands(at: datetime) -> int:
    """This will send unconfirmed commands again; `at` is world time and not asked."""
    return actions.resend_commands(at=clock.real_now())


@sweep(next_due=never_in_world_time)
def thin_history(at: datetime) -> int:
    """This will leave one point an hour of history that is no longer looked at closely."""
    return actions.thin_history(at=at)


@sweep(next_due=never_in_world_time)
def forget_history(at: datetime) -> int:
    """This will delete history that is older than it is kept."""
    return actions.forget_old_history(at=at)
