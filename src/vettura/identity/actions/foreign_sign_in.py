"""
The sign-in of apps made for another platform's interface: name, password, code. A shell speaks their language.

Tries are counted with those of our own sign-in page, so this way in gives no guess more. Whoever has a second factor needs
an app password: these apps can ask for nothing else.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from allauth.idp.oidc.models import Client
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q

from vettura.foundation import clock
from vettura.identity import queries, rules
from vettura.identity.actions.attempts import count_attempt, forget_attempts, limits_of_sign_in
from vettura.identity.actions.grants import issue_code
from vettura.identity.errors import AppPasswordNeeded, CaptchaNeeded, ForeignAppsOff, SignInGone, SignInWrong
from vettura.identity.models import Account, AppPassword, Attempts, ForeignSignIn, ProgramCode
from vettura.identity.rules import Authentication, foreign


@dataclass(frozen=True)
class BegunSignIn:
    """A walk that has begun: the secret that names it, and the one that the app's cookie keeps."""

    state: str
    cookie: str


@dataclass(frozen=True)
class FinishedSignIn:
    """Where a walk ends: the code for the app, its own word, and its address."""

    code: str
    answer_state: str
    redirect_uri: str


@transaction.atomic
def register_foreign_client(*, client_id: str, name: str, redirect_uri: str) -> Client:
    """
    This will make an app of another maker known. It has no scope and no grant type of ours, so our own provider gives it
    nothing. Again: nothing changes.
    """
    known = Client.objects.filter(id=client_id).first()
    if known is not None:
        return known
    client, _ = Client.objects.get_or_create(
        id=client_id,
        defaults={
            "name": name,
            "type": Client.Type.PUBLIC,
            "secret": f"sha256${rules.token_digest(secrets.token_urlsafe(32))}",
            "redirect_uris": redirect_uri,
            "scopes": "",
            "default_scopes": "",
            "grant_types": "",
            "response_types": Client.ResponseType.CODE,
            "skip_consent": False,
            "data": {"is_foreign": True},
        },
    )
    return client


@transaction.atomic
def begin_foreign_sign_in(
    *, client: Client, redirect_uri: str, scopes: Sequence[str], code_challenge: str, answer_state: str
) -> BegunSignIn:
    """This will begin a walk; whether the app may ask for this was checked before. `scopes` are in its own words."""
    begun = BegunSignIn(state=secrets.token_urlsafe(32), cookie=secrets.token_urlsafe(32))
    ForeignSignIn.objects.create(
        state_hash=rules.token_digest(begun.state),
        cookie_hash=rules.token_digest(begun.cookie),
        client=client,
        redirect_uri=redirect_uri,
        scopes=list(foreign.foreign(scopes)),
        code_challenge=code_challenge,
        answer_state=answer_state,
        expires_at=clock.real_now() + foreign.SIGN_IN_LIFETIME,
    )
    return begun


def name_person(*, state: str, email: str, place: str, captcha: str = "", takes_passkeys: bool = False) -> None:
    """
    This will take the address of who signs in; whether there is such an account is told to nobody.

    Raises SignInGone; CaptchaNeeded with the letters of a new picture after wrong tries, until those of the last one come.
    """
    refusal = _name_person(state, email, place, captcha, takes_passkeys)
    if refusal is not None:
        raise refusal


@transaction.atomic
def _name_person(state: str, email: str, place: str, captcha: str, takes_passkeys: bool) -> CaptchaNeeded | None:
    row = _open(state)
    row.takes_passkeys = takes_passkeys
    if captcha and row.captcha_hash:
        row.is_captcha_solved = row.captcha_hash == _captcha_hash(row, captcha)
        # each picture is good for one try
        row.captcha_hash = ""
    refusal = None
    if not row.is_captcha_solved and is_captcha_needed(email=email, place=place):
        letters = "".join(secrets.choice(foreign.CAPTCHA_LETTERS) for _ in range(foreign.CAPTCHA_LENGTH))
        row.captcha_hash = _captcha_hash(row, letters)
        refusal = CaptchaNeeded(letters=letters)
    row.save(update_fields=["takes_passkeys", "is_captcha_solved", "captcha_hash"])
    return refusal


def _captcha_hash(row: ForeignSignIn, letters: str) -> str:
    return rules.hashed_code(code=letters.strip().upper(), salt=row.state_hash, secret=settings.SECRET_KEY)


def is_captcha_needed(*, email: str, place: str) -> bool:
    """Whether so many tries at this account, or from this place, were wrong that a picture has to be read first."""
    at_account, from_place = limits_of_sign_in(email=email, place=place)
    is_much = Q(key=at_account.key, count__gte=foreign.CAPTCHA_AFTER) | Q(
        key=from_place.key, count__gte=foreign.CAPTCHA_AFTER_FROM_PLACE
    )
    return Attempts.objects.filter(is_much).exists()


