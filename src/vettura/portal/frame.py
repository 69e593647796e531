"""What every page's frame shows: where one is, who one is, and which appearance was chosen."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext

from vettura.catalog import queries as catalog
from vettura.notifications import queries as notifications

THEME_COOKIE = "vettura_theme"
THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Place:
    """One entry of the main navigation."""

    text: str
    href: str
    icon: str
    is_current: bool
    count: int = 0


@dataclass(frozen=True)
class Frame:
    """The facts of the frame, for the person who asks."""

    request: HttpRequest

    @property
    def theme(self) -> str:
        """`auto` (as the device says), `light` or `dark`."""
        chosen = self.request.COOKIES.get(THEME_COOKIE, "auto")
        return chosen if chosen in THEMES else "auto"

    @property
    def person(self) -> str:
        """The name of the person who is signed in, or their address while there is no name."""
        user = self.request.user
        if isinstance(user, AnonymousUser):
            return ""
        return f"{user.given_name} {user.family_name}".strip() or str(user.email)

    @property
    def account_entries(self) -> list[Place]:
        """What belongs to the person and not to a car: the menu behind the name (STO-005, ID-029)."""
        path, labels = self.request.path, catalog.labels(get_language() or "")
        entries = [
            (gettext("Contact data"), "/account/", "user"),
            (labels["sign_in_and_security"], "/account/security/", "shield"),
            (gettext("Order history"), "/store/orders/", "cart"),
            (gettext("Invoices"), "/billing/invoices/", "doc"),
            (gettext("Payment cards"), "/billing/cards/", "card"),
            (gettext("Data and consents"), "/account/consents/", "shield"),
            (gettext("Apps with access"), "/account/programs/", "key"),
            (gettext("Contact"), "/contact/", "phone"),
        ]
        return [Place(text, href, icon, is_current=path == href) for text, href, icon in entries]

    @property
    def navigation(self) -> list[Place]:
        """The places of the portal, with the number of unread messages."""
        user, path = self.request.user, self.request.path
        unread = 0 if isinstance(user, AnonymousUser) else notifications.unread_count(recipient_id=user.id)
        return [
            Place(gettext("My vehicles"), "/", "car", is_current=path == "/" or path.startswith("/vehicles/")),
            Place(gettext("Store"), "/store/", "store", is_current=path.startswith("/store/")),
            Place(gettext("Messages"), "/messages/", "mail", is_current=path.startswith("/messages/"), count=unread),
            Place(gettext("Help"), "/help/", "help", is_current=path.startswith("/help/")),
        ]


def frame_context(request: HttpRequest) -> dict[str, Any]:  # Any: a template context
    """The context processor of every page. Nothing is asked of the database before a template uses it."""
    return {"frame": SimpleLazyObject(lambda: Frame(request))}
