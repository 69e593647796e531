"""A person's data in this context: what the deletion of the account means for contracts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from vettura.catalog import queries as catalog
from vettura.entitlements import queries, rules
from vettura.entitlements.models import Contract
from vettura.foundation import clock
from vettura.foundation.archive import exports, read
from vettura.foundation.erasing import leaves
from vettura.foundation.privacy import Consequence, Person, foretells
from vettura.identity import queries as identity
from vettura.vehicles import queries as vehicles


@foretells
def consequences(person: Person) -> Iterator[Consequence]:
    """What is delivered to the person's own cars ends; what has no end is the car's (ID-039, C-44)."""
    account = identity.account(id=person.id)
    if account is None:
        return
    own = [vehicle for vehicle in vehicles.garage_of(account=account) if vehicle.role == "main_user"]
    at, found = clock.now(), queries.contracts_of(vehicles=own)
    for vehicle in own:
        alive = [each for each in found[vehicle.vin] if (end := rules.effective_end(each)) is None or end > at]
        ending = [each for each in alive if rules.ends_with_account(each)]
        staying = [each for each in alive if not rules.ends_with_account(each)]
        car = f"{vehicle.model_name} ({vehicle.vin_end})"
        if ending:
            sentence = ngettext(
                "This service ends in {car}, without a refund: {names}.",
                "These services end in {car}, without a refund: {names}.",
                len(ending),
            )
            yield Consequence(kind="ends", sentence=sentence.format(car=car, names=_names(ending)))
            yield Consequence(
                kind="before",
                sentence=gettext(
                    "If somebody else goes on with {car}, remove it or sell it first: then its services stay."
                ).format(car=car),
                href=reverse("vehicles:vehicle", args=[vehicle.vin]),
            )
        if staying:
            sentence = gettext("What has no end stays in {car}: {names}.")
            yield Consequence(kind="stays", sentence=sentence.format(car=car, names=_names(staying)))


def _names(contracts: Sequence[Contract]) -> str:
    language, services = catalog.language_of_pack(get_language()), catalog.pack().services
    known = {each.service_id for each in contracts}
    return ", ".join(sorted(services[each].name[language] if each in services else each for each in known))


@dataclass
class ContractRow:
    """A contract of a car whose main user the person is."""

    vin: str
    service_id: str
    offer_id: str
    phase: str
    starts_at: datetime
    ends_at: datetime | None
    ended_at: datetime | None
    ended_because: str


@exports("contracts", title=_("Services of your own vehicles"), row=ContractRow, of=(Contract,))
def contract_rows(person: Person) -> Iterator[ContractRow]:
    """Of cars whose main user the person is now: contracts are the car's."""
    own = vehicles.main_vehicle_ids(account_id=person.id)
    found = Contract.objects.filter(vehicle_id__in=own).order_by("vehicle__vin", "starts_at", "service_id")
    return read(ContractRow, found, vin="vehicle__vin")


leaves(Contract, because="belongs to the car, names nobody, and ended with the account or goes on with the car")
