"""What a phone carries, as it is kept on disk: apps, messages, e-mail and appointments, and what the unit does with them."""

from datetime import datetime
from typing import NamedTuple

import msgspec


class App(NamedTuple):
    """What an app can do. ``streams``: its music comes from the Internet."""

    supports_carplay: bool
    plays: bool = False
    streams: bool = False


APPS = {
    "Music": App(supports_carplay=True, plays=True),
    "Spotify": App(supports_carplay=True, plays=True, streams=True),
    "Maps": App(supports_carplay=True),
    "Photos": App(supports_carplay=False),
}
"""The apps that the phones here may have."""


class Message(msgspec.Struct, kw_only=True):
    """A message on a phone. ``at``: time of the day."""

    id: int
    sender: str
    text: str
    at: str
    is_read: bool = False


class Mail(msgspec.Struct, kw_only=True):
    """An e-mail in the account of a phone."""

    sender: str
    subject: str
    at: str


class Appointment(msgspec.Struct, kw_only=True):
    """An entry of today in a phone's calendar."""

    at: str
    title: str
    place: str = ""


class Sent(msgspec.Struct, kw_only=True):
    """A message that was written in the car."""

    to: str
    text: str


class PhoneUse(msgspec.Struct, kw_only=True):
    """
    What the head unit does with phones now. ``message``: phone and id of the one that is open. ``reads_until``: when a voice
    is through with it at the latest.

    ``spoken``: what somebody says in the car, typed at the switches, for browsers that cannot listen.
    """

    message: tuple[str, int] | None = None
    is_reading: bool = False
    reads_until: datetime | None = None
    draft: str = ""
    spoken: str = ""
    source: str | None = None
    playing: str | None = None


SAMPLES = {
    "en": (
        ("Anna", "I am at the station. Could you pick me up at half past five?"),
        ("Marco", "Dinner at eight? I booked a table for four."),
        ("Service", "Your appointment on Monday"),
        ("Team meeting", "Office"),
        ("Dinner with Marco", "Via Roma 12"),
    ),
    "it": (
        ("Anna", "Sono alla stazione. Puoi venirmi a prendere alle cinque e mezza?"),
        ("Marco", "Cena alle otto? Ho prenotato un tavolo per quattro."),
        ("Officina", "Il Suo appuntamento di lunedì"),
        ("Riunione", "Ufficio"),
        ("Cena con Marco", "Via Roma 12"),
    ),
    "de": (
        ("Anna", "Ich bin am Bahnhof. Kannst du mich um halb sechs abholen?"),
        ("Marco", "Essen um acht? Ich habe einen Tisch für vier reserviert."),
        ("Werkstatt", "Ihr Termin am Montag"),
        ("Besprechung", "Büro"),
        ("Essen mit Marco", "Via Roma 12"),
    ),
}


def sample_messages(language: str = "en") -> list[Message]:
    """What is on a phone at the beginning."""
    first, second, *_ = SAMPLES[language]
    return [
        Message(id=1, sender=first[0], text=first[1], at="16:42"),
        Message(id=2, sender=second[0], text=second[1], at="12:05"),
    ]


def sample_mails(language: str = "en") -> list[Mail]:
    """The e-mail in its account at the beginning."""
    sender, subject = SAMPLES[language][2]
    return [Mail(sender=sender, subject=subject, at="09:10")]


def sample_appointments(language: str = "en") -> list[Appointment]:
    """Its calendar at the beginning."""
    *_, meeting, dinner = SAMPLES[language]
    return [
        Appointment(at="14:00", title=meeting[0], place=meeting[1]),
        Appointment(at="20:00", title=dinner[0], place=dinner[1]),
    ]
