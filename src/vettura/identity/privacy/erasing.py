"""What an erasure does to a person's data in this context (decision 0018)."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.idp.oidc.models import Client, Token
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from vettura.foundation.erasing import Obstacle, Subject, empties, erases, hinders, leaves
from vettura.identity import actions, rules
from vettura.identity.models import (
    AcceptedDocument,
    Account,
    AddressChange,
    AppPassword,
    Attempts,
    ConsentDecision,
    DataExport,
    DeviceSignIn,
    ErasureRequest,
    ForeignAppsChoice,
    ForeignSignIn,
    IdentityCheck,
    IdentityCheckNotice,
    IdentityCheckPicture,
    PhoneCheck,
    Pin,
    PinChallenge,
    PinTries,
    ProgramCode,
    ProgramConsent,
    ProgramGrant,
    ProgramToken,
    Registration,
    SecurityCode,
    StaffChange,
    StaffRole,
)


@hinders
def living_account(subject: Subject) -> Iterator[Obstacle]:
    """Only its holder deletes an account (ID-032); the data go afterwards."""
    if Account.objects.filter(id=subject.id, status=Account.Status.ACTIVE).exists():
        yield Obstacle(
            sentence=gettext("The account is in use. Only its holder can delete it; that comes before the erasure."),
            href=reverse("identity_desk:person", args=[subject.id]),
        )


@erases(_("Roles with the operator"), of=(StaffRole,))
def erased_roles(subject: Subject) -> QuerySet[StaffRole]:
    """Gone with the account."""
    return StaffRole.objects.filter(account_id=subject.id)


@erases(_("What was accepted, and in which version"), of=(AcceptedDocument,))
def erased_documents(subject: Subject) -> QuerySet[AcceptedDocument]:
    """All versions."""
    return AcceptedDocument.objects.filter(account_id=subject.id)


@erases(_("Decisions on consents"), of=(ConsentDecision,))
def erased_consents(subject: Subject) -> QuerySet[ConsentDecision]:
    """All of them: nothing is left that a consent could be for."""
    return ConsentDecision.objects.filter(account_id=subject.id)


@erases(_("Registrations"), of=(Registration,))
def erased_registrations(subject: Subject) -> QuerySet[Registration]:
    """Also those that were broken off."""
    return Registration.objects.filter(account_id=subject.id)


@erases(_("Checks of the mobile number"), of=(PhoneCheck,))
def erased_phone_checks(subject: Subject) -> QuerySet[PhoneCheck]:
    """One at most."""
    return PhoneCheck.objects.filter(account_id=subject.id)


@erases(_("The PIN"), of=(Pin,))
def erased_pin(subject: Subject) -> QuerySet[Pin]:
    """Gone with the account."""
    return Pin.objects.filter(account_id=subject.id)


@erases(_("Wrong PINs at cars"), of=(PinTries,))
def erased_pin_tries(subject: Subject) -> QuerySet[PinTries]:
    """Gone with the account."""
    return PinTries.objects.filter(account_id=subject.id)


@erases(_("The security code"), of=(SecurityCode,))
def erased_security_code(subject: Subject) -> QuerySet[SecurityCode]:
    """Gone with the account."""
    return SecurityCode.objects.filter(account_id=subject.id)


@erases(_("Passkeys and other sign-in factors"), of=(Authenticator,))
def erased_factors(subject: Subject) -> QuerySet[Authenticator]:
    """Gone with the account."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user_id=subject.id)
    return found


@erases(_("Signed-in devices"), of=(UserSession,))
def erased_devices(subject: Subject) -> QuerySet[UserSession]:
    """Gone with the account."""
    found: QuerySet[UserSession] = UserSession.objects.filter(user_id=subject.id)
    return found


@erases(_("The address at the sign-in library"), of=(EmailAddress,))
def erased_addresses(subject: Subject) -> QuerySet[EmailAddress]:
    """A copy."""
    found: QuerySet[EmailAddress] = EmailAddress.objects.filter(user_id=subject.id)
    return found


@erases(_("Archives of personal data"), of=(DataExport,))
def erased_archives(subject: Subject) -> QuerySet[DataExport]:
    """With what is in them."""
    return DataExport.objects.filter(account_id=subject.id)


@erases(_("Changes of the e-mail address"), of=(AddressChange,))
def erased_address_changes(subject: Subject) -> QuerySet[AddressChange]:
    """Former addresses and new ones."""
    return AddressChange.objects.filter(account_id=subject.id)


@erases(_("What staff changed, with before and after"), of=(StaffChange,))
def erased_staff_changes(subject: Subject) -> QuerySet[StaffChange]:
    """The audit still knows that something was changed, and by whom."""
    return StaffChange.objects.filter(account_id=subject.id)


def _forget_evidence(subject: Subject) -> None:
    for case in IdentityCheck.objects.filter(account_id=subject.id, evidence_deleted_at=None, attempts__gt=0):
        actions.forget_identity_evidence(case=case, at=subject.at)


@erases(
    _("Identifications, with their evidence here and at the provider"),
    of=(IdentityCheck, IdentityCheckPicture),
    before=_forget_evidence,
)
def erased_identity_checks(subject: Subject) -> QuerySet[IdentityCheck]:
    """However they ended."""
    return IdentityCheck.objects.filter(account_id=subject.id)


@erases(_("Sign-ins to apps"), of=(ProgramGrant, ProgramCode, ProgramToken, DeviceSignIn))
def erased_grants(subject: Subject) -> QuerySet[ProgramGrant]:
    """With every token."""
    return ProgramGrant.objects.filter(account_id=subject.id)


@erases(_("What apps were allowed"), of=(ProgramConsent,))
def erased_program_consents(subject: Subject) -> QuerySet[ProgramConsent]:
    """App by app."""
    return ProgramConsent.objects.filter(account_id=subject.id)


def _forget_foreign_apps(subject: Subject) -> None:
    for model in (ForeignSignIn, ForeignAppsChoice, PinChallenge):
        model.objects.filter(account_id=subject.id).delete()


@erases(
    _("App passwords, and what was decided on apps of other makers"),
    of=(AppPassword, ForeignAppsChoice, ForeignSignIn, PinChallenge),
    before=_forget_foreign_apps,
)
def erased_app_passwords(subject: Subject) -> QuerySet[AppPassword]:
    """With sign-ins that are under way."""
    return AppPassword.objects.filter(account_id=subject.id)


@empties(
    _("The reasons of requests for erasure; the request stays, to prove what was done"),
    of=(ErasureRequest,),
    to=lambda _subject: {"reason": ""},
)
def emptied_requests(subject: Subject) -> QuerySet[ErasureRequest]:
    """Who asked through whom, when, and what was done."""
    return ErasureRequest.objects.filter(account_id=subject.id).exclude(reason="")


@empties(
    _("Name, addresses, telephone number and sign-in of the account; its number stays where records are kept"),
    of=(Account,),
    to=lambda subject: rules.values_of_nobody(subject.id),
)
def emptied_account(subject: Subject) -> QuerySet[Account]:
    """What is left is the number of an account, its country and its dates."""
    return Account.objects.filter(id=subject.id)


@erases(_("Programs the person made"), of=(Client,))
def erased_own_programs(subject: Subject) -> QuerySet[Client]:
    """Gone with the account."""
    found: QuerySet[Client] = Client.objects.filter(owner_id=subject.id)
    return found


leaves(Token, because="tokens of our own are ProgramToken")
leaves(IdentityCheckNotice, because="names the attempt of a case that is gone, and nobody")
leaves(Attempts, because="keyed hashes that tell nobody whose they are, forgotten within hours")
