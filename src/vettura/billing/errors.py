"""How billing refuses."""

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import Refusal


class CardBrandNotAccepted(Refusal):
    """The brand is not taken in the person's country (STO-007)."""

    code = "billing.card_brand_not_accepted"
    why = "payment"
    sentence = _("{brand} cards are not accepted here. Accepted: {accepted}.")
    remedy = (_("Use another card"), "billing:cards")


class CardExpired(Refusal):
    """The card is past its date: a matter for the institute that issued it (STO-009, STO-012)."""

    code = "billing.card_expired"
    why = "payment"
    sentence = _("The card has expired. The institute that issued it can give you a new one.")
    remedy = (_("Use another card"), "billing:cards")


class CardDeclined(Refusal):
    """The card is accepted and valid, and is declined all the same: a matter for Support (STO-010, STO-013)."""

    code = "billing.card_declined"
    why = "payment"
    status = 402
    sentence = _("The card was declined. Nothing was charged. If it should work, please ask Support.")
    remedy = (_("Use another card"), "billing:cards")


class CardEntryUnfinished(Refusal):
    """The provider does not yet know a card for this entry."""

    code = "billing.card_entry_unfinished"
    sentence = _("No card was entered. Please try again.")
    remedy = (_("Enter a card"), "billing:cards")


class CardNotChangeable(Refusal):
    """A card is added and deleted, never changed (DAT-023)."""

    code = "billing.card_not_changeable"
    status = 405
    sentence = _("A saved card cannot be changed. Delete it and add the new one.")
    remedy = (_("Go to my cards"), "billing:cards")


class CardInUse(Refusal):
    """An order is being paid with the card at this moment."""

    code = "billing.card_in_use"
    sentence = _("An order is being paid with this card. It can be deleted when that is over.")


class PaymentProviderAway(Refusal):
    """The card provider does not answer; nothing was lost."""

    code = "billing.provider_away"
    status = 503
    sentence = _("The card provider does not answer at the moment. Please try again in a minute.")


class NoticeRefused(Refusal):
    """A webhook that is not signed by the provider."""

    code = "billing.notice_refused"
    status = 400
    sentence = _("This notice is not signed by the card provider.")
