"""What stands on the screen: the start screen, an entry of the menu with its rows, or the account screen."""

from typing import NamedTuple

from vettura_car.car import Car
from vettura_car.head_unit import Menu
from vettura_car.markup import Html, el, icon, join
from vettura_car.screens import people
from vettura_car.screens.account import account, pairing, remote_access, short_name, sign_in
from vettura_car.screens.contracts import licences, phones, privacy_services, services
from vettura_car.texts import say
from vettura_pack.menu import MenuNode

ACCOUNT = "account"
OPTIONS = "OPT"
SHOWN_ABOVE = frozenset(
    {
        "enter_pairing_code",
        "sign_in",
        "sign_out",
        "start_guest",
        "end_guest",
        "grant_remote_access",
        "revoke_remote_access",
    }
)
"""What the blocks of people and access do themselves, with a question where one is due."""
ICONS = {
    "phone": "phone", "telefono": "phone", "apps": "apps", "map": "map", "mappa": "map", "nav": "nav", "set": "settings",
    "devices": "device", "dispositivi": "device", "impostazione": "settings", "fav": "list",
}  # fmt: skip


class View(NamedTuple):
    """
    What the screen shows: an entry of the menu, the account screen, the code of a person (``who``), personal settings, or
    (none of these) the start screen.
    """

    node: MenuNode | None = None
    is_account: bool = False
    problem: str | None = None
    who: str | None = None
    is_profile: bool = False

    @property
    def is_start(self) -> bool:
        """Whether it is the start screen."""
        return self.node is None and not (self.is_account or self.who or self.is_profile)

    @property
    def address(self) -> str:
        """The path of the page that shows it."""
        if self.node is not None:
            return f"/at/{self.node.id}"
        if self.who is not None:
            return f"/{people.WHO}/{self.who}"
        if self.is_profile:
            return f"/{people.MINE}"
        return f"/{ACCOUNT}" if self.is_account else "/"


def screen(car: Car, menu: Menu, view: View) -> Html:
    """This will draw what is on the screen; behind the options key it opens over the screen it belongs to."""
    if view.is_account:
        body = account(car)
        title, back = say("account", car.language), "/"
    elif view.who is not None:
        body = people.code_entry(car, view.who)
        known = people.who_is(car, view.who)
        title, back = known or say("other_account", car.language), f"/{ACCOUNT}"
    elif view.is_profile:
        body = people.settings(car)
        title, back = say("profile", car.language), f"/{ACCOUNT}"
    elif view.node is not None:
        body = _entry(car, menu, view.node)
        above = menu.parent(view.node)
        while above is not None and above.kind == "place":
            above = menu.parent(above)
        title, back = menu.label(view.node), f"/at/{above.id}" if above else "/"
    else:
        return el("div", _problem(car, view), _start(car, menu), class_="screen screen--start")
    head = el(
        "header",
        el(
            "a",
            icon("back"),
            el("span", say("back", car.language), class_="hidden"),
            href=back,
            id="back",
            class_="back",
        ),
        el("h2", title),
        class_="screen__head",
    )
    panel = view.node is not None and view.node.kind == "key" and view.node.label == OPTIONS
    drawn = el("div", head, _problem(car, view), body, class_=f"screen{' screen--panel' if panel else ''}")
    if not panel or view.node is None:
        return drawn
    # the options open over the screen they belong to
    owner = menu.parent(view.node)
    behind = el("div", _entry(car, menu, owner), class_="behind", inert=True, aria_hidden="true") if owner else None
    return join(behind, drawn)


def _problem(car: Car, view: View) -> Html | None:
    return el("p", say(view.problem, car.language), class_="problem", role="alert") if view.problem else None


def _start(car: Car, menu: Menu) -> Html:
    c = car.condition
    levels: list[Html] = []
    if car.build.has_battery:
        levels.append(_level(say("battery", car.language), c.state_of_charge))
    if car.build.has_tank:
        levels.append(_level(say("fuel", car.language), c.fuel_level))
    picture = el("img", src="/picture/side.svg", alt="", class_="start__car") if car.build.pack_dir else None
    locked = all(c.doors_locked.values())
    facts = el(
        "div",
        el("p", car.build.model_name, class_="start__name"),
        el("p", say("locked_state" if locked else "unlocked_state", car.language), " · ", f"{round(c.mileage):,} km".replace(",", " "),
           class_="quiet"),
        picture,
        el("div", *levels, class_="levels"),
        class_="start__facts",
    )  # fmt: skip
    tiles = [
        el("a", icon(icon_of(root)), printed(car, menu, root), href=f"/at/{root.id}", class_="tile")
        for root in menu.start()
        # what has a key of its own beside the screen needs no line on it
        if not (car.build.generation.has_hard_keys and root.kind == "key")
    ]
    tiles.append(el("a", icon("account"), el("span", short_name(car)), href=f"/{ACCOUNT}", class_="tile"))
    # whom the key proposes stands on the start screen, where one gets in (TAY-011)
    waits = car.signed_in is None and car.is_signed_in_to_by_code
    return join(
        people.proposal(car) if waits else None,
        facts,
        el("nav", *tiles, class_="tiles", aria_label=say("start", car.language)),
    )


