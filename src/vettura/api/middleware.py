"""What every answer of the API carries besides its body."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from vettura.foundation import conditional

PREFIX = "/api/v1/"

Next = Callable[[HttpRequest], HttpResponse]


class ApiAnswerMiddleware:
    """Tags what is read, and answers 304 where the caller has it already."""

    def __init__(self, get_response: Next) -> None:
        """Django gives the next middleware."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """This will answer the request."""
        response = self._get_response(request)
        if not request.path.startswith(PREFIX) or response.streaming:
            return response
        return conditional.answered(request, response)
