"""
Loads the demo world of a pack (`demo.yaml`) with the same actions that people use; loading it again changes nothing.

Outside the demo it refuses.
"""

import dataclasses
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from vettura.assistance import actions as assistance
from vettura.assistance import queries as cases
from vettura.entitlements import actions as entitlements
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.foundation.ids import new_id
from vettura.identity import actions as identity
from vettura.identity import queries as accounts
from vettura.identity.models import Account
from vettura.identity.rules import Authentication
from vettura.navigation import actions as navigation
from vettura.navigation.models import Origin
from vettura.navigation.rules import Draft
from vettura.partners import actions as partners
from vettura.partners import queries as partner_directory
from vettura.partners.models import Partner
from vettura.vehicles import actions as vehicles
from vettura.vehicles import queries as garage
from vettura.vehicles.models import Role, Vehicle

Facts = dict[str, Any]  # one entry of demo.yaml, as written

PROGRAM_ID = "vettura-cli"
PROGRAM_REDIRECTS = ("http://127.0.0.1/callback", "http://localhost/callback")


class NoDemoHere(Exception):
    """The demo world is for the demo profile only."""


def world() -> Facts:
    """The demo world of the pack in use, as written. Empty where the pack has none."""
    path: Path = settings.VETTURA_PACK_DIR / "demo.yaml"
    facts: Facts = yaml.safe_load(path.read_text()) if path.exists() else {}
    return facts


@transaction.atomic
def load() -> None:
    """This will make the partners, accounts, cars and contracts of the demo, all or nothing. Raises NoDemoHere."""
    if not settings.IS_DEMO:
        raise NoDemoHere("The demo world is loaded in the demo profile only.")
    written = world()
    identity.register_client(client_id=PROGRAM_ID, name="Vettura CLI", redirect_uris=PROGRAM_REDIRECTS)
    directory = {facts["name"]: _partner(facts) for facts in written.get("partners", [])}
    people = {facts["email"]: _account(facts, written["password"], directory) for facts in written.get("accounts", [])}
    for facts in written.get("vehicles", []):
        _vehicle(facts, directory, people)
    for facts in written.get("programs", []):
        _program(facts, people)
    for facts in written.get("cases", []):
        _case(facts, people)


def _partner(facts: Facts) -> Partner:
    known = {each.name: each for each in partner_directory.partners_in(country=facts["country"])}
    return known.get(facts["name"]) or partners.create_partner(**facts)


def _account(facts: Facts, password: str, directory: dict[str, Partner]) -> Account:
    known = accounts.find_by_email(email=facts["email"])
    if known is not None:
        return known
    account = identity.create_account(
        email=facts["email"],
        given_name=facts["given_name"],
        family_name=facts["family_name"],
        phone=facts["phone"],
        password=password,
        language=facts["language"],
        country=facts["country"],
        staff_roles=[facts["staff_role"]] if "staff_role" in facts else [],
        accepted=facts.get("accepted"),
    )
    if "pin" in facts:
        identity.set_pin(account=account, pin=facts["pin"])
    if "security_code" in facts:
        identity.set_security_code(account=account, password=password, code=facts["security_code"])
    if "partner" in facts:
        partners.employ(partner=directory[facts["partner"]], account=account)
    if "identification" in facts:
        identity.require_identity_check(account=account, country=facts["identification"])
    return account


def _program(facts: Facts, people: dict[str, Account]) -> None:
    """An app, and a person who signed in to it: with a code that was exchanged for tokens, like anybody's."""
    account, redirect_uri = people[facts["account"]], facts["redirect_uri"]
    client = identity.register_client(client_id=facts["id"], name=facts["name"], redirect_uris=[redirect_uri])
    if any(each.client_id == client.id for each in accounts.programs_with_access(account=account)):
        return
    identity.remember_consent(account=account, client=client, scopes=facts["scopes"])
    value = identity.issue_code(
        account=account,
        client=client,
        redirect_uri=redirect_uri,
        scopes=facts["scopes"],
        authentication=Authentication(at=clock.real_now(), amr=("pwd",)),
    )
    code = identity.take_code(client_id=client.id, value=value, arrived_at=clock.real_now())
    assert code is not None  # it was made a moment ago
    identity.spend_code(code=code)
    identity.issue_tokens(
        grant=code.grant,
        access_token=secrets.token_urlsafe(32),
        refresh_token=secrets.token_urlsafe(32),
        scopes=facts["scopes"],
    )


