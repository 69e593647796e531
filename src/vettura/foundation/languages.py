"""The language in which a browser goes on."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


def has_chosen(request: HttpRequest) -> bool:
    """Whether somebody has chosen a language in this browser."""
    return settings.LANGUAGE_COOKIE_NAME in request.COOKIES


def go_on_in(language: str | None, request: HttpRequest, response: HttpResponseBase) -> None:
    """
    This will let the browser go on in the language of the letter or program that led here; whoever chose one keeps it.
    """
    if language and not has_chosen(request):
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")
