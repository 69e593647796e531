"""The screens of the connection: how the car is online or why not, the SIM card, access points, phones and hotspots."""

from collections.abc import Mapping, Sequence

from vettura_car.acting import act
from vettura_car.car import Car
from vettura_car.connection import LOCKED, Reason, seconds_to_load
from vettura_car.screens.phone import stored_phones
from vettura_car.texts import say
from vettura_pack.markup import Html, el, icon, join

SAMPLE_MEGABYTES = 2.0
"""A section of a map, to show what the network is worth (CON-049)."""


def connection(car: Car) -> Html:
    """This will say how the car is connected or the one reason why not, and what one can do about it (CON-017, CON-051)."""
    language = car.language
    now = car.connection
    if now.way is not None and now.technology is not None:
        state = el("p", icon("wifi") if now.bearer == "wifi" else None,
                   say("connected_by", language, way=say(f"way_{now.way}", language)), el("b", now.technology), class_="good")  # fmt: skip
        seconds = f"{seconds_to_load(SAMPLE_MEGABYTES, now.technology):.0f}"
        facts = [
            el("p", say("slow_hint", language), class_="hint", role="status") if now.is_slow else None,
            el("p", say("load_time", language, seconds=seconds), class_="quiet"),
            el("p", say(f"cost_{now.cost}", language), class_="quiet") if now.cost != "none" else None,
        ]
    else:
        reason = now.reason or Reason.NO_WAY
        state = el("p", el("b", say("not_connected", language)), class_="who", data_reason=reason)
        # a locked card asks for itself below
        facts = [
            None
            if reason in LOCKED.values()
            else el("p", say(f"reason_{reason}", language), class_="hint", role="status")
        ]
    joined = car.condition.network.hotspot
    leave = (
        act("leave_hotspot", el("button", say("leave_hotspot", language, name=joined.name), class_="button"))
        if joined
        else None
    )
    other = None
    if now.tried == "inserted_sim" and car.condition.network.sim.is_in and "integrated_sim" in car.abilities.ways:
        other = el("p", say("card_in_the_way", language), class_="quiet")
    return _block("connection", car, state, *facts, pin_prompt(car), other, leave, wide=True)


def overview(car: Car, doors: Sequence[Html]) -> Html:
    """
    This will draw the screen behind the symbol: the connection, which ways this car has (CON-001, CON-005), and doors to
    more about it.
    """
    ways = [
        el(
            "li",
            say(f"way_{way}", car.language),
            icon("check") if way == car.connection.way else None,
            class_="user",
            data_way=way,
        )
        for way in car.abilities.ways
    ]
    more = el("ul", *(el("li", door) for door in doors), class_="rows block--wide") if doors else None
    return el(
        "div", connection(car), more, _block("ways_here", car, el("ul", *ways, class_="users")), class_="body blocks"
    )


def sim(car: Car) -> Html:
    """This will show the card: waiting for PIN or PUK, ready, or not there; and forget a stored PIN."""
    network = car.condition.network
    language = car.language
    if not network.sim.is_in:
        return _block("sim_card", car, el("p", say("sim_out", language), class_="who"), wide=True)
    stored = None
    if network.stored_pin is not None:
        forget = act("forget_pin", el("button", say("forget_pin", language), class_="button"))
        stored = join(el("p", icon("check"), say("pin_is_stored", language), class_="good"), forget)
    ready = el("p", say("sim_ready", language), class_="who") if network.sim.lock == "open" else None
    return _block("sim_card", car, ready, pin_prompt(car), stored, wide=True)