def _level(name: str, percent: float) -> Html:
    return el(
        "p",
        el("b", f"{percent:.0f}", class_="numeral"),
        el("span", " %"),
        el("span", name, class_="quiet"),
        el("meter", value=round(percent), min=0, max=100, aria_label=name),
        class_="level",
    )


def _entry(car: Car, menu: Menu, node: MenuNode) -> Html:
    content = {
        "services": services,
        "contracts": licences,
        "pairing": pairing,
        "sign_in": sign_in,
        "profile": people.settings,
        "remote_access": remote_access,
        "phones": phones,
        "devices": phones,
        "privacy_services": privacy_services,
    }.get(node.shows or "")
    shown = content(car) if content else None
    rows, edges = _rows(car, menu, node)
    edge = el("div", *edges, class_=f"edge edge--{car.build.generation.map_options_edge}") if edges else None
    listed = el("ul", *rows, class_="rows") if rows else None
    if shown is None and not rows and not edges:
        listed = el("p", say("empty", car.language), class_="empty")
    # behind the options key the way in comes first, the list it belongs to after it
    ordered = (listed, shown) if node.kind == "key" and node.label == OPTIONS else (shown, listed)
    return el("div", edge, *ordered, class_="body")


def _rows(car: Car, menu: Menu, node: MenuNode) -> tuple[list[Html], list[Html]]:
    """Entries below, and those that stand on an edge of the screen; parts of the screen without a label are passed through."""
    rows: list[Html] = []
    edges: list[Html] = []
    for child in menu.children(node):
        if child.kind == "place" and child.children:
            inner, inner_edges = _rows(car, menu, child)
            edges.extend(inner_edges)
            # what stands directly in a place of the start of the screen stands on its edge
            (edges if child.shows is None else rows).extend(inner)
        elif (child.kind == "key" and child.label == OPTIONS) or child.does in SHOWN_ABOVE:
            continue
        else:
            rows.append(el("li", _row(car, menu, child)))
    return rows, edges


def _row(car: Car, menu: Menu, node: MenuNode) -> Html:
    label = printed(car, menu, node, class_="row__label")
    target = menu.target(node)
    opens = el("a", label, el("span", icon("back"), class_="row__open"), href=f"/at/{target.id}", class_="row")
    if node.kind == "tick":
        ticked = menu.is_ticked(node)
        box = el("span", icon("check") if ticked else None, class_="box")
        button = el("button", label, box, class_="row", role="checkbox", aria_checked="true" if ticked else "false")
        more = el(
            "a", icon("back"), el("span", menu.label(node), class_="hidden"), href=f"/at/{node.id}", class_="row__more"
        )
        return el("div", _use(node, button), more if node.children else None, class_="row__pair")
    if node.kind in ("action", "place") and not node.children:
        if not menu.is_built(node):
            why = el("span", say("nothing_to_do", car.language), class_="quiet")
            return el("span", label, why, class_="row row--idle")
        chosen = bool(node.sets) and menu.is_chosen(node)
        mark = el("span", icon("check"), class_="box") if chosen else None
        return _use(node, el("button", label, mark, class_="row", aria_pressed="true" if chosen else None))
    if node.kind == "input" and node.does == "join_hotspot":
        field = el("input", name="value", type="password", minlength=8, required=True, class_="field", aria_label=say("password", car.language),
                   placeholder=say("password", car.language), autocomplete="off")  # fmt: skip
        return _use(node, field, el("button", say("store", car.language), class_="button"), kind="entry")
    if node.kind == "value" and not node.children:
        options = [
            el(
                "button",
                option,
                name="value",
                value=option,
                class_="segment",
                aria_pressed="true" if menu.value(node) == option else "false",
            )
            for option in node.options
        ]
        return el("div", label, _use(node, *options, kind="segments"), class_="row row--value")
    return opens


def _use(node: MenuNode, *content: Html, kind: str = "use") -> Html:
    return el("form", *content, method="post", action=f"/use/{node.id}", class_=kind)


def printed(car: Car, menu: Menu, node: MenuNode, class_: str | None = None) -> Html:
    """This will write an entry's label in the language it is printed in, which need not be the screen's."""
    is_spoken = car.language in node.labels or (node.vehicles_label is not None and car.build.device_root is not None)
    return el("span", menu.label(node), class_=class_, lang=None if is_spoken else "it")


def icon_of(node: MenuNode) -> str:
    """This will choose the icon of an entry of the start screen."""
    return ICONS.get(node.label.casefold(), "account" if node.shows in ("pairing", "sign_in") else "list")
