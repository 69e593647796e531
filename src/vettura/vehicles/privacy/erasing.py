"""What an erasure does to a person's data in this context (decision 0018)."""

from collections.abc import Iterator

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vettura.foundation.erasing import Obstacle, Subject, empties, erases, hinders
from vettura.vehicles import queries
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


@hinders
def cars_in_use(subject: Subject) -> Iterator[Obstacle]:
    """Cars that the person uses, and cars that the person leases out."""
    for each in Assignment.objects.filter(account_id=subject.id, until=None).select_related("vehicle"):
        car = f"{each.vehicle.model_name} ({each.vehicle.vin_end})"
        sentence = gettext("{car} is still in the garage. Its user removes or leaves it, or deletes the account.")
        yield Obstacle(
            sentence=sentence.format(car=car),
            href=reverse("vehicles_desk:vehicle", args=[each.vehicle.vin]) if each.role == Role.MAIN_USER else "",
        )
    for lease in Lease.objects.filter(lessor_id=subject.id, ended_at=None).select_related("vehicle"):
        car = f"{lease.vehicle.model_name} ({lease.vehicle.vin_end})"
        yield Obstacle(sentence=gettext("{car} is leased out. End the lease first.").format(car=car))


@empties(
    _("Plates and sign-ins of cars that nobody has taken over"),
    of=(Vehicle,),
    to=lambda _subject: {"plate": "", "signed_in_account": None},
)
def left_vehicles(subject: Subject) -> QuerySet[Vehicle]:
    """The car itself names nobody."""
    left = Vehicle.objects.filter(id__in=queries.left_behind_by(account_id=subject.id)).exclude(plate="")
    return left | Vehicle.objects.filter(signed_in_account_id=subject.id)


@erases(_("Pairing codes"), of=(PairingCode,))
def erased_pairing_codes(subject: Subject) -> QuerySet[PairingCode]:
    """Also those of cars that are long gone."""
    return PairingCode.objects.filter(account_id=subject.id)


@erases(_("Sign-ins to cars"), of=(CarSignIn,))
def erased_car_sign_ins(subject: Subject) -> QuerySet[CarSignIn]:
    """Those that the person confirmed."""
    return CarSignIn.objects.filter(account_id=subject.id)


@erases(_("Counts of wrong codes"), of=(SignInAttempts,))
def erased_attempts(subject: Subject) -> QuerySet[SignInAttempts]:
    """One at most."""
    return SignInAttempts.objects.filter(account_id=subject.id)


@erases(_("Questions of cars for a security code"), of=(SecurityCodeChallenge,))
def erased_challenges(subject: Subject) -> QuerySet[SecurityCodeChallenge]:
    """They live for minutes."""
    return SecurityCodeChallenge.objects.filter(account_id=subject.id)


@erases(_("Personal settings: seat, climate, favorites and the like"), of=(PersonalSetting,))
def erased_settings(subject: Subject) -> QuerySet[PersonalSetting]:
    """Of the account and of each car."""
    return PersonalSetting.objects.filter(account_id=subject.id)


@erases(_("Proofs of ownership, with the documents"), of=(OwnershipClaim,))
def erased_proofs(subject: Subject) -> QuerySet[OwnershipClaim]:
    """Decided or not."""
    return OwnershipClaim.objects.filter(account_id=subject.id)


@erases(_("Decisions on sharing data with partners"), of=(PartnerSharing,))
def erased_sharing(subject: Subject) -> QuerySet[PartnerSharing]:
    """Sharing ended with the car or the account."""
    return PartnerSharing.objects.filter(account_id=subject.id)


@erases(_("Remote access that was granted"), of=(RemoteAccessGrant,))
def erased_grants(subject: Subject) -> QuerySet[RemoteAccessGrant]:
    """Revoked ones: with a car in use nothing is erased."""
    return RemoteAccessGrant.objects.filter(granted_by_id=subject.id)


@erases(_("The times of using cars"), of=(Assignment,))
def erased_assignments(subject: Subject) -> QuerySet[Assignment]:
    """Who used which car from when until when."""
    return Assignment.objects.filter(account_id=subject.id)


@erases(_("Invitations that were sent and not accepted"), of=(Invitation,))
def unused_invitations(subject: Subject) -> QuerySet[Invitation]:
    """By the person as a user of a car. What somebody accepted is that person's history, and names its sender no more."""
    return Invitation.objects.filter(invited_by_id=subject.id, partner=None, reason="", used_by=None)


@empties(
    _("The address in invitations that were received; an open one is void"),
    of=(Invitation,),
    to=lambda subject: {
        "email": subject.nobody,
        "voided_at": Case(When(used_at=None, voided_at=None, then=Value(subject.at)), default=F("voided_at")),
    },
)
def received_invitations(subject: Subject) -> QuerySet[Invitation]:
    """The row tells a partner, a seller or a lessor what became of the car."""
    by_address = Q(used_by=None, email__iexact=subject.email, created_at__lte=subject.email_until)
    return Invitation.objects.filter(Q(used_by_id=subject.id) | by_address).exclude(email=subject.nobody)


@empties(_("The buyer's address in sales of cars"), of=(Sale,), to=lambda subject: {"buyer_email": subject.nobody})
def sales_to_the_person(subject: Subject) -> QuerySet[Sale]:
    """What the person sold is the buyer's history, and names its seller no more."""
    is_theirs = Q(invitations__used_by_id=subject.id)
    by_address = Q(buyer_email__iexact=subject.email, begun_at__lte=subject.email_until)
    found = Sale.objects.filter(is_theirs | by_address).exclude(buyer_email__in=["", subject.nobody])
    return Sale.objects.filter(id__in=found.values("id"))


@empties(_("The driver's address in leases of cars"), of=(Lease,), to=lambda subject: {"driver_email": subject.nobody})
def leases_to_the_person(subject: Subject) -> QuerySet[Lease]:
    """What the person leased out is the driver's history, and names its lessor no more."""
    by_address = Q(driver=None, driver_email__iexact=subject.email, offered_at__lte=subject.email_until)
    return Lease.objects.filter(Q(driver_id=subject.id) | by_address).exclude(driver_email=subject.nobody)


@empties(
    _("The buyer's address in deliveries of partners"),
    of=(DeliveryOrder,),
    to=lambda subject: {"buyer_email": subject.nobody},
)
def deliveries_to_the_person(subject: Subject) -> QuerySet[DeliveryOrder]:
    """One that is still to invite the address is for whoever has the address then."""
    is_theirs = Q(invitation__used_by_id=subject.id)
    is_over = Q(invitation__isnull=False) | Q(called_off_at__isnull=False)
    by_address = Q(is_over, buyer_email__iexact=subject.email, invite_at__lte=subject.email_until)
    return DeliveryOrder.objects.filter(is_theirs | by_address).exclude(buyer_email=subject.nobody)
