"""The head unit around its screen: glass, status bar, rail or hard keys, in the skin of its menu group."""

from zoneinfo import ZoneInfo

from vettura_car.car import Car
from vettura_car.head_unit import Menu
from vettura_car.screens.account import short_name
from vettura_car.screens.entry import ACCOUNT, CONNECTION, View, printed, screen
from vettura_car.texts import say
from vettura_pack import face
from vettura_pack.markup import Html, el, icon


def unit(car: Car, menu: Menu, view: View) -> Html:
    """This will draw the whole head unit: keys or rail, status bar, and the screen."""
    generation = car.build.generation
    if car.condition.ignition == "off":
        dark = el("div", el("p", say("screen_off", car.language)), class_="screen screen--dark")
        return el("div", el("div", dark, class_="glass"), class_=f"unit unit--{face.SKINS[generation.menu_group]}")
    skin = face.SKINS[generation.menu_group]
    has_rail = skin == "rail" or (skin == "wide" and not view.is_start)
    return face.unit(
        generation.menu_group,
        screen(car, menu, view),
        status_bar(car),
        is_bar_below=generation.symbol_corner == "bottom_left",
        rail=_rail(car, menu, view) if has_rail else None,
        keys=_hard_keys(car, menu, view) if skin == "keys" else None,
    )


def status_bar(car: Car) -> Html:
    """This will draw the bar (CON-022 to CON-031): one symbol in the generation's corner; no letter means no connection. It opens the reason."""
    label = car.connection_label
    picture = icon("wifi") if label == "WiFi" else None
    symbol = el(
        "a",
        picture,
        el("b", label, class_="symbol__label"),
        class_="symbol",
        data_corner=car.build.generation.symbol_corner,
        data_connected="true" if label else "false",
        aria_label=f"{say('connection', car.language)}: {label or say('no_data', car.language)}",
        href=f"/{CONNECTION}",
    )
    shield = (
        el("span", icon("shield"), say("privacy_on", car.language), class_="shield")
        if car.condition.privacy_on
        else None
    )
    now = car.world_now().astimezone(ZoneInfo(car.build.pack.countries[car.build.country].timezone))
    clock = el(
        "time", f"{now:%H:%M}", el("span", f"{now:%d.%m.%Y}", class_="quiet"), datetime=now.isoformat(), class_="clock"
    )
    outside = el("span", f"{car.condition.outside_temperature:g} °C", class_="quiet numeral")
    corner_first = car.build.generation.symbol_corner == "bottom_left"
    parts = (symbol, shield, outside, clock) if corner_first else (clock, outside, shield, symbol)
    return el("div", *parts, class_="status")


def _rail(car: Car, menu: Menu, view: View) -> Html:
    top = menu.path(view.node)[0] if view.node else None
    roots = [
        face.rail_link(face.icon_of(root), printed(car, menu, root), href=f"/at/{root.id}", is_current=root is top)
        for root in menu.start()
    ]
    account = face.rail_link(
        "account",
        el("span", short_name(car)),
        href=f"/{ACCOUNT}",
        is_current=bool(view.is_account or view.who or view.is_profile),
    )
    home = face.rail_link("home", el("span", say("start", car.language)), href="/", is_current=view.is_start)
    return el("nav", home, *roots, account, class_="rail", aria_label=say("head_unit", car.language))


def _hard_keys(car: Car, menu: Menu, view: View) -> tuple[Html, Html]:
    """Two columns of keys and two knobs; OPT opens the options of what is on the screen."""
    top = menu.path(view.node)[0] if view.node else None
    left, right = (
        [face.hard_key(menu.label(root), href=f"/at/{root.id}", is_current=root is top) for root in half]
        for half in face.halves(menu.start())
    )
    options = face.options_of(view.node, menu.parent)
    extra = face.hard_key(
        face.OPTIONS,
        href=f"/at/{options.id}" if options else None,
        kind="own" if options else "idle",
        is_current=options is not None and options is view.node,
    )
    home = face.hard_key(say("start", car.language), href="/", kind="own")
    return face.hard_keys([*left, home]), face.hard_keys([*right, extra])
