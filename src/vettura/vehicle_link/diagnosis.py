"""
Why a car is not online: what is known of its link first, then what only somebody in the car can see, in the order of the rules (TRB-001 to
TRB-012). A car that is online is asked nothing.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vettura.catalog import queries as catalog
from vettura.foundation.diagnosis import (
    SERVICE,
    UNKNOWN,
    Cause,
    Evidence,
    Fine,
    Inquiry,
    Outcome,
    Question,
    Stage,
    checks,
    topic,
)
from vettura.vehicle_link import queries
from vettura.vehicle_link.rules import SilenceCause
from vettura.vehicles import queries as vehicles
from vettura.vehicles.models import Vehicle
from vettura_pack.model import Generation

CONNECTION = topic("connection", gettext_lazy("Why is my car not online?"), order=10)
# what does not work without the car's connection
NEEDS_CONNECTION = (CONNECTION, SERVICE, "remote_access", "pairing", "sign_in_car", "fod_notice", "update")
# what needs the car to have reached this platform, not the Internet only
NEEDS_US = (CONNECTION, "remote_access", "fod_notice", "update")

YES, NO, AWAY = "yes", "no", "away"
SYMBOL = "symbol"
SOURCE, CARD, PHONE, NEITHER = "source", "card", "phone", "neither"


@checks(*NEEDS_CONNECTION, stage=Stage.SWITCHED_OFF, order=20)
def data_connection_is_on(inquiry: Inquiry) -> Outcome | None:
    """Whether somebody switched the data connection off in the car, which the car says when it leaves."""
    car, twin = _car_and_twin(inquiry)
    if car is None or twin.silence is None or twin.silence.cause != SilenceCause.DATA_OFF:
        return None
    return Cause(
        code="data_off",
        text=catalog.worded(
            _(
                "The data connection was switched off in the car. Switch it on again in the {head_unit}, where it was switched off."
            )
        ),
        evidence=(Evidence(text=twin.silence.text, at=twin.silence.since),),
        article="data-off",
        task=catalog.task_in(generation=car.generation, task="DATA_OFF"),
    )


@checks(*NEEDS_CONNECTION, stage=Stage.CONNECTION, order=10)
def the_car_is_let_in(inquiry: Inquiry) -> Outcome | None:
    """Whether the car's certificate is good; people cannot mend that."""
    car, twin = _car_and_twin(inquiry)
    codes = {
        SilenceCause.CERTIFICATE_REVOKED: "certificate_revoked",
        SilenceCause.CERTIFICATE_EXPIRED: "certificate_expired",
    }
    if car is None or twin.silence is None or twin.silence.cause not in codes:
        return None
    return Cause(
        code=codes[twin.silence.cause],
        text=catalog.worded(
            _("The car is not let in, because its certificate is no longer valid. {support} sees to it.")
        ),
        evidence=(Evidence(text=twin.silence.text, at=twin.silence.since),),
        contact="support",
    )


@checks(*NEEDS_CONNECTION, stage=Stage.CONNECTION, order=20)
def the_car_is_connected(inquiry: Inquiry) -> Outcome | None:
    """Whether the car is there, over which network, and whether its clock is right."""
    car, twin = _car_and_twin(inquiry)
    if car is None or not twin.is_online:
        return None
    if twin.silence is not None and twin.silence.cause == SilenceCause.CLOCK_OFF:
        return Cause(
            code="clock_off",
            text=catalog.worded(
                _(
                    "The clock of the car is wrong. Set date and time in the {head_unit}, or drive where it receives them by satellite."
                )
            ),
            evidence=(Evidence(text=twin.silence.text, at=twin.silence.since),),
        )
    over = _("WiFi") if twin.bearer == "wifi" else twin.radio
    told = _("Connected over {network}.").format(network=over) if over else _("Connected.")
    seen = [Evidence(text=told, at=twin.connected_at)]
    if twin.silence is not None:
        seen.append(Evidence(text=twin.silence.text, at=twin.silence.since))
    elif twin.newest_at is not None:
        seen.append(Evidence(text=_("The newest values came from the car."), at=twin.newest_at))
    return Fine(text=_("The car is online."), evidence=tuple(seen))


