"""
Sign-ins of programs: a code, the tokens it is exchanged for, and their renewal (OAuth 2.0, OpenID Connect, RFC 8628).

Codes and refresh tokens are taken once. Whoever comes with one that was taken before has copied it, or was copied:
everything that descends from the same sign-in ends (RFC 6749 section 4.1.2, RFC 9700 section 4.14.2). A request that was
already under way when the other one succeeded is a double send: it is refused and ends nothing.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from allauth.idp.oidc.models import Client
from django.db import transaction
from django.db.models import Q

from vettura.foundation import clock
from vettura.identity import rules
from vettura.identity.models import (
    Account,
    DeviceSignIn,
    ForeignSignIn,
    PinChallenge,
    ProgramCode,
    ProgramConsent,
    ProgramGrant,
    ProgramToken,
)
from vettura.identity.rules import Authentication
from vettura.notifications import actions as notifications

KEPT_AFTER_THE_END = timedelta(days=30)

Cars = Sequence[str] | None  # by VIN; None is all of them


@dataclass(frozen=True)
class AskedDevice:
    """What a device was given: the secret it comes back with, and the code it shows."""

    device_code: str
    user_code: str


class DeviceAnswer(StrEnum):
    """What a device that asks is told."""

    PENDING = "pending"
    SLOW_DOWN = "slow_down"
    DENIED = "denied"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    ALLOWED = "allowed"


@transaction.atomic
def remember_consent(
    *, account: Account, client: Client, scopes: Sequence[str], cars: Cars = None, places: Cars = None
) -> None:
    """
    This will remember that the person allowed these scopes, beside those allowed before, and for which cars: what was
    answered last. Of which of them the place may be known is an answer of its own. None is all of them.
    """
    row, is_new = ProgramConsent.objects.select_for_update().get_or_create(
        account=account,
        client=client,
        defaults={"scopes": sorted(scopes), "cars": cars, "places": places, "agreed_at": clock.now()},
    )
    if is_new:
        return
    wanted = (sorted({*row.scopes, *scopes}), cars, places)
    if wanted != (row.scopes, row.cars, row.places):
        row.scopes, row.cars, row.places = wanted
        row.agreed_at = clock.now()
        row.save()


@transaction.atomic
def issue_code(
    *,
    account: Account,
    client: Client,
    redirect_uri: str,
    scopes: Sequence[str],
    authentication: Authentication,
    claims: Mapping[str, Sequence[str]] | None = None,
    code_challenge: str = "",
    nonce: str = "",
    cars: Cars = None,
    places: Cars = None,
) -> str:
    """This will open a grant and give the code for it. Who may ask for what was checked before."""
    grant = _opened_grant(
        account=account,
        client=client,
        scopes=scopes,
        authentication=authentication,
        claims=claims,
        cars=cars,
        places=places,
    )
    value = secrets.token_urlsafe(32)
    ProgramCode.objects.create(
        hash=rules.token_digest(value),
        grant=grant,
        redirect_uri=redirect_uri,
        code_challenge=code_challenge,
        nonce=nonce,
        expires_at=clock.real_now() + rules.CODE_LIFETIME,
    )
    return value


def _opened_grant(
    *,
    account: Account,
    client: Client,
    scopes: Sequence[str],
    authentication: Authentication,
    claims: Mapping[str, Sequence[str]] | None = None,
    cars: Cars = None,
    places: Cars = None,
) -> ProgramGrant:
    at = clock.now()
    return ProgramGrant.objects.create(
        account=account,
        client=client,
        scopes=list(scopes),
        cars=None if cars is None else list(cars),
        places=None if places is None else list(places),
        claims={name: list(values) for name, values in (claims or {}).items()},
        authenticated_at=authentication.at,
        acr=authentication.acr,
        amr=list(authentication.amr),
        session=authentication.session,
        started_at=at,
        last_used_at=at,
    )


@transaction.atomic
def take_code(*, client_id: str, value: str, arrived_at: datetime) -> ProgramCode | None:
    """
    The living code with its grant, locked until the transaction ends; None when it is not good.

    The caller marks it with `spend_code` in the same transaction once everything else fits too.
    """
    row = (
        ProgramCode.objects.select_for_update(of=("self",))
        .select_related("grant__account", "grant__client")
        .filter(hash=rules.token_digest(value), grant__client_id=client_id)
        .first()
    )
    if row is None:
        return None
    if row.used_at is not None:
        if arrived_at >= row.used_at:
            _end_grant(row.grant, ProgramGrant.Ended.CODE_REUSED)
        return None
    if clock.real_now() >= row.expires_at or not _is_living(row.grant):
        return None
    return row


@transaction.atomic
def spend_code(*, code: ProgramCode) -> None:
    """This will mark a code that `take_code` gave as used."""
    code.used_at = clock.real_now()
    code.save(update_fields=["used_at"])


@transaction.atomic
def take_refresh_token(*, client_id: str, value: str, arrived_at: datetime) -> ProgramToken | None:
    """
    The living refresh token with its grant, locked until the transaction ends; None when it is not good.

    The caller replaces it with `issue_tokens` in the same transaction.
    """
    row = (
        ProgramToken.objects.select_for_update(of=("self",))
        .select_related("grant__account", "grant__client")
        .filter(hash=rules.token_digest(value), kind=ProgramToken.Kind.REFRESH, grant__client_id=client_id)
        .first()
    )
    if row is None:
        return None
    if row.replaced_at is not None:
        if arrived_at >= row.replaced_at:
            _end_grant(row.grant, ProgramGrant.Ended.REFRESH_REUSED)
        return None
    if clock.real_now() >= row.expires_at or not _is_living(row.grant):
        return None
    return row


@transaction.atomic
def issue_tokens(
    *,
    grant: ProgramGrant,
    access_token: str,
    refresh_token: str | None,
    scopes: Sequence[str],
    replaces: ProgramToken | None = None,
) -> None:
    """This will keep new tokens of a grant; the refresh token they were got with is spent from now on."""
    at = clock.real_now()
    rows = [
        ProgramToken(
            hash=rules.token_digest(access_token),
            kind=ProgramToken.Kind.ACCESS,
            grant=grant,
            scopes=list(scopes),
            created_at=at,
            expires_at=at + rules.ACCESS_LIFETIME,
        )
    ]
    if refresh_token is not None:
        rows.append(
            ProgramToken(
                hash=rules.token_digest(refresh_token),
                kind=ProgramToken.Kind.REFRESH,
                grant=grant,
                scopes=grant.scopes,
                created_at=at,
                expires_at=at + rules.REFRESH_LIFETIME,
            )
        )
    ProgramToken.objects.bulk_create(rows)
    if replaces is not None:
        replaces.replaced_at = clock.real_now()
        replaces.save(update_fields=["replaced_at"])
    ProgramGrant.objects.filter(id=grant.id).update(last_used_at=clock.now())


@transaction.atomic
def revoke_token(*, client_id: str, value: str) -> None:
    """
    This will make a token of this program worthless; a refresh token takes all that descends from it along (RFC 7009).

    Somebody else's token, and one that is not known, change nothing.
    """
    row = (
        ProgramToken.objects.select_related("grant")
        .filter(hash=rules.token_digest(value), grant__client_id=client_id)
        .first()
    )
    if row is None:
        return
    if row.kind == ProgramToken.Kind.REFRESH:
        _end_grant(row.grant, ProgramGrant.Ended.BY_PROGRAM)
    else:
        row.delete()


@transaction.atomic
def begin_device_sign_in(*, client: Client, scopes: Sequence[str]) -> AskedDevice:
    """This will begin the sign-in of a device that has no keyboard worth the name."""
    device_code = secrets.token_urlsafe(32)
    user_code = "".join(secrets.choice(rules.USER_CODE_LETTERS) for _ in range(rules.USER_CODE_LENGTH))
    DeviceSignIn.objects.create(
        device_hash=rules.token_digest(device_code),
        user_code=user_code,
        client=client,
        scopes=list(scopes),
        expires_at=clock.real_now() + rules.DEVICE_LIFETIME,
        interval_seconds=rules.DEVICE_INTERVAL_SECONDS,
    )
    return AskedDevice(device_code=device_code, user_code=user_code)


@transaction.atomic
def answer_device(
    *,
    account: Account,
    user_code: str,
    allow: bool,
    authentication: Authentication,
    cars: Cars = None,
    places: Cars = None,
) -> bool:
    """
    This will let a device in, or refuse it. False when the code is not good (any more); an answer is final. A program that a
    person made for themselves lets in nobody else.

    Codes are guessed: whoever calls counts the attempts.
    """
    row = (
        DeviceSignIn.objects.select_for_update(of=("self",))
        .select_related("client")
        .filter(user_code=rules.normalized_user_code(user_code))
        .first()
    )
    if row is None or row.answered_at is not None or clock.real_now() >= row.expires_at:
        return False
    if not rules.may_sign_in(owner_id=row.client.owner_id, account_id=account.id):
        return False
    row.answered_at = clock.real_now()
    if allow:
        row.grant = _opened_grant(
            account=account,
            client=row.client,
            scopes=row.scopes,
            authentication=authentication,
            cars=cars,
            places=places,
        )
        remember_consent(account=account, client=row.client, scopes=row.scopes, cars=cars, places=places)
    row.save()
    return True


@transaction.atomic
def poll_device(*, client_id: str, device_code: str) -> tuple[DeviceAnswer, ProgramGrant | None]:
    """What a device is told that asks for its tokens. The grant is given once; coming too soon slows the device down."""
    row = (
        DeviceSignIn.objects.select_for_update(of=("self",))
        .select_related("grant__account", "grant__client")
        .filter(device_hash=rules.token_digest(device_code), client_id=client_id)
        .first()
    )
    at = clock.real_now()
    if row is None or row.taken_at is not None:
        return DeviceAnswer.UNKNOWN, None
    if at >= row.expires_at:
        return DeviceAnswer.EXPIRED, None
    is_too_soon = row.polled_at is not None and at < row.polled_at + timedelta(seconds=row.interval_seconds)
    row.polled_at = at
    if row.answered_at is None:
        # RFC 8628 section 3.5: five seconds more, for this and all that follow
        row.interval_seconds += rules.DEVICE_INTERVAL_SECONDS if is_too_soon else 0
        row.save()
        return (DeviceAnswer.SLOW_DOWN if is_too_soon else DeviceAnswer.PENDING), None
    row.taken_at = at
    row.save()
    if row.grant is None:
        return DeviceAnswer.DENIED, None
    return (DeviceAnswer.ALLOWED, row.grant) if _is_living(row.grant) else (DeviceAnswer.DENIED, None)


@transaction.atomic
def forget_old_grants(*, at: datetime) -> int:
    """This will delete what is over for so long that nobody needs to be told of a second use; real time."""
    long_ago = at - KEPT_AFTER_THE_END
    DeviceSignIn.objects.filter(expires_at__lte=long_ago).delete()
    ForeignSignIn.objects.filter(expires_at__lte=long_ago).delete()
    PinChallenge.objects.filter(expires_at__lte=long_ago).delete()
    ProgramToken.objects.filter(kind=ProgramToken.Kind.ACCESS, expires_at__lte=long_ago).delete()
    ProgramToken.objects.filter(kind=ProgramToken.Kind.REFRESH, expires_at__lte=long_ago).delete()
    ProgramCode.objects.filter(expires_at__lte=long_ago).delete()
    is_over = Q(ended_at__lte=long_ago) | Q(tokens=None, code=None, device_sign_in=None)
    ids = ProgramGrant.objects.filter(is_over).values_list("id", flat=True).distinct()[:1000]
    return ProgramGrant.objects.filter(id__in=list(ids)).delete()[0]


def _is_living(grant: ProgramGrant) -> bool:
    return grant.ended_at is None and grant.account.is_active


def _end_grant(grant: ProgramGrant, because: ProgramGrant.Ended) -> None:
    ProgramGrant.objects.filter(id=grant.id, ended_at=None).update(ended_at=clock.real_now(), ended_because=because)
    notifications.unsubscribe_grants(grant_ids=[grant.id])
