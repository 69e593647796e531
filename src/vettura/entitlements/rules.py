"""When contracts run, follow each other, and may be renewed."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from vettura.entitlements.models import Contract

ACCOUNT_DELETED = "account_deleted"


def ends_with_account(contract: Contract) -> bool:
    """Whether a contract is delivered to a person's account, so that it ends with it; what has no end stays with the car (C-44)."""
    return contract.ends_at is not None


def effective_end(contract: Contract) -> datetime | None:
    """When the contract is over, by its term or earlier; None is never."""
    return min((moment for moment in (contract.ends_at, contract.ended_at) if moment is not None), default=None)


def is_running(contract: Contract, at: datetime) -> bool:
    """Whether the service may be used under this contract now (STO-052)."""
    end = effective_end(contract)
    return contract.starts_at <= at and (end is None or at < end)


def covered_until(contracts: Iterable[Contract], at: datetime) -> tuple[datetime | None, bool]:
    """
    The end of the chain of contracts of one service that run now or later, and whether it has none.

    `(None, False)`: nothing runs or waits; `(None, True)`: without end.
    """
    ends = [end for contract in contracts if (end := effective_end(contract)) is None or end > at]
    if not ends:
        return None, False
    known = [end for end in ends if end is not None]
    return (None, True) if len(known) < len(ends) else (max(known), False)


def end_of_term(starts_at: datetime, days: int | None) -> datetime | None:
    """The exclusive end of a term of whole 24-hour days from the moment it starts (STO-054); None is without end."""
    return None if days is None else starts_at + timedelta(days=days)


def renewable_from(ends_at: datetime, *, window_days: int, zone: str) -> datetime:
    """
    The first moment at which a contract can be renewed (STO-046, C-46).

    It ends on day E of the customer's calendar; the window opens with the day E-14 and stays open.
    """
    end = ends_at.astimezone(ZoneInfo(zone))
    day = end.date() - timedelta(days=window_days)
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(ends_at.tzinfo)


def days_left(ends_at: datetime, at: datetime) -> int:
    """Days until the end, begun days counted; 0 when it is over."""
    return max(0, -((at - ends_at) // timedelta(days=1)))
