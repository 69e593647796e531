"""What every page may show of the pack."""

from django.http import HttpRequest
from django.utils.translation import get_language

from vettura.catalog import queries


def labels_context(request: HttpRequest) -> dict[str, object]:
    """
    Context processor: the brand's words as `labels` in the page's language, and the business's numbers as `terms`.
    """
    return {"labels": queries.labels(get_language() or ""), "terms": queries.terms()}
