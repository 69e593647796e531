"""Who is connected, and what of their cars stands on their topics now. Asks the database; each call stands for itself."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from vettura.catalog import queries as catalog
from vettura.entitlements import queries as entitlements
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.identity import actions, queries
from vettura.identity.errors import SignInWrong
from vettura.identity.models import Account
from vettura.identity.queries import Allowed
from vettura.owner_mqtt import discovery, topics
from vettura.remote_services import queries as remote_services
from vettura.vehicle_link import queries as link
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_wire.signals import SIGNALS

TOKEN_USER = "token"  # noqa: S105  # a word, no secret
"""The user name of a program that comes with an access token of its own instead of an app password."""
# any one of them is a reason to be here
SCOPES = ("status", "location", "climate", "charging", "access", "alarms")

Values = dict[str, Any]  # what a signal is depends on its path
Retained = dict[str, bytes]


@dataclass(frozen=True)
class Owner:
    """A person who is connected, what the password or the token allows, and how to ask again: one of the two."""

    account: Account
    allowed: Allowed
    password_id: UUID | None = None
    token: str = ""

    @property
    def place(self) -> str:
        """Whose the connection is, and with which key: client ids are told apart below it, and nowhere else."""
        return f"{self.account.id} {self.allowed.client_id}"


def sign_in(*, user: str, password: str, place: str) -> Owner:
    """
    The person with this e-mail address and app password, or behind this access token.

    Raises SignInWrong, and TooManyAttempts after wrong tries, which count with those of our sign-in page.
    """
    if user.strip().lower() == TOKEN_USER:
        found = _of_token(password)
    else:
        signed_in = actions.sign_in_with_app_password(email=user, password=password, place=place)
        found = Owner(signed_in.account, signed_in.allowed, password_id=signed_in.password_id)
    if found is None or not found.allowed.may(*SCOPES):
        raise SignInWrong
    return found


def again(owner: Owner) -> Owner | None:
    """The same owner as things stand now; None when password or token is over, or the person may not sign in any more."""
    found: Owner | None
    if owner.token:
        found = _of_token(owner.token)
    elif owner.password_id is not None:
        signed_in = queries.app_password_access(password_id=owner.password_id)
        if signed_in is None:
            return None
        found = Owner(signed_in.account, signed_in.allowed, password_id=signed_in.password_id)
    else:
        return None
    return found if found is not None and found.allowed.may(*SCOPES) else None


def _of_token(token: str) -> Owner | None:
    bearer = queries.bearer(token=token)
    return None if bearer is None else Owner(bearer.account, bearer.allowed, token=token)


def cars_of(owner: Owner) -> tuple[str, ...]:
    """The cars (VINs) that this connection reaches."""
    return tuple(each.vin for each in vehicles.garage_of(account=owner.account) if owner.allowed.reaches(each.vin))


def retained_of(owner: Owner, vins: Collection[str] | None = None) -> dict[str, Retained]:
    """
    What stands on the topics of an owner's cars, by VIN; of these cars only if some are named. A car that is not (any more) to be seen
    is not there.
    """
    garage = vehicles.garage_of(account=owner.account)
    wanted = [each for each in garage if owner.allowed.reaches(each.vin) and (vins is None or each.vin in vins)]
    twins = link.twins_of(vehicles=wanted)
    with translation.override(owner.account.language):
        found = {}
        for each in wanted:
            try:
                found[each.vin] = _topics_of(owner, each, twins[each.vin], _name(each, garage))
            except NotFound:  # it went while we were looking
                continue
        return found


def _name(vehicle: Vehicle, garage: Collection[Vehicle]) -> str:
    same = [each for each in garage if each.model_name == vehicle.model_name]
    return f"{vehicle.model_name} {vehicle.vin_end}" if len(same) > 1 else vehicle.model_name


def _topics_of(owner: Owner, vehicle: Vehicle, twin: link.Twin, name: str) -> Retained:
    vin, allowed = vehicle.vin, owner.allowed
    place = remote_services.place_of(vehicle=vehicle, twin=twin, at=clock.now())
    paths = link.seen_signals(allowed=allowed, vin=vin, paths=twin.signals)
    if not place.is_known:
        paths -= link.PLACE
    values = {SIGNALS[path].short: twin.signals[path].value for path in sorted(paths) if path in SIGNALS}
    has_place = allowed.sees_place(vin) and place.state in ("known", "unknown", "private")
    bundle = discovery.device(
        discovery.Car(
            vin=vin,
            name=name,
            brand=catalog.labels(owner.account.language)["maker"],
            model=f"{vehicle.model_name} ({vehicle.model_year})",
            software=twin.software,
            page=settings.VETTURA_BASE_URL + reverse("vehicles:vehicle", args=[vin]),
            seen=values,
            commands=commands_of(owner, vin),
            ranges=_ranges(),
            pin_digits=catalog.terms().pin_length,
            has_place=has_place,
            shows_state=allowed.may("status"),
        )
    )
    found: Retained = {topics.discovery(vin): msgspec.json.encode(bundle)}
    found[topics.of_car(vin, "availability")] = discovery.AVAILABLE.encode()
    if allowed.may("status"):
        found[topics.of_car(vin, "connected")] = _text(twin.is_online)
        found[topics.of_car(vin, "privacy_mode")] = _text(vehicle.privacy_mode_on)
        if twin.last_seen_at is not None:
            found[topics.of_car(vin, "last_seen")] = twin.last_seen_at.isoformat().encode()
    if has_place:
        told = {"latitude": place.latitude, "longitude": place.longitude} if place.is_known else {}
        found[topics.of_car(vin, "position")] = msgspec.json.encode({"latitude": None, "longitude": None} | told)
    if values:
        found[topics.of_car(vin, "state")] = msgspec.json.encode(values)
    for short, value in values.items():
        found[topics.state(vin, short)] = _text(value)
    return found


def commands_of(owner: Owner, vin: str) -> set[str]:
    """
    The types of commands that this owner may send to a car as things stand: what the car understands, a contract unlocks, the role
    allows and the password opens. Privacy mode is left out of it: it comes and goes. Raises NotFound.
    """
    allowed = owner.allowed
    reach = vehicles.reach_of(account=owner.account, vin=vin, at=clock.now(), beside=(entitlements.RUNNING,))
    entitled = entitlements.commands_of(vehicle=reach.vehicle, services=reach.beside[0])
    missing = {
        permission: set(vehicles.unmet(role=reach.vehicle.role, permission=permission, state=reach.state)) - {"privacy"}
        for permission in ("command", "unlock")
    }
    without_access = {"not_linked", "no_remote_access"}
    found = set()
    for command in remote_services.understood_commands(vehicle=reach.vehicle):
        type_ = command.type
        unmet = missing["unlock" if command.opens else "command"]
        if not remote_services.needs_remote_access(command_type=type_):
            unmet = unmet - without_access
        scope = link.scope_of_command(type=type_)
        may = allowed.sees_place(vin) if scope == queries.LOCATION else allowed.may(scope)
        if not unmet and may and type_ in entitled:
            found.add(type_)
    return found


def _ranges() -> discovery.Ranges:
    terms = catalog.terms()
    return discovery.Ranges(
        temperature=(float(terms.climate_temperature_minimum), float(terms.climate_temperature_maximum)),
        target=(terms.charge_target_minimum, terms.charge_target_maximum),
    )


def _text(value: object) -> bytes:
    """A value as a topic of its own says it: text as it is, all else as in JSON."""
    return value.encode() if isinstance(value, str) else msgspec.json.encode(value)
