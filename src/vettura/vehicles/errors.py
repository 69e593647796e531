"""How a car, an invitation or a code can refuse."""

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import NotAllowed, NotFound, Refusal


class VinMalformed(Refusal):
    """Not a vehicle identification number as ISO 3779 describes it."""

    code = "vehicles.vin_malformed"
    status = 422
    sentence = _("{vin} is not a VIN: it has 17 letters and digits, never I, O or Q, and ends with four digits.")


class GenerationDoesNotFit(Refusal):
    """Model line, generation, year, drive and equipment contradict each other."""

    code = "vehicles.generation_does_not_fit"
    status = 422
    sentence = _("{what} does not fit {generation}.")


class CountryNotServed(Refusal):
    """The brand pack knows nothing of the country."""

    code = "vehicles.country_not_served"
    status = 422
    sentence = _("Cars cannot be registered for {country}.")


class VehicleHasMainUser(Refusal):
    """There can be one main user only."""

    code = "vehicles.has_main_user"
    sentence = _("This car already has a main user. The main user has to remove it first.")


class SoldByAnotherPartner(Refusal):
    """Another partner has an invitation open for this car."""

    code = "vehicles.sold_by_another_partner"
    sentence = _("Another partner has invited somebody for this car. That invitation has to end first.")


class MainUserOnly(NotAllowed):
    """Only the main user may do this (USR-005, USR-010, USR-017)."""

    code = "vehicles.main_user_only"
    sentence = _("Only the main user of the car can do this.")


class AlreadyUser(Refusal):
    """The invited person uses the car already."""

    code = "vehicles.already_user"
    sentence = _("{email} already uses this car.")


class InvitationExpired(Refusal):
    """The invitation was not used in time."""

    code = "vehicles.invitation_expired"
    status = 410
    sentence = _("This invitation has expired. Ask {issuer} for a new one.")


class InvitationUsed(Refusal):
    """An invitation is used once."""

    code = "vehicles.invitation_used"
    status = 410
    sentence = _("This invitation has been used.")


class InvitationVoid(Refusal):
    """The invitation was taken back, or replaced by a newer one."""

    code = "vehicles.invitation_void"
    status = 410
    sentence = _("This invitation is no longer valid. Use the link in the latest e-mail, or ask {issuer}.")


class InvitationForSomebodyElse(NotAllowed):
    """Invitations are personal."""

    code = "vehicles.invitation_for_somebody_else"
    sentence = _("This invitation was sent to {email}. Sign in with that address to accept it.")


class SharingUndecided(Refusal):
    """The decision on sharing data with the partner is missing; either answer is fine (DAT-009)."""

    code = "vehicles.sharing_undecided"
    status = 422
    sentence = _("Decide whether {partner} may have data; both answers are fine.")


class CarCodeUnknown(NotFound):
    """No car of this person shows that code; a code of somebody else's car looks the same."""

    code = "vehicles.car_code_unknown"
    sentence = _("None of your cars shows this code. Check it on the screen of the car.")


class CarCodeExpired(Refusal):
    """The code on the car's screen is too old."""

    code = "vehicles.car_code_expired"
    status = 410
    sentence = _("This code has expired. Ask for a new one on the screen of the car.")


class CarCodesLocked(Refusal):
    """Too many wrong codes."""

    code = "vehicles.car_codes_locked"
    status = 423
    sentence = _("There were too many wrong codes. Try again in {minutes} minutes.")


class NotSignedInInCar(Refusal):
    """The main user has to be signed in to the car, or paired with it (REM-002)."""

    code = "vehicles.not_signed_in_in_car"
    sentence = _("The main user has to sign in to the car first.")