def _case(facts: Facts, people: dict[str, Account]) -> None:
    """Something that a person asked Assistance for by mail, once."""
    account = people[facts["account"]]
    if cases.has_asked(account=account):
        return
    assistance.open_case(
        kind=facts["kind"],
        channel="email",
        language=account.language,
        subject=facts["subject"],
        text=facts["text"],
        account=account,
        sureness=facts["sureness"],
        sender=account.email,
        country=account.country,
    )


def _vehicle(facts: Facts, directory: dict[str, Partner], people: dict[str, Account]) -> None:
    if _is_known(facts["vin"]):
        return
    main_user = people.get(facts.get("main_user", ""))
    vehicle = vehicles.register_vehicle(
        car=_car(facts),
        plate=facts.get("plate", ""),
        device_root=facts.get("device_root", ""),
        saved_partner=directory[facts["partner"]],
        main_user=main_user,
    )
    if "secondary_user" in facts:
        vehicles.assign_user(
            vehicle=vehicle, account=people[facts["secondary_user"]], role=Role.SECONDARY_USER, at=vehicle.registered_at
        )
    if main_user is not None:
        _head_unit(facts, vehicle, main_user)
        entitlements.start_after_acceptance(vin=vehicle.vin, account=main_user, at=vehicle.registered_at)
        _destinations(facts, vehicle, main_user)
    if "delivery" in facts:
        _delivery(facts, vehicle, directory[facts["partner"]])
    for offer_id in facts.get("also_running", []):
        entitlements.start_paid_contracts(
            vehicle=vehicle, order_line_id=new_id(), offer_id=offer_id, at=vehicle.registered_at
        )
    for offer_id, days in facts.get("ends_in_days", {}).items():
        entitlements.set_remaining_time(vin=vehicle.vin, offer_id=offer_id, remaining=timedelta(days=days))


def _destinations(facts: Facts, vehicle: Vehicle, person: Account) -> None:
    """The main user's places: those that were released for the car, and what came after, from portal and app."""
    planned = facts.get("destinations", {})
    for part, origin in (("released", Origin.PORTAL), ("waiting", Origin.PORTAL), ("app", Origin.APP)):
        for place in planned.get(part, []):
            navigation.add_destination(by=person, vin=vehicle.vin, draft=Draft(**place), origin=origin)
        if part == "released" and planned.get(part):
            navigation.release(by=person, vin=vehicle.vin)


def _car(facts: Facts) -> vehicles.CarFacts:
    return vehicles.CarFacts(**{each.name: facts[each.name] for each in dataclasses.fields(vehicles.CarFacts)})


def _delivery(facts: Facts, vehicle: Vehicle, seller: Partner) -> None:
    """A sale of this partner that is handed over on a day; the first of its staff planned it."""
    planned = facts["delivery"]
    vehicles.plan_delivery(
        by=partner_directory.staff_of(partner=seller)[0].account,
        car=_car(facts),
        buyer_email=planned["buyer"],
        buyer_language=planned["language"],
        handover_on=vehicle.registered_at.date() + timedelta(days=planned["in_days"]),
    )


def _is_known(vin: str) -> bool:
    try:
        garage.vehicle_by_vin(vin=vin)
    except NotFound:
        return False
    return True


def _head_unit(facts: Facts, vehicle: Vehicle, main_user: Account) -> None:
    """Who sits in the car, in the way its generation knows: a typed code, or a confirmed sign-in."""
    state = facts.get("head_unit")
    if state == "paired":
        code = garage.pairing_code_for(account=main_user, vehicle=vehicle) or ""
        vehicles.enter_pairing_code(vin=vehicle.vin, code=code, purpose="sign_in")
    elif state == "signed_in":
        sign_in = vehicles.begin_car_sign_in(vin=vehicle.vin, event_id="demo")
        vehicles.confirm_car_sign_in(user_code=sign_in.user_code, by=main_user)
    if facts.get("remote_access"):
        vehicles.grant_remote_access(vin=vehicle.vin, account_id=main_user.id)
