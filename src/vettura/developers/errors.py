"""How this context says no."""

from django.utils.translation import gettext_lazy as _

from vettura.foundation.errors import Refusal


class AddressUnfit(Refusal):
    """A webhook cannot be sent there."""

    code = "developers.address_unfit"
    status = 422
    sentence = _("Webhooks cannot be sent to {url}: {why}")


class EventUnknown(Refusal):
    """There is no such event or signal."""

    code = "developers.event_unknown"
    status = 422
    sentence = _("There is no event or signal {name}.")


class TooManyWebhooks(Refusal):
    """Nobody needs this many."""

    code = "developers.too_many_webhooks"
    sentence = _("You have {limit} webhooks already. Delete one first.")


class ChallengeFailed(Refusal):
    """The address did not prove that it knows the secret."""

    code = "developers.challenge_failed"
    sentence = _("The address did not answer the challenge: {why}")


class NotDead(Refusal):
    """Only what was given up can be sent again."""

    code = "developers.not_dead"
    sentence = _("This delivery was not given up, so it cannot be sent again.")


class BudgetSpent(Refusal):
    """The program, or its car, has used up what it may ask in this window."""

    code = "developers.budget_spent"
    status = 429
    sentence = _("The budget “{budget}” of {limit} in {seconds} seconds is used up. Try again in {wait} seconds.")
