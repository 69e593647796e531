"""How this context refuses."""

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import NotFound, Refusal


class CaseNotFound(NotFound):
    """There is no such case, or the person does not work for Assistance."""

    code = "assistance.case_not_found"
    sentence = _("There is no such case.")


class CaseClosed(Refusal):
    """The case is closed."""

    code = "assistance.case_closed"
    sentence = _("This case is closed. Open it again first.")


class AccountUnknown(Refusal):
    """Nobody knows yet whose account the case is about."""

    code = "assistance.account_unknown"
    sentence = _("It is not known yet whose account this is about. Name the account first.")


class SenderUnchecked(Refusal):
    """An address in a mail proves nothing: somebody has to make sure who wrote."""

    code = "assistance.sender_unchecked"
    status = 422
    sentence = _("The sender is not confirmed. Make sure that the holder of the account wrote, and say so.")


class TextMissing(Refusal):
    """A note or a reason is empty."""

    code = "assistance.text_missing"
    status = 422
    sentence = _("Write a few words first.")


class HelpIsOnItsWay(Refusal):
    """Somebody has called help for this car, and that call goes on."""

    code = "assistance.help_is_on_its_way"
    sentence = _("Help was called for this car already. Assistance works on it.")


class PhoneUnfit(Refusal):
    """Help calls back, so it needs a number that can be called."""

    code = "assistance.phone_unfit"
    status = 422
    sentence = _("Give a telephone number on which you can be called back.")


class PlaceUnknown(Refusal):
    """The car's place is to be handed over, and it is not known or may not be shown."""

    code = "assistance.place_unknown"
    sentence = _("It is not known where the car is. Call without its place and say on the phone where you are.")


class TooManyCases(Refusal):
    """A person has asked very often today."""

    code = "assistance.too_many_cases"
    status = 429
    sentence = _("You have asked a lot today. Call Assistance, or write tomorrow.")


class CaseEnded(Refusal):
    """The person's case is closed."""

    code = "assistance.case_ended"
    sentence = _("This case is closed. Open another one and name its number.")
