"""What webhooks are told and when, how they are signed, and how much a program may ask: pure functions."""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

STATE_CHANGED = "state.changed"
COMMAND_FINISHED = "command.finished"
CONTRACT_STARTED = "contract.started"
CONTRACT_ENDED = "contract.ended"
ALARM_RAISED = "alarm.raised"
EVENTS = {
    STATE_CHANGED: _("New values of signals"),
    COMMAND_FINISHED: _("Commands that came to their end"),
    ALARM_RAISED: _("Alarms and calls for help"),
    CONTRACT_STARTED: _("Contracts that begin"),
    CONTRACT_ENDED: _("Contracts that end"),
}
# which scope a program needs to be told; commands and signals are looked at one by one
SCOPES_OF_EVENTS = {
    ALARM_RAISED: ("alarms",),
    CONTRACT_STARTED: ("store_read", "store"),
    CONTRACT_ENDED: ("store_read", "store"),
}

MOST_WEBHOOKS = 20
FORMER_SECRET_IS_GOOD_FOR = timedelta(hours=24)
# until the first answer, then growing; after the last one it is a dead letter
PAUSES = (
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
)
# longer than a receiver may take: what a worker has not come back with by then is handed out again
HANDED_OUT_FOR = timedelta(minutes=2)
DELIVERIES_ARE_KEPT = timedelta(days=30)
# how long a receiver should take a signature for fresh
FRESH = timedelta(minutes=5)


def secret_of(*, webhook_id: UUID, generation: int, key: str) -> str:
    """The secret that the receiver shares with us."""
    made = hmac.digest(key.encode(), f"vettura.developers.webhook:{webhook_id}:{generation}".encode(), "sha256")
    return "whsec_" + base64.urlsafe_b64encode(made).decode().rstrip("=")


def signature(*, secrets: Iterable[str], at: datetime, body: bytes) -> str:
    """The header that proves who sent this body and when: one `v1` for each secret that is good."""
    stamp = str(int(at.timestamp()))
    signed = [_hex(secret, stamp.encode() + b"." + body) for secret in secrets]
    return ",".join([f"t={stamp}", *(f"v1={each}" for each in signed)])


def answer_to(*, secret: str, challenge: str) -> str:
    """What a receiver that knows the secret answers to a challenge."""
    return _hex(secret, challenge.encode())


def _hex(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def next_pause(attempts: int) -> timedelta | None:
    """How long to wait after so many attempts; None when it was tried for long enough."""
    return PAUSES[attempts - 1] if attempts <= len(PAUSES) else None


def is_taken(status: int) -> bool:
    """Whether a receiver has taken a delivery: any 2xx, nothing else, and no redirection is followed."""
    return 200 <= status < 300


# -- budgets ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Budget:
    """So many requests in so many seconds."""

    name: str
    limit: int
    seconds: int

    @property
    def words(self) -> str:
        """The budget as people read it."""
        facts = {"limit": self.limit, "minutes": self.seconds // 60}
        return str(BUDGET_WORDS[self.name]) % facts


BUDGET_WORDS = {
    "program": _("%(limit)s requests in %(minutes)s min, for each program and person"),
    "car": _("%(limit)s of them in %(minutes)s min to the same vehicle"),
    "commands": _("%(limit)s commands in %(minutes)s min to the same vehicle"),
    "address": _("%(limit)s requests in %(minutes)s min without a sign-in, from the same network address"),
}
# of each program of each person, and of that what goes to one car; commands wake a car, which costs its battery
BUDGETS = {
    each.name: each for each in (Budget("program", 600, 60), Budget("car", 240, 60), Budget("commands", 60, 3600))
}

# of whoever reads without a sign-in: several people behind one address who type, and no program that copies everything
BUDGET_OF_STRANGERS = Budget("address", 180, 60)


# the apps of this platform: a person's thumb, and not a program's loop, decides how often they ask
BUDGETS_OF_OURS = {
    each.name: each for each in (Budget("program", 3000, 60), Budget("car", 1200, 60), Budget("commands", 600, 3600))
}


@dataclass(frozen=True)
class Streams:
    """So many live streams at once, of one program for one person, and how many of them of the same car."""

    limit: int
    of_car: int
    name: str = "streams"

    @property
    def words(self) -> str:
        """The budget as people read it."""
        words = _("%(limit)s live streams at once for each program and person, %(of_car)s of them of the same vehicle")
        return str(words) % {"limit": self.limit, "of_car": self.of_car}


@dataclass(frozen=True)
class Standing:
    """How a budget stands after a request: what is left, and in how many seconds it is whole again."""

    budget: Budget
    used: int
    wait: int

    @property
    def left(self) -> int:
        """How many more requests there may be."""
        return max(0, self.budget.limit - self.used)

    @property
    def is_spent(self) -> bool:
        """Whether this request was one too many."""
        return self.used > self.budget.limit


def budgets_for(*, vin: str | None, is_command: bool, is_ours: bool = False) -> list[Budget]:
    """The budgets that a request counts against."""
    names = ["program", *(["car"] if vin else []), *(["commands"] if vin and is_command else [])]
    known = BUDGETS_OF_OURS if is_ours else BUDGETS
    return [known[name] for name in names]


def rate_headers(standings: Iterable[Standing]) -> dict[str, str]:
    """`RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers-10 writes them."""
    known = list(standings)
    if not known:
        return {}
    return {
        "RateLimit-Policy": ", ".join(f'"{s.budget.name}";q={s.budget.limit};w={s.budget.seconds}' for s in known),
        "RateLimit": ", ".join(f'"{s.budget.name}";r={s.left};t={s.wait}' for s in known),
    }


def event_body(*, id: UUID, type: str, vin: str, at: datetime, data: Mapping[str, Any]) -> dict[str, Any]:  # JSON
    """What a webhook is sent. `id` is the same at every attempt."""
    return {"id": str(id), "type": type, "vin": vin, "at": at.isoformat(), "data": dict(data)}
