"""The screens of places: the lists in each generation's own place, one entry, and guidance."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from vettura_car import guidance
from vettura_car.acting import act
from vettura_car.car import Car
from vettura_car.destinations import CHOOSE
from vettura_car.texts import say
from vettura_pack.markup import Html, el, icon, join
from vettura_wire import destinations as wire
from vettura_wire import events
from vettura_wire.destinations import Destination

GUIDANCE = "guidance"
PLACE = "destination"
NEW = "new"


def portal_list(car: Car) -> Html:
    """This will list the portal destinations (PCM-030)."""
    return _list(car, car.destinations.portal(), "no_destinations", may_add=True)


def own_list(car: Car) -> Html:
    """This will list the own points of interest (PCM-031 to PCM-033)."""
    places = car.destinations
    kept = car.condition.destinations
    is_unloaded = places.needs_loading and kept.loaded is None
    found = places.own()
    loaded = None
    if places.needs_loading and kept.loaded_at is not None and found:
        loaded = el("p", say("loaded_at", car.language, time=_time(car, kept.loaded_at)), class_="quiet")
    return join(loaded, _list(car, found, "load_first" if is_unloaded else "no_own_poi", may_add=False))


def _list(car: Car, entries: Sequence[Destination], when_empty: str, *, may_add: bool) -> Html:
    reason = car.destinations.reason
    if reason is not None:
        return el("p", say(reason, car.language), class_="empty", data_reason=reason)
    rows = [el("li", _row(car, entry)) for entry in entries]
    listed = (
        el("ul", *rows, class_="rows places", data_entries=len(rows))
        if rows
        else el("p", say(when_empty, car.language), class_="empty")
    )
    return el("div", _hints(car), listed, _adding(car) if may_add else None, class_="stack")


def _hints(car: Car) -> Html | None:
    """NAV-008: without a connection the list stays as it is, and the screen says why and leads to the connection."""
    waits = any(event.type == events.DESTINATION_CHANGED for event in car.condition.pending_events)
    if car.destinations.is_refreshed:
        return None
    private = car.entitlement.of(wire.SERVICE).reason == "privacy_on"
    words = say("not_refreshed_private" if private else "not_refreshed", car.language)
    more = el("span", say("changes_wait", car.language), class_="quiet") if waits else None
    return el(
        "a", el("span", words), more, el("span", icon("back"), class_="row__open"), href="/connection", class_="offline",
        data_hint="private" if private else "connection",
    )  # fmt: skip


def _row(car: Car, entry: Destination) -> Html:
    """One entry: touching it starts guidance, the arrow beside it opens it."""
    bearing = car.destinations.from_here(entry)
    about = entry.address or entry.note
    words = el(
        "span",
        el("span", entry.name),
        el("span", about, class_="quiet") if about else None,
        class_="row__label licence__words",
    )
    far = el("span", guidance.spoken_distance(bearing.meters), class_="quiet numeral") if bearing else None
    button = el("button", icon("nav"), words, far, name="id", value=entry.id, class_="row")
    opened = el("span", f"{say('destination', car.language)}: {entry.name}", class_="hidden")
    more = el("a", icon("back"), opened, href=f"/{PLACE}/{entry.id}", class_="row__more")
    return el("div", act(CHOOSE, button), more, class_="row__pair")


def _adding(car: Car) -> Html:
    language = car.language
    name = _field(car, "place_name", "name", longest=wire.LONGEST_NAME, is_required=True, id_="add-here")
    here = act("save_position", name, el("button", say("save_here", language), class_="button"), class_="entry")
    new = el("a", say("new_destination", language), href=f"/{PLACE}/{NEW}", class_="button")
    return el("div", here, el("div", new, class_="entry"))


def place(car: Car, id: str) -> Html:
    """This will draw one entry: guidance, what it says, changing and deleting it; or a new one."""
    language = car.language
    entry = car.destinations.find(id)
    if entry is None:
        return el(
            "div",
            _editor(car, None) if id == NEW else el("p", say("no_destination", language), class_="empty"),
            class_="body",
        )
    bearing = car.destinations.from_here(entry)
    chosen = el("input", type="hidden", name="id", value=entry.id)
    facts = [
        el("p", entry.address) if entry.address else None,
        el("p", entry.note, class_="quiet") if entry.note else None,
        el("p", f"{entry.latitude:.5f}, {entry.longitude:.5f}", class_="quiet numeral")
        if entry.latitude is not None
        else None,
    ]
    if bearing is None:
        way = el("p", say("no_position", language), class_="hint")
    else:
        start = el("button", icon("nav"), say("start_guidance", language), class_="button button--primary")
        way = el("div", act(CHOOSE, chosen, start), _far(car, bearing), class_="cluster place__way")
    edit = el(
        "details", el("summary", say("place_edit", language), class_="button"), _editor(car, entry), id="edit-place"
    )
    delete = el(
        "details",
        el("summary", say("place_delete", language), class_="button"),
        el("p", say("place_delete_question", language), class_="quiet"),
        act("delete_destination", chosen, el("button", say("place_delete", language), class_="button button--danger")),
    )
    head = el("section", *facts, way, class_="block block--wide")
    return el("div", _hints(car), head, el("section", edit, delete, class_="block block--wide"), class_="body")


def _far(car: Car, bearing: guidance.Bearing) -> Html:
    word = say(f"to_{bearing.direction}", car.language)
    return el(
        "p",
        el("b", guidance.spoken_distance(bearing.meters), class_="numeral"),
        " ",
        say("straight_line", car.language),
        ", ",
        word,
    )


def _editor(car: Car, entry: Destination | None) -> Html:
    values = {
        "name": entry.name if entry else "",
        "address": entry.address if entry else "",
        "latitude": repr(entry.latitude) if entry and entry.latitude is not None else "",
        "longitude": repr(entry.longitude) if entry and entry.longitude is not None else "",
        "note": entry.note if entry else "",
    }
    longest = {"name": wire.LONGEST_NAME, "address": wire.LONGEST_ADDRESS, "note": wire.LONGEST_NOTE}
    fields = [
        _field(
            car,
            f"place_{name}",
            name,
            value=value,
            longest=longest.get(name, 20),
            is_required=name == "name",
            id_=f"add-{name}",
        )
        for name, value in values.items()
    ]
    chosen = el("input", type="hidden", name="id", value=entry.id) if entry else None
    save = el("button", say("store", car.language), class_="button button--primary")
    return act("save_destination", chosen, *fields, save, class_="entry entry--place")


def _field(car: Car, text: str, name: str, *, value: str = "", longest: int, is_required: bool, id_: str) -> Html:
    said = say(text, car.language)
    return el("input", id=id_, name=name, value=value or None, maxlength=longest, required=is_required, autocomplete="off", class_="field",
              data_keep=True, aria_label=said, placeholder=said)  # fmt: skip


# -- guidance ----------------------------------------------------------------------------------------------------------


def guide(car: Car) -> Html:
    """This will draw guidance: the direction, how far, and when the car will be there."""
    language = car.language
    found = car.destinations.guided_to
    if found is None:
        return el("div", el("p", say("no_guidance", language), class_="empty"), class_="body")
    goal, bearing = found
    end = act("end_guidance", el("button", say("end_guidance", language), class_="button"))
    if bearing.has_arrived:
        facts = el(
            "div",
            el("p", el("b", say("arrived", language)), class_="guide__meters", role="status"),
            el("p", goal.name, class_="quiet"),
        )
        return el(
            "div",
            el("div", icon("check"), facts, class_="guide guide--there"),
            end,
            class_="body",
            data_guided="arrived",
        )
    meters = el("p", el("b", guidance.spoken_distance(bearing.meters), class_="numeral"), el("span", say("straight_line", language), class_="quiet"),
                class_="guide__meters")  # fmt: skip
    arrives = _time(car, guidance.arrival(bearing, car.world_now() - car.world_shift))
    facts = el(
        "dl",
        *_fact(say("place_direction", language), say(f"to_{bearing.direction}", language)),
        *_fact(say("by_road", language), guidance.spoken_distance(bearing.road_meters)),
        *_fact(say("arrival", language), arrives),
        class_="guide__facts",
    )
    return el(
        "div",
        el("div", _arrow(bearing), el("div", meters, facts), class_="guide"),
        end,
        class_="body",
        data_guided="on",
    )


def _fact(name: str, value: str) -> tuple[Html, Html]:
    return el("dt", name, class_="quiet"), el("dd", value, class_="numeral")


def _arrow(bearing: guidance.Bearing) -> Html:
    """Where the goal lies as seen from the driver's seat; north is told by the letter on the ring."""
    north = (bearing.degrees - bearing.turn) % 360
    return Html(
        '<svg class="guide__rose" viewBox="-60 -60 120 120" width="190" height="190" aria-hidden="true" fill="none" stroke="currentColor">'
        '<circle r="52" stroke-width="1.500" opacity=".35"/>'
        f'<g transform="rotate({-north:.1f})"><path d="M0 -56v10" stroke-width="3"/></g>'
        f'<g transform="rotate({bearing.turn:.1f})"><path class="guide__arrow" d="M0 -40L24 30L0 16L-24 30z" stroke="none"/></g></svg>'
    )


def banner(car: Car) -> Html | None:
    """Guidance on the start screen, with the way to its own."""
    found = car.destinations.guided_to
    if found is None:
        return None
    goal, bearing = found
    far = say("arrived", car.language) if bearing.has_arrived else guidance.spoken_distance(bearing.meters)
    words = el(
        "p", icon("nav"), say("guided_to", car.language, name=goal.name), el("span", far, class_="quiet numeral")
    )
    return el("div", words, el("a", say("guidance", car.language), href=f"/{GUIDANCE}", class_="button button--primary"), class_="proposal",
              data_guidance="on")  # fmt: skip


def _time(car: Car, at: datetime) -> str:
    zone = ZoneInfo(car.build.pack.countries[car.build.country].timezone)
    return f"{(at + car.world_shift).astimezone(zone):%H:%M}"
