"""How this context refuses."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import NotAllowed, NotFound, Refusal


class AlreadyRegistered(Refusal):
    """The address belongs to an active account."""

    code = "identity.already_registered"
    sentence = _("There is an account with this e-mail address. Sign in instead.")
    remedy: ClassVar[tuple[str | Promise, str] | None] = (_("Sign in"), "identity:signin")


class AccountGone(Refusal):
    """The account was deleted."""

    code = "identity.account_gone"
    status = 410
    sentence = _("This account does not exist any more.")


class InvitationNeeded(NotAllowed):
    """In this country an account needs an invitation (ID-003)."""

    code = "identity.invitation_needed"
    sentence = _("In this country an account begins with an invitation from a partner.")


class PasswordTooWeak(Refusal):
    """The password misses rules of the policy; `unmet` lists their codes (ID-013)."""

    code = "identity.password_too_weak"
    status = 422
    sentence = _("The password does not meet every requirement yet.")


class RegistrationIncomplete(Refusal):
    """A step was asked for before the ones that come first."""

    code = "identity.registration_incomplete"
    sentence = _("A step before this one is still open.")


class PhoneInvalid(Refusal):
    """This is not the number of a phone that can take an SMS."""

    code = "identity.phone_invalid"
    status = 422
    sentence = _("This is not a mobile number. Write it with the country code, such as +39 312 345 6789.")


class SmsCodeWrong(Refusal):
    """The code is not the one that was sent last."""

    code = "identity.sms_code_wrong"
    status = 422
    sentence = _("This is not the code that was sent last. Attempts left: {attempts_left}.")


class SmsCodeSpent(Refusal):
    """The code is too old or was tried too often."""

    code = "identity.sms_code_spent"
    status = 422
    sentence = _("This code is no longer valid. Request a new one.")


class SmsLimitReached(Refusal):
    """No more messages are sent to this person."""

    code = "identity.sms_limit_reached"
    status = 429
    sentence = _("No more codes can be sent. Please contact Assistance.")


class PasskeyMissing(Refusal):
    """The person has no passkey that could be asked."""

    code = "identity.passkey_missing"
    sentence = _("There is no passkey yet. Add one first.")


class PasskeyWrong(NotAllowed):
    """The answer of a device is not one to this question, comes too late, or is another person's."""

    code = "identity.passkey_wrong"
    sentence = _("The passkey was not accepted. Try again.")


class PinNotSet(Refusal):
    """The person has no PIN yet."""

    code = "identity.pin_not_set"
    why = "pin"
    sentence = _("There is no PIN yet. Set one first.")
    remedy: ClassVar[tuple[str | Promise, str] | None] = (_("Set PIN"), "identity:pin")


class PinMalformed(Refusal):
    """A PIN has exactly as many digits as the terms say."""

    code = "identity.pin_malformed"
    status = 422
    sentence = _("A PIN has {digits} digits.")


class PinWrong(NotAllowed):
    """The PIN is wrong; `attempts_left` says how often it may still be tried."""

    code = "identity.pin_wrong"
    sentence = _("The PIN is wrong. Attempts left: {attempts_left}.")


class StepUpRequired(NotAllowed):
    """The person has to prove once more who they are, by PIN or passkey; it is missing or wrong."""

    code = "identity.step_up_required"
    sentence = _("Enter your PIN or use a passkey to do this. Attempts left: {attempts_left}.")


class PinLocked(Refusal):
    """The PIN was wrong too often; `until` is real time."""

    code = "identity.pin_locked"
    why = "pin"
    status = 423
    sentence = _("The PIN was wrong too often. It can be used again in {minutes} min.")
    remedy: ClassVar[tuple[str | Promise, str] | None] = (_("Set PIN"), "identity:pin")


class ConfirmationWrong(NotAllowed):
    """The current password, asked for before a change, is wrong."""

    code = "identity.password_wrong"
    sentence = _("The current password is wrong.")


class DecisionMissing(Refusal):
    """Both documents have to be accepted, each by itself."""

    code = "identity.decision_missing"
    status = 422
    sentence = _("An account needs both: the terms of use and the privacy declaration.")


class RegistrationNotFound(NotFound):
    """There is no such registration."""

    code = "identity.registration_not_found"
    sentence = _("This registration link is not known. Open the link from the latest mail.")


class RegistrationOver(Refusal):
    """The link is too old. A new one comes from where the first came from."""

    code = "identity.registration_over"
    status = 410
    sentence = _("This registration link has expired. Open your invitation again, or register anew.")
    remedy: ClassVar[tuple[str | Promise, str] | None] = (_("Register"), "identity:signup")


