"""Video identification: what is needed for it, whether this device will do, the call, and the result. And the provider's webhook."""

from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

import segno
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.periods import country_name
from vettura.identity import actions, queries, rules
from vettura.identity.models import Account, IdentityCheck

WAITING = (IdentityCheck.Status.WAITING, IdentityCheck.Status.IN_CALL)


def reason_sentences(codes: list[str]) -> list[str]:
    """What the provider's codes mean for a person, each sentence once; a code that we do not know is said in general."""
    known = {
        "ID_NOT_SUPPORTED": gettext("This document is not accepted. Use a valid identity card or passport."),
        "ID_EXPIRED": gettext("The document has expired. Use one that is valid."),
        "ID_SECURITY_FEATURE": gettext("The holographic security features of the document could not be seen."),
        "ID_DATA": gettext("Name or data in the document differ from those of your account."),
        "FACE_MISMATCH": gettext("The face could not be matched with the picture in the document."),
        "ID_BLURRY": gettext("The document could not be read. Hold it still, with enough light."),
        "ID_GLARE": gettext("Reflections covered the document. Turn away from lamps and windows."),
        "ID_DAMAGED": gettext("The document is damaged."),
        "ABORTED": gettext("The call broke off. Begin again when the connection is good."),
        "TECHNICAL": gettext("There was technical trouble. Begin again in a few minutes."),
    }
    other = gettext("The agent could not identify you.")
    return list(dict.fromkeys(known.get(code, other) for code in codes))


@login_required
@never_cache
@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The person's identifications; the only one that is open is shown at once."""
    found = queries.identity_checks_of(account=cast("Account", request.user))
    unfinished = [case for case in found if case.status not in rules.CHECK_FINAL]
    if len(unfinished) == 1:
        return redirect("identity:identity_check", unfinished[0].id)
    return render(request, "identity/identity_checks.html", {"cases": found})


@login_required
@never_cache
@require_GET
def case(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """One identification: what is needed and whether this device will do, or how it stands (IDV-007, IDV-011 to IDV-022)."""
    found = queries.identity_check(account=cast("Account", request.user), check_id=check_id)
    if getattr(request, "htmx", False):
        return _fragment(request, found)
    terms, at = catalog.terms(), clock.now()
    device = rules.device_of(request.headers.get("User-Agent", ""))
    facts = {
        "case": found,
        "device": device,
        "is_open": rules.identification_is_open(at),
        "opens_next": rules.identification_opens_next(at),
        "terms": terms,
        "shortest": int(terms.identification_shortest.total_seconds() // 60),
        "longest": int(terms.identification_longest.total_seconds() // 60),
        "closes": "24:00" if terms.identification_closes_at.hour == 0 else f"{terms.identification_closes_at:%H:%M}",
        "country_names": _names(rules.document_countries()),
        "attempts_left": max(0, terms.identification_attempts - found.attempts),
        "reasons": reason_sentences(found.reasons),
        "is_waiting": found.status in WAITING,
        "is_final": found.status in rules.CHECK_FINAL,
        "may_cancel": rules.may_check_become(found.status, "canceled"),
        "deleted_on": found.evidence_until.astimezone(ZoneInfo(terms.identification_time_zone)).date()
        if found.evidence_until
        else None,
        "code_picture": _picture_of(found.code) if found.status in WAITING and found.code else "",
    }
    answer = render(request, "identity/identity_check.html", facts)
    # the camera is for this page and the call; every other page of ours gives it to nobody
    answer["Permissions-Policy"] = "camera=(self), microphone=(self), payment=(self), geolocation=(self)"
    return answer


def _fragment(request: HttpRequest, found: IdentityCheck) -> HttpResponse:
    """What the page asks for while somebody waits: once the state changes, the whole page is loaded."""
    if request.GET.get("seen") == found.status:
        return HttpResponse(status=204)
    answer = HttpResponse()
    answer["HX-Refresh"] = "true"
    return answer


def _names(codes: list[str]) -> list[str]:
    language = get_language() or "en"
    return sorted(country_name(code, language) for code in codes)


def _picture_of(code: str) -> str:
    return segno.make(code, error="m").svg_inline(scale=5, border=2, light="#fff", dark="#000", svgclass="qr")


@login_required
@require_POST
def start(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """This will begin an attempt: on to the call, or on a phone or tablet back to the code for the app (IDV-020, IDV-021)."""
    user_agent = request.headers.get("User-Agent", "")
    found = actions.start_identity_check(by=cast("Account", request.user), check_id=check_id, user_agent=user_agent)
    if rules.device_of(user_agent).is_compatible and found.call_url:
        return HttpResponseRedirect(found.call_url)
    return redirect("identity:identity_check", found.id)


@login_required
@require_POST
def cancel(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """This will end an identification that the person does not want to finish."""
    found = actions.cancel_identity_check(by=cast("Account", request.user), check_id=check_id)
    return redirect("identity:identity_check", found.id)


@csrf_exempt
@require_POST
def notices(request: HttpRequest) -> HttpResponse:
    """Webhooks of the provider: verified, noted, answered; a job asks what happened."""
    actions.receive_identity_notice(body=request.body, signature=request.headers.get("X-IDnow-Signature", ""))
    return JsonResponse({"received": True})
