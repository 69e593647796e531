"""Where a person is signed in: seen, and signed out. Sessions live in real time."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.db import transaction

from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.identity.models import Account

# in the session: when the device was last noted, as a timestamp of real time
SEEN_AT = "vettura.seen_at"
# one write in this time is enough to know when a device was last there
SEEN_COUNTS_FOR = timedelta(minutes=10)


def note_device(*, session_key: str, place: str | None) -> None:
    """This will note that a signed-in device was here now, and from which network address where that is known."""
    known = {"last_seen_at": clock.real_now(), **({"ip": place} if place else {})}
    UserSession.objects.filter(session_key=session_key).update(**known)


@transaction.atomic
def end_device(*, account: Account, device_id: int, current_key: str | None) -> bool:
    """
    This will sign a device of the person out; False if it is the one in use, which the caller has to end.

    Raises NotFound for what is not there any more or somebody else's.
    """
    found = UserSession.objects.select_for_update().filter(user=account, id=device_id).first()
    if found is None:
        raise NotFound
    if found.session_key == current_key:
        return False
    found.end()
    return True


@transaction.atomic
def end_other_devices(*, account: Account, current_key: str | None) -> int:
    """This will sign the person out everywhere but here, and return how many devices that were."""
    others = list(UserSession.objects.select_for_update().filter(user=account).exclude(session_key=current_key))
    for each in others:
        each.end()
    return len(others)
