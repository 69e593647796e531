"""What every answer of the API carries besides its body."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from vettura.api import lifecycle
from vettura.developers.queries import rate_headers
from vettura.foundation import conditional

PREFIX = "/api/v1/"

Next = Callable[[HttpRequest], HttpResponse]


class ApiAnswerMiddleware:
    """Tags what is read, answers 304 where the caller has it already, and says how budgets stand and what will go."""

    def __init__(self, get_response: Next) -> None:
        """Django gives the next middleware."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """This will answer the request."""
        response = self._get_response(request)
        if not request.path.startswith(PREFIX) or response.streaming:
            return response
        answered = conditional.answered(request, response)
        for name, value in rate_headers(getattr(request, "standings", ())).items():
            answered[name] = value
        for name, value in lifecycle.headers_for(request).items():
            answered[name] = value
        return answered
