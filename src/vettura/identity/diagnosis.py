"""Why an account stands in the way: documents to accept, consents that services need, and the PIN."""

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vettura.catalog import queries as catalog
from vettura.foundation.diagnosis import SERVICE, Cause, Fine, Inquiry, Outcome, Question, Remedy, Stage, checks, topic
from vettura.identity import queries
from vettura.identity.models import Account

PIN = topic("pin", gettext_lazy("Why is my PIN not accepted?"), order=60, needs_car=False)
REMOTE_ACCESS = "remote_access"


@checks(SERVICE, REMOTE_ACCESS, "payment", "store", stage=Stage.PERSON, order=10)
def the_documents_in_force_are_accepted(inquiry: Inquiry) -> Outcome | None:
    """Whoever has not decided on a new version is asked before anything else."""
    person = _person(inquiry)
    if person is None or not queries.documents_to_accept(account=person):
        return None
    return Cause(
        code="documents_to_accept",
        text=_(
            "Our terms or our privacy statement have changed, and you have not decided on them yet. The next page of yours asks you."
        ),
        remedy=Remedy(text=_("Read and decide"), page="identity:account"),
        article="where-are-the-terms",
    )


@checks(SERVICE, stage=Stage.CONTRACT, order=30)
def the_consents_are_given(inquiry: Inquiry) -> Outcome | None:
    """DAT-005: a service that needs data of the person needs the consent to them."""
    person = _person(inquiry)
    if person is None:
        return None
    missing = queries.missing_consents(account=person, services=[inquiry.service])
    if not missing:
        return None
    words = catalog.consent_words(missing[0].id, get_language() or "")
    return Cause(
        code="consent_missing",
        text=_("This service needs your consent: {consent}. You can give it now and withdraw it at any time.").format(
            consent=words.title if words else ""
        ),
        remedy=Remedy(text=_("Read and decide"), page="identity:consent", arguments={"purpose": missing[0].id}),
        article="what-data",
    )


@checks(PIN, stage=Stage.PERSON, order=10)
def there_is_a_pin(inquiry: Inquiry) -> Outcome | None:
    """Whether a PIN was set, and is not locked at this car."""
    person = _person(inquiry)
    if person is None:
        return None
    set_it = Remedy(text=_("Set PIN"), page="identity:pin")
    if not queries.has_pin(account=person):
        return Cause(code="pin_missing", text=_("You have not set a PIN yet."), remedy=set_it, article="unlock-by-app")
    if queries.pin_attempts_left(account=person, car=inquiry.vin) <= 0:
        return Cause(
            code="pin_locked",
            text=_("The PIN was wrong too often, so it is locked for a while. A new PIN or a passkey works at once."),
            remedy=set_it,
            article="unlock-by-app",
        )
    return Fine(text=_("You have a PIN, and it is not locked."))


@checks(PIN, stage=Stage.CONDITIONS, order=10)
def the_pin_is_known(inquiry: Inquiry) -> Outcome | None:
    """Only the person knows which code was typed."""
    told = inquiry.told.get("code")
    if told == "forgotten":
        return Cause(
            code="pin_forgotten",
            text=_("A PIN is never shown again. Set a new one; the old one ends with it."),
            remedy=Remedy(text=_("Set PIN"), page="identity:pin"),
            article="unlock-by-app",
        )
    if told == "other":
        return Cause(
            code="other_code",
            text=catalog.worded(
                _(
                    "The PIN is the one that you set in your {account}. It is neither the {pairing_code} nor the {security_code}, which are typed in the car."
                )
            ),
            remedy=Remedy(text=_("Set PIN"), page="identity:pin"),
            article="unlock-by-app",
        )
    if told == "pin":
        return Fine(text=_("You typed the PIN of your account."))
    return Question(
        code="code",
        text=_("Which code did you type?"),
        options={
            "pin": _("The PIN that I set in my account"),
            "other": _("Another code, or one from the car"),
            "forgotten": _("I have forgotten the PIN"),
        },
        article="unlock-by-app",
    )


def _person(inquiry: Inquiry) -> Account | None:
    account_id = inquiry.account_id
    if account_id is None:
        return None
    return inquiry.once("person", lambda: queries.account(id=account_id))
