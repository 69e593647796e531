"""The map as a drawing: land, roads, traffic on them, names, and the car."""

from dataclasses import dataclass
from math import ceil, cos, radians

from vettura_car import cartography
from vettura_car.car import Car
from vettura_car.network import PLACES
from vettura_car.roads import METERS_PER_DEGREE, Point, Track, offset
from vettura_car.texts import say
from vettura_pack.markup import Html, el, join

WIDTH, HEIGHT = 1000, 560
WIDTHS = {"motorway": (9.0, 3.5), "main": (7.0, 1.6), "street": (4.5, 0.9)}
"""Of roads, in pixels: near and far."""
NEAR, FAR = 2500, 25_000
STREETS_UP_TO, NAMES_UP_TO, TOWNS_FROM = 10_000, 2500, 25_000
"""Meters across up to which streets and their names are drawn, and from which the towns' names are."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What of the land is drawn: its middle and how many meters it is across."""

    center: Point
    across: float
    width: int = WIDTH
    height: int = HEIGHT

    def at(self, point: Point) -> tuple[float, float]:
        """Where a place is, in pixels."""
        east, north = offset(self.center, point)
        factor = self.width / self.across
        return self.width / 2 + east * factor, self.height / 2 - north * factor

    def place(self, x: float, y: float) -> Point:
        """What place is at this pixel."""
        factor = self.across / self.width
        east, north = (x - self.width / 2) * factor, (self.height / 2 - y) * factor
        return (
            self.center[0] + north / METERS_PER_DEGREE,
            self.center[1] + east / (METERS_PER_DEGREE * cos(radians(self.center[0]))),
        )


def drawing(car: Car, frame: Frame, told: str) -> Html:
    """This will draw what the frame shows; ``told`` is what it says to whoever does not see it."""
    satellite = cartography.draws_satellite(car.map.facts)
    return el(
        "svg",
        _ground(satellite),
        *_areas(car, frame),
        *_roads(car, frame),
        *(_traffic(car, frame) if cartography.draws_traffic(car.map.facts) else ()),
        *_names(car, frame),
        _arrow(frame, car.condition.heading),
        viewBox=f"0 0 {frame.width} {frame.height}",
        preserveAspectRatio="xMidYMid slice",
        role="img",
        aria_label=told,
        class_=f"map map--{'satellite' if satellite else 'plain'}",
    )


def _ground(satellite: bool) -> Html:
    """The land: one shade, or fields, trees and grain as they look from above."""
    if not satellite:
        return el("rect", width="100%", height="100%", class_="map__land")
    return Html(
        '<defs><pattern id="fields" width="190" height="150" patternUnits="userSpaceOnUse" patternTransform="rotate(24)">'
        '<rect width="190" height="150" fill="#49563a"/><rect width="92" height="72" fill="#5c6540"/>'
        '<rect x="96" width="94" height="46" fill="#6c6848"/><rect x="96" y="50" width="44" height="98" fill="#414f35"/>'
        '<rect y="76" width="92" height="70" fill="#535c3c"/><rect x="144" y="50" width="46" height="98" fill="#626344"/></pattern>'
        '<pattern id="roofs" width="46" height="38" patternUnits="userSpaceOnUse" patternTransform="rotate(11)">'
        '<rect width="46" height="38" fill="#55564f"/><rect x="3" y="3" width="18" height="13" fill="#7a6354"/>'
        '<rect x="25" y="4" width="17" height="10" fill="#85807a"/><rect x="4" y="21" width="13" height="13" fill="#6d6a66"/>'
        '<rect x="22" y="19" width="20" height="15" fill="#745a4b"/></pattern>'
        '<filter id="grain" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" baseFrequency=".035" numOctaves="4" seed="7"/>'
        '<feColorMatrix values="0 0 0 0 .1  0 0 0 0 .12  0 0 0 0 .08  .9 .5 0 0 -.45"/></filter></defs>'
        '<rect width="100%" height="100%" fill="url(#fields)"/><rect width="100%" height="100%" filter="url(#grain)" opacity=".7"/>'
    )


def _areas(car: Car, frame: Frame) -> list[Html]:
    reach = frame.across
    found = []
    for sheet in car.build.pack.map_sheets.values():
        for area in sheet.areas:
            away = offset(frame.center, area.outline[0])
            if max(map(abs, away)) < reach + 15_000:
                points = " ".join(f"{x:.0f},{y:.0f}" for x, y in map(frame.at, area.outline))
                found.append(el("polygon", points=points, class_=f"map__area map__area--{area.kind}"))
    return found


def _visible(car: Car, frame: Frame) -> list[Track]:
    streets = frame.across <= STREETS_UP_TO
    order = ("street", "main", "motorway")
    near = [
        track
        for track in car.map.roads.near(frame.center, frame.across * 0.6)
        if streets or track.road.class_ != "street"
    ]
    return sorted(near, key=lambda track: order.index(track.road.class_))


def _line(frame: Frame, points: tuple[Point, ...]) -> str:
    return " ".join(f"{x:.0f},{y:.0f}" for x, y in map(frame.at, points))


