"""What is needed from outside: something that carries a request to an address that a stranger gave us."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class Answered:
    """What an address answered: the status and the beginning of the body."""

    status: int
    body: bytes


class Unreachable(Exception):
    """Nothing was answered; says why in a word."""


class Carrier(Protocol):
    """Sends a request and never follows where the answer points."""

    def post(self, *, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """This will send it. Raises Unreachable."""
        ...


def carrier() -> Carrier:
    """The carrier in force."""
    found: Carrier = import_string(settings.VETTURA_PROVIDERS.webhooks)()
    return found
