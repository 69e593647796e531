"""Why a card is refused: what is known of the person's cards, and what only the person sees."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vettura.billing import queries
from vettura.catalog import queries as catalog
from vettura.foundation.diagnosis import Cause, Evidence, Fine, Inquiry, Outcome, Question, Remedy, Stage, checks, topic
from vettura.identity import queries as identity
from vettura.identity.models import Account

PAYMENT = topic("payment", gettext_lazy("Why is my card refused, or why can't I order?"), order=80, needs_car=False)


@checks(PAYMENT, stage=Stage.CONDITIONS, order=20)
def there_is_a_usable_card(inquiry: Inquiry) -> Outcome | None:
    """STO-007, STO-009: whether a saved card is of a brand that is taken here, and valid."""
    person = _person(inquiry)
    if person is None:
        return None
    cards = queries.saved_cards(account=person, country=person.country, at=inquiry.at)
    another = Remedy(text=_("Use another card"), page="billing:cards")
    if not cards:
        return Cause(
            code="card_missing",
            text=_("No card is saved in your account. Enter one."),
            remedy=Remedy(text=_("Enter a card"), page="billing:cards"),
            article="how-can-i-pay",
        )
    if any(not each.problem for each in cards):
        return Fine(text=_("A valid card is saved."))
    first = cards[0]
    name = f"{first.brand_name} •••• {first.card.last_digits}"
    if first.problem == "expired":
        return Cause(
            code="card_expired",
            text=_("The card has expired. Enter another one; the institute that issued it gives you a new one."),
            evidence=(
                Evidence(
                    text=_("{card} was valid until {month}/{year}.").format(
                        card=name, month=first.card.expires_month, year=first.card.expires_year
                    )
                ),
            ),
            remedy=another,
            article="card-refused",
        )
    accepted = ", ".join(queries.accepted_brand_names(country=person.country))
    return Cause(
        code="card_brand_not_accepted",
        text=_("Cards of this brand are not accepted in your country. Accepted: {accepted}.").format(accepted=accepted),
        evidence=(Evidence(text=_("Saved: {card}.").format(card=name)),),
        remedy=another,
        article="card-refused",
    )


@checks(PAYMENT, stage=Stage.CONDITIONS, order=30)
def the_latest_payment_went_through(inquiry: Inquiry) -> Outcome | None:
    """STO-010, STO-013: a card that is accepted and valid, and declined all the same, is a matter for Support."""
    person = _person(inquiry)
    latest = queries.latest_payment(account=person) if person is not None else None
    if latest is None:
        return None
    if latest.status == "declined":
        return Cause(
            code="card_declined",
            text=catalog.worded(
                _(
                    "The bank declined the payment of order {order}; nothing was charged. Try another card or ask your bank; {support} helps too."
                ),
                order=latest.order_number,
            ),
            evidence=(Evidence(text=_("The payment was declined."), at=latest.ended_at or latest.requested_at),),
            remedy=Remedy(text=_("Use another card"), page="billing:cards"),
            article="card-refused",
            contact="support",
        )
    if latest.status == "challenge":
        return Cause(
            code="bank_asks",
            text=_(
                "Your bank asks you to confirm the payment of order {order}. Confirm it, or it ends by itself."
            ).format(order=latest.order_number),
            evidence=(Evidence(text=_("The confirmation has to come by then."), at=latest.expires_at),),
            remedy=Remedy(text=_("See the order"), page="store:order", arguments={"order_id": str(latest.order_id)}),
            article="card-refused",
        )
    return Fine(
        text=_("The latest payment was not declined."),
        evidence=(Evidence(text=_("The latest payment."), at=latest.requested_at),),
    )


@checks(PAYMENT, stage=Stage.CONDITIONS, order=40)
def what_the_form_says(inquiry: Inquiry) -> Outcome | None:
    """What happens while a card is typed, which the card provider does not tell us."""
    told = inquiry.told.get("card")
    causes = {
        "code": (
            "security_code",
            _(
                "Behind the signature stand three digits; on American Express four stand on the front. Type these as security code."
            ),
            "card-security-code",
        ),
        "brand": (
            "card_brand_not_accepted",
            _("Only some brands are accepted in your country; they stand beside the form. Use another card."),
            "how-can-i-pay",
        ),
        "old": (
            "card_expired",
            _("The card has expired. The institute that issued it gives you a new one."),
            "card-refused",
        ),
    }
    if told in causes:
        code, text, article = causes[told]
        remedy = Remedy(text=_("Enter a card"), page="billing:cards") if inquiry.account_id else None
        return Cause(code=code, text=text, article=article, remedy=remedy)
    if told == "no":
        return Cause(
            code="card_declined",
            text=catalog.worded(
                _(
                    "A card that is accepted and valid, and refused all the same, is a matter for your bank or for {support}."
                )
            ),
            article="card-refused",
            contact="support",
        )
    return Question(
        code="card",
        text=_("What does the form say of your card?"),
        options={
            "code": _("The security code is wrong or missing"),
            "brand": _("This brand is not accepted"),
            "old": _("The card has expired"),
            "no": _("The card is declined, without a reason"),
        },
        article="card-refused",
    )


def _person(inquiry: Inquiry) -> Account | None:
    account_id = inquiry.account_id
    if account_id is None:
        return None
    return inquiry.once("person", lambda: identity.account(id=account_id))