def _width(kind: str, frame: Frame) -> float:
    near, far = WIDTHS[kind]
    part = min(1.0, max(0.0, (frame.across - NEAR) / (FAR - NEAR)))
    grown: float = max(1.0, 1200 / frame.across) ** 0.7
    return (near + (far - near) * part) * grown * max(0.4, frame.width / WIDTH)


def _roads(car: Car, frame: Frame) -> list[Html]:
    tracks = _visible(car, frame)
    lines = [(track.road.class_, _line(frame, track.road.line)) for track in tracks]
    edges = [
        el("polyline", points=line, class_="map__edge", stroke_width=f"{_width(kind, frame) + 3:.1f}")
        for kind, line in lines
    ]
    roads = [
        el("polyline", points=line, class_=f"map__road map__road--{kind}", stroke_width=f"{_width(kind, frame):.1f}")
        for kind, line in lines
    ]
    return [*edges, *roads]


def _traffic(car: Car, frame: Frame) -> list[Html]:
    """NAV-004: what is known is drawn over the road; of other roads nothing is."""
    now = car.map.local_time()
    found = []
    for track in _visible(car, frame):
        for stretch in car.map.traffic.on(track, now):
            inside = [mark for mark in track.marks if stretch.start < mark < stretch.end]
            points = tuple(track.at(along)[0] for along in (stretch.start, *inside, stretch.end))
            found.append(
                el("polyline", points=_line(frame, points), class_=f"map__flow map__flow--{stretch.flow}",
                   data_road=track.road.id, stroke_width=f"{max(2.0, _width(track.road.class_, frame) * 0.62):.1f}")
            )  # fmt: skip
    return found


def traffic_words(car: Car, frame: Frame) -> str:
    """This will say how many stretches in the frame are slow or jammed."""
    now = car.map.local_time()
    flows = [stretch.flow for track in _visible(car, frame) for stretch in car.map.traffic.on(track, now)]
    return say("traffic_shown", car.language, slow=flows.count("slow"), jam=flows.count("jam"))


def _names(car: Car, frame: Frame) -> list[Html]:
    if frame.across >= TOWNS_FROM:
        towns = [(name, frame.at((place.latitude, place.longitude))) for name, place in PLACES.items()]
        return [
            el("text", name, x=f"{x:.0f}", y=f"{y - 16:.0f}", class_="map__town")
            for name, (x, y) in towns
            if 0 < x < frame.width and 0 < y < frame.height
        ]
    found, taken = [], [(frame.width / 2, frame.height / 2)]
    tracks = _visible(car, frame)
    for track in reversed(tracks):
        road = track.road
        if road.class_ == "street" and frame.across > NAMES_UP_TO:
            continue
        spot = _middle(frame, track)
        if spot is None or any(abs(spot[0] - x) < 130 and abs(spot[1] - y) < 30 for x, y in taken):
            continue
        taken.append(spot[:2])
        x, y, angle = spot
        found.append(el("text", road.name, x=f"{x:.0f}", y=f"{y:.0f}", transform=f"rotate({angle:.0f} {x:.0f} {y:.0f})",
                        class_=f"map__name map__name--{road.class_}"))  # fmt: skip
    return found


def _middle(frame: Frame, track: Track) -> tuple[float, float, float] | None:
    """Where on the road, well inside the drawing, its name can stand, and at which angle."""
    seen = []
    steps = max(2, min(60, ceil(track.length / (frame.across / 30))))
    for n in range(steps + 1):
        place, direction = track.at(track.length * n / steps)
        x, y = frame.at(place)
        if 110 < x < frame.width - 110 and 70 < y < frame.height - 50:
            seen.append((x, y, direction))
    if len(seen) < 2:
        return None
    x, y, direction = seen[len(seen) // 3]
    angle = (direction - 90 + 90) % 180 - 90
    return x, y, angle


def _arrow(frame: Frame, heading: float) -> Html:
    size = max(0.55, frame.width / WIDTH)
    turn = f"translate({frame.width / 2:.0f} {frame.height / 2:.0f}) rotate({heading:.0f}) scale({size:.2f})"
    return el(
        "g",
        el("circle", r=26, class_="map__halo"),
        el("path", d="M0 -17 L12 14 L0 8 L-12 14 Z", class_="map__car"),
        transform=turn,
    )


def small_drawing(car: Car, frame: Frame) -> str:
    """This will draw a small map for the switches, a picture of its own with its own colors."""
    style = (
        "<style>.map__land{fill:#171c20}.map__area--town{fill:#20262b}.map__area--water{fill:#17384a}.map__area--park,.map__area--wood{fill:#1d3027}"
        "polyline{fill:none;stroke-linecap:round;stroke-linejoin:round}.map__edge{stroke:#101417}.map__road--street{stroke:#4d565d}"
        ".map__road--main{stroke:#87909a}.map__road--motorway{stroke:#d3a65c}.map__halo{fill:#63c7dd;fill-opacity:.25}.map__car{fill:#63c7dd}</style>"
    )
    body = join(_ground(False), *_areas(car, frame), *_roads(car, frame), _arrow(frame, car.condition.heading))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {frame.width} {frame.height}" width="{frame.width}" height="{frame.height}">'
        f"{style}{body}</svg>"
    )
