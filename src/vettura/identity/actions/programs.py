"""Programs that people sign in to with their account: which there are, and the end of their access."""

import secrets
from collections.abc import Sequence
from uuid import UUID

from allauth.idp.oidc.models import Client
from django.db import transaction

from vettura.foundation import clock, outbox
from vettura.foundation.errors import NotFound
from vettura.identity import queries, rules
from vettura.identity.errors import ProgramInvalid, TooManyPrograms
from vettura.identity.events import ProgramAccessChanged
from vettura.identity.models import Account, AppPassword, ProgramConsent, ProgramGrant
from vettura.notifications import actions as notifications

GRANT_TYPES = (Client.GrantType.AUTHORIZATION_CODE, Client.GrantType.DEVICE_CODE, Client.GrantType.REFRESH_TOKEN)


@transaction.atomic
def register_client(
    *,
    client_id: str,
    name: str,
    redirect_uris: Sequence[str],
    scopes: Sequence[str] = rules.SCOPES,
    post_logout_redirect_uris: Sequence[str] = (),
    origins: Sequence[str] = (),
    secret: str | None = None,
    is_ours: bool = False,
    may_introspect: bool = False,
) -> Client:
    """
    This will make a program known: code with PKCE, or the device flow. Again: it is updated, and keeps its sign-ins.

    Without a `secret` it is public. A loopback address (`http://127.0.0.1/callback`) stands for all its ports (RFC 8252
    section 7.3). `origins` are pages of other sites whose scripts may ask for tokens. `is_ours`: a surface of this
    platform, so nobody is asked whether it may know them. `may_introspect`: an API that takes tokens of all programs.
    Raises ProgramInvalid.
    """
    _check(name=name, redirect_uris=[*redirect_uris, *post_logout_redirect_uris], scopes=scopes, secret=secret)
    client, _ = Client.objects.update_or_create(
        id=client_id,
        defaults={
            "name": name,
            "type": Client.Type.CONFIDENTIAL if secret else Client.Type.PUBLIC,
            "secret": f"sha256${rules.token_digest(secret or secrets.token_urlsafe(32))}",
            "redirect_uris": "\n".join(redirect_uris),
            "cors_origins": "\n".join(origins),
            "scopes": "\n".join(scopes),
            "default_scopes": "openid",
            "grant_types": "\n".join(GRANT_TYPES),
            "response_types": Client.ResponseType.CODE,
            "skip_consent": is_ours,
            "data": {
                "client_metadata": {"post_logout_redirect_uris": list(post_logout_redirect_uris)},
                "may_introspect": may_introspect,
            },
        },
    )
    return client


def _check(*, name: str, redirect_uris: Sequence[str], scopes: Sequence[str], secret: str | None) -> None:
    if not name.strip() or "\n" in name:
        raise ProgramInvalid(about="name", value=name)
    for uri in redirect_uris:
        scheme, _, _ = uri.partition(":")
        # a scheme of one's own is a reversed domain name (RFC 8252 section 7.1); javascript: and data: have no dot
        is_good = scheme == "https" or rules.is_loopback(uri) or "." in scheme
        if not is_good or "#" in uri or "*" in uri or any(sign.isspace() for sign in uri):
            raise ProgramInvalid(about="address", value=uri)
    for scope in scopes:
        if scope not in rules.SCOPES:
            raise ProgramInvalid(about="scope", value=scope)
    if secret is not None and len(secret) < rules.LEAST_SECRET:
        raise ProgramInvalid(about="secret", value="…")


@transaction.atomic
def remove_client(*, client_id: str) -> bool:
    """This will forget a program with everything it holds; False when it was not known."""
    removed, _ = Client.objects.filter(id=client_id).delete()
    return bool(removed)


@transaction.atomic
def revoke_program(*, account: Account, client_id: str) -> None:
    """
    This will end a program's access to the account: none of its tokens is good from now on, and it must ask again.

    Doing it again changes nothing.
    """
    ProgramConsent.objects.filter(account=account, client_id=client_id).delete()
    end_programs(account=account, client_id=client_id, because=ProgramGrant.Ended.BY_PERSON)


