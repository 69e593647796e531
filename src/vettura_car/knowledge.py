"""What a car knows: of itself, and of the world from the documents it holds."""

import logging
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from vettura_car.build import Build
from vettura_car.condition import Condition, Held, KeyMemory
from vettura_car.connection import Abilities, Connection, connect
from vettura_car.network import abilities_of, circumstances_of
from vettura_wire import events
from vettura_wire.clock import real_now

logger = logging.getLogger("vettura_car")

B = TypeVar("B", bound=msgspec.Struct)


class Knowledge:
    """Questions to a car that change nothing. The newest document counts at once, save for contracts (STO-033)."""

    build: Build
    condition: Condition

    @property
    def vin(self) -> str:
        """The car's VIN."""
        return self.build.vin

    @property
    def language(self) -> str:
        """The language of the screen."""
        return self.condition.language or self.build.language

    @property
    def has_data(self) -> bool:
        """Whether the car reaches the Internet now (CON-028, PCM-005)."""
        return self.connection.is_up

    @property
    def abilities(self) -> Abilities:
        """What generation and country let the car do about its connection."""
        return abilities_of(self.build)

    @property
    def connection(self) -> Connection:
        """How the car is connected now, or why it is not."""
        return connect(self.abilities, circumstances_of(self.condition, self.build))

    @property
    def connection_label(self) -> str:
        """What stands in the status bar: LTE, 3G, E, WiFi, or nothing (CON-025 to CON-029)."""
        return self.connection.label

    @property
    def users(self) -> events.UsersBody:
        """Who belongs to the car, as the newest document says; nobody before it came."""
        return self._body(self.condition.documents.get(events.USERS), events.UsersBody)

    @property
    def main_user(self) -> events.User | None:
        """The car's main user."""
        return next((user for user in self.users.users if user.role == "main_user"), None)

    @property
    def signed_in(self) -> events.User | None:
        """Who is signed in at the head unit, of this car or a visitor (TAY-016); None for nobody and for a guest."""
        users = self.users
        if self.condition.guest or users.signed_in is None:
            return None
        known = [*users.users, *([users.visitor] if users.visitor else [])]
        return next((user for user in known if user.account_id == users.signed_in), None)

    @property
    def is_signed_in_to_by_code(self) -> bool:
        """Whether people sign in with their account alone; elsewhere a pairing code ties them to the car."""
        return not self.build.generation.needs_pairing_code

    @property
    def proposed(self) -> KeyMemory | None:
        """Whom the key in the car proposes: who used it last, unless that is who uses the car now (TAY-011)."""
        remembered = self.condition.keys.get(self.condition.key)
        if remembered is None or (remembered.is_guest and self.condition.guest):
            return None
        person = self.signed_in
        return None if person is not None and person.account_id == remembered.account_id else remembered

    @property
    def profile(self) -> events.SettingsBody:
        """The profile of the person who is signed in, as the newest document says it."""
        return self._body(self.condition.documents.get(events.SETTINGS), events.SettingsBody)

    @property
    def has_remote_access(self) -> bool:
        """Whether the grant stands; a revocation here counts at once, before the platform knows (REM-004)."""
        return self.users.remote_access and not self.condition.remote_access_revoked

    @property
    def world_shift(self) -> timedelta:
        """By how much world time is ahead of real time."""
        body = self._body(self.condition.documents.get(events.CLOCK), events.ClockBody)
        return timedelta(seconds=body.shift_seconds)

    def world_now(self) -> datetime:
        """World time, as the screen shows it and as contracts run."""
        return real_now() + self.world_shift

    def local_now(self) -> datetime:
        """World time in the country of the car, as its clock shows it."""
        return self.world_now().astimezone(ZoneInfo(self.build.pack.countries[self.build.country].timezone))

    def contracts(self) -> events.ContractsBody:
        """
        The contracts in force in the head unit: those of the last restart with a connection (STO-033).

        Only what begins waits for a restart. What the platform has ended meanwhile, by a withdrawal or with the main
        user's account, is over at once (ID-039).
        """
        active = self._body(self.condition.active_contracts, events.ContractsBody)
        if self.condition.documents.get(events.CONTRACTS) is None:
            return active
        known = {(entry.id, entry.starts_at) for entry in self.waiting_contracts().services}
        now = self.world_now()

        def holds(entry: events.ContractEntry) -> bool:
            # the platform no longer names what has run its term; that it ended is said here all the same
            has_run_out = entry.ends_at is not None and entry.ends_at <= now
            return has_run_out or (entry.id, entry.starts_at) in known

        return events.ContractsBody(services=[entry for entry in active.services if holds(entry)])

    def waiting_contracts(self) -> events.ContractsBody:
        """The contracts as the platform has last told them, in force or not."""
        return self._body(self.condition.documents.get(events.CONTRACTS), events.ContractsBody)

    def told(self, name: str, kind: type[B]) -> B:
        """The newest version of a document, as its reader knows it; an empty one while there is none."""
        return self._body(self.condition.documents.get(name), kind)

    def _body(self, held: Held | None, kind: type[B]) -> B:
        try:
            return msgspec.convert(held.body, kind) if held is not None else kind()
        except msgspec.ValidationError:
            logger.warning("the document for %s is not readable", kind.__name__)
            return kind()


def version_named(body: dict[str, Any], name: str) -> int | None:
    """The version of a document that the answer to a hello names; None from a platform that names none."""
    versions = body.get("documents")
    return versions.get(name, 0) if isinstance(versions, dict) else None
