"""Words of the audit are translated for the audit: the same word may be said otherwise on a page."""

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


def in_audit(text: str) -> Promise:
    """The text in the language of whoever reads it."""
    return pgettext_lazy("audit", text)
