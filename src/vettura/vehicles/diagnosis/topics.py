"""What can be asked of the garage, and who asks."""

from django.utils.translation import gettext_lazy

from vettura.foundation.diagnosis import SERVICE, Inquiry, topic
from vettura.identity import queries as identity
from vettura.identity.models import Account

PAIRING = topic("pairing", gettext_lazy("Why can't I link the car by its pairing code?"), order=20)
SIGN_IN_CAR = topic("sign_in_car", gettext_lazy("Why can't I sign in to the car?"), order=21)
DRIVERS = topic("drivers", gettext_lazy("Why can't I add a driver?"), order=40)
PRIVACY = topic("privacy", gettext_lazy("Why do settings that I switched off come back?"), order=50)
INVITATION = topic("invitation", gettext_lazy("Why does my invitation not work?"), order=41, needs_car=False)
APP = topic("app", gettext_lazy("Why doesn't the app show or open my car?"), order=30)
REMOTE_ACCESS = "remote_access"
NEEDS_CONNECT = ("connection", PAIRING, SIGN_IN_CAR, REMOTE_ACCESS, APP, "fod_notice", "update")
STOPPED_BY_PRIVACY = ("connection", SERVICE, REMOTE_ACCESS, PRIVACY, "fod_notice", "update")


def person_of(inquiry: Inquiry) -> Account | None:
    """Who asks, looked up once."""
    account_id = inquiry.account_id
    if account_id is None:
        return None
    return inquiry.once("person", lambda: identity.account(id=account_id))
