"""Why something is not in the store, why an order waits, and why what was bought, or an update, does not arrive in the car."""

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from vettura.billing import queries as billing
from vettura.catalog import queries as catalog
from vettura.entitlements import queries as entitlements
from vettura.foundation.diagnosis import Cause, Evidence, Fine, Inquiry, Outcome, Question, Remedy, Stage, checks, topic
from vettura.identity import queries as identity
from vettura.identity.models import Account
from vettura.store import queries
from vettura.store.models import Order
from vettura.vehicles import queries as vehicles

STORE = topic("store", gettext_lazy("Why don't I see my car or an offer in the store?"), order=81, needs_car=False)
FOD_NOTICE = topic("fod_notice", gettext_lazy("Why does no notice of my function arrive in the car?"), order=82)
UPDATE = topic("update", gettext_lazy("Why does the update not install?"), order=83)
DATA_PLAN = topic("data_plan", gettext_lazy("Why do devices in the car have no data?"), order=16)
PAYMENT = "payment"
FOD = "fod"


@checks(FOD_NOTICE, UPDATE, stage=Stage.OFFERED, order=20)
def it_exists_in_the_country(inquiry: Inquiry) -> Outcome | None:
    """FOD-001: both exist in some countries only."""
    car = vehicles.car_asked_about(inquiry)
    country = catalog.country(car.country if car else inquiry.country)
    if country.fod if inquiry.topic == FOD_NOTICE else country.ota:
        return None
    text = _("There are no {functions_on_demand} in {country}.")
    if inquiry.topic == UPDATE:
        text = _("In {country} cars get no updates online. Your {partner} installs them.")
    return Cause(
        code="not_in_country",
        text=catalog.worded(text, country=country.name[catalog.language_of_pack(get_language())]),
        article="functions-on-demand-where" if inquiry.topic == FOD_NOTICE else "update-not-for-my-car",
        contact="partner",
    )


@checks(STORE, stage=Stage.OFFERED, order=30)
def there_are_offers(inquiry: Inquiry) -> Outcome | None:
    """STO-029: only what fits car and country is shown."""
    car = vehicles.car_asked_about(inquiry)
    if car is None:
        return None
    if not vehicles.has_connect(vehicle=car):
        return Cause(
            code="no_connect",
            text=catalog.worded(_("This car was built without {equipment_basic}, so nothing can be ordered for it.")),
            article="car-missing-in-store",
            contact="partner",
        )
    choice = queries.choice_for(car)
    shelf = queries.shelf(choice=choice, at=inquiry.at, language=get_language() or "")
    if not shelf.by_id:
        return Cause(
            code="no_offers",
            text=catalog.worded(_("The {store} has no offer for this car in its country. Your {partner} knows more.")),
            article="car-missing-in-store",
            contact="partner",
        )
    return Fine(text=_("{count} offers fit this car.").format(count=len(shelf.by_id)))


@checks(STORE, stage=Stage.PERSON, order=30)
def there_is_a_car(inquiry: Inquiry) -> Outcome | None:
    """Without a car of one's own the store shows kinds of cars."""
    person = _person(inquiry)
    if person is None or inquiry.vin:
        return None
    cars = vehicles.garage_of(account=person)
    if not cars:
        return Cause(
            code="no_car",
            text=catalog.worded(_("No car is in your account yet. Add it, and the {store} shows what fits it.")),
            remedy=Remedy(text=_("Add a car"), page="vehicles:add"),
            article="car-missing-in-store",
        )
    if not any(vehicles.may(role=each.role, permission="buy") for each in cars):
        return _main_user_buys()
    return Fine(text=_("Your cars are in your account."))


