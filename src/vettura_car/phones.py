"""
What phones may do in a car: Bluetooth links, CarPlay, music sources, e-mail, and the swipe that deletes one.

Pure: facts in, answer out. The facts are read from a car in ``vettura_car.telephone``.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Way = Literal["cable", "air"]
Source = Literal["bluetooth", "usb", "aux", "carplay"]
MailAccess = Literal["no_phone", "not_available", "no_account", "ready"]

HFP, SAP, AUDIO, MESSAGES = "hfp", "sap", "audio", "messages"
"""Bluetooth profiles: telephony (hands-free), data (SIM access: the phone lends its SIM), media, messages."""
SOURCES: tuple[Source, ...] = ("bluetooth", "usb", "aux", "carplay")
"""MED-005: the four ways to a phone's music."""
STREAMS: frozenset[Source] = frozenset({"bluetooth", "carplay"})
"""MED-007: the sources that music from the Internet can be played by."""
ANDROID = "Android"
IPHONES = (
    "iPhone", "iPhone 3G", "iPhone 3GS", "iPhone 4", "iPhone 4s", "iPhone 5", "iPhone 5c", "iPhone 5s", "iPhone 6", "iPhone 6s",
    "iPhone SE", "iPhone 7", "iPhone 8", "iPhone X", "iPhone XR", "iPhone XS", "iPhone 11", "iPhone 12", "iPhone 13",
    "iPhone 14", "iPhone 15", "iPhone 16",
)  # fmt: skip
"""In the order in which they came out."""
SWIPE_TOLERANCE = 0.08
"""How far from the mark a swipe may begin, as a share of the screen's width: “about”."""
SHORTEST_SWIPE = 0.1
"""What is shorter is a touch."""


@dataclass(frozen=True, kw_only=True)
class Handset:
    """
    One phone as the car meets it.

    ``profiles``: what it is used for by Bluetooth when it is joined. ``cable``: "usb", "aux" or none. ``wants_carplay``: its
    driver chose CarPlay for it; that holds until it is deleted or Bluetooth is chosen instead.
    """

    name: str
    system: str = ANDROID
    is_near: bool = True
    is_paired: bool = False
    cable: str = ""
    profiles: frozenset[str] = frozenset()
    wants_carplay: bool = False
    has_mail: bool = False


def is_iphone(system: str) -> bool:
    """Whether the system is an iPhone's."""
    return system in IPHONES


def counts_for_carplay(system: str, *, oldest: str) -> bool:
    """MED-009: whether CarPlay counts for this phone; ``oldest`` is the first iPhone that it counts for."""
    return is_iphone(system) and IPHONES.index(system) >= IPHONES.index(oldest)


def against_carplay(phone: Handset, *, functions: Collection[str], oldest: str) -> str | None:
    """
    This will say why CarPlay cannot run on this phone now, None if it can.

    ``functions``: what phones can do in this car, by model, country and equipment (MED-003).
    """
    is_wired = phone.cable == "usb"
    checks = (
        ("carplay" not in functions, "no_carplay_here"),
        (not is_iphone(phone.system), "carplay_needs_iphone"),
        (not counts_for_carplay(phone.system, oldest=oldest), "carplay_needs_newer"),
        (not phone.is_near, "phone_away"),
        (not is_wired and "wireless_carplay" not in functions, "carplay_needs_cable"),
        (not is_wired and not phone.is_paired, "carplay_pair_first"),
    )
    return next((reason for holds, reason in checks if holds), None)


def carplay_way(phone: Handset) -> Way:
    """How CarPlay reaches the phone: a cable comes first."""
    return "cable" if phone.cable == "usb" else "air"


def running_carplay(phones: Iterable[Handset], *, functions: Collection[str], oldest: str) -> str | None:
    """The name of the phone that CarPlay runs on by itself: the one that was chosen for it, while that is possible."""
    return next(
        (
            phone.name
            for phone in phones
            if phone.wants_carplay and against_carplay(phone, functions=functions, oldest=oldest) is None
        ),
        None,
    )


def bluetooth_links(phones: Iterable[Handset], *, carplay: str | None) -> dict[str, frozenset[str]]:
    """
    The profiles that are up, by phone. A paired phone in range connects by itself; while CarPlay runs none does (MED-001).
    """
    return {
        phone.name: phone.profiles if phone.is_paired and phone.is_near and carplay is None else frozenset()
        for phone in phones
    }


def sources(functions: Collection[str]) -> tuple[Source, ...]:
    """The music sources that this car has for phones (MED-005)."""
    return tuple(source for source in SOURCES if source in functions)


def ready_sources(
    phones: Iterable[Handset], *, functions: Collection[str], carplay: str | None
) -> Mapping[Source, str]:
    """The sources that music can come from now, with the phone it comes from."""
    known = list(phones)
    links = bluetooth_links(known, carplay=carplay)
    ready: dict[Source, str] = {}
    for source in sources(functions):
        if source == "carplay":
            found = carplay
        elif source == "bluetooth":
            found = next((phone.name for phone in known if AUDIO in links[phone.name]), None)
        else:
            plugged = (phone.name for phone in known if phone.is_near and phone.cable == source)
            # the cable that carries CarPlay is no source of its own
            found = next((name for name in plugged if name != carplay), None)
        if found is not None:
            ready[source] = found
    return ready


def mail_access(phone: Handset | None, *, functions: Collection[str]) -> MailAccess:
    """What e-mail there is of the phone that is joined (MED-011, MED-013); None: none is joined."""
    if "mail" not in functions:
        return "not_available"
    if phone is None:
        return "no_phone"
    if is_iphone(phone.system):
        return "not_available"
    return "ready" if phone.has_mail else "no_account"


def deletes(*, begin: float, end: float, mark: float) -> bool:
    """
    PCM-038: whether a swipe deletes the phone that it goes over: from about the mark leftwards.

    ``begin``, ``end`` and ``mark`` are shares of the screen's width from its left edge.
    """
    return abs(begin - mark) <= SWIPE_TOLERANCE and begin - end >= SHORTEST_SWIPE
