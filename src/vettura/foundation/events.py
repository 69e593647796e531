"""The base of everything a context announces, and how it is written down and read back."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import msgspec

_known: dict[str, type["Event"]] = {}


@dataclass(frozen=True, kw_only=True)
class Event:
    """
    Something that happened, in the past tense, with ids and the facts of the moment.

    Fields are only ever added to, with a default. `stream_field` names the field whose value is the stream: events
    of one stream are delivered in order.
    """

    stream_field: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """This will make the event known by `<context>.<ClassName>`."""
        _known[cls.type_name()] = cls

    @classmethod
    def type_name(cls) -> str:
        """`<context>.<ClassName>`, e.g. `store.OrderPaid`."""
        return f"{cls.__module__.split('.')[1]}.{cls.__name__}"

    @property
    def stream_key(self) -> str:
        """The stream, e.g. a VIN."""
        return str(getattr(self, self.stream_field))

    def to_json(self) -> dict[str, Any]:  # JSON of any shape
        """The facts as JSON."""
        facts: dict[str, Any] = msgspec.to_builtins(self)
        return facts

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> Self:
        """The event that was written down; unknown members are ignored (an older reader)."""
        return msgspec.convert(facts, cls)


def event_class(type_name: str) -> type[Event]:
    """The class of an event by its name. Raises KeyError for one that no context declares."""
    return _known[type_name]


def all_events() -> list[type[Event]]:
    """Every declared event, by name."""
    return [_known[name] for name in sorted(_known)]
