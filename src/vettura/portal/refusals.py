"""Refusals become pages: the sentence of the refusal and the button that helps."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from vettura.foundation.errors import Refusal
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
            ),
        )