@checks(STORE, PAYMENT, FOD_NOTICE, stage=Stage.PERSON, order=40)
def the_role_buys(inquiry: Inquiry) -> Outcome | None:
    """USR-004, STO-032: only the main user orders, and not in the middle of a sale."""
    car = vehicles.car_asked_about(inquiry)
    if car is None or not inquiry.role or inquiry.topic == FOD_NOTICE:
        return None
    if not vehicles.may(role=inquiry.role, permission="buy"):
        return _main_user_buys()
    if vehicles.open_sale_of(vehicle=car) is not None:
        return Cause(
            code="being_sold",
            text=_("You are selling this car, so nothing is ordered for it. Finish the sale or call it off first."),
            remedy=Remedy(text=_("See the sale"), page="vehicles:sale", arguments={"vin": car.vin}),
            article="sold-my-car",
        )
    return Fine(text=_("You may order for this car."))


def _main_user_buys() -> Cause:
    return Cause(
        code="main_user_buys",
        text=catalog.worded(_("You may look at everything in the {store}; only the main user of the car orders.")),
        article="who-may-buy",
    )


@checks(STORE, stage=Stage.CONDITIONS, order=10)
def the_offer_is_possible(inquiry: Inquiry) -> Outcome | None:
    """STO-042: what other equipment would make possible stands apart, with what is missing."""
    car = vehicles.car_asked_about(inquiry)
    if car is None:
        return None
    shelf = queries.shelf(choice=queries.choice_for(car), at=inquiry.at, language=get_language() or "")
    if not shelf.not_possible:
        return Fine(text=_("Nothing is left out for want of equipment."))
    told = inquiry.told.get("offer")
    missing = {each.offer.id: each for each in shelf.not_possible}
    if told in missing:
        return Cause(
            code="equipment_missing",
            text=_("{offer} needs equipment that this car lacks: {equipment}.").format(
                offer=missing[told].name, equipment=", ".join(missing[told].missing)
            ),
            remedy=Remedy(text=_("See what there is for your car"), page="store:catalog", query={"vin": car.vin}),
            article="connect-plus",
            contact="partner",
        )
    if told == "other":
        return None
    return Question(
        code="offer",
        text=_("Which offer do you miss?"),
        options={**{each.offer.id: each.name for each in shelf.not_possible}, "other": _("Another one")},
        article="what-can-i-buy",
    )


# -- orders ----------------------------------------------------------------------------------------------------------


@checks(PAYMENT, stage=Stage.CONDITIONS, order=10)
def nothing_waits_for_the_person(inquiry: Inquiry) -> Outcome | None:
    """IDV-001: an order may wait for the identification; and without a billing address there is none."""
    person = _person(inquiry)
    if person is None:
        return None
    waiting = queries.orders_of(account=person).filter(status=Order.Status.IDENTIFY).first()
    check = queries.open_identity_check(order=waiting) if waiting is not None else None
    if waiting is not None and check is not None:
        return Cause(
            code="identification_waits",
            text=_("Order {order} waits until you have identified yourself by video.").format(order=waiting.number),
            evidence=(Evidence(text=_("It was placed."), at=waiting.placed_at, scope="store_read"),),
            remedy=Remedy(
                text=_("Identify yourself"), page="identity:identity_check", arguments={"check_id": str(check.id)}
            ),
            article="must-i-identify",
        )
    if billing.billing_address(account=person) is None:
        return Cause(
            code="address_missing",
            text=_("A billing address is needed before you can order, also for “{express}”.").format(
                express=catalog.worded("{express_checkout}")
            ),
            remedy=Remedy(text=_("Add address"), page="billing:address"),
            article="express-checkout",
        )
    return Fine(text=_("A billing address is there, and no order waits for you."))


