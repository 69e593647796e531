"""Identity agents come in: the queue of video identification, a case with its evidence, and the way to the call."""

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from vettura.foundation.errors import NotFound
from vettura.foundation.panels import Section
from vettura.identity import actions, ports, queries
from vettura.identity.models import Account

PAGE_SIZE = 50


def sections(*, account: Account) -> list[Section]:
    """Where identity agents see who waits."""
    if not account.has_staff_role("ident"):
        return []
    return [Section(gettext("Identifications"), reverse("identification_desk:queue"), "users", "i")]


def _agent(request: HttpRequest) -> Account:
    account = cast("Account", request.user)
    if not account.has_staff_role("ident"):
        raise NotFound
    return account


@login_required
@never_cache
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Every case, calls and waiting people first."""
    agent = _agent(request)
    page = int(number) if (number := request.GET.get("page", "")).isdecimal() and int(number) > 0 else 1
    rows = queries.identity_check_queue(offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE + 1)
    facts = {
        "rows": rows[:PAGE_SIZE],
        "previous_page": page - 1,
        "next_page": page + 1 if len(rows) > PAGE_SIZE else None,
        "has_waiting_room": bool(ports.identity_check_provider().waiting_room(agent=agent.name)),
    }
    return render(request, "identity/desk/identifications.html", facts)


@login_required
@require_POST
def waiting_room(request: HttpRequest) -> HttpResponse:
    """This will lead the agent to where the calls are taken."""
    url = ports.identity_check_provider().waiting_room(agent=_agent(request).name)
    if not url:
        raise NotFound
    return HttpResponseRedirect(url)


@login_required
@never_cache
@require_GET
def case(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """One case: how it stands and what was seen, until its date."""
    _agent(request)
    found = queries.identity_check_for_agent(check_id=check_id)
    named = _names()
    facts = {
        "case": found,
        "pictures": [
            (each, named.get(each.kind, each.kind)) for each in found.pictures.defer("sealed").order_by("kind")
        ],
        "reasons": [named.get(code, code) for code in found.reasons],
        "document": named.get(found.document_kind, found.document_kind),
    }
    return render(request, "identity/desk/identification.html", facts)


def _names() -> dict[str, str]:
    """What the provider's codes of documents, pictures and reasons are called at the desk; others are shown as they came."""
    return {
        "IDCARD": gettext("Identity card"),
        "PASSPORT": gettext("Passport"),
        "DRIVERS_LICENSE": gettext("Driving licence"),
        "RESIDENCE_PERMIT": gettext("Residence permit"),
        "OTHER": gettext("Other"),
        "idfrontside": gettext("Front of the document"),
        "idbackside": gettext("Back of the document"),
        "userface": gettext("Face"),
        "ID_NOT_SUPPORTED": gettext("Document not accepted"),
        "ID_EXPIRED": gettext("Document expired"),
        "ID_SECURITY_FEATURE": gettext("Security features not seen"),
        "ID_DATA": gettext("Data differ from the account"),
        "FACE_MISMATCH": gettext("Face does not match the document"),
        "ID_BLURRY": gettext("Document not readable"),
        "ID_GLARE": gettext("Reflections on the document"),
        "ID_DAMAGED": gettext("Document damaged"),
        "ABORTED": gettext("Call broke off"),
        "TECHNICAL": gettext("Technical trouble"),
    }


@login_required
@never_cache
@require_GET
def picture(request: HttpRequest, check_id: UUID, picture_id: UUID) -> HttpResponse:
    """A picture of the document or the face, decrypted for this answer only."""
    content, media_type = actions.picture_of_case(by=_agent(request), check_id=check_id, picture_id=picture_id)
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": "inline"})


app_name = "identification_desk"
urlpatterns = [
    path("", queue, name="queue"),
    path("waiting-room/", waiting_room, name="waiting_room"),
    path("<uuid:check_id>/", case, name="case"),
    path("<uuid:check_id>/pictures/<uuid:picture_id>/", picture, name="picture"),
]
