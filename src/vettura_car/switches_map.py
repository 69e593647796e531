"""The car on its road, at the switches: how fast it goes, where along the road it is, and a small map to put it elsewhere."""

from collections.abc import Callable, Mapping

from vettura_car.acting import act
from vettura_car.car import Car
from vettura_car.cartography import SCALES
from vettura_car.errors import NotPossible
from vettura_car.mapping import SPEEDS
from vettura_car.screens.map_drawing import Frame, small_drawing
from vettura_car.texts import say
from vettura_pack.markup import Html, el

WIDTH, HEIGHT = 240, 150
LEAST_ACROSS = 2500
AROUND = 3000.0
"""Meters around the car within which it can be put on another road."""

MAP_SWITCHES = frozenset({"speed", "along", "road", "drop"})


def on_the_road(car: Car) -> Html:
    """This will draw the switches that move the car."""
    language = car.language
    c = car.condition
    speeds = [
        el("button", f"{speed}", name="speed", value=speed, class_="segment",
           aria_pressed="true" if speed == c.course.speed else "false")
        for speed in SPEEDS
    ]  # fmt: skip
    picture = el("input", type="image", name="at", src=f"/map.svg?{_stamp(car)}", alt=say("put_car_here", language),
                 width=WIDTH, height=HEIGHT, class_="smallmap", id="small-map")  # fmt: skip
    spot = car.map.spot
    along = None
    if spot is not None:
        percent = round(100 * spot.along / max(1.0, car.map.roads.tracks[spot.road.id].length))
        text = say("along_the_road", language, road=spot.road.name)
        slider = el("input", type="range", name="percent", min=0, max=100, value=percent, id="slide-along", class_="slider",
                    aria_label=text, data_submit=True)  # fmt: skip
        shown = el("output", f"{percent} %", class_="numeral", data_for="slide-along")
        confirm = el("button", say("set", language), class_="segment noscript")
        along = act("along", el("span", text), shown, slider, confirm, class_="level-form")
    return el(
        "fieldset",
        el("legend", say("on_the_road", language)),
        el("span", say("drives_at", language), class_="quiet small"),
        act("speed", *speeds, class_="segments"),
        act("drop", picture),
        along,
        _other_road(car),
        class_="group",
        data_group="road",
    )


def _other_road(car: Car) -> Html | None:
    spot = car.map.spot
    near = sorted({track.road.name: track.road.id for track in car.map.roads.near(car.map.place, AROUND)}.items())
    if not near:
        return None
    options = [
        el("option", name, value=road_id, selected=spot is not None and spot.road.name == name)
        for name, road_id in near
    ]
    text = say("other_road", car.language)
    chosen = el("select", *options, name="road", id="other-road", class_="small-field", aria_label=text)
    return act("road", chosen, el("button", say("set", car.language), class_="segment"), class_="naming naming--two")


def frame_of(car: Car) -> Frame:
    """What the small map shows: what the big one does, but no less than a quarter of a town."""
    across = max(LEAST_ACROSS, SCALES[car.condition.map.scale])
    return Frame(center=car.map.place, across=across, width=WIDTH, height=HEIGHT)


def picture(car: Car) -> str:
    """This will draw the small map."""
    return small_drawing(car, frame_of(car))


def _stamp(car: Car) -> str:
    """Another picture has another address."""
    c = car.condition
    return f"{c.latitude:.5f},{c.longitude:.5f},{c.heading:.0f},{c.map.scale}"


def acts_of_map(car: Car, form: Mapping[str, str]) -> dict[str, Callable[[], None]]:
    """This will name what the switches on the road and the buttons on the map do."""

    def whole(field: str) -> int:
        text = form.get(field, "")
        if not (text.isascii() and text.isdigit() and len(text) < 5):
            raise NotPossible("unknown_option")
        return int(text)

    return {
        # at the switches
        "speed": lambda: car.map.set_speed(whole("speed")),
        "along": lambda: car.map.put_along(whole("percent")),
        "road": lambda: car.map.put_on(form.get("road", "")),
        "drop": lambda: car.map.put(frame_of(car).place(whole("at.x"), whole("at.y"))),
        # on the screen
        "street_view_close": car.map.close_street_view,
        "map_region": lambda: car.map.choose_region(form.get("region", "")),
        "map_cancel": car.map.cancel_update,
        "map_found": car.map.start_found,
        "map_not_now": car.map.put_off,
    }