class RegistrationDone(Refusal):
    """The registration was completed; the link opens nothing any more."""

    code = "identity.registration_done"
    sentence = _("This registration is complete. Sign in with your e-mail address and password.")
    remedy: ClassVar[tuple[str | Promise, str] | None] = (_("Sign in"), "identity:signin")


class SmsTooSoon(Refusal):
    """The last SMS was sent a moment ago."""

    code = "identity.sms_too_soon"
    status = 429
    sentence = _("The last code was sent a moment ago. Request another one in {seconds} s.")


class ReasonMissing(Refusal):
    """Whoever changes data of a customer says why."""

    code = "identity.reason_missing"
    status = 422
    sentence = _("Say why, in a few words. The reason is kept with the change.")


class OwnAccount(NotAllowed):
    """Nobody at the desk changes their own data there."""

    code = "identity.own_account"
    sentence = _("This is your own account. A colleague has to do this for you.")


class ErasureHindered(Refusal):
    """Something has to be over before a person's data are erased; `first` says what to do (DAT-021)."""

    code = "identity.erasure_hindered"
    sentence = _("Nothing was erased. This comes first: {first}")


class AlreadyErased(Refusal):
    """There is nothing left to be erased."""

    code = "identity.already_erased"
    sentence = _("What was known of this person is erased already.")


class ErasureTakenBack(Refusal):
    """The request was taken back; whoever still wants the data erased asks anew."""

    code = "identity.erasure_taken_back"
    sentence = _("This request was taken back. If the data are to be erased all the same, record a new one.")


class ErasureDone(Refusal):
    """What was erased does not come back."""

    code = "identity.erasure_done"
    sentence = _("This request was carried out. What was erased does not come back.")


class NameMissing(Refusal):
    """A person has a given and a family name."""

    code = "identity.name_missing"
    status = 422
    sentence = _("Enter the given name and the family name.")


class AddressTaken(Refusal):
    """Another account has this address; one address is one account (ID-001)."""

    code = "identity.address_taken"
    sentence = _("Another account has this e-mail address. An address belongs to one account only.")


class AddressUnchanged(Refusal):
    """The address is the one that the account has."""

    code = "identity.address_unchanged"
    status = 422
    sentence = _("This is the address that the account has now.")


class AddressLinkOver(Refusal):
    """The link to confirm or stop a new address was used, stopped, replaced, or is too old."""

    code = "identity.address_link_over"
    status = 410
    sentence = _("This link no longer works. It was used already, a newer one was sent, or it is too old.")


class SecurityCodeMalformed(Refusal):
    """A security code has exactly as many digits as the terms say."""

    code = "identity.security_code_malformed"
    status = 422
    sentence = _("A security code has {digits} digits.")


class SecurityCodeTooSimple(Refusal):
    """Codes that everybody tries first."""

    code = "identity.security_code_too_simple"
    status = 422
    sentence = _("This code is guessed at once. Choose one without a row or a repeated digit.")


class SecurityCodeThere(Refusal):
    """There is a code already: it is changed with the current one, or reset."""

    code = "identity.security_code_there"
    sentence = _("There is a security code already. Change it, or reset it if you have forgotten it.")
    remedy: ClassVar[tuple[str | Promise, str] | None] = (_("Change security code"), "identity:security_code")


class SecurityCodeNotSet(Refusal):
    """The person has no security code yet."""

    code = "identity.security_code_not_set"
    why = "sign_in_car"
    sentence = _("There is no security code yet. Set one first.")
    remedy: ClassVar[tuple[str | Promise, str] | None] = (_("Set security code"), "identity:security_code")


class SecurityCodeWrong(NotAllowed):
    """The current security code is wrong; `attempts_left` says how often it may still be tried."""

    code = "identity.security_code_wrong"
    sentence = _("The security code is wrong. Attempts left: {attempts_left}.")


class SecurityCodeLocked(Refusal):
    """The security code was wrong too often, here or in a car (real time)."""

    code = "identity.security_code_locked"
    why = "sign_in_car"
    status = 423
    sentence = _("The security code was wrong too often. It can be used again in {minutes} min.")


class ProgramInvalid(Refusal):
    """A program cannot be made known like this."""

    code = "identity.program_invalid"
    status = 422
    sentence = _("A program cannot have this {about}: {value}")


class ScopeMissing(NotAllowed):
    """The token is good, but was not granted what this needs (RFC 6750 section 3.1)."""

    code = "identity.scope_missing"
    sentence = _("The token has not the scope {scope}.")


class TooManyPrograms(Refusal):
    """Nobody needs this many programs of their own."""

    code = "identity.too_many_programs"
    sentence = _("You have {limit} programs of your own already. Remove one first.")


