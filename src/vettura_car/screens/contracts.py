"""Lists of what the car may use: services with their standing, licence information."""

from collections.abc import Mapping

from vettura_car.acting import act
from vettura_car.car import Car
from vettura_car.entitlement import days_left
from vettura_car.texts import say
from vettura_pack.markup import Html, el, icon


def services(car: Car) -> Html:
    """This will list every service that exists for this car, the active ones first, with the reason where one is not."""
    items: list[Html] = []
    if car.connection.is_slow:
        items.append(el("li", say("slow_hint", car.language), class_="hint", role="status"))
    for service in sorted(car.build.services(), key=lambda service: car.entitlement.of(service.id).reason is not None):
        standing = car.entitlement.of(service.id)
        reason = standing.reason or "active"
        items.append(
            el(
                "li",
                el("b", _localized(service.name, car.language)),
                el(
                    "span",
                    say(reason, car.language),
                    class_=f"standing standing--{'on' if standing.is_active else 'off'}",
                ),
                class_="service",
                data_service=service.id,
                data_active="true" if standing.is_active else "false",
                data_reason=standing.reason,
            )
        )
    return el("ul", *items, class_="services")


def licences(car: Car) -> Html:
    """PCM-040, PCM-041: each service's contract and the days that are left."""
    now = car.world_now()
    rows: list[Html] = []
    for entry in car.contracts().services:
        left = days_left(entry, now)
        if left is None:
            text = say("unlimited", car.language)
        elif left == 0:
            text = say("ended", car.language)
        else:
            text = say("day_left", car.language) if left == 1 else say("days_left", car.language, days=left)
        until = say("until", car.language, date=f"{entry.ends_at:%d.%m.%Y}") if entry.ends_at and left else None
        phase = say("inclusive", car.language) if entry.phase == "inclusive" else None
        details = " · ".join(part for part in (phase, until) if part)
        words = el(
            "span",
            el("b", _localized(entry.name, car.language)),
            el("span", details, class_="quiet"),
            class_="licence__words",
        )
        rows.append(
            el("li", words, el("span", text, class_="numeral"), class_="licence", data_service=entry.id, data_days=left)
        )
    return el("ul", *rows, class_="licences") if rows else el("p", say("no_contracts", car.language), class_="empty")


def privacy_services(car: Car) -> Html:
    """PRI-001: each service has its own switch."""
    rows = []
    for service in car.build.services():
        if not car.entitlement.can_be_private(service.id):
            continue
        is_private = service.id in car.condition.private_services
        box = el("span", icon("check") if is_private else None, class_="box")
        name = el("span", _localized(service.name, car.language), class_="row__label")
        button = el(
            "button",
            name,
            box,
            name="service",
            value=service.id,
            class_="row",
            role="checkbox",
            aria_checked="true" if is_private else "false",
        )
        rows.append(el("li", act("service_privacy", button)))
    return el("ul", *rows, class_="rows")


def _localized(names: Mapping[str, str], language: str) -> str:
    return names.get(language) or names.get("en") or next(iter(names.values()), "")
