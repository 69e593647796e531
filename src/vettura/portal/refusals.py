"""Refusals become pages: the sentence of the refusal, the button that helps, and where it is looked for the cause."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from vettura.foundation.errors import Refusal
from vettura.help_center import diagnosis
from vettura.portal.errors import Problem, came_from, problem_response


class RefusalMiddleware:
    """Answers a `Refusal` that a page raised; everything else goes on to Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Django hands over the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing to do on the way in or out."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The refusal as a problem; `None` for anything that nobody foresaw."""
        if not isinstance(exception, Refusal):
            return None
        if exception.remedy is not None:
            text, name = str(exception.remedy[0]), exception.remedy[1]
            return problem_response(
                request,
                Problem(
                    status=exception.status,
                    code=exception.code,
                    sentence=str(exception),
                    action_text=text,
                    action_href=name if name.startswith("/") else reverse(name),
                    why_href=why_href(request, exception),
                ),
            )
        is_missing = exception.status == 404
        return problem_response(
            request,
            Problem(
                status=exception.status,
                code=exception.code,
                sentence=str(exception),
                action_text=gettext("Go to my vehicles") if is_missing else gettext("Go back"),
                action_href="/" if is_missing else came_from(request),
                why_href=why_href(request, exception),
            ),
        )


def why_href(request: HttpRequest, refusal: Refusal) -> str:
    """Where it is looked for the cause of a refusal, with the car and the service that it was about."""
    topic, service = diagnosis.of_refusal(refusal)
    return diagnosis.address_of(topic=topic, service=service, vin=vin_of(request, refusal)) if topic else ""


def vin_of(request: HttpRequest, refusal: Refusal) -> str:
    """The car that a refused request was about: the refusal says it, or the address, or what was sent along."""
    in_address = request.resolver_match.kwargs if request.resolver_match else {}
    places = (refusal.facts, in_address, request.GET, request.POST)
    return next((str(vin) for place in places if (vin := place.get("vin"))), "")
