"""Names of an owner's topics, and which filters take which of them."""

from dataclasses import dataclass

ROOT = "vettura"
DISCOVERY = "homeassistant"
LONGEST_FILTER = 512


@dataclass(frozen=True)
class CommandTopic:
    """Where a command came in: for which car, and of which type if the topic says so."""

    vin: str
    type: str | None


def of_car(vin: str, *parts: str) -> str:
    """A topic of a car."""
    return "/".join((ROOT, vin, *parts))


def state(vin: str, short: str) -> str:
    """Where one value of a car stands, by our short word for the signal."""
    return of_car(vin, "state", short)


def command(vin: str, *type_: str) -> str:
    """Where commands for a car are sent to."""
    return of_car(vin, "command", *type_)


def result(vin: str) -> str:
    """Where it is told what became of a command."""
    return of_car(vin, "result")


def discovery(vin: str) -> str:
    """Where Home Assistant looks for the device."""
    return "/".join((DISCOVERY, "device", f"{ROOT}_{vin}", "config"))


def command_topic(topic: str) -> CommandTopic | None:
    """A topic of commands, taken apart; None for any other."""
    match topic.split("/"):
        case [root, vin, "command"] if root == ROOT:
            return CommandTopic(vin, None)
        case [root, vin, "command", type_] if root == ROOT and type_:
            return CommandTopic(vin, type_)
    return None


def is_filter(text: str) -> bool:
    """
    Whether this is a filter that may be subscribed to: well formed, and neither of a broker's own topics (`$SYS`) nor shared
    (`$share`), which there are none of.
    """
    levels = text.split("/")
    if not text or len(text) > LONGEST_FILTER or text.startswith("$"):
        return False
    if any("#" in level for level in levels[:-1]) or ("#" in levels[-1] and levels[-1] != "#"):
        return False
    return all("+" not in level or level == "+" for level in levels)


def matches(filter_: str, topic: str) -> bool:
    """Whether a filter takes a topic (MQTT 3.1.1, section 4.7)."""
    wanted, given = filter_.split("/"), topic.split("/")
    for number, level in enumerate(wanted):
        if level == "#":
            return True
        if number >= len(given) or level not in ("+", given[number]):
            return False
    return len(wanted) == len(given)