@transaction.atomic
def revoke_program_car(*, account: Account, client_id: str, vin: str, only_place: bool = False) -> None:
    """
    This will end a program's access to one car, or only to where that car is, in every sign-in and in what is remembered.

    Doing it again changes nothing.
    """
    owned = list(queries.cars_of(account=account))
    grants = ProgramGrant.objects.select_for_update().filter(account=account, client_id=client_id, ended_at=None)
    consents = ProgramConsent.objects.select_for_update().filter(account=account, client_id=client_id)
    rows: list[ProgramGrant | ProgramConsent] = [*grants.order_by("id"), *consents]
    for row in rows:
        row.places = rules.without(vin, allowed=row.places, owned=owned)
        if not only_place:
            row.cars = rules.without(vin, allowed=row.cars, owned=owned)
        row.save(update_fields=["cars", "places"])
    if rows:
        outbox.publish(ProgramAccessChanged(account_id=account.id, at=clock.now()))


@transaction.atomic
def create_own_program(*, by: Account, name: str) -> Client:
    """
    This will make a program that signs in by a code on a screen, for the person who makes it and nobody else. It has no secret:
    what it shows is worth nothing until that person allows it. Raises ProgramInvalid and TooManyPrograms.
    """
    # two at once count one another
    Account.objects.select_for_update().get(id=by.id)
    if Client.objects.filter(owner_id=by.id).count() >= rules.MOST_OWN_PROGRAMS:
        raise TooManyPrograms(limit=rules.MOST_OWN_PROGRAMS)
    client = register_client(client_id=f"own-{secrets.token_hex(8)}", name=name.strip()[:100], redirect_uris=[])
    client.owner_id = by.id
    client.save(update_fields=["owner"])
    return client


@transaction.atomic
def remove_own_program(*, by: Account, client_id: str) -> None:
    """This will forget a program that the person made, with everything it holds. Raises NotFound for anybody else's."""
    grants = ProgramGrant.objects.filter(client_id=client_id, client__owner_id=by.id)
    notifications.unsubscribe_grants(grant_ids=list(grants.values_list("id", flat=True)))
    removed, _ = Client.objects.filter(id=client_id, owner_id=by.id).delete()
    if not removed:
        raise NotFound
    outbox.publish(ProgramAccessChanged(account_id=by.id, at=clock.now()))


def remove_all_own_programs(*, account: Account) -> None:
    """This will forget the programs that somebody made who is leaving. For this context's own actions."""
    Client.objects.filter(owner_id=account.id).delete()


@transaction.atomic
def revoke_all_programs(*, account: Account) -> None:
    """This will end the access of all programs to the account, and its app passwords. Doing it again changes nothing."""
    if AppPassword.objects.filter(account=account, ended_at=None).update(ended_at=clock.now()):
        # some of them hold a connection open
        outbox.publish(ProgramAccessChanged(account_id=account.id, at=clock.now()))
    ProgramConsent.objects.filter(account=account).delete()
    end_programs(account=account, because=ProgramGrant.Ended.BY_PERSON)


@transaction.atomic
def sign_out_of_program(*, account: Account, client_id: str, session: str) -> None:
    """This will end what this browser session allowed a program; what other devices allowed it stays."""
    end_programs(account=account, client_id=client_id, session=session, because=ProgramGrant.Ended.SIGNED_OUT)


def end_programs(*, because: ProgramGrant.Ended, **which: object) -> None:
    """This will end the living grants that these columns name. For this context's own actions."""
    living = ProgramGrant.objects.filter(ended_at=None, **which)
    people = set(living.values_list("account_id", flat=True))
    notifications.unsubscribe_grants(grant_ids=list(living.values_list("id", flat=True)))
    living.update(ended_at=clock.real_now(), ended_because=because)
    for account_id in people:
        outbox.publish(ProgramAccessChanged(account_id=account_id, at=clock.now()))


@transaction.atomic
def note_use(*, grant_id: UUID) -> None:
    """This will remember that a program has used its access now; people see it beside the program's name."""
    ProgramGrant.objects.filter(id=grant_id).update(last_used_at=clock.now())