@checks(*NEEDS_CONNECTION, stage=Stage.CONNECTION, order=30)
def the_symbol_is_shown(inquiry: Inquiry) -> Outcome | None:
    """Whether the head unit shows a network (TRB-002 to TRB-004): only somebody in the car sees it."""
    car, twin = _car_and_twin(inquiry)
    if car is None or twin.is_online:
        return None
    silence = twin.silence
    seen = () if silence is None else (Evidence(text=silence.text, at=silence.since),)
    told = inquiry.told.get(SYMBOL)
    if told == AWAY:
        return Cause(
            code="out_of_reach",
            text=_(
                "The car is out of reach. It comes back by itself as soon as it is switched on where there is reception; what you send "
                "meanwhile waits for it."
            ),
            evidence=seen,
            article="command-waits",
        )
    if told == YES and inquiry.topic in NEEDS_US:
        return Cause(
            code="not_reporting",
            text=catalog.worded(
                _(
                    "The car is on the Internet, but nothing has come from it. Switch it off, wait a minute, switch it on again, and check "
                    "again here. If that changes nothing, {support} helps."
                )
            ),
            evidence=seen,
            article="connection-symbol",
            contact="support",
        )
    if told == YES:
        return Fine(
            text=catalog.worded(_("The {head_unit} shows a network, so the car is on the Internet.")), evidence=seen
        )
    if told == NO:
        return None
    corner = catalog.generation(car.generation).symbol_corner
    where = {"top_right": _("at the top right"), "bottom_left": _("at the bottom left")}[corner]
    return Question(
        code=SYMBOL,
        text=catalog.worded(
            _("Look at the {head_unit}, {where}: does LTE, 3G, E or a WiFi symbol stand there?"), where=where
        ),
        options={YES: _("Yes, it does"), NO: _("No, nothing of that"), AWAY: _("I am not in the car")},
        article="connection-symbol",
    )


@checks(*NEEDS_CONNECTION, stage=Stage.CONNECTION, order=40)
def no_card_is_in_the_reader(inquiry: Inquiry) -> Outcome | None:
    """TRB-012: a card in the reader keeps the built-in SIM silent, even if the card itself does not work."""
    car = _car_without_internet(inquiry)
    if car is None or not (_has_integrated_sim(car) and _generation(car).inserted_sim):
        return None
    told = inquiry.told.get("card_in_reader")
    if told == YES:
        return Cause(
            code="card_in_reader",
            text=catalog.worded(
                _(
                    "A SIM card in the card reader keeps the built-in SIM silent. Take the card out of the {head_unit}; then the car connects by itself."
                )
            ),
            evidence=(Evidence(text=_("The car has a built-in SIM that works in its country.")),),
            article="services-do-not-work",
        )
    if told == NO:
        return Fine(text=_("No SIM card is in the card reader."))
    return _yes_or_no(
        "card_in_reader",
        catalog.worded(_("Is a SIM card in the card reader of the {head_unit}?")),
        "services-do-not-work",
    )


@checks(*NEEDS_CONNECTION, stage=Stage.CONNECTION, order=50)
def there_is_a_source(inquiry: Inquiry) -> Outcome | None:
    """By what a car without a built-in SIM goes online (CON-040)."""
    car = _car_without_internet(inquiry)
    if car is None or _has_integrated_sim(car):
        return None
    ways: dict[str, str] = {}
    if _generation(car).inserted_sim:
        ways[CARD] = _("By a SIM card in the car")
    if _may_use_hotspot(car):
        ways[PHONE] = _("By the hotspot of my phone")
    told = inquiry.told.get(SOURCE)
    if told == NEITHER or not ways:
        return Cause(
            code="no_source",
            text=catalog.worded(
                _(
                    "The car has no way to the Internet. Put a SIM card with data into the {head_unit}, or let it use the hotspot of your phone where it can."
                )
            ),
            article="ways-online",
            task=catalog.task_in(generation=car.generation, task="JOIN_PHONE_HOTSPOT") if PHONE in ways else "",
        )
    if told in ways:
        return None
    return Question(
        code=SOURCE,
        text=_("How does the car go online?"),
        options={**ways, NEITHER: _("By nothing of that")},
        article="ways-online",
    )


