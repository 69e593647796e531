"""What a person does with phones in the car: CarPlay, music, messages, e-mail and the calendar."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from vettura_car import phones as rules
from vettura_car.errors import NotPossible
from vettura_car.handset import APPS, Appointment, Mail, Message, PhoneUse, Sent
from vettura_car.network import Network, Phone
from vettura_car.phones import AUDIO, MESSAGES, MailAccess, Source
from vettura_wire import events
from vettura_wire.calendar import CalendarBody
from vettura_wire.clock import real_now

if TYPE_CHECKING:
    from vettura_car.car import Car

SYSTEMS = (rules.ANDROID, "iPhone 4s", "iPhone 5", "iPhone 15")
"""The phones that one can lay into the car at its switches."""
SWITCHABLE = (AUDIO, MESSAGES)
"""Profiles that a driver may do without; telephony is what a phone is joined for."""
READING_STARTS, READING_A_WORD = timedelta(seconds=3), timedelta(seconds=0.6)
"""A slow voice."""
LONGEST_TEXT = 500
LONGEST_WORD = 60
MOST_ENTRIES = 50
"""Messages and appointments of one phone."""
_TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")


class Telephone:
    """The phones of one car. Every act ends with what it means for the links, and tells the car."""

    def __init__(self, car: "Car") -> None:
        self._car = car

    @property
    def _network(self) -> Network:
        return self._car.condition.network

    @property
    def _use(self) -> PhoneUse:
        return self._car.condition.phone_use

    @property
    def functions(self) -> frozenset[str]:
        """What phones can do in this car, by model, country and equipment."""
        return self._car.build.phone_functions

    @property
    def _oldest(self) -> str:
        return self._car.build.pack.terms.carplay_minimum_phone

    # -- at the switches ---------------------------------------------------------------------------------------------

    def set_system(self, name: str, system: str) -> None:
        """This will lay another phone into its place: Android, or an iPhone by its model."""
        if system not in SYSTEMS:
            raise NotPossible("unknown_option")
        self._phone(name).system = system
        self._settle()

    def plug(self, name: str, cable: str) -> None:
        """
        This will connect a phone by a cable, or pull it. One socket, one phone.

        Refuses (unknown_option) a socket that the car does not have, and (phone_away) a phone that is not there.
        """
        phone = self._phone(name)
        if cable not in ("", *self.sockets):
            raise NotPossible("unknown_option")
        if cable and not phone.is_near:
            raise NotPossible("phone_away")
        for other in self._network.phones:
            if cable and other.cable == cable:
                other.cable = ""
        phone.cable = cable
        self._settle()

    def install(self, name: str, app: str, is_installed: bool) -> None:
        """This will install or remove an app on a phone."""
        phone = self._phone(name)
        if app not in APPS:
            raise NotPossible("unknown_option")
        phone.apps = [each for each in APPS if (each in phone.apps and each != app) or (is_installed and each == app)]
        self._settle()

    def receive(self, name: str, sender: str, text: str) -> None:
        """This will let a message arrive on a phone. Refuses (text_missing) one without words or sender."""
        phone = self._phone(name)
        words, who = _words(text, LONGEST_TEXT), _words(sender, LONGEST_WORD)
        number = max((message.id for message in phone.messages), default=0) + 1
        zone = ZoneInfo(self._car.build.pack.countries[self._car.build.country].timezone)
        at = f"{self._car.world_now().astimezone(zone):%H:%M}"
        phone.messages = [Message(id=number, sender=who, text=words, at=at), *phone.messages][:MOST_ENTRIES]
        self._settle()

    def add_appointment(self, name: str, at: str, title: str) -> None:
        """This will put an entry of today into a phone's calendar. Refuses (time_missing, text_missing) ill ones."""
        phone = self._phone(name)
        if not _TIME.match(at):
            raise NotPossible("time_missing")
        entry = Appointment(at=at, title=_words(title, LONGEST_WORD))
        phone.appointments = sorted([*phone.appointments, entry], key=lambda each: each.at)[:MOST_ENTRIES]
        self._settle()

    def speak(self, text: str) -> None:
        """This will note what is said in the car, for browsers that cannot listen."""
        self._use.spoken = text.strip()[:LONGEST_TEXT]
        self._car.touched()

    @property
    def sockets(self) -> tuple[str, ...]:
        """The sockets for a phone's cable in this car."""
        return tuple(socket for socket in ("usb", "aux") if socket in self.functions)

    # -- links -------------------------------------------------------------------------------------------------------

    @property
    def carplay(self) -> Phone | None:
        """The phone that CarPlay runs on."""
        return self._network.phone(self._network.carplay)

    @property
    def joined(self) -> list[Phone]:
        """The phones that are joined by Bluetooth now."""
        return [phone for phone in self._network.phones if self._network.links(phone)]

    def carries_calls(self, phone: Phone) -> bool:
        """Whether a call can go over this phone: hands-free by Bluetooth, or CarPlay."""
        return rules.HFP in self._network.links(phone) or self._network.carplay == phone.name

    def against_carplay(self, phone: Phone) -> str | None:
        """Why CarPlay cannot run on this phone, None if it can."""
        return rules.against_carplay(phone.handset, functions=self.functions, oldest=self._oldest)

    def start_carplay(self, name: str) -> None:
        """This will start CarPlay; the Bluetooth links go down (MED-001). Refuses with the reason why it cannot run."""
        phone = self._phone(name)
        problem = self.against_carplay(phone)
        if problem is not None:
            raise NotPossible(problem)
        for other in self._network.phones:
            other.wants_carplay = other is phone
        self._settle()

    def stop_carplay(self) -> None:
        """This will end CarPlay; phones that are paired come back by Bluetooth. It starts anew only when it is chosen."""
        if self.carplay is None:
            raise NotPossible("nothing_to_do")
        self.carplay.wants_carplay = False
        self._settle()

    def use_for(self, name: str, profile: str, wanted: bool) -> None:
        """This will use a paired phone for media or messages, or no longer."""
        phone = self._phone(name)
        if profile not in SWITCHABLE or profile not in phone.supports or not phone.is_paired:
            raise NotPossible("unknown_option")
        phone.not_used = [each for each in phone.not_used if each != profile] + ([] if wanted else [profile])
        self._settle()

    def swipe(self, name: str, *, begin: float, end: float) -> None:
        """This will delete the phone that a swipe goes over, if it is the swipe that deletes; any other does nothing (PCM-038)."""
        if not self.deletes_by_swipe:
            raise NotPossible("nothing_to_do")
        if rules.deletes(begin=begin, end=end, mark=self.swipe_mark):
            self._car.networking.forget_phone(name)

    @property
    def swipe_mark(self) -> float:
        """Where a swipe begins that deletes, as a share of the screen's width."""
        return float(self._car.build.pack.terms.phone_deletion_swipe_start)

    @property
    def deletes_by_swipe(self) -> bool:
        """Whether this head unit has the gesture."""
        build = self._car.build
        return any(node.does == "delete_phone" for node in build.head_unit.nodes(build.generation.code))

    # -- music -------------------------------------------------------------------------------------------------------

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of a phone's music that this car has (MED-005)."""
        return rules.sources(self.functions)

    @property
    def ready_sources(self) -> dict[Source, Phone]:
        """Those that music can come from now, with the phone."""
        ready = rules.ready_sources(
            [phone.handset for phone in self._network.phones], functions=self.functions, carplay=self._network.carplay
        )
        found = {source: self._network.phone(name) for source, name in ready.items()}
        return {source: phone for source, phone in found.items() if phone is not None}

    def choose_source(self, source: str) -> None:
        """This will choose where music comes from. Refuses (unknown_option, source_not_ready)."""
        if source not in self.sources:
            raise NotPossible("unknown_option")
        if source not in self.ready_sources:
            raise NotPossible("source_not_ready")
        self._use.source, self._use.playing = source, None
        self._settle()

    def play(self, app: str) -> None:
        """
        This will play an app's music from the chosen source, or stop it with an empty name.

        Refuses (source_not_ready) without a source, (no_stream_here) streaming by cable (MED-007), (unknown_option) others.
        """
        use = self._use
        if app and use.source is None:
            raise NotPossible("source_not_ready")
        if app and not self.can_play(app):
            streams = app in APPS and APPS[app].streams
            raise NotPossible("no_stream_here" if streams else "unknown_option")
        use.playing = app or None
        self._settle()

    @property
    def players(self) -> list[str]:
        """The apps with music on the phone of the chosen source; those that play here and those that do not."""
        phone = next((phone for source, phone in self.ready_sources.items() if source == self._use.source), None)
        return [app for app in phone.apps if APPS[app].plays] if phone is not None else []

    def can_play(self, app: str) -> bool:
        """Whether this app's music can come from the chosen source."""
        return app in self.players and (not APPS[app].streams or self._use.source in rules.STREAMS)

    @property
    def shown_apps(self) -> list[str]:
        """The apps on the screen of CarPlay: those that it supports, and no others (MED-017)."""
        phone = self.carplay
        return [app for app in phone.apps if APPS[app].supports_carplay] if phone is not None else []

    # -- messages and e-mail -----------------------------------------------------------------------------------------

    @property
    def messages(self) -> list[tuple[Phone, Message]]:
        """The messages of the phones that are joined for them, in a car that has the equipment."""
        if "messages" not in self.functions:
            return []
        return [
            (phone, message)
            for phone in self._network.phones
            if MESSAGES in self._network.links(phone)
            for message in phone.messages
        ]

    @property
    def open_message(self) -> tuple[Phone, Message] | None:
        """The message that was chosen, while it can be reached."""
        return next(
            ((phone, each) for phone, each in self.messages if (phone.name, each.id) == self._use.message), None
        )

    def choose_message(self, key: str = "") -> None:
        """This will open a message (``<phone>:<id>``), the first without a key. Refuses (no_messages) when there is none."""
        known = {key_of(phone, message): (phone, message) for phone, message in self.messages}
        found = known.get(key) if key else next(iter(known.values()), None)
        if found is None:
            raise NotPossible("no_messages")
        phone, message = found
        self._use.message, self._use.is_reading = (phone.name, message.id), False
        message.is_read = True
        self._settle()

    def read_message(self) -> None:
        """This will read the chosen message out, the first one if none was chosen (PCM-044). Refuses (no_messages) without."""
        if self.open_message is None:
            self.choose_message()
        if self._use.message is None:
            raise NotPossible("no_messages")  # the unit is off
        found = self.open_message
        words = len(found[1].text.split()) if found is not None else 0
        self._use.is_reading, self._use.reads_until = True, real_now() + READING_STARTS + words * READING_A_WORD
        self._car.touched()

    def pass_time(self) -> None:
        """This will fall silent when the message is through, though no browser said so."""
        use = self._use
        if use.is_reading and use.reads_until is not None and real_now() >= use.reads_until:
            self.stop_reading()

    def stop_reading(self) -> None:
        """This will fall silent."""
        self._use.is_reading, self._use.reads_until = False, None
        self._car.touched()

    def write_message(self, text: str) -> None:
        """This will keep what stands in the message field."""
        self._need_messages()
        self._use.draft = text.strip()[:LONGEST_TEXT]
        self._car.touched()

    def dictate(self, heard: str = "", *, typed: str | None = None) -> None:
        """
        This will put what was said behind what stands in the field (PCM-045).

        ``heard``: what the browser has recognised; else the words at the switches count. ``typed``: what stands in the field.
        Refuses (nothing_said) silence.
        """
        self._need_messages()
        use = self._use
        words = heard.strip() or use.spoken
        if not words:
            raise NotPossible("nothing_said")
        standing = use.draft if typed is None else typed.strip()
        use.draft = f"{standing} {words}".strip()[:LONGEST_TEXT]
        if not heard.strip():
            use.spoken = ""
        self._car.touched()

    def send_message(self, text: str) -> None:
        """This will answer the chosen message. Refuses (no_messages) without one, and (text_missing) an empty field."""
        found = self.open_message
        if found is None:
            raise NotPossible("no_messages")
        phone, message = found
        phone.sent = [*phone.sent, Sent(to=message.sender, text=_words(text or self._use.draft, LONGEST_TEXT))][
            -MOST_ENTRIES:
        ]
        self._use.draft = ""
        self._settle()

    @property
    def mail_access(self) -> MailAccess:
        """What e-mail there is of the phones that are joined (MED-011, MED-013)."""
        found = [rules.mail_access(phone.handset, functions=self.functions) for phone in self.joined]
        if not found:
            return rules.mail_access(None, functions=self.functions)
        order: tuple[MailAccess, ...] = ("ready", "no_account", "not_available", "no_phone")
        return next(access for access in order if access in found)

    @property
    def mails(self) -> list[Mail]:
        """The e-mails of phones with an account."""
        return [
            mail
            for phone in self.joined
            if rules.mail_access(phone.handset, functions=self.functions) == "ready"
            for mail in phone.mails
        ]

    # -- the app -----------------------------------------------------------------------------------------------------

    @property
    def app_phones(self) -> list[Phone]:
        """
        The phones in the car's hotspot whose app is open: what the app has reaches the unit now, data package or not (TEL-010).
        """
        if not self._car.networking.needed_ticks:
            return []
        return [phone for phone in self._network.phones if phone.is_client and phone.is_near and phone.has_app]

    @property
    def appointments(self) -> list[Appointment]:
        """The calendars of those phones (TEL-011), and what the app has brought for whoever is signed in: what is on today."""
        phones = self.app_phones
        found = [entry for phone in phones for entry in phone.appointments]
        return sorted(found + (self._brought() if phones else []), key=lambda entry: entry.at)

    def _brought(self) -> list[Appointment]:
        held, person = self._car.condition.documents.get(events.APP_CALENDAR), self._car.signed_in
        try:
            body = msgspec.convert(held.body if held else {}, CalendarBody)
        except msgspec.ValidationError:
            return []
        if person is None or body.account_id != person.account_id:
            return []
        zone = ZoneInfo(self._car.build.pack.countries[self._car.build.country].timezone)
        today = self._car.world_now().astimezone(zone).date()
        times = [(each, each.starts_at.astimezone(zone), each.ends_at.astimezone(zone)) for each in body.entries]
        return [
            # what began on a day before is on from the beginning of this one
            Appointment(at=f"{begins:%H:%M}" if begins.date() == today else "00:00", title=each.title, place=each.place)
            for each, begins, ends in times
            if begins.date() <= today <= ends.date()
        ]

    # -- inside ------------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """This will let CarPlay run where it can, and end what has lost its ground."""
        network, use = self._network, self._use
        for phone in network.phones:
            if not phone.is_near:
                phone.cable = ""
        is_on = self._car.condition.ignition != "off"
        handsets = [phone.handset for phone in network.phones]
        network.carplay = (
            rules.running_carplay(handsets, functions=self.functions, oldest=self._oldest) if is_on else None
        )
        if not is_on or use.source not in self.ready_sources:
            use.source = None
        if use.playing is not None and (use.source is None or not self.can_play(use.playing)):
            use.playing = None
        if not is_on or self.open_message is None:
            use.message, use.is_reading, use.reads_until = None, False, None

    def forget_everything(self) -> None:
        """This will forget what the unit itself holds of messages and music."""
        self._car.condition.phone_use = PhoneUse()

    def _settle(self) -> None:
        self._car.networking.settle()
        self._car.touched()

    def _need_messages(self) -> None:
        if "messages" not in self.functions:
            raise NotPossible("not_equipped")

    def _phone(self, name: str) -> Phone:
        phone = self._network.phone(name)
        if phone is None:
            raise NotPossible("unknown_option")
        return phone


def key_of(phone: Phone, message: Message) -> str:
    """By what a message is chosen on the screen."""
    return f"{phone.name}:{message.id}"


def _words(text: str, longest: int) -> str:
    words = text.strip()[:longest]
    if not words:
        raise NotPossible("text_missing")
    return words
