"""The map on the screen: the drawing with its layers, what can be touched on it, and the view from the road."""

from vettura_car import cartography
from vettura_car.acting import act
from vettura_car.car import Car
from vettura_car.cartography import SCALES
from vettura_car.head_unit import Menu
from vettura_car.mapping import TRAFFIC_LAYER
from vettura_car.screens.map_drawing import HEIGHT, WIDTH, Frame, drawing, traffic_words
from vettura_car.texts import say
from vettura_pack.markup import Html, el, icon
from vettura_pack.menu import MenuNode


def place_of_map(node: MenuNode) -> MenuNode | None:
    """The entry that is the map itself: this one, or the part of its screen that is."""
    return next((each for each in (node, *node.children) if each.shows == "map"), None)


def view(car: Car, menu: Menu, node: MenuNode) -> Html:
    """This will draw the map view with everything on it; what can be touched comes from the menu's entries."""
    facts = car.map.facts
    if car.map.street_view_is_open:
        return _street_view(car)
    entries = {child.does or child.state or child.label: child for child in menu.children(node)}
    frame = Frame(center=car.map.place, across=SCALES[car.condition.map.scale])
    spot = car.map.spot
    where = spot.road.name if spot is not None else say("off_the_map", car.language)
    told = say("map_of", car.language, road=where) if spot is not None else say("map_without_road", car.language)
    traffic = entries.get(TRAFFIC_LAYER)
    options = [child for entry in menu.children(node) if entry.kind == "place" for child in menu.children(entry)]
    edge = car.build.generation.map_options_edge
    bar = el("div", *(_tick(menu, each) for each in options), class_=f"mapbar mapbar--{edge} edge edge--{edge}",
             data_edge=edge, role="group", aria_label=_label_above(menu, options)) if options else None  # fmt: skip
    meters = _meters(frame.across)
    return el(
        "div",
        drawing(car, frame, told),
        el("div", _tick(menu, traffic) if traffic else None, class_="mapbar mapbar--left"),
        bar,
        el("p", el("b", where), el("span", say("map_shows", car.language, meters=meters), class_="quiet"),
           el("span", traffic_words(car, frame), class_="quiet") if cartography.draws_traffic(facts) else None,
           el("span", say("simulated_picture", car.language), class_="quiet") if cartography.draws_satellite(facts) else None,
           class_="mapwhere"),
        el("div", *_hints(car), class_="maphints"),
        el("div", *(_button(menu, entries.get(name), picture) for name, picture in
                    (("zoom_in", "plus"), ("zoom_out", "minus"), ("street_view", "figure"))), class_="mapkeys"),
        class_="mapview",
        data_traffic="true" if cartography.draws_traffic(facts) else "false",
        data_satellite="true" if cartography.draws_satellite(facts) else "false",
        data_figure="true" if cartography.shows_figure(facts) else "false",
    )  # fmt: skip


def _label_above(menu: Menu, options: list[MenuNode]) -> str | None:
    above = menu.parent(options[0]) if options else None
    return menu.label(above) if above else None


def _tick(menu: Menu, node: MenuNode) -> Html:
    ticked = menu.is_ticked(node)
    box = el("span", icon("check") if ticked else None, class_="box")
    spoken = el("span", menu.label(node), class_="row__label")
    button = el("button", spoken, box, class_="row", role="checkbox", aria_checked="true" if ticked else "false")
    return el("form", button, method="post", action=f"/use/{node.id}", class_="use")


def _button(menu: Menu, node: MenuNode | None, picture: str) -> Html | None:
    if node is None:
        return None
    button = el(
        "button", icon(picture), el("span", menu.label(node), class_="hidden"), class_="mapkey", data_does=node.does
    )
    return el("form", button, method="post", action=f"/use/{node.id}")