def pin_prompt(car: Car) -> Html | None:
    """This will ask for PIN or PUK while the card waits for one; a car without a reader never asks (CON-048, PCM-017)."""
    card = car.condition.network.sim
    language = car.language
    if not (car.build.generation.inserted_sim and card.is_in) or card.lock == "open":
        return None
    if card.lock == "dead":
        return el("p", say("reason_sim_dead", language), class_="problem", role="alert")
    tries = card.pin_tries if card.lock == "pin" else card.puk_tries
    left = say("try_left", language) if tries == 1 else say("tries_left", language, tries=tries)
    head = el("p", icon("lock"), say(f"reason_{card.lock}_needed", language), el("span", left, class_="quiet"))
    unlock = el("button", say("unlock_sim", language), class_="button button--primary")
    if card.lock == "puk":
        fields = (_digits(car, "puk", "puk", 8, 8), _digits(car, "value", "new_pin", 4, 8))
        return el("div", head, act("puk", *fields, unlock, class_="entry"), class_="ask", data_asks="puk")
    store = el("label", el("input", id="store-pin", type="checkbox", name="store", value="1", class_="tickbox", data_keep=True),
               el("span", say("store_pin", language)), class_="check")  # fmt: skip
    entry = act("pin", _digits(car, "value", "pin", 4, 8), store, unlock, class_="entry")
    return el("div", head, entry, class_="ask", data_asks="pin")


def _digits(car: Car, name: str, text: str, shortest: int, longest: int) -> Html:
    return el("input", id=f"add-sim-{text}", name=name, type="password", inputmode="numeric", pattern=f"[0-9]{{{shortest},{longest}}}",
              maxlength=longest, required=True, autocomplete="off", class_="field numeral", data_keep=True,
              aria_label=say(text, car.language), placeholder=say(text, car.language))  # fmt: skip


def access_points(car: Car) -> Html:
    """This will offer the card's access points and take another by name (CON-036 to CON-039)."""
    network = car.condition.network
    language = car.language
    offered = network.sim.apns if network.sim.is_in else []
    names = [*offered, *([] if network.apn_in_use in offered or not network.sim.is_in else [network.apn_in_use])]
    buttons = [
        el("button", el("span", name, class_="row__label"), el("span", icon("check") if name == network.apn_in_use else None, class_="box"),
           name="value", value=name, class_="row", aria_pressed="true" if name == network.apn_in_use else "false")
        for name in names
    ]  # fmt: skip
    field = el("input", id="add-apn", name="value", required=True, maxlength=100, autocomplete="off", class_="field", data_keep=True,
               aria_label=say("apn", language), placeholder=say("apn", language))  # fmt: skip
    entry = act("apn", field, el("button", say("store", language), class_="button"), class_="entry")
    hint = el("p", say("apn_hint", language), class_="quiet")
    return _block("apn", car, act("apn", *buttons, class_="rows") if buttons else None, entry, hint, wide=True)


def devices(car: Car) -> Html:
    """This will draw the device manager: stored phones, those in range that are not paired yet, and the car's own hotspot."""
    strange = [phone for phone in car.condition.network.phones if phone.is_near and not phone.is_paired]
    pairs = [
        act("pair_phone", el("button", say("pair_phone", car.language, name=phone.name), name="phone", value=phone.name, class_="button"))
        for phone in strange
    ]  # fmt: skip
    return el(
        "div",
        _block("phones_known", car, stored_phones(car), el("div", *pairs, class_="cluster") if pairs else None),
        own_hotspot(car),
        class_="stack",
    )


def own_hotspot(car: Car) -> Html | None:
    """This will say whether clients of the car's hotspot reach the Internet, and how each one does (TEL-006 to TEL-009)."""
    networking = car.networking
    needed = networking.needed_ticks
    if not needed:
        return None
    language = car.language
    opened = networking.lets_clients_out
    state = el("p", say("own_hotspot_open" if opened else "own_hotspot_closed", language), class_="good" if opened else "who",
               data_internet="true" if opened else "false")  # fmt: skip
    missing = None
    if networking.is_ticked != needed:
        words = "own_hotspot_ticks" if len(needed) > 1 else "own_hotspot_tick"
        missing = el("p", say(words, language, on=len(networking.is_ticked), all=len(needed)), class_="quiet")
    elif not car.connection.is_up:
        missing = el("p", say(f"reason_{car.connection.reason}", language), class_="quiet")
    elif not opened:
        missing = el("p", say("own_hotspot_package", language), class_="quiet")
    clients = [
        el("li", el("b", phone.name), el("span", say(f"client_{networking.way_of_client(phone)}", language), class_="quiet"),
           class_="user", data_client=networking.way_of_client(phone))
        for phone in car.condition.network.phones
        if phone.is_client
    ]  # fmt: skip
    return _block("own_hotspot", car, state, missing, el("ul", *clients, class_="users") if clients else None)


