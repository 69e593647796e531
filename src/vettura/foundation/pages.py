"""Lists that come in pages: where the next one is, as a header (RFC 8288) for those that are arrays."""

from django.http import HttpRequest, HttpResponse


def link_next(request: HttpRequest, response: HttpResponse, **changes: object) -> None:
    """This will say in the answer that the next page is at this address with these parameters changed."""
    asked = request.GET.copy()
    for name, value in changes.items():
        asked[name] = str(value)
    response["Link"] = f'<{request.path}?{asked.urlencode()}>; rel="next"'
