"""The car itself: what its driver and its keys can do to it, what documents change in it, and what it has to say."""

import asyncio
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import msgspec

from vettura_car import storage
from vettura_car.body import Body
from vettura_car.build import Build
from vettura_car.condition import Condition, Held, factory_settings, move_on, new_condition, values
from vettura_car.consumption import Consumption
from vettura_car.data_use import DataUse
from vettura_car.destinations import Destinations
from vettura_car.entitlement import Entitlement
from vettura_car.errors import NotPossible
from vettura_car.knowledge import version_named
from vettura_car.mapping import MapUse
from vettura_car.memory import Memory
from vettura_car.networking import Networking
from vettura_car.profiles import Profiles
from vettura_car.remote import Remote
from vettura_car.reports import Reports
from vettura_car.roadside import Roadside
from vettura_car.telephone import Telephone
from vettura_car.uplink import Uplink
from vettura_wire import events, topics
from vettura_wire.clock import real_now
from vettura_wire.payloads import Document, Event, Reply
from vettura_wire.settings import SettingValue

REPLY_PATIENCE = timedelta(seconds=15)
"""How long a screen waits for the platform's answer before it says that none came."""
RESTART_WINDOW = timedelta(seconds=10)
"""How long after a restart's hello contracts may arrive that the platform had then: they belong to that restart (STO-033)."""


class Request(msgspec.Struct, kw_only=True):
    """Something a screen asked the platform for, and how that stands."""

    type: str
    event_id: str
    purpose: str | None = None
    asked_at: datetime
    state: Literal["waiting", "accepted", "refused"] = "waiting"
    error: str | None = None
    reply: events.SignInReply | None = None


