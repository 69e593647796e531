"""What of a car uses data now, and what a person does about the counters."""

from typing import TYPE_CHECKING

from vettura_car import cartography
from vettura_car.data_use import (
    HOTSPOT,
    MEGABYTE,
    MESSAGES,
    MOST_KILOMETERS,
    Advice,
    Bearer,
    DataUse,
    Wish,
    advise,
    bearer_of,
)
from vettura_car.errors import NotPossible
from vettura_car.handset import APPS
from vettura_car.mapping import SATELLITE, TRAFFIC
from vettura_car.network import Phone

if TYPE_CHECKING:
    from vettura_car.car import Car

MUSIC, NEWS, WEATHER = "music_streaming", "news", "weather"
"""Services of the pack that take data while they run."""
STREET_VIEW = "street_view"
"""The rate of the view from the road; it counts for the service of pictures from above."""
WRITTEN_EVERY = 10.0
"""Seconds of use after which the counters are written down and the screen is told."""


class Consumption:
    """
    The data counters of one car.

    What has true sizes (messages, map data) is noted where it is sent or loaded; the rest grows with time by the pack's
    rates, as long as it really runs.
    """

    def __init__(self, car: "Car") -> None:
        self._car = car
        self._unwritten = 0.0

    @property
    def state(self) -> DataUse:
        """The counters."""
        return self._car.condition.data_use

    @property
    def bearer(self) -> Bearer | None:
        """What carries the car's data now."""
        return bearer_of(self._car.connection, self._car.abilities)

    @property
    def advice(self) -> Advice | None:
        """What the adviser answers to what it was asked last."""
        wish = self.state.wish
        return advise(wish, self._car.build.pack.terms.data_volumes) if wish is not None else None

    def note(self, line: str, amount: float) -> None:
        """This will count bytes that have just gone over the air."""
        bearer = self.bearer
        if bearer is not None and amount > 0:
            self.state.add(bearer, line, amount)

    def note_message(self, topic: str, payload: bytes) -> None:
        """This will count a message between car and platform, as long as it really is."""
        self.note(MESSAGES, len(topic.encode()) + len(payload))

    def pass_time(self, seconds: float) -> None:
        """This will count what runs by its rate."""
        bearer = self.bearer
        running = self.running() if bearer is not None else {}
        for line, rate in running.items():
            if bearer is not None:
                self.state.add(bearer, line, rate * MEGABYTE / 3600 * seconds)
        self._unwritten += seconds if running else 0.0
        if self._unwritten >= WRITTEN_EVERY:
            self._unwritten = 0.0
            self._car.touched()

    def running(self) -> dict[str, float]:
        """What takes data now, in megabytes an hour."""
        car = self._car
        rates = car.build.pack.terms.data_rates
        found: dict[str, float] = {}
        if car.condition.ignition != "off":
            facts = car.map.facts
            on = {
                MUSIC: self._streams and car.entitlement.of(MUSIC).is_active,
                TRAFFIC: cartography.draws_traffic(facts),
                SATELLITE: cartography.draws_satellite(facts),
                NEWS: car.entitlement.of(NEWS).is_active,
                WEATHER: car.entitlement.of(WEATHER).is_active,
            }
            found = {line: float(rates.get(line, 0)) for line, runs in on.items() if runs}
            if car.map.street_view_is_open:
                found[SATELLITE] = found.get(SATELLITE, 0.0) + rates.get(STREET_VIEW, 0)
            clients = sum(self._rate_of(phone) for phone in car.condition.network.phones if self._is_served(phone))
            if clients:
                found[HOTSPOT] = float(clients)
        return {line: rate for line, rate in found.items() if rate}

    def reset(self) -> None:
        """This will set every counter to zero; what was asked of the adviser stays."""
        self._car.condition.data_use = DataUse(since=self._car.world_now(), wish=self.state.wish)
        self._unwritten = 0.0
        self._car.touched()

    def ask(self, kilometers: str, *, streams: bool, uses_hotspot: bool) -> None:
        """This will ask the adviser. Refuses (kilometers) what is no number of kilometers a year."""
        typed = "".join(sign for sign in kilometers if sign not in " .,'’\u00a0\u202f")
        if not (typed.isascii() and typed.isdigit()) or not 0 < int(typed) <= MOST_KILOMETERS:
            raise NotPossible("kilometers")
        self.state.wish = Wish(kilometers=int(typed), streams=streams, uses_hotspot=uses_hotspot)
        self._car.touched()

    @property
    def _streams(self) -> bool:
        """Whether music from the Internet plays, and not through a phone that is in the car's hotspot."""
        playing = self._car.condition.phone_use.playing
        source = self._source
        return playing is not None and APPS[playing].streams and not (source is not None and self._is_served(source))

    @property
    def _source(self) -> Phone | None:
        telephone = self._car.telephone
        chosen = self._car.condition.phone_use.source
        return next((phone for name, phone in telephone.ready_sources.items() if name == chosen), None)

    def _is_served(self, phone: Phone) -> bool:
        return phone.is_client and self._car.networking.way_of_client(phone) == "car"

    def _rate_of(self, phone: Phone) -> int:
        """A device in the car's hotspot, with the music that it streams."""
        rates = self._car.build.pack.terms.data_rates
        playing = self._car.condition.phone_use.playing
        streams = playing is not None and APPS[playing].streams and phone is self._source
        return rates.get(HOTSPOT, 0) + (rates.get(MUSIC, 0) if streams else 0)