@checks(*NEEDS_CONNECTION, stage=Stage.CONNECTION, order=60)
def data_are_allowed(inquiry: Inquiry) -> Outcome | None:
    """TRB-005, TRB-006: whether the head unit may use the card's data."""
    if _source(inquiry) != CARD:
        return None
    told = inquiry.told.get("data_allowed")
    if told == NO:
        return Cause(
            code="data_not_allowed",
            text=catalog.worded(
                _(
                    "The {head_unit} may not use the data of the SIM card. Allow it there; the instructions of the car show where."
                )
            ),
            article="digital-manual",
        )
    if told == YES:
        return Fine(text=catalog.worded(_("The {head_unit} may use the data of the SIM card.")))
    return _yes_or_no(
        "data_allowed",
        catalog.worded(_("Does the {head_unit} allow data for the SIM card that is in it?")),
        "services-do-not-work",
    )


@checks(*NEEDS_CONNECTION, stage=Stage.CONNECTION, order=70)
def volume_is_left(inquiry: Inquiry) -> Outcome | None:
    """TRB-007: whether the contract of card or phone has data left, which its operator knows."""
    if _source(inquiry) not in (CARD, PHONE):
        return None
    told = inquiry.told.get("volume")
    if told == NO:
        return Cause(
            code="volume_used_up",
            text=_(
                "The data volume is used up. Your mobile operator gives you more, or wait until the new one begins."
            ),
            article="how-much-data",
            contact="operator",
        )
    if told == YES:
        return Fine(text=_("Data volume is left."))
    return _yes_or_no("volume", _("Is data volume left with your mobile operator?"), "how-much-data")


@checks(*NEEDS_CONNECTION, stage=Stage.CONNECTION, order=80)
def the_car_is_at_home(inquiry: Inquiry) -> Outcome | None:
    """Whether roaming matters at all; where the car is is nobody's to tell but of who is in it."""
    car = _car_without_internet(inquiry)
    told = inquiry.told.get("abroad")
    if car is None or _generation(car).roaming_is_automatic or told == YES:
        return None
    if told == NO:
        return Fine(text=_("The car is in its own country, so roaming is not needed."))
    return _yes_or_no("abroad", _("Is the car abroad?"), "roaming-on")


@checks(*NEEDS_CONNECTION, stage=Stage.CONNECTION, order=81)
def roaming_is_on_in_the_car(inquiry: Inquiry) -> Outcome | None:
    """TRB-009, CON-017: abroad the switch of the head unit is on."""
    car = _car_without_internet(inquiry)
    if car is None or inquiry.told.get("abroad") != YES:
        return None
    told = inquiry.told.get("roaming_car")
    if told == NO:
        return Cause(
            code="roaming_off_in_car",
            text=catalog.worded(_("Roaming is switched off in the car. Switch it on in the {head_unit}.")),
            article="roaming-on",
            task=catalog.task_in(generation=car.generation, task="ROAMING_ON"),
        )
    if told == YES:
        return Fine(text=_("Roaming is switched on in the car."))
    return _yes_or_no("roaming_car", catalog.worded(_("Is roaming switched on in the {head_unit}?")), "roaming-on")


@checks(*NEEDS_CONNECTION, stage=Stage.CONNECTION, order=82)
def roaming_is_on_in_the_phone(inquiry: Inquiry) -> Outcome | None:
    """TRB-009: a phone that brings the car online abroad needs its own roaming."""
    if _source(inquiry) != PHONE or inquiry.told.get("abroad") != YES:
        return None
    told = inquiry.told.get("roaming_phone")
    if told == NO:
        return Cause(
            code="roaming_off_in_phone",
            text=_(
                "Roaming is switched off in the phone that brings the car online. Switch it on in the settings of the phone."
            ),
            article="roaming-on",
        )
    if told == YES:
        return Fine(text=_("Roaming is switched on in the phone."))
    return _yes_or_no("roaming_phone", _("Is roaming switched on in the phone?"), "roaming-on")


