"""The physical side of the car beside the head unit, as real-looking switches. Each is a form and works without script."""

from collections.abc import Mapping

from vettura_car.acting import act
from vettura_car.car import Car
from vettura_car.condition import KEYS
from vettura_car.connection import RADIOS
from vettura_car.network import CARD_CALL, HOME, PLACES, Phone
from vettura_car.screens.phone import contents
from vettura_car.switches_map import on_the_road
from vettura_car.telephone import SYSTEMS
from vettura_car.texts import say
from vettura_pack.markup import Html, el, icon, join
from vettura_wire import signals


def strip(car: Car, problem: str | None) -> Html:
    """This will draw the switches beside the head unit: what a hand in the car reaches, with the lamps above them."""
    alert = el("p", say(problem, car.language), class_="problem", role="alert") if problem else None
    return el("div", _lamps(car), alert, _ignition(car), _gear(car), _key(car), _help(car), _doors(car), class_="strip")


def shelf(car: Car) -> Html:
    """This will draw the switches below the head unit: levels, network, SIM, phones and place, which surround a car."""
    phones = [_phone(car, phone) for phone in car.condition.network.phones]
    sim = _sim(car) if car.build.generation.inserted_sim else None
    return el(
        "div",
        _energy(car),
        _network(car),
        sim,
        *phones,
        _voice(car),
        _place(car),
        on_the_road(car),
        class_="strip strip--shelf",
    )


def _lamps(car: Car) -> Html:
    c = car.condition
    reached = car.is_linked_up
    lamps = [
        _lamp(say("platform_reached" if reached else "platform_not_reached", car.language), "on" if reached else "off"),
        _lamp(say("horn", car.language), "signal") if c.horn else None,
        _lamp(say("hazard", car.language), "signal") if c.hazard_lights else None,
        _lamp(say("climate", car.language, temperature=f"{c.target_temperature:g}"), "on")
        if c.climate_active
        else None,
    ]
    return el("div", *lamps, class_="lamps", role="status")


def _lamp(text: str, state: str) -> Html:
    return el("span", text, class_=f"lamp lamp--{state}")


def _group(title: str, car: Car, *content: Html | None) -> Html:
    return el("fieldset", el("legend", say(title, car.language)), *content, class_="group")


def _segments(
    name: str, choices: Mapping[str, str | None], chosen: str, field: str, *, beside: Html | None = None
) -> Html:
    """Buttons of which one is pressed; a choice without a text of its own is its own text."""
    buttons = [
        el(
            "button",
            text or value,
            name=field,
            value=value,
            class_="segment",
            aria_pressed="true" if value == chosen else "false",
        )
        for value, text in choices.items()
    ]
    return act(name, beside, *buttons, class_="segments")


def _switch(
    name: str, field: str, text: str, is_on: bool, *, value: str | None = None, beside: Html | None = None
) -> Html:
    """A switch that turns: pressing it asks for the other position. ``beside``: what else is sent with it."""
    hidden = el("input", type="hidden", name=field, value=value) if value is not None else None
    button = el(
        "button",
        el("span", text),
        el("span", class_="switch__lever", aria_hidden="true"),
        name="on",
        value="0" if is_on else "1",
        class_="switch",
        role="switch",
        aria_checked="true" if is_on else "false",
    )
    return act(name, join(hidden, beside), button)


def _ignition(car: Car) -> Html:
    language = car.language
    names = {value: say(f"ignition_{value}", language) for value in ("off", "on", "drive")}
    restart = act("restart", el("button", icon("power"), say("restart_unit", language), class_="key"))
    return _group("ignition", car, _segments("ignition", names, car.condition.ignition, "ignition"), restart)


def _gear(car: Car) -> Html:
    gears = {gear: gear for gear in "PRND"}
    brake = _switch("parking_brake", "part", say("parking_brake", car.language), car.condition.parking_brake)
    return _group("gear", car, _segments("gear", gears, car.condition.gear, "gear"), brake)


def _key(car: Car) -> Html:
    locked = all(car.condition.doors_locked.values())
    names = {"1": say("lock", car.language), "0": say("unlock", car.language)}
    keys = _segments("take_key", {key: _last_user(car, key) for key in KEYS}, car.condition.key, "key")
    return _group("key", car, keys, _segments("lock", names, "1" if locked else "0", "locked"))


def _help(car: Car) -> Html | None:
    """The key in the roof that calls help."""
    if car.roadside.service is None:
        return None
    key = act("call_help", el("button", icon("phone"), say("call_help", car.language), class_="key"))
    return _group("roadside_help", car, key)


def _last_user(car: Car, key: str) -> str:
    """Number of a key and who used it last, which is all that it knows (TAY-009, TAY-010)."""
    remembered = car.condition.keys.get(key)
    if remembered is None:
        return f"{key} · {say('key_unused', car.language)}"
    return f"{key} · {say('guest_session', car.language) if remembered.is_guest else remembered.name}"


def _doors(car: Car) -> Html:
    c = car.condition
    known = set(car.build.generation.signals_of(car.build.drive))
    parts = {
        **{part: (path, c.doors_open[part]) for part, path in signals.DOOR_OPEN.items()},
        "front_trunk": (signals.FRONT_TRUNK_OPEN, c.front_trunk_open),
        "hood": (signals.HOOD_OPEN, c.hood_open),
        "rear_trunk": (signals.REAR_TRUNK_OPEN, c.rear_trunk_open),
    }
    switches = [
        _switch("part", "part", say(part, car.language), is_open, value=part)
        for part, (path, is_open) in parts.items()
        if path in known
    ]
    windows = _switch("windows", "part", say("windows", car.language), any(c.windows_open.values()))
    return _group("doors", car, el("div", *switches, windows, class_="pairs"))


