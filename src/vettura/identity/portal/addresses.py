"""A new e-mail address: its holder agrees, or the former one stops it. Mail scanners open links, so a button decides."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from vettura.foundation import clock
from vettura.identity import actions, errors, queries, rules


@never_cache
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The new address takes over when its holder agrees."""
    if request.method == "POST":
        person = actions.confirm_email(token=token)
        return render(request, "identity/email_done.html", {"email": person.email})
    change = queries.address_change(token=token)
    if change is None or change.confirm_hash != rules.link_hash(token) or change.stopped_at is not None:
        raise errors.AddressLinkOver
    if change.confirmed_at is not None:
        return render(request, "identity/email_done.html", {"email": change.email})
    if clock.now() >= change.expires_at:
        raise errors.AddressLinkOver
    return render(request, "identity/email_confirm.html", {"change": change})


@never_cache
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """The holder of the former address did not want this."""
    if request.method == "POST":
        actions.stop_email_change(token=token)
        return render(request, "identity/email_stopped.html")
    change = queries.address_change(token=token)
    if change is None or change.stop_hash != rules.link_hash(token) or change.confirmed_at is not None:
        raise errors.AddressLinkOver
    if change.stopped_at is not None:
        return render(request, "identity/email_stopped.html")
    return render(request, "identity/email_stop.html", {"change": change})
