"""Why a call for help cannot be made: one is under way already."""

from django.utils.translation import gettext as _

from vettura.assistance import queries
from vettura.catalog import queries as catalog
from vettura.foundation.diagnosis import SERVICE, Cause, Evidence, Inquiry, Outcome, Remedy, Stage, checks
from vettura.vehicles import queries as vehicles

BREAKDOWN_CALL = "breakdown_call"


@checks(SERVICE, stage=Stage.CONDITIONS, order=60)
def no_call_is_under_way(inquiry: Inquiry) -> Outcome | None:
    """One call for a car at a time; who made it, and where it stands, is told to nobody here."""
    car = vehicles.car_asked_about(inquiry)
    if car is None or BREAKDOWN_CALL not in catalog.service(inquiry.service).commands:
        return None
    call = queries.open_call_of(vehicle=car)
    if call is None:
        return None
    return Cause(
        code="call_under_way",
        text=catalog.worded(_("Help has been called for this car already. {support} is on it.")),
        evidence=(Evidence(text=_("The call was made."), at=call.case.opened_at),),
        remedy=Remedy(text=_("See the call"), page="assistance:breakdown", arguments={"vin": car.vin})
        if inquiry.role
        else None,
        contact="support",
    )
