"""A person's data in this context: what the deletion of the account means for it."""

from collections.abc import Iterator

from django.utils.translation import gettext, ngettext

from vettura.foundation.privacy import Consequence, Person, foretells
from vettura.identity import queries


@foretells
def consequences(person: Person) -> Iterator[Consequence]:
    """Sign-in, programs and work end; the customer record stays (ID-037, DAT-020)."""
    account = queries.account(id=person.id)
    if account is None:
        return
    yield Consequence(
        kind="ends",
        sentence=gettext("Every device is signed out. Signing in to portal, store, app and vehicle is not possible."),
    )
    programs = queries.programs_with_access(account=account)
    if programs:
        names = ", ".join(program.name for program in programs)
        yield Consequence(
            kind="ends",
            sentence=ngettext(
                "This app loses its access: {names}.", "These apps lose their access: {names}.", len(programs)
            ).format(names=names),
        )
    if queries.has_pin(account=account):
        yield Consequence(kind="ends", sentence=gettext("Your PIN is deleted."))
    if account.staff_roles.exists():
        yield Consequence(kind="ends", sentence=gettext("You can no longer work with this account."))
    yield Consequence(
        kind="stays", sentence=gettext("Your name, address, contact data and what you agreed to: the customer record.")
    )
