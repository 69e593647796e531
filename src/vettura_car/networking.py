"""What a person does about a car's connection: SIM and PIN, access point, phones, hotspots, calls and borders."""

import dataclasses
from typing import TYPE_CHECKING

from vettura_car import connection
from vettura_car.connection import ClientWay
from vettura_car.errors import NotPossible
from vettura_car.network import (
    APN_LONGEST,
    CARD_CALL,
    DATA,
    PIN_TRIES,
    PUK_TRIES,
    ROAMING,
    SHARE,
    WIFI,
    Joined,
    Network,
    Phone,
    abilities_of,
    card_for_calls,
    circumstances_of,
)
from vettura_car.phones import HFP, SAP

if TYPE_CHECKING:
    from vettura_car.car import Car

SHORTEST_PIN, LONGEST_PIN, PUK_LENGTH = 4, 8, 8
SIM_FACTS = frozenset({"has_volume", "carries_both"})
PHONE_FACTS = frozenset(
    {"is_near", "hotspot_on", "has_volume", "roaming_on", "carries_both", "is_client", "has_app", "has_mail"}
)
LONGEST_NAME = 32
"""Of a WiFi network (IEEE 802.11)."""


class Networking:
    """The connection of one car. Every act ends with what it means for a call that is under way, and tells the car."""

    def __init__(self, car: "Car") -> None:
        self._car = car

    @property
    def _network(self) -> Network:
        return self._car.condition.network

    # -- SIM ---------------------------------------------------------------------------------------------------------

    def power_up(self) -> None:
        """This will start with a locked card; a stored PIN opens it (PCM-017). A stored PIN that is wrong is tried once."""
        network = self._network
        network.call = None
        network.sim.is_open = False
        if network.sim.is_in and network.stored_pin is not None and network.sim.lock == "pin":
            self._try_pin(network.stored_pin)
            if not network.sim.is_open:
                network.stored_pin = None

    def insert_sim(self, is_in: bool) -> None:
        """This will put the card into the reader or take it out. Refuses (no_reader) a car without one (CON-004)."""
        self._need_reader()
        self._network.sim.is_in = is_in
        self.power_up()
        self._settle()

    def set_sim(self, fact: str, value: bool) -> None:
        """This will change what card and operator can do. Refuses (unknown_option) other facts."""
        if fact not in SIM_FACTS:
            raise NotPossible("unknown_option")
        self._need_reader()
        setattr(self._network.sim, fact, value)
        self._settle()

    def ask_for_pin(self, asks: bool) -> None:
        """This will make the card one that asks for its PIN, or one that asks for none."""
        self._need_reader()
        sim = self._network.sim
        sim.pin = (sim.pin or "1234") if asks else None
        self.power_up()
        self._settle()

    def enter_pin(self, pin: str, *, store: bool = False) -> None:
        """
        This will open the card, and store the PIN if asked to.

        Refuses (pin_digits) what no PIN looks like, (pin_wrong) another one, which costs one of three tries, and
        (nothing_to_do) a card that waits for none.
        """
        network = self._network
        if not network.sim.is_in or network.sim.lock != "pin":
            raise NotPossible("nothing_to_do")
        _need_digits(pin, SHORTEST_PIN, LONGEST_PIN, "pin_digits")
        self._try_pin(pin)
        if not network.sim.is_open:
            self._settle()
            raise NotPossible("pin_wrong" if network.sim.pin_tries else "pin_blocked")
        if store:
            network.stored_pin = pin
        self._settle()

    def enter_puk(self, puk: str, pin: str) -> None:
        """
        This will open a blocked card with its PUK and give it a new PIN.

        Refuses (puk_digits, pin_digits) what does not look like them, (puk_wrong) another PUK; ten wrong ones end the card.
        """
        sim = self._network.sim
        if not sim.is_in or sim.lock != "puk":
            raise NotPossible("nothing_to_do")
        _need_digits(puk, PUK_LENGTH, PUK_LENGTH, "puk_digits")
        _need_digits(pin, SHORTEST_PIN, LONGEST_PIN, "pin_digits")
        if puk != sim.puk:
            sim.puk_tries -= 1
            self._settle()
            raise NotPossible("puk_wrong")
        sim.pin, sim.pin_tries, sim.puk_tries, sim.is_open = pin, PIN_TRIES, PUK_TRIES, True
        self._network.stored_pin = None
        self._settle()

    def store_pin(self, pin: str = "") -> None:
        """
        This will store the PIN of the open card, or open it with the one typed and store that (PCM-018, PCM-019).

        Refuses (no_sim) an empty reader, (sim_without_pin) a card that asks for none, (pin_first) a locked one.
        """
        network = self._network
        if not network.sim.is_in:
            raise NotPossible("no_sim")
        if network.sim.pin is None:
            raise NotPossible("sim_without_pin")
        if network.sim.lock == "open":
            network.stored_pin = network.sim.pin
            self._settle()
        elif pin:
            self.enter_pin(pin, store=True)
        else:
            raise NotPossible("pin_first")

    def forget_pin(self) -> None:
        """This will forget the stored PIN; the next start asks for it."""
        self._network.stored_pin = None
        self._settle()

    def save_apn(self, apn: str) -> None:
        """This will register with another access point (CON-036 to CON-039). Refuses (apn_empty) none or one too long."""
        self._need_reader()
        typed = apn.strip()
        if not typed or len(typed) > APN_LONGEST:
            raise NotPossible("apn_empty")
        self._network.apn = typed
        self._settle()

    def _try_pin(self, pin: str) -> None:
        sim = self._network.sim
        sim.is_open = pin == sim.pin
        sim.pin_tries = PIN_TRIES if sim.is_open else sim.pin_tries - 1

    def _need_reader(self) -> None:
        if not self._car.build.generation.inserted_sim:
            raise NotPossible("no_reader")

    # -- phones ------------------------------------------------------------------------------------------------------

    def set_phone(self, name: str, fact: str, value: bool) -> None:
        """
        This will change where a phone is and what it does.

        Refuses (unknown_option) other phones and facts, and (phone_away) one that is away as a client of the car.
        """
        phone = self._phone(name)
        if fact not in PHONE_FACTS:
            raise NotPossible("unknown_option")
        if fact == "is_client" and value:
            if not self.needed_ticks:
                raise NotPossible("unknown_option")
            if not phone.is_near:
                raise NotPossible("phone_away")
            phone.hotspot_on = False  # a phone is a hotspot or joins one (C-06)
        setattr(phone, fact, value)
        if phone.hotspot_on or not phone.is_near:
            phone.is_client = False
        self._settle()

    def name_hotspot(self, name: str, *, hotspot: str, password: str) -> None:
        """This will give a phone's hotspot a name and a password. Refuses (hotspot_name, password_short) ill ones."""
        phone = self._phone(name)
        wanted = hotspot.strip()
        taken = {other.hotspot_name for other in self._network.phones if other is not phone}
        if not wanted or len(wanted) > LONGEST_NAME or wanted in taken:
            raise NotPossible("hotspot_name")
        self._need_length(password)
        phone.hotspot_name, phone.password = wanted, password
        self._settle()

    def pair(self, name: str) -> None:
        """This will join a phone by Bluetooth; the question about its data stands on the screen afterwards (CON-035)."""
        phone = self._phone(name)
        if not phone.is_near:
            raise NotPossible("phone_away")
        phone.is_paired, phone.data_use, phone.profile, phone.not_used = True, None, HFP, []
        self._settle()

    def answer_data_use(self, name: str, may: bool) -> None:
        """This will note whether the phone's data may be used; a no ends its use as a source for good (CON-034)."""
        phone = self._phone(name)
        phone.data_use = may
        joined = self._network.hotspot
        if not may and joined is not None and joined.name == phone.hotspot_name:
            self._network.hotspot = None
        self._settle()

    def forget_phone(self, name: str = "") -> None:
        """This will delete a phone from the unit, the first one if none is named. Refuses (nothing_to_do) without one."""
        known = [phone for phone in self._network.phones if phone.is_known]
        phone = self._phone(name) if name else next(iter(known), None)
        if phone is None or not phone.is_known:
            raise NotPossible("nothing_to_do")
        phone.forget()
        self._settle()

    def choose_phone(self, name: str = "") -> None:
        """This will open a paired phone on the screen; without a name the first. Refuses (no_phone) when there is none."""
        paired = [phone.name for phone in self._network.phones if phone.is_paired]
        wanted = name or next(iter(paired), "")
        if wanted not in paired:
            raise NotPossible("no_phone")
        self._network.chosen_phone = wanted
        self._car.touched()

    def use_profile(self, profile: str) -> None:
        """This will join the opened phone by hands-free or SIM access, now and the next time (PCM-014 to PCM-016)."""
        phone = self.open_phone
        if phone is None:
            raise NotPossible("no_phone")
        if profile not in (HFP, SAP) or profile not in phone.supports or not self._car.build.generation.inserted_sim:
            raise NotPossible("unknown_option")
        for other in self._network.phones:
            if profile == SAP and other is not phone:
                other.profile = HFP
        phone.profile = profile
        self._settle()

    def set_sim_access(self, on: bool) -> None:
        """This will switch SIM access for the joined phone (PCM-010). Refuses (no_phone) when none is joined."""
        lender = self._network.lender
        if lender is not None and not on:
            self._network.chosen_phone = lender.name
        if on or lender is not None:
            self.use_profile(SAP if on else HFP)
        else:
            self._settle()

    @property
    def open_phone(self) -> Phone | None:
        """The phone that is open on the screen, else the first that is joined, else the first that is paired."""
        network = self._network
        chosen = network.phone(network.chosen_phone)
        if chosen is not None and chosen.is_paired:
            return chosen
        paired = sorted((phone for phone in network.phones if phone.is_paired), key=lambda phone: not phone.is_near)
        return next(iter(paired), None)

    def _phone(self, name: str) -> Phone:
        phone = self._network.phone(name)
        if phone is None:
            raise NotPossible("unknown_option")
        return phone

    # -- hotspots ----------------------------------------------------------------------------------------------------

    def choose_hotspot(self, name: str = "") -> None:
        """This will choose one of the hotspots found, the first without a name. Refuses (hotspot_not_found) others."""
        self._need_way()
        found = [phone.hotspot_name for phone in self._network.hotspots]
        wanted = name or next(iter(found), "")
        if wanted not in found:
            raise NotPossible("hotspot_not_found")
        self._network.chosen_hotspot = wanted
        self._car.touched()

    def join_hotspot(self, password: str) -> None:
        """
        This will join the chosen hotspot (CON-045, CON-046).

        Refuses (password_short) less than the pack's length, (hotspot_not_found) one that is off or away,
        (data_use_refused) a phone whose data must not be used (CON-034), and (wrong_password) another password.
        """
        self._need_way()
        self._need_length(password)
        network = self._network
        wanted = network.chosen_hotspot
        found = next((phone for phone in network.hotspots if wanted in (None, phone.hotspot_name)), None)
        if found is None:
            raise NotPossible("hotspot_not_found")
        if found.data_use is False:
            raise NotPossible("data_use_refused")
        if found.password != password:
            raise NotPossible("password_wrong")
        network.hotspot = Joined(name=found.hotspot_name, password=password)
        self._settle()

    def leave_hotspot(self) -> None:
        """This will forget the joined hotspot."""
        self._network.hotspot = None
        self._settle()

    def bring_up_hotspot(self, name: str, on: bool) -> None:
        """
        This will bring a WiFi link up from outside, in a car whose instructions say nothing about it (C-53).

        Refuses (unknown_option) cars that have a menu for it or no such way at all.
        """
        if "phone_hotspot" not in self._car.abilities.unstated:
            raise NotPossible("unknown_option")
        phone = self._phone(name)
        self._network.hotspot = Joined(name=phone.hotspot_name, password=phone.password) if on else None
        phone.hotspot_on = phone.hotspot_on or on
        self._settle()

    def _need_way(self) -> None:
        if "phone_hotspot" not in self._car.abilities.ways:
            raise NotPossible("no_hotspot_here")

    def _need_length(self, password: str) -> None:
        if len(password) < self._car.build.pack.terms.hotspot_password_min_length:
            raise NotPossible("password_short")

    # -- the car's own hotspot ---------------------------------------------------------------------------------------

    @property
    def needed_ticks(self) -> frozenset[str]:
        """The ticks of this head unit that must be there for clients of its hotspot; none for a unit without one."""
        build = self._car.build
        states = {node.state for node in build.head_unit.nodes(build.generation.code) if node.state}
        return frozenset(states & {DATA, SHARE, WIFI}) if WIFI in states else frozenset()

    @property
    def is_ticked(self) -> frozenset[str]:
        """Those of them that are on."""
        ticks = self._car.condition.ticks
        return frozenset(name for name in self.needed_ticks if ticks.get(name, name == DATA))

    @property
    def lets_clients_out(self) -> bool:
        """Whether clients of the car's hotspot reach the Internet through it (PCM-036, PCM-037)."""
        needed = self.needed_ticks
        return bool(needed) and connection.passes_internet(
            needed=needed, on=self.is_ticked, connection=self._car.connection, has_package=self._network.has_package
        )

    def way_of_client(self, phone: Phone) -> ClientWay:
        """How a phone in the car's hotspot reaches the Internet (TEL-008, TEL-009)."""
        has_mobile = self._car.condition.has_coverage and phone.has_volume
        return connection.client_way(car_passes=self.lets_clients_out, has_mobile=has_mobile)

    # -- calls, borders, ticks ---------------------------------------------------------------------------------------

    def call(self, over: str) -> None:
        """
        This will begin a call over the card or by Bluetooth over a phone, or end it with an empty name.

        Refuses with the reason: no card, a locked one, no coverage, (voice_not_allowed) CON-011, (no_phone) none joined.
        """
        if over:
            problem = self._against_call(over)
            if problem is not None:
                raise NotPossible(problem)
        self._network.call = over or None
        self._car.touched()

    def _against_call(self, over: str) -> str | None:
        phone = self._network.phone(over)
        if over != CARD_CALL and (phone is None or not self._car.telephone.carries_calls(phone)):
            return "no_phone"
        now = circumstances_of(self._car.condition, self._car.build)
        card = card_for_calls(self._network) if self._car.build.generation.inserted_sim else None
        return connection.against_call(
            abilities_of(self._car.build), _with_card(now, card), over_card=over == CARD_CALL
        )

    def cross_border(self, country: str) -> None:
        """This will bring the car into a country; in any but its own it roams."""
        self._network.country = country
        self._settle()

    def set_package(self, has_package: bool) -> None:
        """This will give or take the data package of the car's hotspot."""
        self._network.has_package = has_package
        self._settle()

    def set_roaming(self, on: bool, *, is_confirmed: bool) -> None:
        """
        This will switch roaming. Refuses (roaming_costs) to switch it on unconfirmed where it may cost something (CON-020).
        """
        if on and self.roaming_may_cost and not is_confirmed:
            raise NotPossible("roaming_costs")
        self._car.tick(ROAMING, on)

    @property
    def roaming_may_cost(self) -> bool:
        """Whether the cost notice is due."""
        return connection.roaming_may_cost(self._car.abilities, circumstances_of(self._car.condition, self._car.build))

    def forget_everything(self) -> None:
        """This will restore the unit's own part: no PIN, no access point, no phones, no hotspot. The card stays in."""
        network = self._network
        network.stored_pin = network.apn = network.hotspot = network.chosen_phone = network.chosen_hotspot = None
        for phone in network.phones:
            phone.forget()
            phone.is_client = False
        self._car.telephone.forget_everything()
        self._settle()

    def settle(self) -> None:
        """This will let CarPlay and Bluetooth come and go with what they stand on, and end a call whose ground is gone."""
        self._car.telephone.settle()
        network = self._network
        if network.call is not None and self._against_call(network.call) is not None:
            network.call = None

    def _settle(self) -> None:
        self.settle()
        self._car.touched()


def _with_card(now: connection.Circumstances, card: connection.Card | None) -> connection.Circumstances:
    return dataclasses.replace(now, card=card)


def _need_digits(text: str, shortest: int, longest: int, code: str) -> None:
    if not (shortest <= len(text) <= longest and text.isascii() and text.isdigit()):
        raise NotPossible(code)
