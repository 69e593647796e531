"""Why a service cannot be used: whether it is there for such a car at all, and whether a contract for it runs (TRB-013 to TRB-015)."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vettura.catalog import queries as catalog
from vettura.catalog.rules import Misfit
from vettura.entitlements import queries, rules
from vettura.entitlements.models import Contract
from vettura.foundation.diagnosis import SERVICE, Cause, Evidence, Fine, Inquiry, Outcome, Remedy, Stage, checks
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_pack.model import Service


@checks(SERVICE, stage=Stage.OFFERED)
def the_service_is_offered(inquiry: Inquiry) -> Outcome | None:
    """Whether the service exists in the country, for this car, and with what the car is fitted with; without a car, for its generation."""
    service = catalog.service(inquiry.service)
    car = vehicles.car_asked_about(inquiry)
    country = car.country if car else inquiry.country
    generation = car.generation if car else inquiry.generation
    if car is not None:
        against = catalog.misfit_of(
            service_id=service.id,
            generation=car.generation,
            drive=car.drive,
            equipment=car.equipment,
            country=car.country,
        )
    else:
        against = _misfit_of_kind(service, generation=generation, country=country)
    language = catalog.language_of_pack(get_language())
    names = {
        "service": service.name[language],
        "country": catalog.country(country).name[language],
        "car": catalog.generation_name(catalog.generation(generation)) if generation else "",
    }
    if against is None:
        if car is None:
            return Fine(text=_("{service} exists in {country}.").format_map(names))
        return Fine(text=_("{service} exists for this car in {country}.").format_map(names))
    return _not_offered(against, service, car, country, names)


def _misfit_of_kind(service: Service, *, generation: str, country: str) -> Misfit | None:
    if country not in service.countries:
        return "country"
    return "generation" if generation and generation not in service.generations else None


def _not_offered(against: Misfit, service: Service, car: Vehicle | None, country: str, names: dict[str, str]) -> Cause:
    language = catalog.language_of_pack(get_language())
    see = Remedy(
        text=_("See what there is for your car"),
        page="store:catalog",
        query={"vin": car.vin} if car is not None else {},
    )
    if against == "country":
        text, article = _("{service} does not exist in {country}."), "in-which-countries"
    elif against == "generation":
        text, article = _("{service} does not exist for the {car}."), "where-do-i-see-what-exists"
    elif against == "drive":
        drives = " · ".join(catalog.text(f"drive.{each}", language) for each in service.drives)
        text, article = _("{service} exists for other drives only: {drives}."), "where-do-i-see-what-exists"
        names = {**names, "drives": drives}
    else:
        assert car is not None  # only a car has equipment
        missing = catalog.missing_equipment(service_id=service.id, equipment=car.equipment, language=language)
        text, article = _("{service} needs equipment that this car lacks: {equipment}."), "connect-plus"
        names = {**names, "equipment": ", ".join(missing)}
    others = _instead(service, car, country) if car is not None else []
    sentence = text.format_map(names)
    if others:
        sentence = f"{sentence} {_('For your car there is: {others}.').format(others=', '.join(others))}"
    return Cause(
        code={"country": "not_in_country", "generation": "not_for_generation", "drive": "not_for_drive"}.get(
            against, "equipment_missing"
        ),
        text=sentence,
        remedy=see,
        article=article,
        contact="partner" if against == "equipment" else None,
    )


def _instead(service: Service, car: Vehicle, country: str) -> list[str]:
    """The services of the same kind that this car can have."""
    found = catalog.services_for(generation=car.generation, drive=car.drive, equipment=car.equipment, country=country)
    language = catalog.language_of_pack(get_language())
    return [each.name[language] for each in found if each.group == service.group]


@checks(SERVICE, stage=Stage.CONTRACT, order=10)
def a_contract_runs(inquiry: Inquiry) -> Outcome | None:
    """Whether a contract for the service runs: its end is compared with today first (TRB-015)."""
    car = vehicles.car_asked_about(inquiry)
    if car is None:
        return None
    contracts = [each for each in queries.contracts_of(vehicles=[car])[car.vin] if each.service_id == inquiry.service]
    running = next((each for each in contracts if rules.is_running(each, inquiry.at)), None)
    if running is not None:
        return _running(running, car, inquiry)
    coming = next((each for each in contracts if each.starts_at > inquiry.at and each.ended_at is None), None)
    name = _name(inquiry.service)
    if coming is not None:
        return Cause(
            code="contract_not_begun",
            text=_("The contract for {service} has not begun yet. Until then nothing has to be done.").format(
                service=name
            ),
            evidence=(Evidence(text=_("The contract begins."), at=coming.starts_at, scope="store_read"),),
            article="when-does-my-contract-begin",
        )
    if contracts:
        return _ended(contracts[-1], car, name, inquiry)
    return _missing(car, name, inquiry)


def _running(contract: Contract, car: Vehicle, inquiry: Inquiry) -> Outcome:
    end = rules.effective_end(contract)
    until = Evidence(text=_("The contract has no end."), scope="store_read")
    if end is not None:
        until = Evidence(text=_("The contract runs until then."), at=end, scope="store_read")
    # only what the car carries out for itself waits for it
    if catalog.lives_in_car(service_id=contract.service_id) and queries.waits_for_restart(vehicle=car):
        return Cause(
            code="restart_needed",
            text=_(
                "The contract runs, and the car has not put it to use yet. It does when it is next switched on with a data connection."
            ),
            evidence=(Evidence(text=_("The contract began."), at=contract.starts_at, scope="store_read"), until),
            article="services-after-purchase",
        )
    return Fine(text=_("A contract for {service} runs.").format(service=_name(contract.service_id)), evidence=(until,))


def _ended(contract: Contract, car: Vehicle, name: str, inquiry: Inquiry) -> Cause:
    text = _("The contract for {service} has ended.").format(service=name)
    remedy = _order(car, inquiry, _("Renew"))
    return Cause(
        code="contract_ended",
        text=f"{text} {_who_orders(inquiry, remedy, _('Renew it in the {store}.'))}",
        evidence=(Evidence(text=_("The contract ended."), at=rules.effective_end(contract), scope="store_read"),),
        remedy=remedy,
        article="services-missing-or-ended",
        contact=None if remedy else "partner",
    )


def _missing(car: Vehicle, name: str, inquiry: Inquiry) -> Cause:
    text = _("There is no contract for {service}.").format(service=name)
    remedy = _order(car, inquiry, _("See the offer"))
    return Cause(
        code="contract_missing",
        text=f"{text} {_who_orders(inquiry, remedy, _('Accept it in the {store}.'))}",
        remedy=remedy,
        article="services-missing-or-ended",
        contact=None if remedy else "partner",
    )


def _order(car: Vehicle, inquiry: Inquiry, text: str) -> Remedy | None:
    """The page of the store where the service is ordered, where an offer holds it."""
    if not _has_offer(car, inquiry.service):
        return None
    return Remedy(text=text, page="store:service", arguments={"service_id": inquiry.service}, query={"vin": car.vin})


def _who_orders(inquiry: Inquiry, remedy: Remedy | None, how: str) -> str:
    if remedy is None:
        return catalog.worded(_("It cannot be ordered in the {store}; your {partner} knows more."))
    if inquiry.role and not vehicles.may(role=inquiry.role, permission="buy"):
        return catalog.worded(_("Only the main user of the car orders it, in the {store}."))
    return catalog.worded(how)


def _has_offer(car: Vehicle, service_id: str) -> bool:
    offers = catalog.offers_for(
        generation=car.generation, drive=car.drive, equipment=car.equipment, country=car.country
    )
    return any(service_id in each.services for each in offers)


def _name(service_id: str) -> str:
    return catalog.service(service_id).name[catalog.language_of_pack(get_language())]
