"""The people of the permission matrix, and one of everything that an address may name."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls.converters import get_converters
from tests import (
    destination_facts,
    erasure_facts,
    ident_facts,
    identity_facts,
    link_facts,
    store_facts,
    vehicle_facts,
    webhook_facts,
)
from tests.push_facts import Browser

from vettura.assistance import actions as assistance
from vettura.billing.models import CardEntry, Invoice, InvoiceLine
from vettura.foundation import clock, diagnosis
from vettura.foundation.ids import new_id
from vettura.identity import actions as identity
from vettura.identity import rules
from vettura.identity.models import Account, IdentityCheckPicture
from vettura.notifications import actions as notifications
from vettura.notifications.adapters.push_keys import ensure_push_key
from vettura.vehicles import actions as vehicles

# who tries every address; the car of the address is the one of `main_user`
ACTORS = (
    "anonymous",
    "stranger",
    "former_user",
    "secondary_user",
    "main_user",
    "seller",
    "other_partner",
    "assistance",
    "security",
    "identity_agent",
    "editor",
)
STAFF_ROLES = {"assistance": "assistance", "security": "soc", "identity_agent": "ident", "editor": "catalog"}


@dataclass
class World:
    """The people by actor, the values of path parameters by name (`by_address` where one name means several things), and what is sent."""

    people: dict[str, Account | None]
    values: dict[str, Any] = field(default_factory=dict)
    by_address: dict[str, dict[str, Any]] = field(default_factory=dict)
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)

    def path(self, address: str, names: list[str]) -> dict[str, Any]:
        """The values for an address. Raises KeyError for a parameter that nobody told the world about."""
        special = self.by_address.get(address, {})
        return {name: special[name] if name in special else self.values[name] for name in names}


def make_world(cards: store_facts.CardProvider) -> World:
    """A car with everybody around it, and an order, an invoice, a message and a command of its main user."""
    link_facts.ensure_keys()
    main_user, secondary_user, former_user = (vehicle_facts.person() for _ in range(3))
    vehicle_facts.with_pin(main_user)
    seller, other = (
        vehicle_facts.partner_staff(),
        vehicle_facts.partner_staff(of=vehicle_facts.partner(name="Partner Lyon", country="FR", city="Lyon")),
    )
    partner = vehicle_facts.partner_of(seller)
    car = vehicle_facts.vehicle(
        main_user=main_user,
        secondary_users=[secondary_user, former_user],
        sold_by=partner,
        remote_access=True,
        equipment=("connect_plus", "pvts_plus"),
    )
    store_facts.entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    store_facts.entitlements.start_paid_contracts(
        vehicle=car, order_line_id=UUID(int=7), offer_id="breakdown_call", at=clock.now()
    )
    vehicles.remove_secondary_user(by=main_user, vin=car.vin, account_id=former_user.id)
    invited = vehicle_facts.secondary_invitation(car=car)
    sold = vehicle_facts.sale(staff=seller)
    delivery = vehicle_facts.delivery(staff=seller, handover_on=clock.now().date() + timedelta(days=60))
    claim = vehicle_facts.claim(by=main_user, partner_id=partner.id)
    gone, leased = (vehicle_facts.vehicle(main_user=main_user) for _ in range(2))
    vehicle_facts.sold_privately(gone, to="next@example.org")
    vehicle_facts.leased_to_driver(leased)
    store_facts.billing_address(main_user)
    card = store_facts.saved_card(cards, main_user)
    order = store_facts.placed_order(main_user, car)
    cart = store_facts.filled_cart(main_user, car)
    message = notifications.post_message(
        recipient_id=main_user.id,
        language="en",
        subject="Your car",
        body="It is ready.",
        attachments=[notifications.Attachment("car.txt", "text/plain", b"ready")],
        kind="news",
    )
    staff = {
        actor: identity_facts.account(staff_roles=(role,), email=f"{actor}@example.org")
        for actor, role in STAFF_ROLES.items()
    }
    attachment = message.attachments.get()
    sharing = vehicles.share_with_partner(by=main_user, vin=car.vin, partner_id=partner.id, language="en")
    sign_in = vehicles.begin_car_sign_in(vin=car.vin, event_id="the-car-asks")
    world = World(
        people={
            "anonymous": None,
            "stranger": vehicle_facts.person(),
            "former_user": former_user,
            "secondary_user": secondary_user,
            "main_user": main_user,
            "seller": seller,
            "other_partner": other,
            **staff,
        }
    )
    webhook = webhook_facts.webhook(main_user, car)
    ensure_push_key(settings.VETTURA_PUSH_KEY_FILE)
    phone = Browser()
    keys = phone.subscription()["keys"]
    subscription, _ = notifications.subscribe_to_push(
        recipient_id=main_user.id, endpoint=phone.endpoint, kinds=["alarm"], **keys
    )
    world.values = {
        "vin": car.vin,
        "account_id": secondary_user.id,
        "user_id": secondary_user.id,
        "invitation_id": invited.invitation.id,
        "token": invited.token,
        "status_id": "ODP-LOCK-NOTHING-TO-DO",
        "picture_token": signing.dumps(["TAY", "sideView"], salt="compat.pictures"),
        "password_id": identity.make_app_password(account=main_user, name="Home automation").row.id,
        "export_id": identity_facts.archive(main_user).id,
        "registration_id": identity_facts.registration().id,
        "command_id": link_facts.command(car, account_id=main_user.id).id,
        "type": "lock",
        "order_id": order.id,
        "invoice_id": _invoice(main_user, order.id, car.vin).id,
        "message_id": message.id,
        "attachment_id": attachment.id,
        "card_id": card.id,
        "entry_id": CardEntry.objects.get(saved_card=card).id,
        "service_id": store_facts.PAID_SERVICE,
        "device_id": identity_facts.device(main_user).id,
        "pk": 1,
        "article_id": "pairing-code",
        "topic": diagnosis.topics()[0].code,
        "document": "vehicle",
        "partner_id": partner.id,
        "case_id": assistance.open_case(kind="question", channel="phone", language="en", text="Help").id,
        "step": "take",
        "call_id": assistance.call_for_help(by=main_user, vin=car.vin, phone="+39011234567").case_id,
        "receipt_id": main_user.consent_decisions.all()[0].id,
        "uidb36": "a",
        "delivery_id": delivery.id,
        "claim_id": claim.id,
        "sale_id": gone.sales.get().id,
        "lease_id": leased.leases.get().id,
        "purpose": "drivers",
        "language": "en",
        "generation": "TAY",
        "view": "top",
        "destination_id": destination_facts.destination(car, main_user).id,
        "key": "set-password",
        "webhook_id": webhook.id,
        "subscription_id": subscription.id,
        "client_id": identity.create_own_program(by=main_user, name="Charts").id,
        "rest": "nothing",
        "name": "departure_timers",
    }
    desk_pages = ("person", "name", "email", "stop_email", "reset_sign_in", "ask_erasure")
    world.values["request_id"] = erasure_facts.request(former_user).id
    case = ident_facts.opened_case(main_user)
    world.values["check_id"] = case.id
    world.values["picture_id"] = IdentityCheckPicture.objects.create(
        check_case=case,
        kind="idfrontside",
        media_type="image/png",
        sealed=rules.sealed(text="aWQ=", secret=settings.SECRET_KEY),
    ).id
    letter = webhook_facts.dead_letter(webhook).id
    alarm = {"id": 1, "enabled": True, "limit_kmh": 130, "name": "Motorway"}
    link_facts.actions.record_settings(vin=car.vin, settings={"speed_alarms": {"alarms": [alarm]}}, at=clock.now())
    world.by_address = {
        "remote_services:take_alarm_back": {"type": "set_speed_alarms", "alarm": 1, "change": "off"},
        "help_center:do": {"article_id": "unlock-by-app"},
        "help_center:done": {"article_id": "unlock-by-app"},
        "developers:replay": {"delivery_id": letter},
        "replay_delivery": {"delivery_id": letter},
        "identity:consent": {"purpose": "position"},
        "decide_consent": {"purpose": "position"},
        "vehicles:sharing_receipt": {"receipt_id": sharing.id},
        **{f"identity_desk:{page}": {"account_id": main_user.id} for page in desk_pages},
        "assistance_desk:open_case": {"account_id": main_user.id},
        "assistance:case": {
            "case_id": assistance.ask_assistance(
                by=main_user, case_id=new_id(), topic="use", text="Help", language="en"
            ).id
        },
        "vehicles_desk:add_again": {"vin": sold.invitation.vehicle.vin},
        "vehicles_desk:invite_holder": {"vin": sold.invitation.vehicle.vin},
        "vehicles_desk:vehicle": {"vin": sold.invitation.vehicle.vin},
        "vehicles_desk:resend": {"vin": sold.invitation.vehicle.vin, "invitation_id": sold.invitation.id},
        "vehicles_desk:change_email": {"vin": sold.invitation.vehicle.vin, "invitation_id": sold.invitation.id},
        "vehicles_desk:void": {"vin": sold.invitation.vehicle.vin, "invitation_id": sold.invitation.id},
    }
    # who may not is told so before anybody looks at the rest, so these must be right
    world.bodies = {
        "create_webhook": {"url": "https://charts.example/", "events": ["state.changed"], "cars": [car.vin]},
        "subscribe_to_push": Browser().subscription(),
        "invite_user": {"email": "cousin@example.org", "step_up": {"pin": "1234"}},
        "ask_for_passkey_to_invite": {"email": "cousin@example.org"},
        "request_command": {"type": "lock"},
        "change_setting": {"value": {"timers": []}},
        "change_contact": {"language": "en"},
        "decide_consent": {"is_given": False},
        "ask_for_passkey": {"type": "unlock"},
        "place_order": {"vin": car.vin, "offers": [store_facts.PAID_OFFER]},
        "bring_calendar": {"entries": []},
        "add_destination": {"name": "Museo", "address": "Via Po 1, Torino"},
        "change_destination": {"note": "closed on Mondays"},
        "store:place": {"cart": cart.id},
        "store:add": {"vin": car.vin, "offer": store_facts.PAID_OFFER},
        "store:checkout_payment": {"card": card.id},
        "vehicles:invite_driver": {"email": "cousin@example.org"},
        "vehicles:confirm_car_sign_in": {"code": sign_in.user_code},
    }
    return world


def parameters_of(template: str) -> list[str]:
    """The names of the parameters in an address as Django or OpenAPI write it."""
    names = []
    for part in template.replace("{", "<").replace("}", ">").split("<")[1:]:
        name = part.partition(">")[0]
        converter, _, rest = name.partition(":")
        names.append(rest if rest and converter in get_converters() else name)
    return names


def _invoice(account: Account, order_id: UUID, vin: str) -> Invoice:
    now = clock.now()
    invoice = Invoice.objects.create(
        account=account,
        order_id=order_id,
        order_number="N-1",
        vin=vin,
        language="en",
        seller_country="IT",
        recipient={},
        currency="EUR",
        supplied_on=date(2026, 1, 1),
        due_at=now,
        number="2026-1",
        published_at=now,
        pdf=b"%PDF-1.7",
    )
    InvoiceLine.objects.create(
        invoice=invoice,
        position=1,
        text="Music",
        vat_percent=Decimal(22),
        net_amount=Decimal(100),
        vat_amount=Decimal(22),
        gross_amount=Decimal(122),
    )
    return invoice
