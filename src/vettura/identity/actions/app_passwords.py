"""
The sign-in of a program that keeps e-mail address and app password, and asks with them again whenever it connects (MQTT).

An app password is too long to be guessed, so a right one is taken at once, whatever others have tried in the person's name. Anything
else counts with the tries of our own sign-in page. A password that is over is no guess: a program that was forgotten somewhere and
keeps knocking must not keep its owner out.
"""

from vettura.foundation import clock
from vettura.identity import queries, rules
from vettura.identity.actions.attempts import count_attempt, from_place, limits_of_sign_in
from vettura.identity.errors import SignInWrong
from vettura.identity.models import AppPassword
from vettura.identity.queries import AppPasswordAccess
from vettura.identity.rules import foreign


def sign_in_with_app_password(*, email: str, password: str, place: str) -> AppPasswordAccess:
    """
    Who this is, and what the app password opens; the use is noted.

    A wrong try is counted for good, so it cannot be called inside a transaction. Raises SignInWrong, and TooManyAttempts.
    """
    digest = rules.token_digest(foreign.normalized_app_password(password))
    row = (
        AppPassword.objects.select_related("account")
        .filter(hash=digest, scopes__isnull=False, account__email__iexact=email.strip())
        .first()
    )
    if row is None:
        count_attempt(limits=limits_of_sign_in(email=email, place=place))
        raise SignInWrong
    access = queries.app_password_access(password_id=row.id)
    if access is None:
        count_attempt(limits=[from_place(kind="password", place=place)])
        raise SignInWrong
    AppPassword.objects.filter(id=row.id).update(last_used_at=clock.now())
    return access
