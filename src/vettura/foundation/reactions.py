"""Who reacts to what. `@reacts_to(Event)` stands in `<context>/reactions.py`; `manage.py reactions` prints the map."""

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from vettura.foundation.events import Event

E = TypeVar("E", bound=Event)
Reaction = Callable[[E], None]

_reactions: dict[str, dict[str, Callable[..., None]]] = defaultdict(dict)


def reacts_to(event: type[E]) -> Callable[[Reaction[E]], Reaction[E]]:
    """This will call the function for each such event, at least once, in order per stream, in a transaction of its own."""

    def register(reaction: Reaction[E]) -> Reaction[E]:
        name = f"{reaction.__module__.split('.')[1]}.{reaction.__name__}"
        _reactions[event.type_name()][name] = reaction
        return reaction

    return register


def reactions_to(type_name: str) -> dict[str, Callable[..., None]]:
    """The reactions to an event, by their names."""
    return dict(_reactions.get(type_name, {}))


def reaction_map() -> dict[str, list[str]]:
    """Event name → names of its reactions."""
    return {name: sorted(found) for name, found in sorted(_reactions.items())}
