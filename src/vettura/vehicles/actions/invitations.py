"""The life of an invitation: sent, opened, accepted once, sent again, taken back (IMP-01)."""

import json
import secrets
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import get_language

from vettura.catalog import queries as catalog
from vettura.foundation import clock
from vettura.foundation.errors import NotFound
from vettura.identity import actions as identity
from vettura.identity.models import Account
from vettura.notifications import actions as notifications
from vettura.partners import queries as partners
from vettura.partners.models import Partner
from vettura.vehicles import queries, rules
from vettura.vehicles.actions.parting import begin_lease, leave_vehicle, remove_secondary_user
from vettura.vehicles.actions.sharing import decide_sharing
from vettura.vehicles.actions.users import assign_user, lock_vehicle
from vettura.vehicles.errors import (
    AlreadyUser,
    DayIsOver,
    InvitationExpired,
    InvitationForSomebodyElse,
    InvitationUsed,
    InvitationVoid,
    MainUserOnly,
    SharingUndecided,
)
from vettura.vehicles.models import Invitation, Lease, Role, Sale, Vehicle

TOKEN_BYTES = 32


def invite(
    *,
    vehicle: Vehicle,
    role: str,
    by: Account,
    partner: Partner | None,
    email: str,
    language: str,
    sale: Sale | None = None,
    lease: Lease | None = None,
    reason: str = "",
    access_ends_at: datetime | None = None,
) -> Invitation:
    """
    This will send an invitation; one that is open for the same person (or, for main users, the same car) is void.

    Runs in the caller's transaction, with the car locked. Checks no right: callers do.
    """
    at = clock.now()
    open_ones = Invitation.objects.filter(vehicle=vehicle, role=role, used_at=None, voided_at=None)
    if role == Role.SECONDARY_USER:
        open_ones = open_ones.filter(email=email.lower())
    open_ones.update(voided_at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        token_hash=rules.token_hash(token),
        email=email.lower(),
        language=catalog.language_of_pack(language),
        role=role,
        vehicle=vehicle,
        partner=partner,
        invited_by=by,
        created_at=at,
        expires_at=at + catalog.terms().invitation_validity,
        sale=sale,
        lease=lease,
        # the reason tells that Assistance invites; a partner is a reason enough
        reason="" if partner else reason,
        access_ends_at=access_ends_at,
    )
    _mail(invitation, token)
    return invitation


def _mail(invitation: Invitation, token: str) -> None:
    labels = catalog.labels(invitation.language)
    issuer = invitation.issuer or labels["support"]
    with translation.override(invitation.language):
        until = date_format(invitation.expires_at, "DATE_FORMAT")
        last_day = _last_day(invitation)
        link = settings.VETTURA_BASE_URL + reverse("vehicles:invitation", kwargs={"token": token})
    template = _template(invitation)
    notifications.send_mail(
        recipient_id=None,
        to=invitation.email,
        language=invitation.language,
        template=f"vehicles/mail/{template}",
        facts={
            "model_name": invitation.vehicle.model_name,
            "vin": invitation.vehicle.vin,
            "issuer": issuer,
            "issuer_phone": invitation.partner.phone if invitation.partner else "",
            "issuer_email": invitation.partner.email if invitation.partner else "",
            "link": link,
            "until": until,
            "last_day": last_day,
            "portal": labels["portal"],
            "account_label": labels["account"],
        },
    )


def _template(invitation: Invitation) -> str:
    if invitation.role == Role.SECONDARY_USER:
        return "secondary_invitation"
    if invitation.sale_id is not None:
        return "sale_invitation"
    return "lease_invitation" if invitation.lease_id is not None else "invitation"


def _last_day(invitation: Invitation) -> str:
    """The last day of what the invitation gives, in words; empty for what has no end."""
    ends_at = invitation.lease.ends_at if invitation.lease else invitation.access_ends_at
    if ends_at is None:
        return ""
    return date_format(rules.last_day(ends_at, catalog.country(invitation.vehicle.country).timezone), "DATE_FORMAT")


