"""Staff come in: the people they look after, and the queue of video identification."""

from vettura.foundation.panels import Section
from vettura.identity.desk import erasure, identity_checks, people
from vettura.identity.desk.people import app_name, timeline, urlpatterns
from vettura.identity.models import Account


def sections(*, account: Account) -> list[Section]:
    """The places of identity at the desk."""
    return [
        *people.sections(account=account),
        *erasure.sections(account=account),
        *identity_checks.sections(account=account),
    ]


__all__ = ["app_name", "sections", "timeline", "urlpatterns"]
