"""A person's places in the car: what the platform released, what the phone brought, and what was changed on the screen."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from vettura_car.errors import NotPossible
from vettura_car.guidance import Bearing, Goal, towards
from vettura_wire import destinations as wire
from vettura_wire import events
from vettura_wire.clock import real_now
from vettura_wire.destinations import Destination

if TYPE_CHECKING:
    from vettura_car.car import Car
    from vettura_pack.menu import MenuNode

OWN_PLACE, LOAD, CHOOSE = "own_destinations", "load_own_poi", "choose_destination"
"""Words of the menu: a list of own points of interest, the act that loads them, and choosing one of a list."""
PORTAL_PLACE = "portal_destinations"
SHOWN_OFFLINE = frozenset({None, "no_data", "privacy_on"})
"""What stands against the service and yet leaves the list that the car holds: it is not refreshed (NAV-008)."""
VISITOR = "visitor"


class Kept(msgspec.Struct, kw_only=True):
    """
    What the car keeps of one person's places besides the documents.

    ``changes``: made here, until a document names them. ``loaded``: own points of interest, where the menu loads them; None
    before the first time. ``by_phone``: what came over the car's hotspot (NAV-018).
    """

    account_id: str | None = None
    changes: list[Destination] = []
    loaded: list[Destination] | None = None
    loaded_at: datetime | None = None
    by_phone: list[Destination] = []


class Destinations:
    """The places of whoever is signed in. It holds nothing of its own; everything stands in the car's condition."""

    def __init__(self, car: "Car") -> None:
        self._car = car

    # -- what there is -------------------------------------------------------------------------------------------------

    @property
    def reason(self) -> str | None:
        """
        Why there is no list to show, None if there is: personal content has a person (USR-014), who uses this car (TAY-016),
        and a service that its main user ordered (USR-011).
        """
        car = self._car
        if car.condition.guest:
            return "guest_no_lists"
        person = car.signed_in
        if person is None:
            return "sign_in_first"
        if person.role == VISITOR:
            return "visitor_no_lists"
        reason = car.entitlement.of(wire.SERVICE).reason
        return None if reason in SHOWN_OFFLINE else reason

    @property
    def is_refreshed(self) -> bool:
        """Whether changes come from the platform now: with data, and not in privacy mode (NAV-008)."""
        return self._car.entitlement.of(wire.SERVICE).reason not in ("no_data", "privacy_on")

    @property
    def has_own_place(self) -> bool:
        """Whether the menu has a place for own points of interest; else everything is among the portal's (C-03)."""
        return any(node.shows == OWN_PLACE for node in self._nodes())

    @property
    def needs_loading(self) -> bool:
        """Whether own points of interest are loaded by an entry of the menu (PCM-031)."""
        return any(node.does == LOAD for node in self._nodes())

    def portal(self) -> list[Destination]:
        """The portal destinations, by name (PCM-030)."""
        if self.reason is not None:
            return []
        found = wire.alive(self._all(self._released(), self._kept().by_phone))
        return [each for each in found if each.kind == wire.DESTINATION] if self.has_own_place else found

    def own(self) -> list[Destination]:
        """The own points of interest that are on the unit, by name (PCM-031 to PCM-033)."""
        if self.reason is not None:
            return []
        kept = self._kept()
        released = (kept.loaded or []) if self.needs_loading else self._released()
        return [each for each in wire.alive(self._all(released, kept.by_phone)) if each.kind == wire.POI]

    def find(self, id: str) -> Destination | None:
        """One of the entries on the unit; None for any other."""
        return next((each for each in [*self.portal(), *self.own()] if each.id == id), None)

    def from_here(self, entry: Destination) -> Bearing | None:
        """How an entry lies from where the car is; None for one without a position."""
        goal = _goal(entry)
        return None if goal is None else self._towards(goal)

    @property
    def guided_to(self) -> tuple[Goal, Bearing] | None:
        """What the car guides to and how it lies; None without guidance."""
        goal = self._car.condition.guidance
        return None if goal is None else (goal, self._towards(goal))

    # -- guidance ------------------------------------------------------------------------------------------------------

    def choose(self, id: str = "", *, among: Iterable[Destination] | None = None) -> None:
        """
        This will guide to an entry, the first of a list without a name.

        Refuses with the reason that there is no list, (no_destination) what is not on the unit, (no_position) an address alone.
        """
        self._need_list()
        known = self.find(id) if id else next(iter(self.own() if among is None else among), None)
        if known is None:
            raise NotPossible("no_destination")
        goal = _goal(known)
        if goal is None:
            raise NotPossible("no_position")
        self._car.condition.guidance = goal
        self._car.touched()

    def end_guidance(self) -> None:
        """This will end guidance; twice is once."""
        self._car.condition.guidance = None
        self._car.touched()

    # -- changes on the screen -----------------------------------------------------------------------------------------

    def save(self, words: Mapping[str, str], *, id: str = "") -> str:
        """
        This will add an entry, or change one, and tell the platform when it can; returns the entry's id.

        Refuses with the reason that there is no list, (list_full) one more than the terms allow, (no_destination) an unknown one,
        (destination_unfit) what cannot be kept.
        """
        person = self._need_list()
        known = self.find(id) if id else None
        if id and known is None:
            raise NotPossible("no_destination")
        if known is None and len(wire.alive(self._everything())) >= self._car.build.pack.terms.destinations_per_car:
            raise NotPossible("list_full")
        entry = Destination(
            id=id or str(uuid.uuid4()),
            changed_at=self._moment(id),
            kind=known.kind if known else wire.DESTINATION,
            name=_one_line(words.get("name", "")),
            address=_one_line(words.get("address", "")),
            latitude=_degrees(words.get("latitude", "")),
            longitude=_degrees(words.get("longitude", "")),
            note=_one_line(words.get("note", "")),
            category=known.category if known else "other",
        )
        if not wire.fits(entry):
            raise NotPossible("destination_unfit")
        self._say(person, entry)
        return entry.id

    def save_position(self, name: str) -> str:
        """This will add the place where the car is. Refuses as ``save`` does."""
        c = self._car.condition
        return self.save({"name": name, "latitude": f"{c.latitude:.6f}", "longitude": f"{c.longitude:.6f}"})

    def delete(self, id: str) -> None:
        """This will delete an entry here at once and tell the platform when it can. Refuses (no_destination) an unknown one."""
        person = self._need_list()
        if self.find(id) is None:
            raise NotPossible("no_destination")
        self._say(person, wire.gone(id, self._moment(id)))

    # -- what comes in -------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """
        This will put the own points of interest that were released on the unit, where the menu does that (PCM-031).

        Refuses with the reason that there is no list, and (no_data) without a connection.
        """
        person = self._need_list()
        if not self.is_refreshed:
            raise NotPossible(self._car.entitlement.of(wire.SERVICE).reason or "no_data")
        kept = self._own(person)
        kept.loaded = [each for each in self._released() if each.kind == wire.POI or each.deleted]
        kept.loaded_at = real_now()
        self._car.touched()

    def taken(self) -> None:
        """This will follow a new document: what it names is no longer a change of the car's own."""
        body = self._body(events.DESTINATIONS)
        kept = self._car.condition.destinations
        if body.account_id != kept.account_id:
            self._car.condition.destinations = Kept(account_id=body.account_id)
            return
        told = wire.joined(body.entries)
        kept.changes = [
            each for each in kept.changes if each.id not in told or wire.rank(each) > wire.rank(told[each.id])
        ]

    def settle(self) -> None:
        """This will take over what the app has made while a phone with the app is in the car's hotspot (NAV-018)."""
        person = self._car.signed_in
        if person is None or not self._phone_with_app():
            return
        body = self._body(events.APP_POI)
        if body.account_id == person.account_id and body.entries != self._kept().by_phone:
            self._own(person.account_id).by_phone = list(body.entries)

    def leave(self) -> None:
        """This will leave nothing of a person's places in the car: no document, no change, no guidance to one of them."""
        condition = self._car.condition
        condition.destinations, condition.guidance = Kept(), None
        for name in (events.DESTINATIONS, events.APP_POI, events.APP_CALENDAR):
            if (held := condition.documents.get(name)) is not None:
                held.body = {}

    # -- inside --------------------------------------------------------------------------------------------------------

    def _nodes(self) -> Iterable["MenuNode"]:
        build = self._car.build
        return build.head_unit.nodes(build.generation.code)

    def _phone_with_app(self) -> bool:
        return bool(self._car.telephone.app_phones)

    def _need_list(self) -> str:
        """The account whose list it is. Refuses with the reason that there is none."""
        reason = self.reason
        person = self._car.signed_in
        if reason is not None or person is None:
            raise NotPossible(reason or "sign_in_first")
        return person.account_id

    def _kept(self) -> Kept:
        """What is kept of the person who is signed in; nothing of anybody else."""
        person, kept = self._car.signed_in, self._car.condition.destinations
        return kept if person is not None and kept.account_id == person.account_id else Kept()

    def _own(self, account_id: str) -> Kept:
        """What is kept of this person, begun anew after anybody else."""
        condition = self._car.condition
        if condition.destinations.account_id != account_id:
            condition.destinations = Kept(account_id=account_id)
        return condition.destinations

    def _body(self, name: str) -> wire.DestinationsBody:
        """A document's entries that may be kept; what is none is left out."""
        body = self._car.told(name, wire.DestinationsBody)
        return wire.DestinationsBody(
            account_id=body.account_id, entries=[each for each in body.entries if wire.fits(each)]
        )

    def _released(self) -> list[Destination]:
        person = self._car.signed_in
        body = self._body(events.DESTINATIONS)
        return body.entries if person is not None and body.account_id == person.account_id else []

    def _all(self, *told: Iterable[Destination]) -> dict[str, Destination]:
        return wire.joined(*told, self._kept().changes, self._waiting())

    def _everything(self) -> dict[str, Destination]:
        kept = self._kept()
        return self._all(self._released(), kept.by_phone, kept.loaded or [])

    def _waiting(self) -> list[Destination]:
        """Changes of the person that the platform has not heard of yet."""
        person = self._car.signed_in
        if person is None:
            return []
        found = [
            wire.from_json(event.data.get("entry"))
            for event in self._car.condition.pending_events
            if event.type == events.DESTINATION_CHANGED and event.data.get("account_id") == person.account_id
        ]
        return [each for each in found if each is not None]

    def _moment(self, id: str) -> datetime:
        return wire.moment_after(self._everything().get(id), real_now())

    def _say(self, account_id: str, entry: Destination) -> None:
        kept = self._own(account_id)
        kept.changes = [*(each for each in kept.changes if each.id != entry.id), entry]
        self._car.say(events.DESTINATION_CHANGED, {"account_id": account_id, "entry": wire.to_json(entry)})

    def _towards(self, goal: Goal) -> Bearing:
        c = self._car.condition
        return towards(goal, latitude=c.latitude, longitude=c.longitude, heading=c.heading)


def _goal(entry: Destination) -> Goal | None:
    if entry.latitude is None or entry.longitude is None:
        return None
    return Goal(name=entry.name, latitude=entry.latitude, longitude=entry.longitude)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _degrees(text: str) -> float | None:
    """A position as it is typed, with a point or a comma; refuses (destination_unfit) what is no number."""
    typed = text.strip().replace(",", ".")
    if not typed:
        return None
    try:
        return round(float(typed), wire.POSITION_DIGITS)
    except ValueError:
        raise NotPossible("destination_unfit") from None
