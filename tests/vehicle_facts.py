"""Cars, their people and partners, made by the actions that the portal and the desk use."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.identity import actions as identity
from vettura.identity.models import Account
from vettura.notifications import rules as notification_rules
from vettura.notifications.models import Mail
from vettura.partners import actions as partners
from vettura.partners import queries as partner_queries
from vettura.partners.models import Partner
from vettura.vehicles import actions, queries
from vettura.vehicles.models import Invitation, Vehicle
from vettura.vehicles.rules import token_hash

PASSWORD = "Vettura!2026"
_numbers = itertools.count(1)


def person(*, email: str = "", given_name: str = "Ada", family_name: str = "Rossi", country: str = "IT") -> Account:
    """Somebody with an active account."""
    return identity.create_account(
        email=email or f"person{next(_numbers)}@example.org",
        given_name=given_name,
        family_name=family_name,
        password=PASSWORD,
        country=country,
        language="en",
    )


def partner(*, name: str = "Partner Torino", country: str = "IT", city: str = "Torino") -> Partner:
    """A partner; the same name is the same partner."""
    return partners.create_partner(
        name=name, country=country, city=city, phone="+390110000001", email="partner@example.org"
    )


def partner_staff(*, of: Partner | None = None) -> Account:
    """Somebody who works for a partner."""
    account = person(given_name="Paola", family_name="Bianchi")
    partners.employ(partner=of or partner(), account=account)
    return account


def new_vin() -> str:
    """A VIN that no other fact has."""
    return f"WP0ZZZY1ZLS{next(_numbers):06d}"


def description(generation: str = "TAY", *, equipment: Sequence[str] = ("connect_plus",)) -> dict[str, object]:
    """What a partner types about a car of a generation, besides VIN, country and buyer."""
    known = catalog.generation(generation)
    years = known.model_years
    return {
        "model_line": known.model_line,
        "generation": generation,
        "model_name": known.models[0].name,
        "model_year": years.last or (years.first or 2019) + 1,
        "drive": known.models[0].drive,
        "equipment": [code for code in equipment if code in known.equipment],
    }


def vehicle(
    *,
    main_user: Account | None = None,
    has_main_user: bool = True,
    secondary_users: Sequence[Account] = (),
    generation: str = "TAY",
    vin: str = "",
    country: str = "IT",
    equipment: Sequence[str] = ("connect_plus",),
    plate: str = "",
    sold_by: Partner | None = None,
    signed_in: bool = False,
    remote_access: bool = False,
) -> Vehicle:
    """
    A car with a main user unless it shall have none. `signed_in`: the main user is known to the head unit, by code or
    sign-in; `remote_access` needs and implies that.
    """
    owner = main_user or (person() if has_main_user else None)
    car = actions.register_vehicle(
        vin=vin or new_vin(),
        country=country,
        plate=plate,
        saved_partner=sold_by,
        main_user=owner,
        **description(generation, equipment=equipment),
    )
    for account in secondary_users:
        actions.assign_user(vehicle=car, account=account, role="secondary_user", at=clock.now())
    if owner is not None and (signed_in or remote_access):
        sign_in(car, owner)
    if owner is not None and remote_access:
        actions.grant_remote_access(vin=car.vin, account_id=owner.id)
    car.refresh_from_db()
    return car


def sign_in(car: Vehicle, account: Account) -> None:
    """The person signs in at the head unit, as its generation asks for it."""
    code = queries.pairing_code_for(account=account, vehicle=car)
    if code is not None:
        outcome = actions.enter_pairing_code(vin=car.vin, code=code, purpose="sign_in")
        assert outcome.error is None
    else:
        waiting = actions.begin_car_sign_in(vin=car.vin, event_id=f"fact-{next(_numbers)}")
        actions.confirm_car_sign_in(user_code=waiting.user_code, by=account)


@dataclass(frozen=True)
class Sent:
    """An invitation and the token that stands in its mail."""

    invitation: Invitation
    token: str

    @property
    def path(self) -> str:
        """The address in the mail, without the host."""
        return f"/vehicles/invitations/{self.token}/"


def sale(
    *, staff: Account | None = None, vin: str = "", buyer_email: str = "buyer@example.org", generation: str = "TAY"
) -> Sent:
    """A partner sold a car and its buyer was invited."""
    seller = staff or partner_staff()
    invitation = actions.register_sold_vehicle(
        by=seller,
        vin=vin or new_vin(),
        country="IT",
        buyer_email=buyer_email,
        buyer_language="en",
        **description(generation),
    )
    return Sent(invitation, token_mailed_to(buyer_email))


def secondary_invitation(*, car: Vehicle, email: str = "friend@example.org") -> Sent:
    """The main user invited somebody to drive the car."""
    main_user = queries.main_user_of(vehicle=car)
    assert main_user is not None
    invitation = actions.invite_secondary_user(by=main_user, vin=car.vin, email=email, language="en")
    return Sent(invitation, token_mailed_to(email))


def mails_to(address: str) -> list[tuple[str, str]]:
    """Subject and text of every mail to an address, the oldest first."""
    found = []
    for mail in Mail.objects.filter(to=address).order_by("queued_at", "id"):
        text, _, _ = notification_rules.unsealed_mail(data=bytes(mail.sealed_content), secret=settings.SECRET_KEY)
        found.append((mail.subject, text))
    return found


def token_mailed_to(address: str) -> str:
    """The token of the open invitation to an address, read from its mail."""
    open_hashes = set(
        Invitation.objects.filter(email=address.lower(), used_at=None, voided_at=None).values_list(
            "token_hash", flat=True
        )
    )
    mailed = [found.group(1) for _, text in mails_to(address) if (found := re.search(r"/invitations/([\w-]+)/", text))]
    [token] = [each for each in mailed if token_hash(each) in open_hashes]
    return token


def partner_of(account: Account) -> Partner:
    """Whom a member of staff works for."""
    found = partner_queries.partner_of_staff(account=account)
    assert found is not None
    return found
