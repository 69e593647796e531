"""
The packets of MQTT 3.1.1 (OASIS, 29 October 2014) as far as a server needs them: read from bytes, written to bytes. No network here.

Bridges of Mosquitto set the highest bit of the protocol level: they want to be told what is retained, also later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

LARGEST = 64 * 1024
"""Bytes of the longest packet that is read: commands are short."""
BRIDGE = 0x80
LEVELS = {"MQTT": 4, "MQIsdp": 3}
FAILURE = 0x80
"""The answer to a filter that is refused."""
_CONTINUES = 0x80


class Malformed(Exception):
    """Not a packet of MQTT 3.1.1; the connection ends."""


class UnknownVersion(Exception):
    """Another version of the protocol: it is told so, then the connection ends."""


class Kind(IntEnum):
    """Types of packets, as the upper half of the first byte says."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    PUBREC = 5
    PUBREL = 6
    PUBCOMP = 7
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14


class Answer(IntEnum):
    """What a client that wants in is told."""

    ACCEPTED = 0
    UNKNOWN_VERSION = 1
    CLIENT_ID_REFUSED = 2
    UNAVAILABLE = 3
    NOT_AUTHORIZED = 5


@dataclass(frozen=True)
class Connect:
    """Who wants in. A will and a session to be kept are read over: nobody here is told of either."""

    client_id: str
    is_clean: bool
    keep_alive: int
    user: str
    password: str
    is_bridge: bool


@dataclass(frozen=True)
class Publish:
    """A message from a client."""

    topic: str
    payload: bytes
    qos: int
    is_retained: bool
    packet_id: int


@dataclass(frozen=True)
class Subscribe:
    """Filters, each with the quality that is wished for."""

    packet_id: int
    filters: tuple[str, ...]


@dataclass(frozen=True)
class Unsubscribe:
    """Filters that are over."""

    packet_id: int
    filters: tuple[str, ...]


@dataclass(frozen=True)
class Release:
    """The third step of a message of quality 2."""

    packet_id: int


@dataclass(frozen=True)
class Ping:
    """Whoever is silent is still there."""


@dataclass(frozen=True)
class Disconnect:
    """Goodbye."""


@dataclass(frozen=True)
class Noted:
    """An acknowledgement that nobody waits for."""


Packet = Connect | Publish | Subscribe | Unsubscribe | Release | Ping | Disconnect | Noted


class Reader:
    """Takes the body of a packet apart, from its beginning on."""

    def __init__(self, body: bytes) -> None:
        """Nothing is read yet."""
        self._body = body
        self._at = 0

    def byte(self) -> int:
        """One byte. Raises Malformed at the end, as all of these do."""
        return self.take(1)[0]

    def number(self) -> int:
        """Two bytes, the high one first."""
        return int.from_bytes(self.take(2), "big")

    def take(self, count: int) -> bytes:
        """So many bytes."""
        found = self._body[self._at : self._at + count]
        if len(found) != count:
            raise Malformed("too short")
        self._at += count
        return found

    def binary(self) -> bytes:
        """Bytes with their number before them."""
        return self.take(self.number())

    def text(self) -> str:
        """Text with its length before it. No NUL: the standard forbids it, and so does the database."""
        try:
            found = self.binary().decode()
        except UnicodeDecodeError as error:
            raise Malformed("text") from error
        if "\x00" in found:
            raise Malformed("text")
        return found

    def rest(self) -> bytes:
        """What is left."""
        return self.take(len(self._body) - self._at)

    @property
    def is_at_end(self) -> bool:
        """Whether nothing is left."""
        return self._at == len(self._body)


def read(first: int, body: bytes) -> Packet:  # noqa: PLR0911  # one line per packet
    """The packet of a first byte and a body. Raises Malformed, and UnknownVersion for a version that we do not speak."""
    reader, flags = Reader(body), first & 0x0F
    match first >> 4:
        case Kind.CONNECT if flags == 0:
            return _connect(reader)
        case Kind.PUBLISH:
            return _publish(reader, flags)
        case Kind.SUBSCRIBE if flags == 2:
            return Subscribe(reader.number(), _filters(reader, with_quality=True))
        case Kind.UNSUBSCRIBE if flags == 2:
            return Unsubscribe(reader.number(), _filters(reader, with_quality=False))
        case Kind.PUBREL if flags == 2:
            return Release(reader.number())
        case Kind.PUBACK | Kind.PUBREC | Kind.PUBCOMP:
            return Noted()
        case Kind.PINGREQ:
            return Ping()
        case Kind.DISCONNECT:
            return Disconnect()
    raise Malformed("kind")


def _connect(reader: Reader) -> Connect:
    name, level = reader.text(), reader.byte()
    if name not in LEVELS or level & ~BRIDGE != LEVELS[name]:
        raise UnknownVersion
    flags, keep_alive, client_id = reader.byte(), reader.number(), reader.text()
    if flags & 0x01:
        raise Malformed("flags")
    if flags & 0x04:
        reader.text()
        reader.binary()
    user = reader.text() if flags & 0x80 else ""
    try:
        password = reader.binary().decode() if flags & 0x40 else ""
    except UnicodeDecodeError:
        password = ""
    return Connect(
        client_id=client_id,
        is_clean=bool(flags & 0x02),
        keep_alive=keep_alive,
        user=user,
        password=password.replace("\x00", ""),
        is_bridge=bool(level & BRIDGE),
    )


def _publish(reader: Reader, flags: int) -> Publish:
    qos = flags >> 1 & 0x03
    if qos > 2:
        raise Malformed("quality")
    topic = reader.text()
    if not topic or "+" in topic or "#" in topic:
        raise Malformed("topic")
    packet_id = reader.number() if qos else 0
    return Publish(topic=topic, payload=reader.rest(), qos=qos, is_retained=bool(flags & 0x01), packet_id=packet_id)


def _filters(reader: Reader, *, with_quality: bool) -> tuple[str, ...]:
    found = []
    while not reader.is_at_end:
        found.append(reader.text())
        if with_quality and reader.byte() > 2:
            raise Malformed("quality")
    if not found:
        raise Malformed("filters")
    return tuple(found)


def connack(answer: Answer) -> bytes:
    """Whether a client is in. A former session is never taken up: whatever it would hold is retained."""
    return _packet(Kind.CONNACK, bytes([0, answer]))


def suback(packet_id: int, answers: Iterable[int]) -> bytes:
    """What each filter was granted, in their order."""
    return _packet(Kind.SUBACK, packet_id.to_bytes(2, "big") + bytes(answers))


def acknowledgement(kind: Kind, packet_id: int) -> bytes:
    """PUBACK, PUBREC, PUBCOMP, UNSUBACK."""
    return _packet(kind, packet_id.to_bytes(2, "big"))


def publish(topic: str, payload: bytes, *, is_retained: bool) -> bytes:
    """A message to a client, of quality 0: the connection itself loses nothing, and after another one all is told again."""
    name = topic.encode()
    return _packet(Kind.PUBLISH, len(name).to_bytes(2, "big") + name + payload, flags=int(is_retained))


def pingresp() -> bytes:
    """We are there too."""
    return _packet(Kind.PINGRESP, b"")


def _packet(kind: Kind, body: bytes, *, flags: int = 0) -> bytes:
    length, left = bytearray(), len(body)
    while True:
        left, digit = left >> 7, left & 0x7F
        length.append(digit | (_CONTINUES if left else 0))
        if not left:
            return bytes([kind << 4 | flags]) + bytes(length) + body