def prove_person(*, state: str, email: str, password: str, place: str) -> None:
    """
    This will note who signs in, if the password is right. A try is counted before it is looked at.

    Raises SignInGone, SignInWrong, TooManyAttempts; AppPasswordNeeded and ForeignAppsOff to whoever knows the password.
    """
    with transaction.atomic():
        row = _open(state)
        if not row.is_captcha_solved and is_captcha_needed(email=email, place=place):
            raise SignInWrong
        # a picture that was read is good for one password
        ForeignSignIn.objects.filter(state_hash=row.state_hash).update(is_captcha_solved=False)
    limits = limits_of_sign_in(email=email, place=place)
    count_attempt(limits=limits)
    account = queries.find_by_email(email=email)
    app_password = _app_password(account, password)
    if app_password is None and not _is_password_of(account, password):
        raise SignInWrong
    assert account is not None  # nobody's password is never right
    forget_attempts(limits=limits)
    if not queries.lets_foreign_apps_in(account=account):
        raise ForeignAppsOff
    if app_password is None and queries.factors_of(account=account).is_protected:
        raise AppPasswordNeeded
    with transaction.atomic():
        row = _open(state)
        row.account, row.app_password, row.proven_at = account, app_password, clock.real_now()
        row.save(update_fields=["account", "app_password", "proven_at"])
        if app_password is not None:
            AppPassword.objects.filter(id=app_password.id).update(last_used_at=clock.now())


def _app_password(account: Account | None, password: str) -> AppPassword | None:
    if account is None:
        return None
    digest = rules.token_digest(foreign.normalized_app_password(password))
    return AppPassword.objects.filter(account=account, hash=digest, scopes=None, ended_at=None).first()


def _is_password_of(account: Account | None, password: str) -> bool:
    if account is None:
        # as long as looking at one: whoever measures learns nothing
        make_password(password)
        return False
    return account.check_password(password)


@transaction.atomic
def proven_sign_in(*, state: str) -> bool:
    """Whether somebody has proven who they are in this walk, and the app declared that it can take a passkey."""
    row = _open(state)
    if row.account_id is None:
        raise SignInGone
    return row.takes_passkeys


@transaction.atomic
def finish_foreign_sign_in(*, state: str) -> FinishedSignIn:
    """This will give the code of a walk in which somebody has proven who they are, once. Raises SignInGone."""
    row = _open(state)
    if row.account is None or row.proven_at is None or row.grant_id is not None:
        raise SignInGone
    code = _code(row, redirect_uri=row.redirect_uri, scopes=row.scopes, code_challenge=row.code_challenge)
    return FinishedSignIn(code=code, answer_state=row.answer_state, redirect_uri=row.redirect_uri)


@transaction.atomic
def go_on_foreign_session(
    *, cookie: str, client: Client, redirect_uri: str, scopes: Sequence[str], code_challenge: str
) -> str | None:
    """
    A code without a password for the cookie of a walk that ended well, as long as what came of it lives; None otherwise.
    """
    row = (
        ForeignSignIn.objects.select_for_update(of=("self",))
        .select_related("account", "grant", "app_password")
        .filter(cookie_hash=rules.token_digest(cookie), client=client, expires_at__gt=clock.real_now())
        .first()
    )
    if row is None or row.account is None or row.grant is None or row.grant.ended_at is not None:
        return None
    if not row.account.is_active or not queries.lets_foreign_apps_in(account=row.account):
        return None
    return _code(row, redirect_uri=redirect_uri, scopes=foreign.foreign(scopes), code_challenge=code_challenge)


def _open(state: str) -> ForeignSignIn:
    """The walk of this name, locked. Raises SignInGone."""
    row = (
        ForeignSignIn.objects.select_for_update(of=("self",))
        .select_related("account", "app_password", "client")
        .filter(state_hash=rules.token_digest(state), expires_at__gt=clock.real_now(), grant=None)
        .first()
    )
    if row is None:
        raise SignInGone
    return row


def _code(row: ForeignSignIn, *, redirect_uri: str, scopes: Sequence[str], code_challenge: str) -> str:
    assert row.account is not None  # the caller has seen to it
    assert row.proven_at is not None
    value = issue_code(
        account=row.account,
        client=row.client,
        redirect_uri=redirect_uri,
        scopes=scopes,
        authentication=Authentication(
            at=row.proven_at, amr=("pwd",), session=row.app_password.hash if row.app_password else ""
        ),
        code_challenge=code_challenge,
    )
    row.grant = ProgramCode.objects.select_related("grant").get(hash=rules.token_digest(value)).grant
    row.expires_at = max(row.expires_at, row.proven_at + foreign.SESSION_LIFETIME)
    row.save(update_fields=["grant", "expires_at"])
    return value
