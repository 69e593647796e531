"""What stands around a car's connection, as it is kept on disk: the SIM in the reader, phones, calls and the place."""

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from vettura_car import connection
from vettura_car.connection import Abilities, Card, Circumstances, Hotspot
from vettura_car.handset import (
    APPS,
    Appointment,
    Mail,
    Message,
    Sent,
    sample_appointments,
    sample_mails,
    sample_messages,
)
from vettura_car.phones import ANDROID, AUDIO, HFP, MESSAGES, SAP, Handset, bluetooth_links

if TYPE_CHECKING:
    from vettura_car.build import Build
    from vettura_car.condition import Condition

PIN_TRIES, PUK_TRIES = 3, 10
"""As every SIM counts (ETSI TS 102 221)."""
APN_LONGEST = 100
CARD_CALL = "card"
"""``Network.call`` for a call over the card; a call by Bluetooth has the phone's name there."""
DATA, ROAMING, SHARE, WIFI = "data", "roaming", "share_data", "wifi_data"
"""States of ticks in the head units that concern the connection."""


HOME = "home"
"""The place of a car whose country has none of its own in the list."""


class Place(NamedTuple):
    """Somewhere the car can be put."""

    latitude: float
    longitude: float
    country: str


PLACES = {
    "Torino": Place(45.0703, 7.6869, "IT"),
    "Stuttgart": Place(48.7758, 9.1829, "DE"),
    "Zürich": Place(47.3769, 8.5417, "CH"),
    "Lyon": Place(45.7640, 4.8357, "FR"),
    "Madrid": Place(40.4168, -3.7038, "ES"),
    "Reading": Place(51.4543, -0.9781, "GB"),
}


class Sim(msgspec.Struct, kw_only=True):
    """The card that can be put into the reader. ``pin`` None: it asks for none. ``has_volume``: data are left on it."""

    is_in: bool = False
    pin: str | None = "1234"
    puk: str = "87654321"
    pin_tries: int = PIN_TRIES
    puk_tries: int = PUK_TRIES
    is_open: bool = False
    has_volume: bool = True
    carries_both: bool = True
    apns: list[str] = msgspec.field(default_factory=lambda: ["internet.example", "web.example"])

    @property
    def lock(self) -> connection.Lock:
        """What it waits for."""
        if self.puk_tries == 0:
            return "dead"
        if self.pin_tries == 0:
            return "puk"
        return "open" if self.is_open or self.pin is None else "pin"


class Phone(msgspec.Struct, kw_only=True):
    """
    A phone near the car or away. ``data_use`` is the answer to the question at pairing (CON-035), None until it is given.

    ``profile`` is how it is joined for calls, kept for the next time (PCM-016); ``not_used`` are media and messages when the
    driver does not want them. ``is_client``: in the car's hotspot. ``has_app``: the app of the platform is on it and runs.
    """

    name: str
    password: str
    hotspot_name: str
    is_near: bool = True
    is_paired: bool = False
    data_use: bool | None = None
    profile: str = HFP
    supports: list[str] = msgspec.field(default_factory=lambda: [HFP, SAP, AUDIO, MESSAGES])
    not_used: list[str] = []
    hotspot_on: bool = False
    has_volume: bool = True
    roaming_on: bool = False
    carries_both: bool = True
    is_client: bool = False
    has_app: bool = True
    system: str = ANDROID
    cable: str = ""
    wants_carplay: bool = False
    has_mail: bool = False
    apps: list[str] = msgspec.field(default_factory=lambda: list(APPS))
    messages: list[Message] = msgspec.field(default_factory=sample_messages)
    mails: list[Mail] = msgspec.field(default_factory=sample_mails)
    appointments: list[Appointment] = msgspec.field(default_factory=sample_appointments)
    sent: list[Sent] = []

    @property
    def is_known(self) -> bool:
        """Whether the unit has stored it: paired, or chosen for CarPlay by cable."""
        return self.is_paired or self.wants_carplay

    @property
    def handset(self) -> Handset:
        """The facts that decide about its links."""
        other = {HFP: SAP, SAP: HFP}[self.profile]
        return Handset(
            name=self.name,
            system=self.system,
            is_near=self.is_near,
            is_paired=self.is_paired,
            cable=self.cable,
            profiles=frozenset(self.supports) - {other, *self.not_used},
            wants_carplay=self.wants_carplay,
            has_mail=self.has_mail,
        )

    def forget(self) -> None:
        """This will be a stranger to the unit again: it connects by itself neither by Bluetooth nor for CarPlay (MED-016)."""
        self.is_paired, self.data_use, self.profile, self.not_used, self.wants_carplay = False, None, HFP, [], False


class Joined(msgspec.Struct, kw_only=True):
    """The hotspot that was chosen on the screen, by the name it had then, with what was typed."""

    name: str
    password: str