@transaction.atomic
def open_invitation(*, token: str) -> Invitation:
    """
    This will note that the link was opened, and nothing else: mail scanners open links too (C-75).

    The first opening counts. An invitation in any state is returned, so that a page can say what to do. Raises
    NotFound.
    """
    invitation = queries.invitation_by_token(token=token)
    at = clock.now()
    if invitation.state(at) == "sent":
        Invitation.objects.filter(id=invitation.id, opened_at=None).update(opened_at=at)
        invitation.opened_at = at
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, by: Account, share_with_partner: bool | None) -> Vehicle:
    """
    This will make the invited person a user of the car, once, however often and from wherever it is called.

    A main user decides on sharing data with the selling partner; declining is as good as agreeing (DAT-009, DAT-019).
    For secondary users the decision is ignored. Raises NotFound, InvitationForSomebodyElse, InvitationUsed,
    InvitationVoid, InvitationExpired, SharingUndecided and VehicleHasMainUser.
    """
    invitation = _locked(queries.invitation_by_token(token=token))
    if invitation.email != by.email.lower():
        raise InvitationForSomebodyElse(email=invitation.email)
    if invitation.used_by_id == by.id:
        return invitation.vehicle
    _check_open(invitation)
    vehicle = invitation.vehicle
    at = clock.now()
    if invitation.role == Role.MAIN_USER:
        if invitation.partner is not None and share_with_partner is None:
            raise SharingUndecided(partner=invitation.partner.name)
        if invitation.lease_id is not None:
            begin_lease(lease_id=invitation.lease_id, vehicle=vehicle, driver=by, at=at)
        else:
            assign_user(vehicle=vehicle, account=by, role=Role.MAIN_USER, at=at)
        if invitation.partner is not None:
            decide_sharing(
                account=by,
                partner=invitation.partner,
                vehicle=vehicle,
                decision=bool(share_with_partner),
                language=get_language() or by.language,
                channel="invitation",
            )
    else:
        main_user = queries.main_user_of(vehicle=vehicle)
        # who no longer is the main user can let nobody in
        if main_user is None or main_user.id != invitation.invited_by_id:
            raise InvitationVoid(issuer=invitation.invited_by.name)
        if invitation.access_ends_at is not None and invitation.access_ends_at <= at:
            raise InvitationExpired(issuer=invitation.issuer)
        assign_user(vehicle=vehicle, account=by, role=Role.SECONDARY_USER, at=at, ends_at=invitation.access_ends_at)
    invitation.used_at, invitation.used_by = at, by
    invitation.opened_at = invitation.opened_at or at
    invitation.save(update_fields=["used_at", "used_by", "opened_at"])
    vehicle.refresh_from_db()
    return vehicle


def _check_open(invitation: Invitation) -> None:
    issuer = invitation.issuer or catalog.labels(invitation.language)["support"]
    match invitation.state(clock.now()):
        case "used":
            raise InvitationUsed
        case "voided":
            raise InvitationVoid(issuer=issuer)
        case "expired":
            raise InvitationExpired(issuer=issuer)


def invite_driver(
    *, by: Account, vin: str, email: str, language: str, last_day: date | None, step_up: dict[str, Any] | None
) -> Invitation:
    """
    This will invite a person to use the main user's car once the main user has proved who they are once more (`identity.check_step_up`).

    Raises what `invite_secondary_user` and `identity.check_step_up` do; a right that is missing is told before a PIN is looked at.
    """
    check_inviter(by=by, vin=vin, email=email, step_up=step_up)
    return invite_secondary_user(by=by, vin=vin, email=email, language=language, last_day=last_day)


def check_inviter(*, by: Account, vin: str, email: str, step_up: dict[str, Any] | None) -> None:
    """
    This will do nothing if the main user proves once more who they are, to invite this address to this car.

    It counts wrong PINs for good, so it cannot be called inside a transaction. Raises NotFound, MainUserOnly, CarIsBeingSold, and what
    `identity.check_step_up` does.
    """
    _may_invite(by, vin)
    identity.check_step_up(account=by, step_up=step_up, about=_about(vin, email), car=vin)


def ask_for_passkey_to_invite(*, by: Account, vin: str, email: str) -> identity.PasskeyQuestion:
    """This will ask the main user's passkey about inviting this address to this car. Raises MainUserOnly, NotFound, PasskeyMissing."""
    _may_invite(by, vin)
    return identity.ask_for_passkey(account=by, about=_about(vin, email))


def _may_invite(by: Account, vin: str) -> None:
    queries.require(account=by, vehicle=queries.vehicle_for(account=by, vin=vin), permission="invite_users")


def _about(vin: str, email: str) -> str:
    """An invitation, as a passkey is asked about it."""
    return json.dumps(["invite", vin, email.lower()])


@transaction.atomic
def invite_secondary_user(
    *, by: Account, vin: str, email: str, language: str, last_day: date | None = None
) -> Invitation:
    """
    This will invite a person by e-mail to use the main user's car (USR-001, USR-005, USR-006), for good or until a day.

    Inviting the same address again sends a new link and voids the old one. Raises NotFound for strangers,
    MainUserOnly, CarIsBeingSold, DayIsOver, and AlreadyUser for people who use the car already, the main user among them (USR-002).
    """
    vehicle = lock_vehicle(vin=vin)
    queries.require(account=by, vehicle=vehicle, permission="invite_users")
    ends_at = None
    if last_day is not None:
        ends_at = rules.end_of_day(last_day, catalog.country(vehicle.country).timezone)
        if ends_at <= clock.now():
            raise DayIsOver
    if any(user.account.email == email.lower() for user in queries.users_of(vehicle=vehicle)):
        raise AlreadyUser(email=email.lower())
    return invite(
        vehicle=vehicle,
        role=Role.SECONDARY_USER,
        by=by,
        partner=None,
        email=email,
        language=language,
        access_ends_at=ends_at,
    )


