"""Where more is written: all of it by topic, and the line beside the screen that it is about."""

from vettura_car.car import Car
from vettura_car.head_unit import Menu
from vettura_car.texts import say, unbroken
from vettura_pack.instructions import Pointer
from vettura_pack.markup import Html, el
from vettura_pack.menu import MenuNode


def pointers(car: Car, menu: Menu) -> list[Pointer]:
    """This will list what holds in this car: by generation, country, and what the car has."""
    build = car.build
    return [
        pointer
        for pointer in build.pack.instructions.pointers
        if pointer.holds_for(generation=build.generation.code, country=build.country) and menu.holds(pointer.condition)
    ]


def instructions(car: Car, menu: Menu) -> Html:
    """This will show every pointer by topic, and where the instructions themselves are (MAN-001, MAN-003)."""
    language, known = car.language, pointers(car, menu)
    blocks = []
    for topic, names in car.build.pack.instructions.topics.items():
        lines = [_line(car, pointer) for pointer in known if pointer.topic == topic]
        if lines:
            blocks.append(el("section", el("h3", names[language]), el("ul", *lines), class_="block", data_topic=topic))
    digital = car.build.generation.digital_manual
    where = say("manual_digital" if digital else "manual_printed", language)
    return el(
        "div", el("p", where, class_="quiet", data_manual="pdf" if digital else "printed"), *blocks, class_="stack"
    )


def more_about(car: Car, menu: Menu, node: MenuNode) -> Html | None:
    """This will draw the line that leads on from a screen, where there is something to read about it."""
    words = {node.id, node.shows} | {word for child in node.children for word in (child.state, child.does)}
    lines = [_line(car, pointer) for pointer in pointers(car, menu) if not words.isdisjoint(pointer.screens)]
    if not lines:
        return None
    return el(
        "details",
        el("summary", say("more_about_this", car.language), class_="more__head"),
        el("ul", *lines),
        class_="more",
        data_more=len(lines),
    )


def _line(car: Car, pointer: Pointer) -> Html:
    return el(
        "li",
        el("span", pointer.text[car.language]),
        el("span", where_of(car, pointer), class_="quiet"),
        class_="pointer",
        data_pointer=pointer.id,
        data_rules=" ".join(pointer.rules),
    )


def where_of(car: Car, pointer: Pointer) -> str:
    """This will say where it is written, or who knows."""
    language, build = car.language, car.build
    chapter = pointer.chapter.replace("{model}", build.model_name)
    head = {
        "vehicle_instructions": say("in_vehicle_instructions", language, model=build.model_name),
        "connect_instructions": say("in_connect_instructions", language, brand=build.label("brand", say("connected_services", language))),
        "mobile_operator": say("at_mobile_operator", language),
        "support": say("contact_support", language, support=build.label("support", say("the_support", language)),
                       phone=unbroken(build.pack.countries[build.country].support_phone)),
        "partner": build.label("partner", say("at_partner", language)),
        "web": pointer.address,
        "maker_site": build.pack.instructions.maker_site(build.country),
    }[pointer.place]  # fmt: skip
    return f"{head}: {chapter}" if chapter else head