def phones_of_a_new_car(language: str = "en") -> list[Phone]:
    """One phone that the car knows, and one that it does not."""
    phones = [
        Phone(name="Phone 1", hotspot_name="Hotspot 1", password="vettura-1", is_paired=True, data_use=True, system="iPhone 15"),  # noqa: S106
        Phone(name="Phone 2", hotspot_name="Hotspot 2", password="vettura-2"),  # noqa: S106
    ]  # fmt: skip
    for number, phone in enumerate(phones):
        phone.messages, phone.mails = sample_messages(language)[number:], sample_mails(language)
        phone.appointments = sample_appointments(language)[number:]
    return phones


class Network(msgspec.Struct, kw_only=True):
    """
    Everything about the connection that changes besides coverage, radio and ticks.

    ``country`` None: the car is at home. ``apn`` None: the card's first one. ``has_package``: a data package for clients of
    the car's hotspot is there. ``carplay``: the phone that CarPlay runs on.
    """

    sim: Sim = msgspec.field(default_factory=Sim)
    phones: list[Phone] = msgspec.field(default_factory=phones_of_a_new_car)
    country: str | None = None
    call: str | None = None
    apn: str | None = None
    stored_pin: str | None = None
    hotspot: Joined | None = None
    chosen_phone: str | None = None
    chosen_hotspot: str | None = None
    has_package: bool = True
    carplay: str | None = None

    def phone(self, name: str | None) -> Phone | None:
        """The phone of this name, None if there is none."""
        return next((phone for phone in self.phones if phone.name == name), None)

    def links(self, phone: Phone) -> frozenset[str]:
        """The Bluetooth profiles by which a phone is joined now; none while CarPlay runs (MED-001)."""
        return bluetooth_links([phone.handset], carplay=self.carplay)[phone.name]

    @property
    def lender(self) -> Phone | None:
        """The phone whose SIM the car uses (SIM Access Profile)."""
        return next((phone for phone in self.phones if SAP in self.links(phone)), None)

    @property
    def hotspots(self) -> list[Phone]:
        """The hotspots in range, as a search finds them (CON-042, CON-044)."""
        return [phone for phone in self.phones if phone.is_near and phone.hotspot_on]

    @property
    def apn_in_use(self) -> str:
        """The access point that the car registers with: what was saved, else the card's first."""
        return self.apn or self.sim.apns[0]


def abilities_of(build: "Build") -> Abilities:
    """This will read what generation and country let the car do."""
    generation, country = build.generation, build.pack.countries[build.country]
    return Abilities(
        ways=connection.ways(
            integrated_sim=generation.integrated_sim,
            inserted_sim=generation.inserted_sim,
            phone_hotspot=generation.phone_hotspot == "by_country",
            country_has_integrated_sim=country.integrated_sim,
            country_has_hotspot=country.phone_hotspot,
        ),
        unstated=("phone_hotspot",) if generation.phone_hotspot == "unstated" and country.phone_hotspot else (),
        roaming_is_automatic=generation.roaming_is_automatic,
        voice_by_sim=country.inserted_sim_voice,
        has_card=generation.inserted_sim,
    )


def circumstances_of(condition: "Condition", build: "Build") -> Circumstances:
    """This will read how things stand."""
    network = condition.network
    return Circumstances(
        has_coverage=condition.has_coverage,
        radio=condition.radio if condition.radio in connection.RADIOS else connection.RADIOS[0],
        is_abroad=network.country not in (None, build.country),
        data_on=condition.ticks.get(DATA, True),
        roaming_on=condition.ticks.get(ROAMING, False),
        card=_card(network) if build.generation.inserted_sim else None,
        hotspot=_hotspot(network),
        call=_call(network),
    )


def card_for_calls(network: Network) -> Card | None:
    """The card that calls would go over: the reader's, else the one that a phone lends, whatever was said of its data."""
    if network.sim.is_in:
        return _card(network)
    lender = network.lender
    return Card(is_lent=True, carries_both=lender.carries_both) if lender is not None else None


def _card(network: Network) -> Card | None:
    sim, lender = network.sim, network.lender
    if sim.is_in:
        return Card(
            lock=sim.lock,
            apn_fits=network.apn_in_use in sim.apns,
            has_volume=sim.has_volume,
            carries_both=sim.carries_both,
        )
    if lender is not None and lender.data_use:
        return Card(has_volume=lender.has_volume, carries_both=lender.carries_both, is_lent=True)
    return None


def _hotspot(network: Network) -> Hotspot | None:
    joined = network.hotspot
    if joined is None:
        return None
    found = next((phone for phone in network.hotspots if phone.hotspot_name == joined.name), None)
    if found is None:
        away = next((phone for phone in network.phones if phone.hotspot_name == joined.name), None)
        return Hotspot(is_found=False, data_use_refused=away is not None and away.data_use is False)
    return Hotspot(
        password_fits=found.password == joined.password,
        data_use_refused=found.data_use is False,
        has_volume=found.has_volume,
        roaming_on=found.roaming_on,
        carries_both=found.carries_both,
    )


def _call(network: Network) -> connection.Call:
    if network.call is None:
        return "none"
    if network.call == CARD_CALL:
        return "card"
    phone = network.phone(network.call)
    is_source = phone is not None and network.hotspot is not None and phone.hotspot_name == network.hotspot.name
    return "hotspot_phone" if is_source else "other_phone"
