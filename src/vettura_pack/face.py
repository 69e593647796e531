"""
The face of a head unit: keys or rail around the glass, and what stands on it. The car draws itself with it, and the help center
its demonstrations, so that both look alike.

Whoever draws says where a press leads (`href`); without, it is a picture. `here` highlights what is to be pressed.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from vettura_pack.markup import Html, el, icon
from vettura_pack.menu import MenuNode

STATIC = Path(__file__).parent / "static"
"""Where the style sheet of it lies: `head_unit.css`."""
SKINS = {"G1": "keys", "G2": "rail", "G3": "rail", "G4": "wide"}
OPTIONS = "OPT"
ICONS = {
    "phone": "phone", "telefono": "phone", "apps": "apps", "map": "map", "mappa": "map", "nav": "nav", "set": "settings",
    "devices": "device", "dispositivi": "device", "impostazione": "settings", "fav": "list", "media": "music",
}  # fmt: skip


def unit(
    menu_group: str, screen: Html, bar: Html, *, is_bar_below: bool, rail: Html | None, keys: tuple[Html, Html] | None
) -> Html:
    """This will put a head unit together: a screen with its status bar, and the rail or the hard keys of its family."""
    skin = SKINS[menu_group]
    content = {"keys": (screen,), "rail": (rail, screen), "wide": (screen, rail)}[skin]
    inside = el("div", *content, class_="glass__inside")
    glass = el("div", *((inside, bar) if is_bar_below else (bar, inside)), class_="glass")
    left, right = keys if keys is not None and skin == "keys" else (None, None)
    return el("div", left, glass, right, class_=f"unit unit--{skin}")


def rail_link(sign: str, label: Html, *, href: str | None, is_current: bool, here: bool = False) -> Html:
    """This will draw one of the entries that stay beside or below the screen."""
    return _pressed(
        icon(sign),
        label,
        href=href,
        class_="rail__link",
        aria_current="page" if is_current else None,
        here=here,
    )


def hard_key(
    label: str, *, href: str | None, is_current: bool = False, kind: str | None = None, here: bool = False
) -> Html:
    """This will draw a key beside the screen; `own` are those that every head unit has, `idle` one that does nothing now."""
    return _pressed(
        label,
        href=href,
        class_=f"hardkey hardkey--{kind}" if kind else "hardkey",
        aria_current="page" if is_current else None,
        here=here,
    )


def hard_keys(keys: Iterable[Html]) -> Html:
    """This will draw a column of keys above their knob."""
    return el("div", *keys, el("span", class_="knob", aria_hidden="true"), class_="hardkeys")


def halves(roots: Iterable[MenuNode]) -> tuple[list[MenuNode], list[MenuNode]]:
    """The keys of the start screen as they stand left and right of it."""
    keys = [root for root in roots if root.kind == "key"]
    half = (len(keys) + 1) // 2
    return keys[:half], keys[half:]


def tile(sign: str, label: Html, *, href: str | None, here: bool = False) -> Html:
    """This will draw an entry of the start screen."""
    return _pressed(icon(sign), label, href=href, class_="tile", here=here)


def head(title: str, *, back: Html | None, href: str | None) -> Html:
    """This will draw the line above a screen, with the way back."""
    way_back = _pressed(icon("back"), back, href=href, id="back" if href else None, class_="back")
    return el("header", way_back, el("h2", title), class_="screen__head")


def row(label: Html, *, href: str | None, here: bool = False) -> Html:
    """This will draw an entry that opens."""
    return _pressed(label, el("span", icon("back"), class_="row__open"), href=href, class_="row", here=here)


def tick(label: Html, *, is_ticked: bool, is_button: bool, here: bool = False) -> Html:
    """This will draw an entry with its box."""
    return el(
        "button" if is_button else "span",
        label,
        el("span", icon("check") if is_ticked else None, class_="box"),
        class_="row",
        role="checkbox",
        aria_checked="true" if is_ticked else "false",
        data_here=here,
    )


def choice(label: Html, *, is_chosen: bool | None, is_button: bool, here: bool = False) -> Html:
    """This will draw an entry that acts; the one in force has a mark. None: it is not one of several."""
    mark = el("span", icon("check"), class_="box") if is_chosen else None
    return el(
        "button" if is_button else "span",
        label,
        mark,
        class_="row",
        aria_pressed="true" if is_chosen else None,
        data_here=here,
    )


def edge(entries: Sequence[Html]) -> Html | None:
    """This will draw what stands on the edge of a screen."""
    return el("div", *entries, class_="edge edge--top") if entries else None


def laid_out(
    node: MenuNode, children: Callable[[MenuNode], Sequence[MenuNode]], *, hidden: Collection[str] = ()
) -> tuple[list[MenuNode], list[MenuNode]]:
    """
    The entries that stand in rows on the screen of this one, and those that stand on its edge. Parts of the screen without a label are
    passed through; what does something in `hidden` is drawn otherwise.
    """
    rows: list[MenuNode] = []
    edges: list[MenuNode] = []
    for child in children(node):
        if child.kind == "place" and child.children:
            inner, inner_edges = laid_out(child, children, hidden=hidden)
            edges.extend(inner_edges)
            # what stands directly in a place of the start of the screen stands on its edge
            (edges if child.shows is None else rows).extend(inner)
        elif is_options(child) or child.does in hidden:
            continue
        else:
            rows.append(child)
    return rows, edges


def is_options(node: MenuNode) -> bool:
    """Whether it is the key that opens the options of what is on the screen."""
    return node.kind == "key" and node.label == OPTIONS


def options_of(node: MenuNode | None, parent: Callable[[MenuNode], MenuNode | None]) -> MenuNode | None:
    """The options key acts on the screen it is pressed in, or on the one above."""
    if node is None:
        return None
    found = next((entry for entry in [node, *node.children] if is_options(entry)), None)
    return found or options_of(parent(node), parent)


def icon_of(node: MenuNode) -> str:
    """The icon of an entry of the start screen."""
    return ICONS.get(node.label.casefold(), "account" if node.shows in ("pairing", "sign_in") else "list")


def _pressed(
    *content: Html | str | None, href: str | None, here: bool = False, **attributes: str | bool | None
) -> Html:
    return el("a" if href else "span", *content, href=href, data_here=here, **attributes)
