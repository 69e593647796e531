"""
How a car gets to the Internet: which ways exist, which one it uses, what stands in its status bar, and why there is none.

Pure: facts in, answer out. The facts are read from a car in ``vettura_car.network``.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Way = Literal["integrated_sim", "inserted_sim", "phone_hotspot"]
"""CON-040: the three ways there are. A phone that lends its SIM (SIM access) is a card as the inserted one is."""
Lock = Literal["open", "pin", "puk", "dead"]
Call = Literal["none", "card", "hotspot_phone", "other_phone"]
Cost = Literal["none", "free", "by_tariff"]
ClientWay = Literal["car", "own_mobile", "none"]

RADIOS = ("LTE", "3G", "E")
"""The networks by the letters of the status bar: E is GSM with EDGE, 3G is UMTS (C-05)."""
SECONDS_PER_MEGABYTE = {"LTE": 0.4, "3G": 2.5, "E": 40.0}
"""CON-049: what the networks carry in practice, as 20 Mbit/s, 3.2 Mbit/s and 0.2 Mbit/s."""
SLOW = "E"


class Reason(StrEnum):
    """Why there is no connection, in the order in which they are looked for; each names a text (``reason_…``)."""

    NO_WAY = "no_way"
    DATA_OFF = "data_off"
    NO_SIM = "no_sim"
    PIN_NEEDED = "pin_needed"
    PUK_NEEDED = "puk_needed"
    SIM_DEAD = "sim_dead"
    DATA_USE_REFUSED = "data_use_refused"
    HOTSPOT_OFF = "hotspot_off"
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a reason, not a secret
    NO_COVERAGE = "no_coverage"
    ROAMING_OFF = "roaming_off"
    PHONE_ROAMING_OFF = "phone_roaming_off"
    WRONG_APN = "wrong_apn"
    NO_VOLUME = "no_volume"
    CALL = "call"


LOCKED: dict[Lock, Reason] = {"pin": Reason.PIN_NEEDED, "puk": Reason.PUK_NEEDED, "dead": Reason.SIM_DEAD}


@dataclass(frozen=True, kw_only=True)
class Abilities:
    """
    What generation and country let a car do.

    ``ways`` are those with instructions; ``unstated`` those of which the instructions say nothing and which show all the
    same when they are up (C-53). ``roaming_is_automatic``: no switch exists (C-27). ``voice_by_sim``: CON-011.
    """

    ways: tuple[Way, ...]
    unstated: tuple[Way, ...] = ()
    roaming_is_automatic: bool = False
    voice_by_sim: bool = True
    has_card: bool = True


@dataclass(frozen=True, kw_only=True)
class Card:
    """A SIM that the car registers with: the one in its reader, or one that a phone lends."""

    lock: Lock = "open"
    apn_fits: bool = True
    has_volume: bool = True
    carries_both: bool = True
    is_lent: bool = False


@dataclass(frozen=True, kw_only=True)
class Hotspot:
    """A phone's hotspot that was chosen. ``carries_both``: its operator lets LTE carry calls and data at once."""

    is_found: bool = True
    password_fits: bool = True
    data_use_refused: bool = False
    has_volume: bool = True
    roaming_on: bool = False
    carries_both: bool = True


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """How things stand: the place, the driver's switches, the card, the chosen hotspot and the call."""

    has_coverage: bool = True
    radio: str = "LTE"
    is_abroad: bool = False
    data_on: bool = True
    roaming_on: bool = False
    card: Card | None = None
    hotspot: Hotspot | None = None
    call: Call = "none"


@dataclass(frozen=True, kw_only=True)
class Connection:
    """
    The answer. ``way`` is the one in use, None for no connection; then ``reason`` says why, and ``tried`` of which way.

    ``cost`` is what roaming costs: nothing at home, nothing by the integrated SIM, else as the operator's tariff says.
    """

    way: Way | None = None
    technology: str | None = None
    reason: Reason | None = None
    tried: Way | None = None
    cost: Cost = "none"

    @property
    def is_up(self) -> bool:
        """Whether the car reaches the Internet (C-05)."""
        return self.way is not None

    @property
    def bearer(self) -> Literal["mobile", "wifi", ""]:
        """The car's own link: its mobile modem, or WiFi to a phone."""
        if self.way is None:
            return ""
        return "wifi" if self.way == "phone_hotspot" else "mobile"

    @property
    def label(self) -> str:
        """What stands in the status bar: LTE, 3G, E, WiFi, or nothing (CON-025 to CON-029, C-06)."""
        return "WiFi" if self.bearer == "wifi" else self.technology or ""

    @property
    def is_slow(self) -> bool:
        """Whether 3G or LTE would be better (CON-051)."""
        return self.technology == SLOW


def ways(
    *, integrated_sim: Literal["always", "by_country"], inserted_sim: bool, phone_hotspot: bool,
    country_has_integrated_sim: bool, country_has_hotspot: bool,
) -> tuple[Way, ...]:  # fmt: skip
    """This will tell which ways a generation has in a country (CON-001, CON-005, CON-006, CON-014, CON-040)."""
    exist: dict[Way, bool] = {
        "integrated_sim": integrated_sim == "always" or country_has_integrated_sim,
        "inserted_sim": inserted_sim,
        "phone_hotspot": phone_hotspot and country_has_hotspot,
    }
    return tuple(way for way, exists in exist.items() if exists)


