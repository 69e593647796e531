"""A person's data in this context: what the deletion of the account means for cars and those who use them."""

from collections.abc import Iterator

from django.utils.translation import gettext, ngettext

from vettura.foundation.privacy import Consequence, Person, foretells
from vettura.identity import queries as identity
from vettura.vehicles import queries
from vettura.vehicles.models import Role, Vehicle


@foretells
def consequences(person: Person) -> Iterator[Consequence]:
    """One's own cars lose everybody, cars of others go on without the person (ID-037, C-44)."""
    account = identity.account(id=person.id)
    if account is None:
        return
    for vehicle in queries.garage_of(account=account):
        name = f"{vehicle.model_name} ({vehicle.vin_end})"
        if vehicle.role != Role.MAIN_USER:
            yield Consequence(kind="ends", sentence=gettext("You can no longer use {car}.").format(car=name))
            continue
        yield Consequence(kind="ends", sentence=gettext("You are no longer the main user of {car}.").format(car=name))
        yield from _with_the_main_user(vehicle, name)


def _with_the_main_user(vehicle: Vehicle, name: str) -> Iterator[Consequence]:
    drivers = [user.account.name for user in queries.users_of(vehicle=vehicle) if user.role != "main_user"]
    if drivers:
        sentence = ngettext(
            "{names} can no longer use {car} either.", "{names} can no longer use {car} either.", len(drivers)
        )
        yield Consequence(kind="ends", sentence=sentence.format(names=", ".join(drivers), car=name))
    if queries.has_remote_access(vehicle=vehicle):
        yield Consequence(kind="ends", sentence=gettext("Remote access to {car} ends.").format(car=name))
    invited = [invitation.email for invitation in queries.open_invitations_of(vehicle=vehicle)]
    if invited:
        sentence = ngettext("The invitation to {names} is void.", "The invitations to {names} are void.", len(invited))
        yield Consequence(kind="ends", sentence=sentence.format(names=", ".join(invited)))
