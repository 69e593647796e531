"""Why a car cannot be controlled from afar: role, the main user's grant, contract, and what stands against a command at the moment."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vettura.catalog import queries as catalog
from vettura.entitlements import queries as entitlements
from vettura.foundation.diagnosis import SERVICE, Cause, Evidence, Fine, Inquiry, Outcome, Remedy, Stage, checks, topic
from vettura.identity import queries as identity
from vettura.remote_services import queries, rules
from vettura.vehicle_link import queries as link
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_wire import signals

REMOTE_ACCESS = topic("remote_access", gettext_lazy("Why can't I control the car from afar?"), order=15)


@checks(REMOTE_ACCESS, SERVICE, stage=Stage.PERSON, order=20)
def the_role_includes_commands(inquiry: Inquiry) -> Outcome | None:
    """USR-012, USR-015: who may command a car; a guest has no account here."""
    car = _car(inquiry)
    if car is None or not inquiry.role or vehicles.may(role=inquiry.role, permission="command"):
        return None
    return Cause(
        code="role_may_not",
        text=_("Your role in this car does not include remote services. The main user can make you a secondary user."),
        article="what-a-guest-may",
    )


@checks(REMOTE_ACCESS, SERVICE, stage=Stage.SWITCHED_OFF, order=30)
def remote_access_is_granted(inquiry: Inquiry) -> Outcome | None:
    """REM-001 to REM-006: the main user grants remote access in the car, where the car asks for it."""
    car = _car(inquiry)
    if car is None or not _needs_grant(inquiry) or not catalog.generation(car.generation).grants_remote_access_in_car:
        return None
    if vehicles.has_remote_access(vehicle=car):
        return Fine(text=catalog.worded(_("{remote_access} is granted in the car."), remote_access=_remote_access()))
    lost = vehicles.lost_grant(vehicle=car)
    seen = () if lost is None else (Evidence(text=_("It was granted until then."), at=lost),)
    text = _("{remote_access} is not granted. Grant it in the {head_unit} of the car.")
    if inquiry.role == "secondary_user":
        text = _("{remote_access} is not granted. Only the main user grants it, in the {head_unit} of the car.")
    return Cause(
        code="remote_access_missing",
        text=catalog.worded(text, remote_access=_remote_access()),
        evidence=seen,
        article="remote-access-lost" if lost else "grant-remote-access",
        task=catalog.task_in(generation=car.generation, task="REMOTE_ACCESS_ON"),
    )


@checks(REMOTE_ACCESS, stage=Stage.CONTRACT, order=10)
def a_contract_unlocks_commands(inquiry: Inquiry) -> Outcome | None:
    """REM-007: without any contract for it nothing is done from afar."""
    car = vehicles.car_asked_about(inquiry)
    if car is None:
        return None
    if entitlements.entitled_commands(vehicle=car, at=inquiry.at):
        return Fine(text=_("A contract for remote services runs."))
    text = _("No contract for remote services runs. Order one in the {store}.")
    if inquiry.role == "secondary_user":
        text = _("No contract for remote services runs. The main user orders one in the {store}.")
    return Cause(
        code="contract_missing",
        text=catalog.worded(text),
        remedy=Remedy(text=_("See offers"), page="store:catalog", query={"vin": car.vin} if inquiry.role else {}),
        article="what-remote-services-need",
    )


@checks(REMOTE_ACCESS, SERVICE, stage=Stage.CONDITIONS, order=10)
def the_car_may_be_woken(inquiry: Inquiry) -> Outcome | None:
    """A car at rest is woken only so often, to spare its 12 V battery."""
    car = _car(inquiry)
    if (
        car is None
        or link.wakes_left(vehicle=car) > 0
        or _twin(inquiry, car).value(signals.IGNITION) == signals.IGNITION_ON
    ):
        return None
    most = catalog.terms().wakes_a_day
    return Cause(
        code="wake_budget_spent",
        text=ngettext(
            "The car is asleep and was woken {count} time within a day. To spare its battery it is left alone until tomorrow, or until it is driven.",
            "The car is asleep and was woken {count} times within a day. To spare its battery it is left alone until tomorrow, or until it is driven.",
            most,
        ).format(count=most),
        article="command-waits",
    )


@checks(REMOTE_ACCESS, SERVICE, stage=Stage.CONDITIONS, order=20)
def nobody_drives_it(inquiry: Inquiry) -> Outcome | None:
    """Most commands are refused by a car in use; that it is in use is told, by whom and where is not."""
    car = _car(inquiry)
    if car is None:
        return None
    twin = _twin(inquiry, car)
    if twin.value(signals.IGNITION) != signals.IGNITION_ON:
        return None
    return Cause(
        code="vehicle_in_use",
        text=_("The car is switched on. It takes commands again when it is parked and switched off."),
        evidence=(Evidence(text=_("The car said that it is switched on."), at=twin.measured_at(signals.IGNITION)),),
        article="what-remote-services-need",
    )


@checks(SERVICE, stage=Stage.CONDITIONS, order=30)
def there_is_charge_for_climate(inquiry: Inquiry) -> Outcome | None:
    """REM-011: climatisation takes some charge."""
    car = _car(inquiry)
    command = rules.TYPES["climate_start"]
    if car is None or command.type not in catalog.service(inquiry.service).commands:
        return None
    twin = _twin(inquiry, car)
    charge, least = twin.value(signals.STATE_OF_CHARGE), catalog.terms().climate_battery_minimum
    if rules.has_enough_charge(command, drive=car.drive, charge=charge, minimum=least):
        return None
    return Cause(
        code="battery_too_low",
        text=_("The high-voltage battery is too low: climatization needs at least {minimum} %. Charge the car.").format(
            minimum=least
        ),
        evidence=(
            Evidence(
                text=_("The battery has {charge} %.").format(charge=round(charge)),
                at=twin.measured_at(signals.STATE_OF_CHARGE),
            ),
        )
        if isinstance(charge, int | float)
        else (),
        remedy=Remedy(text=_("Go to charging"), page="remote_services:charging", arguments={"vin": car.vin})
        if inquiry.role
        else None,
        article="climate-needs-charge",
    )


@checks(SERVICE, stage=Stage.CONDITIONS, order=40)
def there_is_proof_for_opening(inquiry: Inquiry) -> Outcome | None:
    """What opens the car asks for the PIN or a passkey."""
    car = _car(inquiry)
    opens = {each.type for each in rules.TYPES.values() if each.opens}
    if car is None or inquiry.account_id is None or not opens.intersection(catalog.service(inquiry.service).commands):
        return None
    person = identity.account(id=inquiry.account_id)
    if person is None or identity.has_passkey(account=person):
        return None
    set_it = Remedy(text=_("Set PIN"), page="identity:pin")
    if not identity.has_pin(account=person):
        return Cause(
            code="pin_missing",
            text=_("What opens the car asks for your PIN, and you have none yet."),
            remedy=set_it,
            article="unlock-by-app",
        )
    if identity.pin_attempts_left(account=person, car=car.vin) > 0:
        return None
    return Cause(
        code="pin_locked",
        text=_(
            "What opens the car asks for your PIN, and it was wrong too often. A new PIN or a passkey works at once."
        ),
        remedy=set_it,
        article="unlock-by-app",
    )


def _car(inquiry: Inquiry) -> Vehicle | None:
    """The car, where remote control is meant: the topic itself, or a service with commands."""
    if inquiry.topic == SERVICE and not catalog.service(inquiry.service).commands:
        return None
    return vehicles.car_asked_about(inquiry)


def _twin(inquiry: Inquiry, car: Vehicle) -> link.Twin:
    return inquiry.once("twin", lambda: link.twins_of(vehicles=[car])[car.vin])


def _needs_grant(inquiry: Inquiry) -> bool:
    if inquiry.topic != SERVICE:
        return True
    service = catalog.service(inquiry.service)
    # USR-013: a call for help is the main user's without a grant
    is_other = inquiry.role == "secondary_user" and queries.BREAKDOWN_CALL in service.commands
    return service.needs_remote_access or is_other


def _remote_access() -> str:
    word = catalog.worded("{remote_access}")
    return word[:1].upper() + word[1:]