def _slider(car: Car, name: str, text: str, percent: float) -> Html:
    slider = el(
        "input", type="range", name="percent", min=0, max=100, value=round(percent), id=f"slide-{name}", class_="slider",
        aria_label=text, data_submit=True,
    )  # fmt: skip
    shown = el("output", f"{percent:.0f} %", class_="numeral", data_for=f"slide-{name}")
    confirm = el("button", say("set", car.language), class_="segment noscript")
    return act(name, el("span", text), shown, slider, confirm, class_="level-form")


def _energy(car: Car) -> Html:
    c = car.condition
    battery = cable = fuel = None
    if car.build.has_battery:
        battery = _slider(car, "battery", say("battery", car.language), c.state_of_charge)
        cable = _switch("cable", "part", say("cable", car.language), c.plugged_in)
    if car.build.has_tank:
        fuel = _slider(car, "fuel", say("fuel", car.language), c.fuel_level)
    return _group("energy", car, battery, cable, fuel)


def _network(car: Car) -> Html:
    c = car.condition
    names = {radio: radio for radio in RADIOS}
    calls = {"": say("call_none", car.language)}
    calls |= {CARD_CALL: say("call_card", car.language)} if car.build.generation.inserted_sim else {}
    calls |= {phone.name: phone.name for phone in c.network.phones if phone.is_paired}
    call = _segments("call", calls, c.network.call or "", "over")
    package = None
    if car.networking.needed_ticks:
        package = _switch("package", "part", say("has_package", car.language), c.network.has_package)
    coverage = _switch("coverage", "part", say("coverage", car.language), c.has_coverage)
    radio = _segments("radio", names, c.radio, "radio")
    return _group(
        "network", car, coverage, radio, el("span", say("call", car.language), class_="quiet small"), call, package
    )


def _sim(car: Car) -> Html:
    sim = car.condition.network.sim
    language = car.language
    codes = el("p", say("sim_codes", language, pin=sim.pin or "–", puk=sim.puk), el("br"),
               say("apns_of_sim", language, apns=", ".join(sim.apns)), class_="quiet small numeral")  # fmt: skip
    return _group(
        "sim_card",
        car,
        _switch("sim_in", "part", say("sim_in", language), sim.is_in),
        _switch("sim_pin", "part", say("sim_asks", language), sim.pin is not None),
        _switch("sim_fact", "fact", say("has_volume", language), sim.has_volume, value="has_volume"),
        _switch("sim_fact", "fact", say("carries_both", language), sim.carries_both, value="carries_both"),
        codes,
    )


def _phone(car: Car, phone: Phone) -> Html:
    language = car.language
    owner = el("input", type="hidden", name="phone", value=phone.name)
    facts = ["is_near", "hotspot_on", "roaming_on", "has_volume", "carries_both", "has_mail"]
    facts += ["is_client", "has_app"] if car.networking.needed_ticks else []
    switches = [
        _switch("phone_fact", "fact", say(fact, language), bool(getattr(phone, fact)), value=fact, beside=owner)
        for fact in facts
    ]
    if "phone_hotspot" in car.abilities.unstated:
        joined = car.condition.network.hotspot
        is_used = joined is not None and joined.name == phone.hotspot_name
        switches.append(_switch("bring_up_hotspot", "part", say("bring_up", language), is_used, beside=owner))
    slug = phone.name.replace(" ", "-")
    fields = [
        el("input", id=f"{field}-{slug}", name=field, value=value, required=True, maxlength=longest, class_="small-field",
           autocomplete="off", data_keep=True, aria_label=f"{phone.name}: {say(text, language)}")
        for field, value, longest, text in (
            ("hotspot", phone.hotspot_name, 32, "hotspot_called"),
            ("password", phone.password, 63, "password"),
        )
    ]  # fmt: skip
    naming = act("hotspot_name", owner, *fields, el("button", say("set", language), class_="segment"), class_="naming")
    system = _segments("phone_system", dict.fromkeys(SYSTEMS), phone.system, "system", beside=owner)
    cables = {"": say("cable_none", language)} | {
        name: say(f"source_{name}", language) for name in car.telephone.sockets
    }
    cable = _segments("phone_cable", cables, phone.cable, "cable", beside=owner)
    return el(
        "fieldset", el("legend", phone.name), system, *switches, el("span", say("phone_cable", language), class_="quiet small"), cable,
        naming, contents(car, phone), class_="group", data_phone=phone.name,
    )  # fmt: skip


def _voice(car: Car) -> Html:
    """What is said in the car, for browsers that cannot listen."""
    text = say("voice", car.language)
    field = el("input", id="spoken", name="spoken", value=car.condition.phone_use.spoken, maxlength=500, class_="small-field",
               autocomplete="off", data_keep=True, aria_label=text)  # fmt: skip
    return _group(
        "voice", car, act("spoken", field, el("button", say("say_it", car.language), class_="segment"), class_="naming")
    )


def _place(car: Car) -> Html:
    c = car.condition
    country = c.network.country or car.build.country
    near = {
        name: abs(place.latitude - c.latitude) + abs(place.longitude - c.longitude)
        for name, place in PLACES.items()
        if place.country == country
    }
    names = {name: f"{name} ({place.country})" for name, place in PLACES.items()}
    if car.build.country not in {place.country for place in PLACES.values()}:
        names = {HOME: f"{say('home', car.language)} ({car.build.country})", **names}
    return _group("place", car, _segments("place", names, min(near, key=near.__getitem__, default=HOME), "place"))
