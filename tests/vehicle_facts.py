"""Cars, their people and partners, made by the actions that the portal and the desk use."""

import itertools
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import msgspec
from django.conf import settings

from vettura.catalog import queries as catalog
from vettura.foundation import clock, outbox
from vettura.foundation.models import OutboxEvent
from vettura.foundation.uplink import CarEvent, handler_of
from vettura.identity import actions as identity
from vettura.identity.models import Account
from vettura.notifications import rules as notification_rules
from vettura.notifications.models import Mail
from vettura.partners import actions as partners
from vettura.partners import queries as partner_queries
from vettura.partners.models import Partner
from vettura.vehicles import actions, queries
from vettura.vehicles.models import DeliveryOrder, Invitation, OwnershipClaim, Vehicle
from vettura.vehicles.rules import token_hash
from vettura_wire.security_code import CodeChallenge, prove

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


def with_pin(somebody: Account, pin: str = "1234") -> Account:
    """A person who has set a PIN."""
    identity.set_pin(account=somebody, pin=pin)
    return somebody


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


def description(generation: str = "TAY", *, equipment: Sequence[str] = ("connect_plus",)) -> dict[str, Any]:
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


def car_facts(
    generation: str = "TAY",
    *,
    vin: str = "",
    country: str = "IT",
    equipment: Sequence[str] = ("connect_plus",),
) -> actions.CarFacts:
    """A car of a generation as it becomes known."""
    return actions.CarFacts(vin=vin or new_vin(), country=country, **description(generation, equipment=equipment))


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
        car=car_facts(generation, vin=vin, country=country, equipment=equipment),
        plate=plate,
        saved_partner=sold_by,
        main_user=owner,
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
        by=seller, car=car_facts(generation, vin=vin), buyer_email=buyer_email, buyer_language="en"
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


PAPER = b"%PDF-1.7 registration document"


def assistant() -> Account:
    """Somebody of Assistance."""
    return identity.create_account(
        email=f"assistant{next(_numbers)}@example.org",
        given_name="Alex",
        family_name="Morgan",
        password=PASSWORD,
        country="GB",
        language="en",
        staff_roles=["assistance"],
    )


def sold_privately(car: Vehicle, *, to: str = "buyer@example.org") -> Account:
    """The main user sold the car to a person and released it; returns the seller."""
    seller = queries.main_user_of(vehicle=car)
    assert seller is not None
    actions.begin_sale(by=seller, vin=car.vin, buyer_email=to, buyer_language="en")
    actions.release_sold_vehicle(by=seller, vin=car.vin)
    return seller


def accept(token: str, by: Account, *, share: bool | None = None) -> Vehicle:
    """Somebody accepts the invitation of a mail."""
    return actions.accept_invitation(token=token, by=by, share_with_partner=share)


def claim(
    *, by: Account, vin: str = "", partner_id: object = None, has_connect: bool = True, document: bytes = PAPER
) -> OwnershipClaim:
    """Somebody says that a car is theirs and shows a document."""
    facts = description()
    return actions.claim_vehicle(
        by=by,
        vin=vin or new_vin(),
        model_line=facts["model_line"],
        generation=facts["generation"],
        model_name=facts["model_name"],
        model_year=facts["model_year"],
        has_connect=has_connect,
        document=document,
        partner_id=partner_id,
    )


def delivery(
    *, staff: Account, handover_on: date, buyer_email: str = "buyer@example.org", vin: str = ""
) -> DeliveryOrder:
    """A partner sold a car that it will hand over on a day."""
    return actions.plan_delivery(
        by=staff,
        car=car_facts(vin=vin),
        buyer_email=buyer_email,
        buyer_language="en",
        handover_on=handover_on,
    )


def deliver_events() -> None:
    """Everything that was announced is answered now, as the worker does it, until nothing is left."""
    while waiting := list(OutboxEvent.objects.filter(delivered_at=None).order_by("id").values_list("id", flat=True)):
        for event_id in waiting:
            outbox.deliver(event_id=event_id)


def leased_to_driver(car: Vehicle, *, days: int = 30) -> Account:
    """The main user leased the car out and the driver came; returns the driver."""
    lessor = queries.main_user_of(vehicle=car)
    assert lessor is not None
    driver = person(given_name="Dina", family_name="Neri")
    last_day = (clock.now() + timedelta(days=days)).date()
    actions.offer_lease(by=lessor, vin=car.vin, driver_email=driver.email, last_day=last_day, language="en")
    accept(token_mailed_to(driver.email), driver)
    return driver


SECURITY_CODE = "482913"


def security_code(account: Account, code: str = SECURITY_CODE) -> Account:
    """The person has set a security code."""
    identity.set_security_code(account=account, password=PASSWORD, code=code)
    return account


def tell(car: Vehicle, event_type: str, *, event_id: str = "", **data: object) -> dict[str, object] | None:
    """The car says something; what it is answered."""
    message = CarEvent(
        vin=car.vin, id=event_id or f"event-{next(_numbers)}", type=event_type, at=clock.now(), data=data
    )
    handler = handler_of(event_type)
    assert handler is not None
    return handler(message)


def type_security_code(car: Vehicle, code: str = SECURITY_CODE, **who: object) -> dict[str, object] | None:
    """Somebody types an address (`email`) or is known to the car (`account_id`), and types a code; the last answer."""
    answer = tell(car, "security_code_requested", **{name: str(value) for name, value in who.items()})
    assert answer is not None
    if "challenge" not in answer:
        return answer
    challenge = msgspec.convert(answer, CodeChallenge)
    proof = prove(challenge, vin=car.vin, code=code, private=secrets.token_bytes(32))
    return tell(car, "security_code_proof", **msgspec.to_builtins(proof))
