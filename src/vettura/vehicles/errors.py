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
    sentence = _("This car already has a main user. The main user has to remove or sell it first.")


class SoldByAnotherPartner(Refusal):
    """Another partner has an invitation open for this car."""

    code = "vehicles.sold_by_another_partner"
    sentence = _("Another partner has invited somebody for this car. That invitation has to end first.")


class MainUserOnly(NotAllowed):
    """Only the main user may do this (USR-005, USR-010, USR-017)."""

    code = "vehicles.main_user_only"
    sentence = _("Only the main user of the car can do this.")


class LeasedCar(NotAllowed):
    """The driver of a leased car returns it; selling, removing and leasing out are for whom it belongs to."""

    code = "vehicles.leased_car"
    sentence = _("This car is leased. You can return it; it is not yours to sell, to lease out or to remove.")


class CarIsBeingSold(Refusal):
    """While a sale is begun nothing new is let in or bought."""

    code = "vehicles.being_sold"
    sentence = _("You are selling this car. Finish the sale or call it off first.")


class BuyerMissing(Refusal):
    """A sale has one buyer: a person by address or a partner."""

    code = "vehicles.buyer_missing"
    status = 422
    sentence = _("Say who buys the car: the e-mail address of a person, or a partner.")


class SoldToOneself(Refusal):
    """The buyer's address is the seller's own."""

    code = "vehicles.sold_to_oneself"
    status = 422
    sentence = _("This is your own address. Give the one of the buyer.")


class LeasedToOneself(Refusal):
    """The driver's address is the lessor's own."""

    code = "vehicles.leased_to_oneself"
    status = 422
    sentence = _("This is your own address. Give the one of the driver.")


class DayIsOver(Refusal):
    """The last day that was named has passed."""

    code = "vehicles.day_is_over"
    status = 422
    sentence = _("This day is over. Choose a later one.")


class CannotBeAdded(Refusal):
    """
    The car cannot be added this way (GAR-015).

    It says the same of a car that has a main user as of one that is unknown: whose a car is concerns nobody else.
    """

    code = "vehicles.cannot_be_added"
    sentence = _("This car cannot be added here. Your partner or Assistance adds it for you.")


class WasRemoved(Refusal):
    """A car that was in this garage comes back through people only (GAR-008, C-16)."""

    code = "vehicles.was_removed"
    sentence = _("This car was in your garage before. Only a partner or Assistance can put it back.")


class AlreadyInGarage(Refusal):
    """The person uses the car already."""

    code = "vehicles.already_in_garage"
    sentence = _("This car is in your vehicles already.")


class InvitationNeeded(Refusal):
    """In this country a car with online services is added by invitation only (ID-023, ID-027, C-13)."""

    code = "vehicles.invitation_needed"
    sentence = _("This car needs an invitation. The nearest partner sends you one.")


class TooManyClaims(Refusal):
    """Proofs of ownership are looked at by people, so one person has few open at a time."""

    code = "vehicles.too_many_claims"
    status = 429
    sentence = _("{count} of your cars are being checked already. Wait for an answer or take one back.")


class TooManyTries(Refusal):
    """Somebody tries one car after the other."""

    code = "vehicles.too_many_tries"
    status = 429
    sentence = _("You have tried many cars that cannot be added. Ask your partner or Assistance.")


class DocumentUnreadable(Refusal):
    """The upload is no PDF, JPEG or PNG, or too large."""

    code = "vehicles.document_unreadable"
    status = 422
    sentence = _("Upload a PDF, a JPEG or a PNG of at most {megabytes} MB.")


class ClaimDecided(Refusal):
    """Somebody has decided meanwhile."""

    code = "vehicles.claim_decided"
    sentence = _("This has been decided already.")


class ReasonMissing(Refusal):
    """What staff do to a customer's data has a reason."""

    code = "vehicles.reason_missing"
    status = 422
    sentence = _("Give a reason; the customer may ask for it.")


class NobodyToAdd(Refusal):
    """There is no such person, or the person never asked for this car."""

    code = "vehicles.nobody_to_add"
    status = 422
    sentence = _("{email} had this car never before and has not asked for it. Send an invitation instead.")


class AlreadyUser(Refusal):
    """The invited person uses the car already."""

    code = "vehicles.already_user"
    sentence = _("{email} already uses this car.")


class InvitationExpired(Refusal):
    """The invitation was not used in time."""

    code = "vehicles.invitation_expired"
    why = "invitation"
    status = 410
    sentence = _("This invitation has expired. Ask {issuer} for a new one.")


class InvitationUsed(Refusal):
    """An invitation is used once."""

    code = "vehicles.invitation_used"
    why = "invitation"
    status = 410
    sentence = _("This invitation has been used.")


class InvitationVoid(Refusal):
    """The invitation was taken back, or replaced by a newer one."""

    code = "vehicles.invitation_void"
    why = "invitation"
    status = 410
    sentence = _("This invitation is no longer valid. Use the link in the latest e-mail, or ask {issuer}.")


class InvitationForSomebodyElse(NotAllowed):
    """Invitations are personal."""

    code = "vehicles.invitation_for_somebody_else"
    why = "invitation"
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
    why = "sign_in_car"
    status = 410
    sentence = _("This code has expired. Ask for a new one on the screen of the car.")


class CarCodesLocked(Refusal):
    """Too many wrong codes."""

    code = "vehicles.car_codes_locked"
    why = "sign_in_car"
    status = 423
    sentence = _("There were too many wrong codes. Try again in {minutes} minutes.")


class NotSignedInInCar(Refusal):
    """The main user has to be signed in to the car, or paired with it (REM-002)."""

    code = "vehicles.not_signed_in_in_car"
    why = "sign_in_car"
    sentence = _("The main user has to sign in to the car first.")


class SettingUnfit(Refusal):
    """A personal setting has another kind of value, or too much of it."""

    code = "vehicles.setting_unfit"
    status = 422
    sentence = _("This cannot be saved for {name}.")


class TooManySimulatedCars(Refusal):
    """Nobody needs this many."""

    code = "vehicles.too_many_simulated_cars"
    sentence = _("You have {limit} simulated cars already. Delete one first.")