class IdentificationClosed(Refusal):
    """No agent is there at this time of the day (IDV-008)."""

    code = "identity.identification_closed"
    sentence = _("Video identification is open daily from {opens} to {closes}, Central European time.")


class BrowserNotSuitable(Refusal):
    """The call does not work in this browser (IDV-015)."""

    code = "identity.browser_not_suitable"
    sentence = _(
        "Video identification does not work in this browser. Use Google Chrome or Mozilla Firefox on a computer."
    )


class IdentityCheckOver(Refusal):
    """The case has ended."""

    code = "identity.identity_check_over"
    sentence = _("This identification has ended.")


class NoAttemptLeft(Refusal):
    """All attempts were used up."""

    code = "identity.no_attempt_left"
    sentence = _("You have tried {attempts} times. Assistance helps you from here.")
    remedy: ClassVar[tuple[str | Promise, str] | None] = (_("Show contact"), "notifications:contact")


class IdentificationUnavailable(Refusal):
    """The provider does not answer."""

    code = "identity.identification_unavailable"
    status = 503
    sentence = _("Video identification does not answer at the moment. Try again in a few minutes.")


class OnlyHolderDeletes(NotAllowed):
    """An account is deleted by the person whose it is and by nobody else (ID-032)."""

    code = "identity.only_holder_deletes"
    sentence = _("Only the person whose account it is can delete it.")


class DocumentOutdated(Refusal):
    """A new version appeared between reading and accepting: nothing was recorded."""

    code = "identity.document_outdated"
    sentence = _("A new version has appeared since you opened the page. Read it before you decide.")
    remedy: ClassVar[tuple[str | Promise, str] | None] = (_("Read the new version"), "identity:consents_review")


class AcceptanceNeeded(NotAllowed):
    """A new version of a document waits for the person; `documents` names the kinds, `link` the page that asks."""

    code = "identity.acceptance_needed"
    sentence = _("There is a new version of the terms or of the privacy declaration. Decide on it first: {link}")
    remedy: ClassVar[tuple[str | Promise, str] | None] = (_("Read and decide"), "identity:consents_review")


class ConsentNeeded(NotAllowed):
    """A service cannot work without data that the person does not let us process (DAT-005)."""

    code = "identity.consent_needed"
    sentence = _("This service needs your consent “{consent}”, which you have not given.")
    remedy: ClassVar[tuple[str | Promise, str] | None] = (_("Decide on it"), "identity:consents")


class ReceiptNotFound(NotFound):
    """There is no such receipt, or it is somebody else's."""

    code = "identity.receipt_not_found"
    sentence = _("There is no such receipt.")


class TooManyAttempts(Refusal):
    """Tries are paused; `until` is real time. A new password, or Assistance, ends the pause at once."""

    code = "identity.too_many_attempts"
    status = 429
    sentence = _("Too many attempts. Try again in {minutes} min, or choose a new password.")
    remedy: ClassVar[tuple[str | Promise, str] | None] = (_("Choose a new password"), "identity:password_reset")


class ExportTooSoon(Refusal):
    """The last archive of the person's data was asked for only a short time ago."""

    code = "identity.export_too_soon"
    sentence = _("You asked for your data a short time ago. You can ask again later.")


class ForeignAppsOff(NotAllowed):
    """The operator, or the person, lets no apps of other makers in."""

    code = "identity.foreign_apps_off"
    sentence = _("Apps of other makers may not sign in to this account. It can be allowed under “Apps with access”.")


class AppPasswordNeeded(NotAllowed):
    """The account has a second factor, which such an app cannot ask for."""

    code = "identity.app_password_needed"
    sentence = _("This account has a second factor. Make an app password under “Apps with access” and use that.")


class AppPasswordsFull(Refusal):
    """There are as many app passwords as there may be."""

    code = "identity.app_passwords_full"
    sentence = _("There are {most} app passwords already. End one that is not used any more.")


class CaptchaNeeded(Refusal):
    """After wrong tries letters have to be read from a picture; they are in `letters`, for whoever draws it."""

    code = "identity.captcha_needed"
    status = 400
    sentence = _("Type the letters of the picture.")


class SignInGone(Refusal):
    """There is no sign-in under way of this name: it took too long, or it is over."""

    code = "identity.sign_in_gone"
    status = 401
    sentence = _("This sign-in is over. Begin again.")


class SignInWrong(Refusal):
    """Address or password is wrong; which of them is told to nobody."""

    code = "identity.sign_in_wrong"
    status = 400
    sentence = _("E-mail address or password is wrong.")


class PinChallengeGone(NotAllowed):
    """The question was answered before, is too old, or was asked about something else."""

    code = "identity.pin_challenge_gone"
    sentence = _("This question for the PIN is not open any more. Ask for a new one.")
