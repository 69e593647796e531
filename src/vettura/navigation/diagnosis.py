"""Why saved destinations do not come to the car: released, and taken by a car in which their owner is signed in."""

from django.utils.translation import gettext as _

from vettura.catalog import queries as catalog
from vettura.foundation.diagnosis import SERVICE, Cause, Evidence, Fine, Inquiry, Outcome, Remedy, Stage, checks
from vettura.identity import queries as identity
from vettura.navigation import queries
from vettura.vehicles import queries as vehicles

DESTINATION_SYNC = "destination_sync"


@checks(SERVICE, stage=Stage.CONDITIONS, order=60)
def the_list_was_released(inquiry: Inquiry) -> Outcome | None:
    """Whether the person's own list is at the car; nobody else's is looked at."""
    car = vehicles.car_asked_about(inquiry)
    if inquiry.service != DESTINATION_SYNC or car is None or inquiry.account_id is None or not inquiry.role:
        return None
    person = identity.account(id=inquiry.account_id)
    if person is None:
        return None
    entries = queries.entries_of(account=person, vehicle=car)
    standing = queries.standing(account=person, vehicle=car, entries=entries)
    see = Remedy(text=_("See your destinations"), page="navigation:destinations", arguments={"vin": car.vin})
    if not any(each.deleted_at is None for each in entries):
        return Cause(
            code="no_destinations",
            text=_("You have saved no destinations for this car yet."),
            remedy=see,
            article="own-destinations",
        )
    if not standing.is_current:
        return Cause(
            code="not_released",
            text=_("What you changed last has not been released for the car. Release your list."),
            evidence=(Evidence(text=_("It was released last."), at=standing.released_at),)
            if standing.released_at
            else (),
            remedy=see,
            article="own-destinations",
        )
    if not standing.is_held:
        return Cause(
            code="not_signed_in",
            text=_("Your list is shown while you are signed in to the car. Sign in there."),
            article="own-destinations",
            task=catalog.task_in(generation=car.generation, task="SIGN_IN")
            or catalog.task_in(generation=car.generation, task="PAIRING_LOGIN"),
        )
    return Fine(
        text=_("The car has your list."),
        evidence=(Evidence(text=_("The car took it."), at=standing.taken_at),) if standing.taken_at else (),
    )
