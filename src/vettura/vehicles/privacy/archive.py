"""A person's data in this context: what the deletion of the account means for cars and those who use them."""

import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings as django_settings
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from vettura.foundation.archive import exports, not_exported, read
from vettura.foundation.privacy import Consequence, Person, foretells
from vettura.identity import queries as identity
from vettura.vehicles import queries, rules
from vettura.vehicles.models import (
    Assignment,
    CarSignIn,
    DeliveryOrder,
    Invitation,
    Lease,
    OwnershipClaim,
    PairingCode,
    PartnerSharing,
    PersonalSetting,
    RemoteAccessGrant,
    Role,
    Sale,
    SecurityCodeChallenge,
    SignInAttempts,
    Vehicle,
)


@foretells
def consequences(person: Person) -> Iterator[Consequence]:
    """One's own cars lose everybody, cars of others go on without the person (ID-037, C-44)."""
    account = identity.account(id=person.id)
    if account is None:
        return
    for vehicle in queries.garage_of(account=account):
        name = f"{vehicle.model_name} ({vehicle.vin_end})"
        if vehicle.role != Role.MAIN_USER:
            yield Consequence(kind="ends", sentence=gettext("You can no longer use {car}.").format(car=name))
            continue
        yield Consequence(kind="ends", sentence=gettext("You are no longer the main user of {car}.").format(car=name))
        yield from _with_the_main_user(vehicle, name)


def _with_the_main_user(vehicle: Vehicle, name: str) -> Iterator[Consequence]:
    drivers = [user.account.name for user in queries.users_of(vehicle=vehicle) if user.role != "main_user"]
    if drivers:
        sentence = ngettext(
            "{names} can no longer use {car} either.", "{names} can no longer use {car} either.", len(drivers)
        )
        yield Consequence(kind="ends", sentence=sentence.format(names=", ".join(drivers), car=name))
    if queries.has_remote_access(vehicle=vehicle):
        yield Consequence(kind="ends", sentence=gettext("Remote access to {car} ends.").format(car=name))
    invited = [invitation.email for invitation in queries.open_invitations_of(vehicle=vehicle)]
    if invited:
        sentence = ngettext("The invitation to {names} is void.", "The invitations to {names} are void.", len(invited))
        yield Consequence(kind="ends", sentence=sentence.format(names=", ".join(invited)))


# -- what is in the archive -----------------------------------------------------------------------------------------


@dataclass
class VehicleRow:
    """The time in which the person uses or used a car. Its plate stands there for the main user of now."""

    vin: str
    model_name: str
    model_year: int
    country: str
    plate: str
    role: str
    since: datetime
    until: datetime | None
    ends_at: datetime | None
    ended_because: str
    is_signed_in: bool
    has_pairing_code: bool


@exports("vehicles", title=_("Your vehicles"), row=VehicleRow, of=(Assignment, Vehicle, PairingCode))
def vehicle_rows(person: Person) -> Iterator[VehicleRow]:
    """The oldest time first. Nothing of other people who use the car."""
    codes = PairingCode.objects.filter(account_id=person.id, vehicle=OuterRef("vehicle"))
    is_own = Q(until=None, role=Role.MAIN_USER)
    found = Assignment.objects.filter(account_id=person.id).annotate(
        shown_plate=Case(When(is_own, then="vehicle__plate"), default=Value("")),
        is_signed_in=Case(When(vehicle__signed_in_account_id=person.id, then=True), default=False),
        has_code=Exists(codes),
    )
    return read(
        VehicleRow,
        found.order_by("since", "id"),
        vin="vehicle__vin",
        model_name="vehicle__model_name",
        model_year="vehicle__model_year",
        country="vehicle__country",
        plate="shown_plate",
        has_pairing_code="has_code",
    )


@dataclass
class SentInvitationRow:
    """An invitation that the person sent to somebody for a car of theirs."""

    vin: str
    email: str
    role: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    voided_at: datetime | None
    access_ends_at: datetime | None


@exports("invitations_sent", title=_("Invitations that you sent"), row=SentInvitationRow, of=(Invitation,))
def invitations_sent(person: Person) -> Iterator[SentInvitationRow]:
    """Not those that staff send for a partner or Assistance: they are data of the invited."""
    found = Invitation.objects.filter(invited_by_id=person.id, partner=None, reason="").order_by("created_at")
    return read(SentInvitationRow, found, vin="vehicle__vin")


@dataclass
class ReceivedInvitationRow:
    """An invitation to the person; the VIN stands there once it was accepted, the partner where one invited."""

    vin: str
    partner: str
    email: str
    role: str
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    used_at: datetime | None
    voided_at: datetime | None


@exports("invitations_received", title=_("Invitations to you"), row=ReceivedInvitationRow, of=(Invitation,))
def invitations_received(person: Person) -> Iterator[ReceivedInvitationRow]:
    """Those that the person accepted, and those that were mailed to the address. Who else invited is not said."""
    is_accepted = Q(used_by_id=person.id)
    found = Invitation.objects.filter(is_accepted | Q(email=person.email, used_by=None)).annotate(
        shown_vin=Case(When(is_accepted, then="vehicle__vin"), default=Value("")),
        partner_name=Coalesce("partner__name", Value("")),
    )
    return read(ReceivedInvitationRow, found.order_by("created_at"), vin="shown_vin", partner="partner_name")


@dataclass
class SaleRow:
    """A car that the person sold or began to sell, and to whom."""

    vin: str
    buyer_email: str
    partner: str
    begun_at: datetime
    released_at: datetime | None
    called_off_at: datetime | None


