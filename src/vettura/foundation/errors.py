"""How the platform says no: one class per refusal, with a public code, a status and a sentence for people."""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """
    Something that cannot be done, and why.

    `code` is public and never changes meaning; `status` is the HTTP status; `sentence` may name facts in braces, which
    are given as keywords when raised and travel to API clients as extension members of the problem.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    sentence: ClassVar[str | Promise] = _("This is not possible.")
    # a page that helps, as (label, URL name); shown as a button
    remedy: ClassVar[tuple[str | Promise, str] | None] = None
    # the topic of `foundation.diagnosis` that says why, for refusals with a cause that can be looked for
    why: ClassVar[str | None] = None

    def __init__(self, **facts: Any) -> None:  # facts are whatever the sentence names: text, numbers, moments
        """Facts are the values that the sentence names."""
        super().__init__(self.code)
        self.facts = facts

    def __str__(self) -> str:
        return str(self.sentence).format(**self.facts)


class NotFound(Refusal):
    """There is no such thing, or it is somebody else's: both look the same from outside."""

    code = "not_found"
    status = 404
    sentence = _("There is nothing here, or it is not yours to see.")


class NotAllowed(Refusal):
    """The person may see the thing but not do this with it."""

    code = "not_allowed"
    status = 403
    sentence = _("Your role does not allow this.")


class KeyReused(Refusal):
    """An idempotency key came again with another request."""

    code = "idempotency_key_reused"
    status = 422
    sentence = _("This Idempotency-Key was already used for another request. Send a new key.")


class Outdated(Refusal):
    """A change was to be made only to what the caller has seen, and it looks different now (RFC 9110, If-Match)."""

    code = "outdated"
    status = 412
    sentence = _("This has changed since you read it. Read it again, then decide.")