@checks(FOD_NOTICE, stage=Stage.CONTRACT, order=10)
def the_function_was_paid(inquiry: Inquiry) -> Outcome | None:
    """What the car is to download was bought, and the order does not wait. The main user's orders are the main user's to see."""
    car = vehicles.car_asked_about(inquiry)
    services = {each.id for each in catalog.services() if each.class_ == FOD}
    if car is None or not any(services.intersection(each.services) for each in catalog.offers()):
        return None
    bought = queries.orders_with(vehicle=car, services=services)
    is_main = vehicles.may(role=inquiry.role, permission="buy")
    if not bought:
        return Cause(
            code="nothing_bought",
            text=catalog.worded(
                _("No {functions_on_demand} were bought for this car, so nothing is to be downloaded.")
            ),
            remedy=Remedy(text=_("See offers"), page="store:catalog", query={"vin": car.vin}) if is_main else None,
            article="functions-on-demand-where",
        )
    latest = bought[0]
    see = (
        Remedy(text=_("See the order"), page="store:order", arguments={"order_id": str(latest.id)}) if is_main else None
    )
    seen = (Evidence(text=_("It was ordered."), at=latest.placed_at, scope="store_read"),)
    if latest.status in (Order.Status.IDENTIFY, Order.Status.WAITING):
        text = _("The order is not paid yet. The car downloads the function when it is.")
        return Cause(code="order_waits", text=text, evidence=seen, remedy=see, article="fod-enable")
    if latest.status != Order.Status.PAID:
        text = _("The order came to nothing, so that nothing is to be downloaded. Order again.")
        return Cause(code="order_ended", text=text, evidence=seen, remedy=see, article="functions-on-demand-where")
    return Fine(text=_("The function is bought and paid."), evidence=seen)


@checks(FOD_NOTICE, UPDATE, stage=Stage.CONDITIONS, order=20)
def the_car_was_restarted(inquiry: Inquiry) -> Outcome | None:
    """FOD-029, OTA-004: connection and privacy mode in order, a restart by the Power button brings the notice."""
    told = inquiry.told.get("restarted")
    if told == "yes":
        return Fine(text=_("The car was restarted."))
    if told == "no":
        return Cause(
            code="restart_needed",
            text=_(
                "Switch the car off with the Power button, and on again where there is reception. The notice comes some minutes later."
            ),
            article="installation-notice-missing",
        )
    return Question(
        code="restarted",
        text=_("Was the car switched off with the Power button and on again since then?"),
        options={"yes": _("Yes"), "no": _("No")},
        article="installation-notice-missing",
    )


@checks(FOD_NOTICE, stage=Stage.CONDITIONS, order=30)
def no_update_comes_first(inquiry: Inquiry) -> Outcome | None:
    """FOD-007: a function may need newer software in the car."""
    car = vehicles.car_asked_about(inquiry)
    told = inquiry.told.get("update")
    if car is None or told == "no":
        return None
    if told == "yes":
        return Cause(
            code="update_first",
            text=catalog.worded(
                _(
                    "The function needs newer software in the car. Install the update that the {head_unit} shows; the notice comes after that."
                )
            ),
            article="fod-needs-software",
            task=catalog.task_in(generation=car.generation, task="UPDATES_CHECK"),
        )
    return Question(
        code="update",
        text=catalog.worded(_("Does the {head_unit} show an update under updates?")),
        options={"yes": _("Yes"), "no": _("No")},
        article="fod-needs-software",
    )


