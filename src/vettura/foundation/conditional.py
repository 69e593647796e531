"""
Conditional requests (RFC 9110 section 13), in one place for every way in that programs use.

Whatever is read carries an `ETag`: the digest of what is shown. `If-None-Match` with it is answered 304 without a body;
`If-Match` with it lets a change through only while the thing still looks like that, and is refused with 412 otherwise.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from ninja.responses import NinjaJSONEncoder
from pydantic import BaseModel

from vettura.foundation.errors import Outdated

T = TypeVar("T")

_DIGEST_BYTES = 18
_ASKED_AGAIN = ("ETag", "Vary", "Cache-Control", "Date", "Expires", "Content-Location")


def etag_of(shown: BaseModel) -> str:
    """The tag of a thing as it is shown to this caller."""
    return _tag(json.dumps(shown.model_dump(), cls=NinjaJSONEncoder).encode())


def tag_as(request: HttpRequest, shown: BaseModel) -> None:
    """This will let the answer carry the tag of `shown` instead of its own: for answers that hold how old something is."""
    setattr(request, "conditional_tag", etag_of(shown))  # noqa: B010  (Django's request type does not know it)


def expected(request: HttpRequest, show: Callable[[T], BaseModel]) -> Callable[[T], None] | None:
    """
    What an action asks, once it has locked a row, before it changes it; None when the request set no condition.

    The question raises Outdated when the row is not shown any more as the caller saw it.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        return None
    wanted = parse_etags(header)

    def ask(row: T) -> None:
        current = etag_of(show(row))
        # the strong comparison: a weak tag never matches (RFC 9110 section 13.1.1)
        if current not in wanted:
            raise Outdated(etag=current)

    return ask


def answered(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The response with its tag, or 304 when the caller has it already."""
    if response.status_code != HTTPStatus.OK or request.method not in ("GET", "HEAD", "PATCH", "PUT"):
        return response
    if not response.get("Content-Type", "").startswith("application/json"):
        return response
    own = getattr(request, "conditional_tag", None)
    # one that leaves the age out is weak: the answers mean the same and are not the same to the byte
    response["ETag"] = f"W/{own}" if own else _tag(response.content)
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ("Authorization", "Cookie", "Accept-Language"))
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if request.method not in ("GET", "HEAD") or not _is_known(response["ETag"], known):
        return response
    unchanged = HttpResponseNotModified()
    for name in _ASKED_AGAIN:
        if response.has_header(name):
            unchanged[name] = response[name]
    return unchanged


def _is_known(tag: str, known: list[str]) -> bool:
    plain = tag.removeprefix("W/")
    return any(each == "*" or each.removeprefix("W/") == plain for each in known)


def _tag(content: bytes) -> str:
    return f'"{base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:_DIGEST_BYTES]).decode()}"'
