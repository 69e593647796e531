"""How the help center says no."""

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import NotAllowed, NotFound, Refusal


class ArticleNotFound(NotFound):
    """There is no article of that name."""

    code = "help_center.article_not_found"
    sentence = _("There is no such article. Search with a word of your question.")
    remedy = (_("Open help"), "help_center:index")


class VoteFirst(Refusal):
    """Words about an article stand beside a vote."""

    code = "help_center.vote_first"
    status = 422
    sentence = _("Say first whether the answer helped.")


class TooMuchFeedback(Refusal):
    """So much comes from one place that no person writes it."""

    code = "help_center.too_much_feedback"
    status = 429
    sentence = _("A lot came from here just now. Try again in an hour.")


class ArticleUnfit(Refusal):
    """An article cannot begin under this name."""

    code = "help_center.article_unfit"
    status = 422
    sentence = _("Choose a topic and a new id of small letters, digits and hyphens, such as “loading-is-slow”.")


class DraftChanged(Refusal):
    """Somebody saved the draft since this editor opened it."""

    code = "help_center.draft_changed"
    sentence = _("Somebody else saved this draft meanwhile. Your text stands below: compare, then save it again.")


class ArticleFaulty(Refusal):
    """A text that does not pass the check is not published."""

    code = "help_center.article_faulty"
    status = 422
    sentence = _("This text does not pass the check yet. Mend what stands beside the lines, then publish.")


class CustomerSharesNothing(NotAllowed):
    """A partner sees what keeps a customer's car from working when the customer shares data with it (DAT-009)."""

    code = "help_center.customer_shares_nothing"
    sentence = _("The customer shares no data with you, or has not decided yet.")


class ManualNotFound(NotFound):
    """There is no manual for this generation, in this language, of this kind."""

    code = "help_center.manual_not_found"
    sentence = _("There is no such manual. Choose car and language.")
    remedy = (_("Open the manuals"), "help_center:manuals")


class ManualIsPrinted(NotFound):
    """The manual of this generation exists on paper only (MAN-001)."""

    code = "help_center.manual_is_printed"
    sentence = _("The {car} has a printed manual, which lies in the car. Your partner helps if it is missing.")
    remedy = (_("Open the manuals"), "help_center:manuals")