def connect(abilities: Abilities, now: Circumstances) -> Connection:
    """
    This will find the way that works: the chosen hotspot, else the card, else the integrated SIM.

    A card in the reader keeps the integrated SIM silent even if the card does not work (TRB-012), so data by the one and
    calls by the other never meet (CON-008). If nothing works, the first thing tried says why.
    """
    candidates = _candidates(abilities, now)
    if not abilities.ways and not candidates:
        return Connection(reason=Reason.NO_WAY)
    if not now.data_on:
        return Connection(reason=Reason.DATA_OFF, tried=candidates[0] if candidates else None)
    if not candidates:
        missing = Reason.NO_SIM if abilities.has_card else Reason.HOTSPOT_OFF
        return Connection(reason=missing, tried="inserted_sim" if abilities.has_card else "phone_hotspot")
    against = {way: objections(way, abilities, now) for way in candidates}
    used = next((way for way, reasons in against.items() if not reasons), None)
    if used is None:
        return Connection(reason=against[candidates[0]][0], tried=candidates[0])
    cost: Cost = "none" if not now.is_abroad else "free" if used == "integrated_sim" else "by_tariff"
    return Connection(way=used, technology=now.radio, cost=cost)


def roaming_may_cost(abilities: Abilities, now: Circumstances) -> bool:
    """Whether a notice is due before roaming goes on: not if the integrated SIM alone is used (CON-020, CON-047)."""
    return _candidates(abilities, now) != ["integrated_sim"]


def against_call(abilities: Abilities, now: Circumstances, *, over_card: bool) -> str | None:
    """This will say why a call cannot be made, None if it can; by Bluetooth only the network is asked for."""
    if over_card:
        if now.card is None:
            return Reason.NO_SIM
        if now.card.lock != "open":
            return LOCKED[now.card.lock]
        if not (abilities.voice_by_sim or now.card.is_lent):
            return "voice_not_allowed"
    return None if now.has_coverage else Reason.NO_COVERAGE


def seconds_to_load(megabytes: float, technology: str) -> float:
    """How long something takes to load (CON-049)."""
    return megabytes * SECONDS_PER_MEGABYTE[technology]


def passes_internet(*, needed: frozenset[str], on: frozenset[str], connection: Connection, has_package: bool) -> bool:
    """
    Whether the car's own hotspot lets its clients into the Internet (TEL-006, TEL-007, PCM-036, PCM-037).

    ``needed`` are the ticks that the head unit has for it. Over the integrated SIM it takes a data package (TEL-008).
    """
    if not needed <= on or not connection.is_up:
        return False
    return has_package or connection.way != "integrated_sim"


def client_way(*, car_passes: bool, has_mobile: bool) -> ClientWay:
    """How a phone in the car's hotspot reaches the Internet: if the car does not pass it on, by its own (TEL-008, TEL-009)."""
    if car_passes:
        return "car"
    return "own_mobile" if has_mobile else "none"


def _candidates(abilities: Abilities, now: Circumstances) -> list[Way]:
    possible = {*abilities.ways, *abilities.unstated}
    found: list[Way] = []
    if now.hotspot is not None and "phone_hotspot" in possible:
        found.append("phone_hotspot")
    if now.card is not None and "inserted_sim" in possible:
        found.append("inserted_sim")
    elif "integrated_sim" in possible:
        found.append("integrated_sim")
    return found


def objections(way: Way, abilities: Abilities, now: Circumstances) -> list[Reason]:
    """Everything that speaks against a way now, in the order in which it is looked for."""
    checks: list[tuple[bool, Reason]] = []
    hotspot, card = now.hotspot, now.card
    if way == "phone_hotspot" and hotspot is not None:
        checks += [
            (hotspot.data_use_refused, Reason.DATA_USE_REFUSED),
            (not hotspot.is_found, Reason.HOTSPOT_OFF),
            (not hotspot.password_fits, Reason.WRONG_PASSWORD),
        ]
    if way == "inserted_sim" and card is not None and card.lock != "open":
        checks.append((True, LOCKED[card.lock]))
    checks += [
        (not now.has_coverage, Reason.NO_COVERAGE),
        (now.is_abroad and not (abilities.roaming_is_automatic or now.roaming_on), Reason.ROAMING_OFF),
    ]
    if way == "phone_hotspot" and hotspot is not None:
        checks += [
            (now.is_abroad and not hotspot.roaming_on, Reason.PHONE_ROAMING_OFF),
            (not hotspot.has_volume, Reason.NO_VOLUME),
            (now.call == "hotspot_phone" and _call_stops_data(now.radio, hotspot.carries_both), Reason.CALL),
        ]
    elif way == "inserted_sim" and card is not None:
        checks += [
            (not card.apn_fits, Reason.WRONG_APN),
            (not card.has_volume, Reason.NO_VOLUME),
            (now.call == "card" and _call_stops_data(now.radio, card.carries_both), Reason.CALL),
        ]
    else:
        checks.append((now.call == "card", Reason.CALL))  # CON-008: never both
    return [reason for holds, reason in checks if holds]


def _call_stops_data(radio: str, carries_both: bool) -> bool:
    """CON-012, CON-013, CON-016: always on EDGE, by the operator on LTE, never on UMTS."""
    return radio == "E" or (radio == "LTE" and not carries_both)
