"""
What of the API will go, and when: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594), in answers and in the description.

A row here is all that it takes. Nothing goes before its day; until then it works as ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpRequest
from django.utils.http import http_date

from vettura.api import scopes


@dataclass(frozen=True)
class Parting:
    """An operation that will go: since when it should not be used, from when on it may be gone, and what to read about it."""

    deprecated_at: datetime
    sunset_at: datetime
    link: str

    def __post_init__(self) -> None:
        """RFC 9745 section 4: the end never comes before the announcement."""
        if self.sunset_at <= self.deprecated_at:
            raise ValueError("An operation cannot go before it is deprecated.")

    def headers(self) -> dict[str, str]:
        """What its answers carry."""
        return {
            "Deprecation": f"@{int(self.deprecated_at.timestamp())}",
            "Sunset": http_date(self.sunset_at.astimezone(UTC).timestamp()),
            "Link": f'<{self.link}>; rel="deprecation"; type="text/html"',
        }


# by the id of the operation; nothing is to go for now
PARTINGS: dict[str, Parting] = {}


def headers_for(request: HttpRequest, partings: Mapping[str, Parting] | None = None) -> dict[str, str]:
    """The headers for the operation that a request is for; none while it stays."""
    known = PARTINGS if partings is None else partings
    if not known:
        return {}
    parting = known.get(scopes.operation_of(request))
    return parting.headers() if parting is not None else {}