@checks(*NEEDS_CONNECTION, stage=Stage.CONNECTION, order=90)
def the_card_works(inquiry: Inquiry) -> Outcome | None:
    """TRB-010, TRB-011: whether card or phone work at all; its operator helps."""
    source = _source(inquiry)
    if source not in (CARD, PHONE):
        return None
    told = inquiry.told.get("works")
    if told == NO and source == CARD:
        return Cause(
            code="sim_broken",
            text=_("The SIM card does not work. Your mobile operator checks it or gives you a new one."),
            article="services-do-not-work",
            contact="operator",
        )
    if told == NO:
        return Cause(
            code="phone_offline",
            text=_("The phone itself is not online, so the car cannot be. Your mobile operator helps."),
            article="phone-as-hotspot",
            contact="operator",
        )
    if told == YES:
        return Fine(text=_("Card and phone work."))
    question = _("Does the SIM card work in a telephone, and was its PIN accepted in the car?")
    if source == PHONE:
        question = _("Does the phone itself open pages on the Internet, and is its hotspot on?")
    return _yes_or_no("works", question, "sim-pin" if source == CARD else "phone-as-hotspot")


@checks(*NEEDS_CONNECTION, stage=Stage.CONNECTION, order=100)
def there_is_reception(inquiry: Inquiry) -> Outcome | None:
    """TRB-008: a passing loss of signal mends itself."""
    car = _car_without_internet(inquiry)
    if car is None:
        return None
    told = inquiry.told.get("reception")
    if told == NO:
        return Cause(
            code="signal_lost",
            text=_(
                "Where the car stands there is no reception. Drive into the open; the connection comes back by itself. Then check again."
            ),
            article="services-do-not-work",
        )
    if told == YES:
        return Fine(text=_("The car was where there is reception."))
    return _yes_or_no(
        "reception", _("Has the car been in the open with good reception since then?"), "services-do-not-work"
    )


def _yes_or_no(code: str, text: str, article: str) -> Question:
    options: Mapping[str, str] = {YES: _("Yes"), NO: _("No")}
    return Question(code=code, text=text, options=options, article=article)


def _car_and_twin(inquiry: Inquiry) -> tuple[Vehicle | None, queries.Twin]:
    """The car that needs its connection for what is asked, and its twin; None for what runs outside of it."""
    outside = inquiry.topic == SERVICE and not catalog.lives_in_car(service_id=inquiry.service)
    car = None if outside else vehicles.car_asked_about(inquiry)
    if car is None:
        return None, queries.Twin(vin="")
    return car, inquiry.once("twin", lambda: queries.twins_of(vehicles=[car])[car.vin])


def _car_without_internet(inquiry: Inquiry) -> Vehicle | None:
    """The car, where its head unit shows no network, or nobody can tell."""
    if inquiry.told.get(SYMBOL) not in (NO, UNKNOWN):
        return None
    car, twin = _car_and_twin(inquiry)
    return None if car is None or twin.is_online else car


def _source(inquiry: Inquiry) -> str:
    """By what the car goes online: the built-in SIM is nobody's to check, so that it is none."""
    car = _car_without_internet(inquiry)
    if car is None or _has_integrated_sim(car):
        return ""
    told = inquiry.told.get(SOURCE, "")
    if told in (CARD, PHONE):
        return told
    # who cannot tell has what the car is made for
    return CARD if _generation(car).inserted_sim else ""


def _generation(car: Vehicle) -> Generation:
    return catalog.generation(car.generation)


def _has_integrated_sim(car: Vehicle) -> bool:
    return _generation(car).integrated_sim == "always" or catalog.country(car.country).integrated_sim


def _may_use_hotspot(car: Vehicle) -> bool:
    return _generation(car).phone_hotspot == "by_country" and catalog.country(car.country).phone_hotspot
