"""The head unit around its screen: glass, status bar, rail or hard keys, in the skin of its menu group."""

from zoneinfo import ZoneInfo

from vettura_car.car import Car
from vettura_car.head_unit import Menu
from vettura_car.markup import Html, el, icon
from vettura_car.screens.account import short_name
from vettura_car.screens.entry import ACCOUNT, CONNECTION, OPTIONS, View, icon_of, printed, screen
from vettura_car.texts import say
from vettura_pack.menu import MenuNode

SKINS = {"G1": "keys", "G2": "rail", "G3": "rail", "G4": "wide"}


def unit(car: Car, menu: Menu, view: View) -> Html:
    """This will draw the whole head unit: keys or rail, status bar, and the screen."""
    group = car.build.generation.menu_group
    if car.condition.ignition == "off":
        dark = el("div", el("p", say("screen_off", car.language)), class_="screen screen--dark")
        return el("div", el("div", dark, class_="glass"), class_=f"unit unit--{SKINS[group]}")
    shown = screen(car, menu, view)
    parts = {
        "keys": (
            _hard_keys(car, menu, view, left=True),
            _glass(car, shown),
            _hard_keys(car, menu, view, left=False),
        ),
        "rail": (_glass(car, _rail(car, menu, view), shown),),
        "wide": (_glass(car, shown, *(() if view.is_start else (_rail(car, menu, view),))),),
    }[SKINS[group]]
    return el("div", *parts, class_=f"unit unit--{SKINS[group]}")


def _glass(car: Car, *content: Html) -> Html:
    bottom = car.build.generation.symbol_corner == "bottom_left"
    bar = status_bar(car)
    inside = el("div", *content, class_="glass__inside")
    return el("div", *((inside, bar) if bottom else (bar, inside)), class_="glass")


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
    roots = [_rail_link(car, menu, root, root is top) for root in menu.start()]
    account = el(
        "a",
        icon("account"),
        el("span", short_name(car)),
        href=f"/{ACCOUNT}",
        class_="rail__link",
        aria_current="page" if view.is_account or view.who or view.is_profile else None,
    )
    home = el(
        "a",
        icon("home"),
        el("span", say("start", car.language)),
        href="/",
        class_="rail__link",
        aria_current="page" if view.is_start else None,
    )
    return el("nav", home, *roots, account, class_="rail", aria_label=say("head_unit", car.language))


def _rail_link(car: Car, menu: Menu, root: MenuNode, is_current: bool) -> Html:
    return el(
        "a",
        icon(icon_of(root)),
        printed(car, menu, root),
        href=f"/at/{root.id}",
        class_="rail__link",
        aria_current="page" if is_current else None,
    )


def _hard_keys(car: Car, menu: Menu, view: View, *, left: bool) -> Html:
    """Two columns of keys and two knobs; OPT opens the options of what is on the screen."""
    roots = [root for root in menu.start() if root.kind == "key"]
    half = (len(roots) + 1) // 2
    mine = roots[:half] if left else roots[half:]
    top = menu.path(view.node)[0] if view.node else None
    keys = [
        el("a", menu.label(root), href=f"/at/{root.id}", class_="hardkey", aria_current="page" if root is top else None)
        for root in mine
    ]
    if left:
        extra = el("a", say("start", car.language), href="/", class_="hardkey hardkey--own")
    else:
        options = _options_of(menu, view.node)
        label = OPTIONS
        extra = (
            el(
                "a",
                label,
                href=f"/at/{options.id}",
                class_="hardkey hardkey--own",
                aria_current="page" if options is view.node else None,
            )
            if options
            else el("span", label, class_="hardkey hardkey--idle")
        )
    knob = el("span", class_="knob", aria_hidden="true")
    return el("div", *keys, extra, knob, class_="hardkeys")


def _options_of(menu: Menu, node: MenuNode | None) -> MenuNode | None:
    """The options key acts on the screen it is pressed in, or on the one above."""
    if node is None:
        return None
    here = [node, *node.children]
    found = next((entry for entry in here if entry.kind == "key" and entry.label == OPTIONS), None)
    return found or _options_of(menu, menu.parent(node))
