"""
Requests to addresses that strangers gave us: receivers of webhooks, push services of browsers.

The name is looked up here and the connection goes to the very address that was looked at, so that a name which answers
differently the second time gains nothing. Outside the demo only public addresses are spoken to, and only over TLS.
"""

import ipaddress
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import certifi
import httpcore
from django.conf import settings
from django.utils.translation import gettext_lazy as _

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0
MOST_READ = 64 * 1024

_Option = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


@dataclass(frozen=True)
class Answered:
    """What an address answered: the status, the beginning of the body, and the headers by their names in small letters."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class Unreachable(Exception):
    """Nothing was answered; says why in a word."""


def problem_with(url: str, *, may_be_plain: bool) -> str:
    """What is wrong with such an address; empty when nothing is. Where it leads is looked at when sending."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return str(_("it is no address."))
    if parts.scheme != "https" and not (may_be_plain and parts.scheme == "http"):
        return str(_("it must begin with https://."))
    if not parts.hostname or port == 0 or any(sign.isspace() for sign in url) or not url.isascii():
        return str(_("it is no address."))
    if "@" in parts.netloc:
        return str(_("it must hold no password."))
    return ""


def post(*, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
    """This will send it on a connection of its own and never follow where the answer points. Raises Unreachable."""
    timeouts = {"connect": CONNECT_SECONDS, "read": ANSWER_SECONDS, "write": ANSWER_SECONDS, "pool": 1.0}
    try:
        with (
            httpcore.ConnectionPool(
                ssl_context=ssl.create_default_context(cafile=certifi.where()), network_backend=_Guarded()
            ) as pool,
            pool.stream(
                "POST", url, headers=list(headers.items()), content=body, extensions={"timeout": timeouts}
            ) as answer,
        ):
            read = b""
            for part in answer.iter_stream():
                read += part
                if len(read) >= MOST_READ:
                    break
            names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
            return Answered(answer.status, read[:MOST_READ], names)
    except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError) as error:
        raise Unreachable(str(error) or type(error).__name__) from error


class _Guarded(httpcore.NetworkBackend):
    """Connects to public addresses only, to those that it has looked up itself."""

    def __init__(self) -> None:
        """The connections themselves are httpcore's."""
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_Option] | None = None,
    ) -> httpcore.NetworkStream:
        """This will connect. Raises ConnectError where nothing public is there."""
        return self._inner.connect_tcp(_public_address(host, port), port, timeout, local_address, socket_options)

    def sleep(self, seconds: float) -> None:
        """This will not be asked: nothing is tried again on the same connection."""
        self._inner.sleep(seconds)


def _public_address(host: str, port: int) -> str:
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if settings.VETTURA_PRIVATE_WEBHOOKS:
        return found[0]
    # one private address among several is reason enough: nobody has such a name by mistake
    if not found or not all(_is_public(each) for each in found):
        raise httpcore.ConnectError("not a public address")
    return found[0]


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    return parsed.is_global and not parsed.is_multicast and (mapped is None or mapped.is_global)