@exports("sales", title=_("Vehicles that you sold"), row=SaleRow, of=(Sale,))
def sales(person: Person) -> Iterator[SaleRow]:
    """The oldest first."""
    found = Sale.objects.filter(seller_id=person.id).annotate(partner_name=Coalesce("partner__name", Value("")))
    return read(SaleRow, found.order_by("begun_at"), vin="vehicle__vin", partner="partner_name")


@dataclass
class LeaseRow:
    """A car that the person leases out or drives on a lease; the address of the driver stands there for both."""

    vin: str
    role: str
    driver_email: str
    offered_at: datetime
    began_at: datetime | None
    ends_at: datetime
    ended_at: datetime | None
    ended_because: str


@exports("leases", title=_("Leases"), row=LeaseRow, of=(Lease,))
def leases(person: Person) -> Iterator[LeaseRow]:
    """The oldest first. The lessor is not named to the driver."""
    found = Lease.objects.filter(Q(lessor_id=person.id) | Q(driver_id=person.id)).annotate(
        own_role=Case(When(lessor_id=person.id, then=Value("lessor")), default=Value("driver"))
    )
    return read(LeaseRow, found.order_by("offered_at"), vin="vehicle__vin", role="own_role")


@dataclass
class ProofRow:
    """A car that the person said is theirs; `file` names the document in the archive while it is kept."""

    id: UUID
    vin: str
    model_name: str
    model_year: int
    has_connect: bool
    status: str
    claimed_at: datetime
    decided_at: datetime | None
    reason: str
    file: str


def proof_files(person: Person) -> Mapping[str, bytes]:
    """The documents that are still being checked, by their name in the archive."""
    secret = django_settings.SECRET_KEY
    return {
        _file_name(each): rules.unsealed_document(data=bytes(each.document), secret=secret)
        for each in _proofs(person)
        if each.document is not None
    }


@exports("proofs", title=_("Proofs of ownership"), row=ProofRow, of=(OwnershipClaim,), files=proof_files)
def proofs(person: Person) -> Iterator[ProofRow]:
    """The oldest first."""
    for each in _proofs(person).defer("document"):
        yield ProofRow(
            id=each.id,
            vin=each.vin,
            model_name=each.model_name,
            model_year=each.model_year,
            has_connect=each.has_connect,
            status=each.status,
            claimed_at=each.claimed_at,
            decided_at=each.decided_at,
            reason=each.reason,
            file=_file_name(each) if each.status == OwnershipClaim.Status.PENDING else "",
        )


def _proofs(person: Person) -> QuerySet[OwnershipClaim]:
    return OwnershipClaim.objects.filter(account_id=person.id).order_by("claimed_at", "id")


def _file_name(claim: OwnershipClaim) -> str:
    return f"proofs/{claim.id}{mimetypes.guess_extension(claim.document_type) or ''}"


@dataclass
class SettingRow:
    """One setting of the person's profile; without a VIN it counts in every car that keeps profiles in the account."""

    vin: str
    name: str
    value: Any
    changed_at: datetime


@exports("settings", title=_("Your personal settings"), row=SettingRow, of=(PersonalSetting,))
def settings(person: Person) -> Iterator[SettingRow]:
    """Those of the account first, then car by car."""
    found = PersonalSetting.objects.filter(account_id=person.id).annotate(shown_vin=Coalesce("vehicle__vin", Value("")))
    return read(SettingRow, found.order_by("shown_vin", "name"), vin="shown_vin")


@dataclass
class SharingRow:
    """A decision on sharing data with a partner."""

    partner: str
    vin: str
    is_shared: bool
    version: str
    channel: str
    reason: str
    at: datetime


@exports("sharing", title=_("Sharing of data with partners"), row=SharingRow, of=(PartnerSharing,))
def sharing(person: Person) -> Iterator[SharingRow]:
    """The oldest first; the latest of a partner and car counts."""
    found = PartnerSharing.objects.filter(account_id=person.id).order_by("at", "id")
    return read(SharingRow, found, partner="partner__name", vin="vehicle__vin", is_shared="decision")


@dataclass
class RemoteAccessRow:
    """Remote access that the person granted in a car."""

    vin: str
    granted_at: datetime
    revoked_at: datetime | None
    revoked_because: str


@exports("remote_access", title=_("Remote access that you granted"), row=RemoteAccessRow, of=(RemoteAccessGrant,))
def remote_access(person: Person) -> Iterator[RemoteAccessRow]:
    """The oldest first."""
    found = RemoteAccessGrant.objects.filter(granted_by_id=person.id).order_by("granted_at")
    return read(RemoteAccessRow, found, vin="vehicle__vin")


@dataclass
class CarSignInRow:
    """A sign-in to a car that the person confirmed."""

    vin: str
    confirmed_at: datetime | None


@exports("car_sign_ins", title=_("Sign-ins to vehicles that you confirmed"), row=CarSignInRow, of=(CarSignIn,))
def car_sign_ins(person: Person) -> Iterator[CarSignInRow]:
    """The oldest first."""
    return read(
        CarSignInRow, CarSignIn.objects.filter(account_id=person.id).order_by("confirmed_at"), vin="vehicle__vin"
    )


not_exported(SignInAttempts, SecurityCodeChallenge, because="a lock and a question of a car that live for minutes")
not_exported(DeliveryOrder, because="work of a partner's staff; the buyer's part is the invitation to them")
