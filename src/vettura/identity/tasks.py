"""What time brings to people's sign-ins."""

from datetime import datetime

from vettura.foundation import clock
from vettura.foundation.sweeps import sweep
from vettura.identity import actions


def never_in_world_time() -> datetime | None:
    """Tokens live in real time only: moving the world's clock makes nothing here due."""
    return None


@sweep(next_due=never_in_world_time)
def forget_old_grants(at: datetime) -> int:  # `at` is world time and not asked
    """This will delete codes, tokens and sign-ins of programs that have long been over."""
    return actions.forget_old_grants(at=clock.real_now())