@checks(UPDATE, stage=Stage.CONDITIONS, order=30)
def what_happens_with_the_update(inquiry: Inquiry) -> Outcome | None:
    """OTA-005 to OTA-011, FOD-031 to FOD-036: what only somebody in the car sees."""
    told = inquiry.told.get("update")
    causes = {
        "none": (
            "not_for_this_car",
            _(
                "Updates are made for single cars; one that others got may not concern yours. Your {partner} and {support} know more."
            ),
            "update-not-for-my-car",
        ),
        "conditions": (
            "standstill_needed",
            _(
                "Selector lever to P, parking brake on, car off with the Power button: then it begins. What else it needs stands in its description."
            ),
            "installation-conditions",
        ),
        "not_starting": (
            "not_starting",
            _(
                "Switch off with the Power button, lock, wait about {minutes} minutes, start again. If it still does not begin, your {partner} helps."
            ),
            "installation-does-not-start",
        ),
        "failed": (
            "failed",
            _(
                "Meet what the message names, switch off with the Power button, lock, wait about {minutes} minutes, start again: it is offered once more."
            ),
            "installation-failed",
        ),
    }
    if told in causes:
        code, text, article = causes[told]
        minutes = int(catalog.terms().restart_wait.total_seconds() // 60)
        return Cause(code=code, text=catalog.worded(text, minutes=minutes), article=article, contact="partner")
    return Question(
        code="update",
        text=_("What happens with the update?"),
        options={
            "none": _("None is offered"),
            "conditions": _("It asks for something before it begins"),
            "not_starting": _("It does not start"),
            "failed": _("It failed"),
        },
        article="installation-failed",
    )


# -- data for the hotspot --------------------------------------------------------------------------------------------


@checks(DATA_PLAN, stage=Stage.CONTRACT, order=10)
def a_data_package_runs(inquiry: Inquiry) -> Outcome | None:
    """TEL-008: over the built-in SIM, devices in the car's hotspot need a data package."""
    car = vehicles.car_asked_about(inquiry)
    service = next((each for each in catalog.services() if each.is_sim_bound), None)
    if car is None or service is None:
        return None
    language = catalog.language_of_pack(get_language())
    against = catalog.misfit_of(
        service_id=service.id, generation=car.generation, drive=car.drive, equipment=car.equipment, country=car.country
    )
    if against is not None:
        # the car's own services need none; the devices go on with their own network
        return Fine(
            text=_("There is no data package for this car, and none is needed: devices share what the car itself uses.")
        )
    if entitlements.is_entitled(vehicle=car, service_id=service.id, at=inquiry.at):
        return Fine(text=_("A contract for {service} runs.").format(service=service.name[language]))
    return Cause(
        code="contract_missing",
        text=_(
            "There is no data package for the devices in the car. Phones go on with their own mobile network meanwhile."
        ),
        remedy=Remedy(
            text=_("See the offer"), page="store:service", arguments={"service_id": service.id}, query={"vin": car.vin}
        )
        if inquiry.role
        else None,
        article="phone-in-car-hotspot",
    )


@checks(DATA_PLAN, stage=Stage.CONDITIONS, order=10)
def the_hotspot_shares(inquiry: Inquiry) -> Outcome | None:
    """TEL-006, TEL-007: the head unit passes the Internet on only with every switch on."""
    car = vehicles.car_asked_about(inquiry)
    told = inquiry.told.get("hotspot")
    if car is None or told == "yes":
        return None
    if told == "no":
        return Cause(
            code="hotspot_off",
            text=catalog.worded(
                _("The {head_unit} does not pass the Internet on to devices. Switch everything on that the path shows.")
            ),
            article="car-hotspot",
            task=catalog.task_in(generation=car.generation, task="CAR_HOTSPOT_ON"),
        )
    return Question(
        code="hotspot",
        text=catalog.worded(_("Is the car's hotspot on in the {head_unit}, with Internet for devices?")),
        options={"yes": _("Yes"), "no": _("No")},
        article="car-hotspot",
    )


@checks(DATA_PLAN, stage=Stage.CONDITIONS, order=20)
def data_are_left(inquiry: Inquiry) -> Outcome | None:
    """TRB-007: what is left is known to whoever sold it."""
    told = inquiry.told.get("volume")
    if told == "yes":
        return None
    if told == "no":
        return Cause(
            code="volume_used_up",
            text=_(
                "The data volume is used up. Your mobile operator gives you more, or wait until the new one begins."
            ),
            article="how-much-data",
            contact="operator",
        )
    return Question(
        code="volume",
        text=_("Is data volume left with your mobile operator?"),
        options={"yes": _("Yes"), "no": _("No")},
        article="how-much-data",
    )


def _person(inquiry: Inquiry) -> Account | None:
    account_id = inquiry.account_id
    if account_id is None:
        return None
    return inquiry.once("person", lambda: identity.account(id=account_id))
