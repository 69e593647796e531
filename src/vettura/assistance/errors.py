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
