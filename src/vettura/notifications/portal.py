"""The inbox (Communications), its messages and attachments, and the contact page."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from vettura.catalog import queries as catalog
from vettura.notifications import actions, queries, rules

MESSAGES_PER_PAGE = 20


def _recipient(request: HttpRequest) -> UUID:
    return cast("UUID", request.user.pk)


@login_required
@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """The inbox, newest first; it names the person's contact too (MSG-001)."""
    found = queries.messages_of(recipient_id=_recipient(request))
    page = Paginator(found, MESSAGES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/messages.html", {"page": page, "contact": _contact_of(request)})


@login_required
@require_GET
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """One message; opening it marks it as read."""
    found = queries.message(recipient_id=_recipient(request), message_id=message_id)
    actions.mark_read(recipient_id=_recipient(request), message_id=message_id)
    body, link = rules.parted(found.body, own=settings.VETTURA_BASE_URL)
    return render(request, "notifications/message.html", {"message": found, "body": body, "link": link})


@login_required
@require_GET
def attachment(request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """A file of a message, for its recipient only."""
    found = queries.attachment(recipient_id=_recipient(request), attachment_id=attachment_id)
    is_shown = found.media_type in rules.SHOWN_IN_BROWSER
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    response.headers["Content-Disposition"] = content_disposition_header(not is_shown, found.name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_GET
def contact(request: HttpRequest) -> HttpResponse:
    """Whom to ask: Assistance of one's country (MSG-001). A country may be chosen by those who have no account."""
    return render(
        request,
        "notifications/contact.html",
        {"contact": _contact_of(request), "countries": _choices(request), "is_chosen": "country" in request.GET},
    )


def _contact_of(request: HttpRequest) -> object:
    home = getattr(request.user, "country", "") or catalog.home_of(get_language() or "en")
    chosen = str(request.GET.get("country") or home)
    known = {each.iso2: each for each in catalog.countries()}
    found = known.get(chosen.upper())
    if found is None:
        return None
    return {"country": found, "name": found.names[catalog.language_of_pack(get_language())]}


def _choices(request: HttpRequest) -> list[tuple[str, str]]:
    language = catalog.language_of_pack(get_language())
    return sorted(((each.iso2, each.names[language]) for each in catalog.countries()), key=lambda choice: choice[1])


app_name = "notifications"
urlpatterns = [
    path("messages/", messages, name="messages"),
    path("messages/<uuid:message_id>/", message, name="message"),
    path("messages/attachments/<uuid:attachment_id>/", attachment, name="attachment"),
    path("contact/", contact, name="contact"),
]
