"""What the link needs from outside: a way to send bytes to a subject of the broker."""

from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

DEFAULT = "vettura.vehicle_link.adapters.nats.NatsDownlink"


class Downlink(Protocol):
    """Sends to cars and to live viewers, from any thread, without waiting."""

    def publish(self, subject: str, payload: bytes) -> None:
        """
        This will hand the bytes over to be sent soon.

        Never raises for a broker that is away: what is lost meanwhile is sent again by whoever keeps it (documents,
        commands), or not at all (live notices).
        """
        ...


_downlink: Downlink | None = None


def downlink() -> Downlink:
    """The process's way down to the broker, opened on first use."""
    global _downlink  # noqa: PLW0603  # one way down per process
    if _downlink is None:
        opened: Downlink = import_string(getattr(settings, "VETTURA_DOWNLINK", DEFAULT))()
        _downlink = opened
    return _downlink


def install(new: Downlink | None) -> Downlink | None:
    """This will use another way down from now on and return the former one (the link process has its own connection)."""
    global _downlink
    former, _downlink = _downlink, new
    return former
