"""The screens of the connection assistant: the first cause large, the next ones after it, what is in order below."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from vettura_car.assistant import TOPICS, Step, Topic, steps
from vettura_car.car import Car
from vettura_car.checkup import facts_of
from vettura_car.connection import Reason
from vettura_car.texts import TEXTS, say, unbroken
from vettura_pack.markup import Html, el, icon

Door = Callable[[str], tuple[str, str] | None]
"""The address and the label of the menu's entry that shows, does or sets something; None where the unit has none."""
MOST_NAMES = 8
SAYS_WHO_HELPS = frozenset({Reason.NO_VOLUME, Reason.SIM_DEAD, Reason.WRONG_APN, "no_contract", "ended"})
"""Steps whose own words already name who helps."""


def topic_of(shows: str | None) -> Topic | None:
    """The topic that an entry of the menu is about."""
    return next((topic for topic in TOPICS if shows == f"assistant_{topic}"), None)


def overview(car: Car) -> Html:
    """This will say where the symbol stands and what it says; the topics stand below it."""
    return el(
        "p",
        icon("check") if car.connection.is_up else None,
        _symbol(car),
        class_="good" if car.connection.is_up else "hint",
    )


def answer(car: Car, topic: Topic, door: Door) -> Html:
    """This will go through a topic in order."""
    found = steps(topic, facts_of(car))
    # that there is no Internet is what the causes explain
    symptom = next((step for step in found if step.name == "symbol" and step.is_due), None)
    asked = [step for step in found if step.state != "fine" and step is not symptom]
    due = [step for step in asked if step.is_due]
    fine = [step for step in found if step.state == "fine"]
    first = due[0] if due else None
    blocks = [_asked(car, step, door, is_first=step is first) for step in asked]
    if not due:
        blocks.insert(0, el("p", icon("check"), say("all_in_order", car.language), class_="good"))
    checked = [
        el("li", icon("check"), el("span", _words(car, step)), class_="check-fine", **_facts(step)) for step in fine
    ]
    return el(
        "div",
        el("p", _words(car, symptom), class_="check-symptom", **_facts(symptom)) if symptom else None,
        *blocks,
        el("ul", *checked, class_="check-list", aria_label=say("in_order", car.language)) if checked else None,
        class_="stack",
        data_topic=topic,
    )


def _asked(car: Car, step: Step, door: Door, *, is_first: bool) -> Html:
    """A cause or an advice: what it is, whom it concerns, who helps, and the way to where it is put right."""
    language = car.language
    opened = door(step.opens) if step.opens is not None else None
    link = None
    if opened is not None:
        address, label = opened
        link = el("a", el("span", label), el("span", icon("back"), class_="row__open"), href=address, class_="button")
    return el(
        "section",
        el("p", _words(car, step), class_="check-first" if is_first else None),
        el("p", _concerned(car, step), class_="quiet") if step.services else None,
        el("p", _contact(car, step), class_="quiet") if step.contact and step.name not in SAYS_WHO_HELPS else None,
        el("div", link, class_="cluster") if link else None,
        class_="hint check-step" if is_first else "block check-step",
        role="status" if is_first else None,
        aria_label=say("first_cause", language) if is_first else None,
        data_contact=step.contact,
        **_facts(step),
    )


def _facts(step: Step) -> dict[str, str]:
    return {"data_step": step.name, "data_rules": " ".join(step.rules), "data_state": step.state}


def _words(car: Car, step: Step) -> str:
    language = car.language
    if step.name == "symbol":
        return _symbol(car)
    if step.name == "indicator":
        return say(
            "check_indicator" if car.connection.is_up else "check_indicator_none", language, label=car.connection.label
        )
    if step.name in list(Reason):
        return say(f"reason_{step.name}", language)
    key = f"check_{step.name}"
    if step.name == "better_network" and not step.is_due:
        key = "check_good_network"
    if step.state == "fine" and f"{key}_fine" in TEXTS:
        key = f"{key}_fine"
    return say(key, language, portal=car.build.label("portal", say("the_portal", language)))


def _symbol(car: Car) -> str:
    corner = say(f"corner_{car.build.generation.symbol_corner}", car.language)
    label = car.connection.label
    return say("symbol_there" if label else "symbol_missing", car.language, corner=corner, label=label)


def _concerned(car: Car, step: Step) -> str:
    """The services, and for what has ended the day on which it did, beside today (TRB-015)."""
    zone = ZoneInfo(car.build.pack.countries[car.build.country].timezone)

    def written(name: str, day: str | None) -> str:
        return f"{name} ({day})" if day else name

    names = [
        written(
            each.name, f"{each.ends_at.astimezone(zone):%d.%m.%Y}" if each.ends_at and step.name == "ended" else None
        )
        for each in step.services
    ]
    more = f" +{len(names) - MOST_NAMES}" if len(names) > MOST_NAMES else ""
    today = ""
    if step.name == "ended":
        today = say("today_is", car.language, date=f"{car.world_now().astimezone(zone):%d.%m.%Y}") + " "
    return f"{today}{', '.join(names[:MOST_NAMES])}{more}"


def _contact(car: Car, step: Step) -> str:
    language, build = car.language, car.build
    if step.contact == "support":
        name = build.label("support", say("the_support", language))
        phone = build.pack.countries[build.country].support_phone
        return say("contact_support", language, support=name, phone=unbroken(phone))
    return say("contact_mobile_operator", language)