def profiles(car: Car, choices: Mapping[str, str]) -> Html:
    """
    PCM-012, PCM-013: every profile that the phone supports; those that are connected carry a tick.

    ``choices``: for profiles that one can choose, the address of the menu's entry (PCM-014).
    """
    phone = car.networking.open_phone
    if phone is None:
        return el("p", say("no_phone", car.language), class_="empty")
    links = car.condition.network.links(phone)
    rows = []
    for name in phone.supports:
        connected = name in links
        checked = "true" if connected else "false"
        parts = (
            el("span", say(f"profile_{name}", car.language), class_="row__label"),
            el("span", icon("check") if connected else None, class_="box"),
        )
        if name in choices:
            button = el("button", *parts, class_="row", role="checkbox", aria_checked=checked, data_profile=name)
            row = el("li", el("form", button, method="post", action=choices[name]))
        else:
            row = el("li", el("div", *parts, class_="row", role="checkbox", aria_checked=checked, aria_disabled="true",
                              aria_label=say(f"profile_{name}", car.language), data_profile=name))  # fmt: skip
        rows.append(row)
    return _block("profiles", car, el("ul", *rows, class_="rows", aria_label=phone.name), wide=True)


def data_use_question(car: Car) -> Html | None:
    """CON-035: after pairing the unit asks whether the phone's data may be used, and goes on asking until it is told."""
    asked = next((phone for phone in car.condition.network.phones if phone.is_paired and phone.data_use is None), None)
    if asked is None:
        return None
    language = car.language
    answers = act(
        "data_use",
        el("input", type="hidden", name="phone", value=asked.name),
        el("button", say("yes", language), name="on", value="1", class_="button"),
        el("button", say("no", language), name="on", value="0", class_="button"),
        class_="cluster",
    )
    question = el("p", icon("phone"), say("data_use_question", language, name=asked.name))
    return el("div", question, answers, class_="ask", role="alert", data_asks="data_use")


def found_hotspots(car: Car, address: str) -> Html:
    """This will list the hotspots that a search finds; one is chosen by touching it (CON-042 to CON-044)."""
    network = car.condition.network
    if not network.hotspots:
        return el("p", say("no_hotspots", car.language), class_="empty", data_found=0)
    joined = network.hotspot.name if network.hotspot and car.connection.way == "phone_hotspot" else None
    buttons = [
        el("button", icon("wifi"), el("span", phone.hotspot_name, class_="row__label"),
           el("span", say("joined", car.language), class_="good") if phone.hotspot_name == joined else None,
           el("span", icon("back"), class_="row__open"), name="value", value=phone.hotspot_name, class_="row")
        for phone in network.hotspots
    ]  # fmt: skip
    title = el("h3", say("hotspots_found", car.language))
    return el("form", title, *buttons, method="post", action=address, class_="found", data_found=len(buttons))


def paired_phones(car: Car, address: str) -> Html:
    """This will list the paired phones; one is opened by touching it."""
    known = [phone for phone in car.condition.network.phones if phone.is_paired]
    if not known:
        return el("p", say("no_phone", car.language), class_="empty")
    buttons = [
        el("button", icon("phone"), el("span", phone.name, class_="row__label"),
           el("span", say("phone_in_range" if phone.is_near else "phone_is_away", car.language), class_="quiet"),
           el("span", icon("back"), class_="row__open"), name="value", value=phone.name, class_="row")
        for phone in known
    ]  # fmt: skip
    return el("form", *buttons, method="post", action=address, class_="found")


def _block(title: str, car: Car, *content: Html | None, wide: bool = False) -> Html:
    return el("section", el("h3", say(title, car.language)), *content, class_="block block--wide" if wide else "block")
