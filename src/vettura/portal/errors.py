"""Pages for what went wrong: what happened, what it means, and the one button that helps."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext


@dataclass(frozen=True)
class Problem:
    """One problem as a person reads it."""

    status: int
    code: str
    sentence: str
    meaning: str = ""
    action_text: str = ""
    action_href: str = ""
    # where it is looked for the cause, if there is one to look for
    why_href: str = ""


def problem_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    """
    The problem as the caller understands it: a page; for htmx a notice that goes to the message area; for programs
    `application/problem+json`.
    """
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": problem.sentence, "status": problem.status, "code": problem.code}
        return JsonResponse(body, status=problem.status, content_type="application/problem+json")
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(
            render_to_string("portal/_problem.html", {"problem": problem}, request), status=problem.status
        )
        response["HX-Retarget"] = "#messages"
        response["HX-Reswap"] = "innerHTML show:top"
        return response
    return HttpResponse(render_to_string("portal/problem.html", {"problem": problem}, request), status=problem.status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """No such address."""
    return problem_response(
        request,
        Problem(
            status=404,
            code="not_found",
            sentence=gettext("There is no page at this address."),
            meaning=gettext("The link may be old, or the page belongs to somebody else."),
            action_text=gettext("Go to my vehicles"),
            action_href="/",
        ),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The person is known, but this is not theirs to do."""
    return problem_response(
        request,
        Problem(
            status=403,
            code="not_allowed",
            sentence=gettext("Your account may not open this page."),
            meaning=gettext("If you work with several accounts, sign in with the one that has this task."),
            action_text=gettext("Use another account"),
            action_href="/signin/",
        ),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without the proof that it is ours: an old page, or blocked cookies."""
    return problem_response(
        request,
        Problem(
            status=403,
            code="form_expired",
            sentence=gettext("This page was open for too long, so nothing was sent."),
            meaning=gettext(
                "Load it again and repeat the last step. If it happens again, allow cookies for this site."
            ),
            action_text=gettext("Load the page again"),
            action_href=request.get_full_path() if request.method == "GET" else came_from(request),
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """
    Something nobody foresaw. The page asks for nothing: no database, no session, no pack, since any of them may be
    what failed.
    """
    if request.path.startswith("/api/") or request.headers.get("HX-Request") == "true":
        return problem_response(
            request,
            Problem(
                status=500,
                code="internal_error",
                sentence=gettext("Something failed on our side. Nothing was changed."),
                action_text=gettext("Load the page again"),
                action_href=came_from(request),
            ),
        )
    return HttpResponse(render_to_string("portal/server_error.html"), status=500)


def came_from(request: HttpRequest) -> str:
    """The page the person was on, as a path of our own."""
    referer = request.headers.get("Referer", "")
    own = f"{request.scheme}://{request.get_host()}/"
    return "/" + referer.removeprefix(own) if referer.startswith(own) else "/"