class Car(Body):
    """
    One car. Acts change its condition, keep it on disk and tell its listeners.

    ``speed`` shortens the durations of commands (10 means ten times as fast); it changes nothing else.
    """

    def __init__(self, build: Build, folder: Path | None, *, speed: float = 1.0) -> None:
        self.build = build
        self.speed = speed
        self.is_linked_up = False
        self.request: Request | None = None
        self.changed = asyncio.Event()
        self._folder = folder
        self._listeners: list[Callable[[], None]] = []
        self._restart_until: datetime | None = None
        self._restart_version: int | None = None
        self.condition = self._load()
        self.memory = Memory(folder / "memory.json" if folder else None)
        self.entitlement = Entitlement(self)
        self.remote = Remote(self)
        self.roadside = Roadside(self)
        self.profiles = Profiles(self)
        self.uplink = Uplink(self, Reports(folder / "reports.jsonl" if folder else None))
        self.telephone = Telephone(self)
        self.networking = Networking(self)
        self.destinations = Destinations(self)
        self.map = MapUse(self)
        self.consumption = Consumption(self)
        # starting the process is starting the head unit
        self._begin_restart()

    # -- acts at the switches ----------------------------------------------------------------------------------------

    def set_ignition(self, ignition: str) -> None:
        """
        This will switch off, on or to ready; the brake pedal is assumed. Refuses (door_open) ready with an open driver's door.
        """
        c = self.condition
        if ignition == c.ignition:
            return
        if ignition == "drive" and c.doors_open["driver_door"]:
            raise NotPossible("door_open")
        was_off, was_driving = c.ignition == "off", c.ignition == "drive"
        c.ignition = ignition
        if ignition != "drive":
            c.gear = "P"
        if ignition == "off":
            c.parking_brake = True
        elif was_off:
            self._begin_restart()
        if ignition == "drive":
            self.profiles.remember_on_key()
            self.remote.begin_trip()
        elif was_driving:
            self.remote.end_trip()
        if ignition == "off":
            # the last values before the car sleeps do not wait for their interval
            self.uplink.note(flush=True)
        self.networking.settle()
        self._tell()

    def restart(self) -> None:
        """This will restart the head unit: contracts that wait come into force if data is up (STO-033)."""
        self._begin_restart()
        self.request = None
        self._tell()

    def set_network(self, *, has_coverage: bool | None = None, radio: str | None = None) -> None:
        """This will move the car in or out of coverage, or into another network (LTE, 3G, E)."""
        if has_coverage is not None:
            self.condition.has_coverage = has_coverage
        if radio is not None:
            self.condition.radio = radio
        self.networking.settle()
        self._tell()

    def pass_time(self, seconds: float) -> None:
        """This will let time pass for the battery, the cabin and the road."""
        before = (self.condition.charging, values(self.condition, self.build))
        move_on(self.condition, self.build, seconds)
        self.map.pass_time(seconds)
        self.consumption.pass_time(seconds)
        self.remote.pass_time(seconds)
        self._expire_request()
        self.uplink.note()
        self.telephone.pass_time()
        if before != (self.condition.charging, values(self.condition, self.build)):
            self._tell(save=False)

    # -- acts on the screen ------------------------------------------------------------------------------------------

    def enter_pairing_code(self, code: str, *, purpose: str | None = None) -> None:
        """
        This will send the code to the platform; the answer comes into ``request``.

        ``purpose`` remote_access asks for the main user's code and takes no other (C-11).

        Refuses (eight_digits) anything but eight digits (PAI-001), and privacy mode, which lets nothing out (C-77).
        Without data the screen says at once what it always says then.
        """
        if not (len(code) == 8 and code.isascii() and code.isdigit()):
            raise NotPossible("eight_digits")
        self.ask(events.PAIRING_CODE_ENTERED, {"code": code} | ({"purpose": purpose} if purpose else {}))

    def request_sign_in(self) -> None:
        """This will ask for a code with which a person signs in at the portal (device flow)."""
        self.ask(events.SIGN_IN_REQUESTED, {})

    def sign_in_by_code(self, code: str, *, email: str = "", account_id: str = "") -> None:
        """This will sign a person in by security code, see ``Profiles.sign_in``; the answer comes into ``request``."""
        self.profiles.sign_in(code, email=email, account_id=account_id)

    def sign_out(self) -> None:
        """This will sign the person out here at once, with everything personal; the platform hears of it when it can."""
        self.request = None
        # what the person has set goes up before the good-bye
        self.say(events.SIGNED_OUT, {})
        self.profiles.sign_out()
        self._tell()

    def start_guest(self) -> None:
        """This will open a guest session; whoever was signed in is signed out."""
        if self.signed_in is not None:
            self.sign_out()
        self.request = None
        self.profiles.start_guest()
        self._tell()

    def end_guest(self) -> None:
        """This will end the guest session and put back what was set before."""
        self.profiles.end_guest()
        self._tell()

    def take_key(self, key: str) -> None:
        """This will have another key in the car."""
        self.profiles.take_key(key)
        self._tell()

    def set_personal(self, name: str, value: SettingValue) -> None:
        """This will set one of seat, climate and lists, for the person who is signed in, a guest, or nobody."""
        self.profiles.set(name, value)
        self._tell()

    def unpair(self) -> None:
        """
        This will take the tie between this head unit and its main user back, confirmed by the main user at the screen.

        Refuses (only_main_user) anybody else.
        """
        person = self.signed_in
        if person is None or person.role != "main_user":
            raise NotPossible("only_main_user")
        self.ask(events.UNPAIRED, {"account_id": person.account_id})

    def grant_remote_access(self) -> None:
        """
        This will ask the platform to open remote access, confirmed by the main user at the screen (REM-002).

        Refuses (only_main_user) while anybody else, or nobody, is signed in.
        """
        person = self.signed_in
        if person is None or person.role != "main_user":
            raise NotPossible("only_main_user")
        # open again only when the platform says so: what was withdrawn here stays so if this cannot be sent
        self.ask(events.REMOTE_ACCESS, {"granted": True, "account_id": person.account_id})

    def revoke_remote_access(self) -> None:
        """
        This will close remote access here at once, before the platform knows.

        Refuses (only_main_user) anybody else; for them there is privacy mode (PRI-003).
        """
        person = self.signed_in
        if person is None or person.role != "main_user":
            raise NotPossible("only_main_user")
        self.condition.remote_access_revoked = True
        self.say(events.REMOTE_ACCESS, {"granted": False, "account_id": person.account_id})

    def set_privacy(self, on: bool) -> None:
        """This will switch privacy mode for all services; nobody's consent is needed (PRI-003)."""
        if self.condition.privacy_on != on:
            self.condition.privacy_on = on
            self.uplink.report_all()
            self.say(events.PRIVACY, {"on": on})

    def set_service_privacy(self, service_id: str, on: bool) -> None:
        """This will keep one service from acting for others (PRI-001)."""
        others = [service for service in self.condition.private_services if service != service_id]
        self.condition.private_services = [*others, service_id] if on else others
        self._tell()

    def reset_to_factory(self) -> None:
        """This will restore the head unit's factory settings; remote access is off at once (REM-004)."""
        c = self.condition
        c.ticks, c.choices, c.private_services, c.guest, c.before_guest = {}, {}, [], False, None
        c.keys, c.settings, c.data_use = {}, factory_settings(), DataUse(since=self.world_now())
        c.remote_access_revoked = True
        self.remote.forget()
        self.profiles.sign_out()
        self.networking.forget_everything()
        self.map.forget()
        self.request = None
        if c.privacy_on:
            self.set_privacy(False)
        # what waits was measured for those who used the car until now
        self.uplink.reports.forget()
        self.say(events.FACTORY_RESET, {})

    def tick(self, state: str, on: bool) -> None:
        """This will set a tick of the menu (PCM-004); the tick of data cuts or opens the connection (PCM-005)."""
        self.condition.ticks[state] = on
        self._tell()

    def choose(self, state: str, option: str) -> None:
        """This will choose one of the values of a menu entry."""
        self.condition.choices[state] = option
        self._tell()

    # -- what comes down ---------------------------------------------------------------------------------------------

    def take_document(self, document: Document) -> None:
        """
        This will keep a newer version of a document and acknowledge it; an older one changes nothing.

        Contracts come into force only at a restart with a connection (STO-033); everything else at once.
        """
        held = self.condition.documents.get(document.name)
        if held is None or document.version > held.version:
            self.condition.documents[document.name] = Held(version=document.version, body=document.body)
            if document.name == events.USERS:
                self._take_users()
            if document.name == events.SETTINGS:
                self.profiles.apply()
            if document.name == events.DESTINATIONS:
                self.destinations.taken()
            if document.name == events.CONTRACTS and self._belongs_to_restart(document.version):
                self._activate_contracts()
        self.say(events.DOCUMENT_APPLIED, {"name": document.name, "version": self._version(document.name)})

    def take_reply(self, reply: Reply) -> None:
        """This will give the screen the answer it waits for; an answer nobody waits for is dropped."""
        if reply.to == topics.HELLO:
            self._restart_version = version_named(reply.body, events.CONTRACTS)
            return
        request = self.request
        if request is None or reply.to != request.event_id:
            return
        if request.type == events.SECURITY_CODE_REQUESTED and self.profiles.answer_challenge(reply):
            return
        try:
            if request.type == events.SIGN_IN_REQUESTED:
                request.reply = msgspec.convert(reply.body, events.SignInReply)
            else:
                answer = msgspec.convert(reply.body, events.PairingReply)
                request.state = "accepted" if answer.accepted else "refused"
                request.error = answer.error
        except msgspec.ValidationError:
            # a reply of another shape is a no: a newer platform may have reasons this car does not know
            request.state, request.error = "refused", str(reply.body.get("error") or "refused")
        self._tell()

    # -- listeners ---------------------------------------------------------------------------------------------------

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]:
        """This will call the listener at every change; calling what is returned ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def note_link(self, is_up: bool) -> None:
        """This will note whether the platform is reached, for the screen."""
        self.is_linked_up = is_up
        self._tell(save=False)

    def note_hello(self) -> None:
        """This will let what waits for a connection happen: the contracts of a restart come into force (STO-033)."""
        if self.condition.restarted_online:
            self._restart_until, self._restart_version = real_now() + RESTART_WINDOW, None
            self.condition.restarted_online = False
            self._activate_contracts()
        self._save()

    def forget_event(self, event: Event) -> None:
        """This will drop an event that the platform has taken."""
        self.condition.pending_events = [other for other in self.condition.pending_events if other.id != event.id]
        self._save()

    def touched(self) -> None:
        """This will tell listeners and the link that something changed, and keep it on disk."""
        self._tell()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _take_users(self) -> None:
        request = self.request
        pending = [event.type for event in self.condition.pending_events]
        if events.REMOTE_ACCESS not in pending and events.FACTORY_RESET not in pending:
            # the platform has heard of the last revocation: what it says now counts
            self.condition.remote_access_revoked = False
        if request is not None and request.type == events.SIGN_IN_REQUESTED and self.users.signed_in:
            request.state = "accepted"
        self.remote.belong_to(self.main_user.account_id if self.main_user else None)
        self.profiles.signed_in()

    def _begin_restart(self) -> None:
        self._restart_until = None
        self.networking.power_up()
        self.condition.restarted_online = self.has_data
        if self.is_linked_up and self.has_data:
            # what the platform had has arrived long ago: nothing is on its way
            self.condition.restarted_online = False
            self._activate_contracts()

    def _belongs_to_restart(self, version: int) -> bool:
        """Whether contracts of this version were the platform's when the car said hello after a restart."""
        if self._restart_until is None or real_now() >= self._restart_until:
            return False
        return self._restart_version is None or version <= self._restart_version

    def _activate_contracts(self) -> None:
        self.condition.active_contracts = self.condition.documents.get(events.CONTRACTS)

    def _version(self, name: str) -> int:
        held = self.condition.documents.get(name)
        return held.version if held else 0

    def ask(self, type_: str, data: dict[str, Any]) -> None:  # Any: each event has its own facts
        """This will send what wants an answer and wait for it. Refuses (privacy_on); without data it says so at once."""
        if self.condition.privacy_on:
            raise NotPossible("privacy_on")
        if not self.has_data:
            self.request = Request(
                type=type_,
                event_id="",
                asked_at=real_now(),
                state="refused",
                error=events.NO_DATA_CONNECTION,
                purpose=data.get("purpose"),
            )
            self._tell()
            return
        event = self.say(type_, data)
        self.request = Request(type=type_, event_id=event.id, asked_at=event.at, purpose=data.get("purpose"))
        self._tell()

    def say(self, type_: str, data: dict[str, Any]) -> Event:  # Any: each event has its own facts
        """This will send an event as soon as it can, again until the platform has taken it."""
        event = Event(id=str(uuid.uuid4()), type=type_, at=real_now(), data=data)
        self.condition.pending_events.append(event)
        self._tell()
        return event

    def _expire_request(self) -> None:
        request = self.request
        if request is None or request.state != "waiting":
            return
        silent = request.reply is None and real_now() >= request.asked_at + REPLY_PATIENCE
        if silent or (request.reply is not None and real_now() >= request.reply.expires_at):
            request.state, request.error = "refused", "no_answer" if silent else "code_expired"
            self.profiles.forget_typed()
            self._tell(save=False)

    def _tell(self, *, save: bool = True) -> None:
        self.map.settle()
        self.uplink.note()
        if save:
            self.destinations.settle()
            self._save()
        self.changed.set()
        for listener in list(self._listeners):
            listener()

    def _load(self) -> Condition:
        path = self._folder / "state.json" if self._folder else None
        if path is not None and path.exists():
            try:
                return msgspec.json.decode(path.read_bytes(), type=Condition)
            except msgspec.DecodeError:
                path.replace(path.with_suffix(".broken"))
        return new_condition(self.build)

    def _save(self) -> None:
        if self._folder is not None:
            storage.write_atomically(self._folder / "state.json", msgspec.json.encode(self.condition))
