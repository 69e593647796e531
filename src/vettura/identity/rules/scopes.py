"""What a person allows a program, and what follows for a request of it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

# everything that our API can do for a person; the finer ones are parts of it
API_SCOPE = "vehicles"
# where cars are is asked about apart and for each car, whatever else is allowed
LOCATION = "location"
API_SCOPES = (
    "status",
    "trips",
    "climate",
    "charging",
    "access",
    "alarms",
    "destinations",
    "calendar",
    "drivers",
    "roadside",
    "store_read",
    "store",
    "messages",
    "webhooks",
    LOCATION,
    API_SCOPE,
)
# what a password for MQTT can open
MQTT_SCOPES = ("status", "climate", "charging", "access", "alarms", LOCATION)
MOST_OWN_PROGRAMS = 10
# those that say nothing about any car
ABOUT_THE_PERSON = ("openid", "profile", "email", "address", "phone", "offline_access", "messages")
SCOPES = ("openid", "profile", "email", "address", "phone", "offline_access", *API_SCOPES)
# What people are asked, and read beside a program that has access.
SCOPE_WORDS = {
    "openid": _("Know which account you are"),
    "profile": _("See your name and language"),
    "email": _("See your e-mail address"),
    "address": _("See your postal address"),
    "phone": _("See your mobile number"),
    "offline_access": _("Stay signed in until you end its access"),
    "status": _("See the state of your vehicles: charge, range, doors, windows and tires"),
    "trips": _("See how charge, range and mileage went"),
    "climate": _("Control climatization"),
    "charging": _("Control charging"),
    "access": _("Lock and unlock, flash lights and sound the horn"),
    "alarms": _("See and set alarms"),
    "destinations": _("See and change your destinations"),
    "calendar": _("Show your calendar in your vehicles"),
    "drivers": _("See who uses your vehicles, invite and remove drivers"),
    "roadside": _("Call help after a breakdown and say where a vehicle is"),
    "store_read": _("See offers, orders and contracts"),
    "store": _("Order for your vehicles and withdraw from orders"),
    "messages": _("Read your messages"),
    "webhooks": _("Be told of changes as they happen"),
    LOCATION: _("See where your vehicles are"),
    API_SCOPE: _("See everything about your vehicles but where they are, send commands to them and order for them"),
}


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """
    What a caller may: with these scopes (None: everything, a person in the portal), for these cars by VIN (None: all), and of
    which of them where they are (None: of all).
    """

    scopes: frozenset[str] | None = None
    cars: tuple[str, ...] | None = None
    places: tuple[str, ...] | None = None
    client_id: str = ""
    grant_id: UUID | None = None
    # a surface of this platform, such as its app for phones
    is_ours: bool = False

    def may(self, *scopes: str) -> bool:
        """Whether one of these scopes was allowed, by itself or with everything."""
        return self.scopes is None or API_SCOPE in self.scopes or not self.scopes.isdisjoint(scopes)

    def reaches(self, vin: str) -> bool:
        """Whether this car is one that was allowed."""
        return self.cars is None or vin in self.cars

    def sees_place(self, vin: str) -> bool:
        """Whether the caller may know where this car is."""
        return self.may(LOCATION) and self.reaches(vin) and (self.places is None or vin in self.places)


def asks_about_cars(scopes: Collection[str]) -> bool:
    """Whether a program that asks for these wants anything with a car."""
    return any(scope not in ABOUT_THE_PERSON for scope in scopes)


def asks_about_places(scopes: Collection[str]) -> bool:
    """Whether a program that asks for these wants to know where cars are."""
    return LOCATION in scopes or API_SCOPE in scopes


def without(vin: str, *, allowed: Collection[str] | None, owned: Collection[str]) -> list[str]:
    """What is left of the cars allowed when one is taken away; `owned` are all that "all cars" means now."""
    return sorted(set(owned if allowed is None else allowed) - {vin})


def joined(before: Collection[str] | None, now: Collection[str] | None) -> list[str] | None:
    """Cars that were allowed before and those allowed now; None is all of them."""
    return None if before is None or now is None else sorted({*before, *now})


def may_sign_in(*, owner_id: UUID | None, account_id: UUID) -> bool:
    """Whether a person may be signed in to a program: one that somebody made for themselves is for nobody else."""
    return owner_id is None or owner_id == account_id