def _hints(car: Car) -> list[Html]:
    """NAV-001: a layer that is on and has no data says why; without a connection the way there is one touch."""
    facts = car.map.facts
    found = []
    for is_on, reason, text in (
        (facts.traffic_on, facts.traffic_reason, "traffic_needs"),
        (facts.satellite_on, facts.satellite_reason, "satellite_needs"),
    ):
        if is_on and reason is not None:
            said = say(text, car.language, reason=say(reason, car.language))
            way = el("a", say("to_connection", car.language), href="/connection") if reason == "no_data" else None
            found.append(el("p", el("span", said), way, class_="maphint", role="status", data_hint=reason))
    return found


def _meters(meters: float) -> str:
    return f"{meters / 1000:g} km" if meters >= 1000 else f"{meters:g} m"


def _street_view(car: Car) -> Html:
    """A picture as if taken from the road: the same street always looks the same."""
    spot = car.map.spot
    name = spot.road.name if spot is not None else ""
    seed = sum(map(ord, name)) + int(spot.along // 40 if spot else 0)
    houses = []
    for side in (-1, 1):
        for n in range(6, 0, -1):
            near, far = 0.92**0 / (n * 0.34), 1 / ((n + 1) * 0.34)
            tall = 110 + (seed * (n + 3) * (5 if side > 0 else 7)) % 90
            xs = [500 + side * 210 * far, 500 + side * 210 * near]
            tops = [300 - tall * far, 300 - tall * near]
            floors = [300 + 62 * far, 300 + 62 * near]
            shade = 30 + (seed * n * (3 if side > 0 else 11)) % 16
            corners = f"{xs[0]:.0f},{tops[0]:.0f} {xs[1]:.0f},{tops[1]:.0f} {xs[1]:.0f},{floors[1]:.0f} {xs[0]:.0f},{floors[0]:.0f}"
            houses.append(el("polygon", points=corners, fill=f"hsl({(seed * n * 37) % 46 + 8} 14% {shade}%)"))
            for floor in range(1, 4):
                for column in range(3):
                    part = 0.2 + 0.28 * column
                    x = xs[0] + (xs[1] - xs[0]) * part
                    top, bottom = tops[0] + (tops[1] - tops[0]) * part, floors[0] + (floors[1] - floors[0]) * part
                    y, wide = top + (bottom - top) * (floor * 0.24 - 0.1), abs(xs[1] - xs[0]) * 0.13
                    houses.append(el("rect", x=f"{x - wide / 2:.0f}", y=f"{y:.0f}", width=f"{wide:.0f}",
                                     height=f"{(bottom - top) * 0.13:.0f}", class_="scene__window"))  # fmt: skip
    dashes = [
        el("polygon", points=f"{500 - 4 * a:.1f},{300 + 62 * a:.0f} {500 + 4 * a:.1f},{300 + 62 * a:.0f} "
           f"{500 + 4 * b:.1f},{300 + 62 * b:.0f} {500 - 4 * b:.1f},{300 + 62 * b:.0f}", class_="scene__dash")
        for a, b in ((0.5, 0.62), (0.8, 1.05), (1.4, 2.0), (2.7, 4.1))
    ]  # fmt: skip
    label = say("street_view_of", car.language, road=name)
    drawing = el(
        "svg",
        Html('<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#6f93b5"/><stop offset="1" stop-color="#cfd9dd"/></linearGradient></defs>'),
        el("rect", width=WIDTH, height=302, fill="url(#sky)"),
        el("rect", y=300, width=WIDTH, height=260, class_="scene__pavement"),
        el("polygon", points="496,300 504,300 1250,560 -250,560", class_="scene__road"),
        *houses,
        *dashes,
        viewBox=f"0 0 {WIDTH} {HEIGHT}", preserveAspectRatio="xMidYMid slice", role="img", aria_label=label, class_="map",
    )  # fmt: skip
    back = act("street_view_close", el("button", icon("map"), say("close_street_view", car.language), class_="button"))
    words = el(
        "p", el("b", name), el("span", say("simulated_picture", car.language), class_="quiet"), class_="mapwhere"
    )
    return el(
        "div",
        drawing,
        words,
        el("div", back, class_="mapkeys mapkeys--back"),
        class_="mapview",
        data_street_view="true",
    )