@transaction.atomic
def resend_invitation(*, by: Account, invitation_id: UUID) -> Invitation:
    """
    This will send a fresh link to the same address (ID-011); the former link is void, since we keep only its hash.

    For staff of the inviting partner and for the inviting main user; others get NotFound. Raises InvitationUsed and
    InvitationVoid; an expired invitation may be sent again.
    """
    invitation = _own_invitation(by, invitation_id)
    return _reissue(invitation, by=by, email=invitation.email)


@transaction.atomic
def change_invitation_email(*, by: Account, invitation_id: UUID, email: str) -> Invitation:
    """
    This will send the invitation to another address; the former link is void (ID-020).

    For staff of the inviting partner and Assistance; others get NotFound: an invited person cannot change it. Raises
    InvitationUsed and InvitationVoid.
    """
    invitation = _own_invitation(by, invitation_id)
    if invitation.partner_id is None and not by.has_staff_role("assistance"):
        raise NotFound
    return _reissue(invitation, by=by, email=email)


@transaction.atomic
def void_invitation(*, by: Account, invitation_id: UUID) -> Invitation:
    """
    This will take an invitation back; its link stops working. Repeating it changes nothing.

    For staff of the inviting partner and for the inviting main user; others get NotFound. Raises InvitationUsed.
    """
    invitation = _own_invitation(by, invitation_id)
    if invitation.used_at is not None:
        raise InvitationUsed
    if invitation.voided_at is None:
        invitation.voided_at = clock.now()
        invitation.save(update_fields=["voided_at"])
    return invitation


@transaction.atomic
def remove_user_or_invitation(*, by: Account, vin: str, user_id: UUID) -> None:
    """
    This will take an open invitation to this car back, or end the rights of the secondary user with this account id; a
    secondary user ends their own.

    Repeating it changes nothing. Raises MainUserOnly, NotFound for strangers and unknown ids, and InvitationUsed.
    """
    vehicle = queries.vehicle_for(account=by, vin=vin)
    if user_id == by.id and rules.may(vehicle.role, "leave"):
        leave_vehicle(by=by, vin=vin)
        return
    if not rules.may(vehicle.role, "remove_users"):
        raise MainUserOnly
    if Invitation.objects.filter(id=user_id, vehicle=vehicle, role=Role.SECONDARY_USER).exists():
        void_invitation(by=by, invitation_id=user_id)
    else:
        remove_secondary_user(by=by, vin=vin, account_id=user_id)


def _reissue(invitation: Invitation, *, by: Account, email: str) -> Invitation:
    if invitation.state(clock.now()) != "expired":
        _check_open(invitation)
    # the address may change, so the former invitation is voided here and not found by address
    invitation.voided_at = clock.now()
    invitation.save(update_fields=["voided_at"])
    return invite(
        vehicle=invitation.vehicle,
        role=invitation.role,
        by=by,
        partner=invitation.partner,
        email=email,
        language=invitation.language,
        sale=invitation.sale,
        lease=invitation.lease,
        reason=invitation.reason,
        access_ends_at=invitation.access_ends_at,
    )


def _own_invitation(by: Account, invitation_id: UUID) -> Invitation:
    """The invitation, locked, if the person may manage it."""
    known = Invitation.objects.filter(id=invitation_id).select_related("vehicle").first()
    if known is None:
        raise NotFound
    invitation = _locked(known)
    if invitation.partner is not None:
        partner = partners.partner_of_staff(account=by)
        is_own = partner is not None and partner.id == invitation.partner_id
    elif invitation.lease is not None:
        is_own = invitation.lease.lessor_id == by.id
    elif invitation.role == Role.MAIN_USER:
        is_own = False
    else:
        is_own = rules.may(queries.role_of(account=by, vehicle=invitation.vehicle), "invite_users")
    # ID-020: Assistance looks after every invitation of a main user
    is_assisted = invitation.role == Role.MAIN_USER and by.has_staff_role("assistance")
    if not is_own and not is_assisted:
        raise NotFound
    return invitation


def _locked(known: Invitation) -> Invitation:
    """The invitation, locked. Always the car first, then the invitation, so that no two wait for each other."""
    vehicle = lock_vehicle(vin=known.vehicle.vin)
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("partner", "invited_by", "sale", "lease")
        .get(id=known.id)
    )
    invitation.vehicle = vehicle
    return invitation
