"""
A task shown on the head unit: one picture for each step, with what is to be pressed highlighted, and one of how it ends.

Nothing is written for it: the way is the task's path as walked in the menu tree, and the pictures are drawn with the parts of which the
simulated car makes its screens. What a car would fetch (a list of services, a map) stands there as grey lines.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from vettura_pack import face
from vettura_pack.markup import Html, el
from vettura_pack.menu import MenuNode, NodeKind
from vettura_pack.model import Generation, Pack

How = Literal["press", "choose", "tick", "type", "touch"]
"""What a person does: presses a key, chooses an entry, sets a tick, types something, or touches a part of the screen."""
HOW: dict[str, How] = {"key": "press", "tick": "tick", "input": "type", "place": "touch"}
OPENS = frozenset({"key", "menu", "list"})
CLOCK = "10:10"
CONNECTED = "LTE"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """
    One step: what to do with what, by its id and label, and the head unit with it highlighted. `is_before`: the path as printed begins
    behind it, it only leads there.
    """

    id: str
    kind: NodeKind
    how: How
    label: str
    is_before: bool
    picture: Html


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """A task on one head unit: its steps in order, and the head unit when all is done."""

    task: str
    scenes: tuple[Scene, ...]
    end: Html

    @property
    def name(self) -> str:
        """What tells this way from others: the last thing on it that is not the person's own choice."""
        return next((each.label for each in reversed(self.scenes) if each.kind != "input"), self.scenes[-1].label)


@dataclass
class _State:
    """What was ticked, chosen or set so far."""

    ticks: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)


def demonstration(
    pack: Pack, task: str, generation: Generation, language: str, *, start: str, root: str | None = None
) -> Demonstration | None:
    """
    The task in this generation, or None where nothing is to be done or the pack does not speak of it.

    `start` is the word for the start screen, `root` what this car's first key is called (C-07).
    """
    unit = pack.head_units[generation.head_unit]
    found = unit.task(task, generation.code)
    if found is None or not found.path:
        return None
    drawing = _Drawing(pack, generation, language, start, root or next(iter(generation.device_roots), None))
    # as they stand in the tree that is drawn
    walked = [drawing.nodes[node.id] for node in unit.walk(task, generation.code)]
    way = [*drawing.above(walked[0]), *walked]
    drawing.way = frozenset(node.id for node in way)
    scenes = []
    for position, node in enumerate(way):
        following = way[position + 1] if position + 1 < len(way) else None
        drawing.bring_to_screen(node)
        scenes.append(
            Scene(
                id=node.id,
                kind=node.kind,
                how=_how(node),
                label=drawing.label(node),
                is_before=position < len(way) - len(walked),
                picture=drawing.picture(here=node),
            )
        )
        drawing.use(node, following)
    return Demonstration(task=task, scenes=tuple(scenes), end=drawing.picture(here=None))


def _how(node: MenuNode) -> How:
    if node.kind == "input" and (node.does or "").startswith("choose_"):
        return "choose"
    return HOW.get(node.kind, "choose")


class _Drawing:
    """A head unit on which somebody walks a way."""

    def __init__(self, pack: Pack, generation: Generation, language: str, start: str, root: str | None) -> None:
        self._generation = generation
        self._language = language
        self._start = start
        self._root = root
        self._roots = pack.head_units[generation.head_unit].menu_for(generation.code)
        self.nodes = {node.id: node for top in self._roots for node in top.walk_all()}
        self._parents = {child.id: node for node in self.nodes.values() for child in node.children}
        self._open: MenuNode | None = None
        self._state = _State()
        self.way: frozenset[str] = frozenset()

    def above(self, node: MenuNode) -> list[MenuNode]:
        """What one opens from the start screen to get where this entry is."""
        parent = self._parents.get(node.id)
        return [*self.above(parent), parent] if parent else []

    def label(self, node: MenuNode) -> str:
        """What is printed on it in this car."""
        return node.label_in(self._language, device_root=self._root)

    def bring_to_screen(self, node: MenuNode) -> None:
        """This will open the screen on which the entry stands, unless it is there already."""
        if not self._is_on_screen(node):
            self._open = self._screen_of(node)

    def use(self, node: MenuNode, following: MenuNode | None) -> None:
        """This will do with the entry what a person does, so that the next picture shows what came of it."""
        goes_in = following is not None and any(child.id == following.id for child in node.children)
        if node.kind == "tick" and not goes_in:
            self._state.ticks.add(node.state or node.id)
        if node.kind == "action":
            self._state.done.add(node.id)
        for setting in (node.sets or "").split(",") if node.sets else ():
            state, _, value = setting.partition("=")
            self._state.values[state.strip()] = value.strip()
        if node.kind in OPENS or (goes_in and node.kind != "place"):
            self._open = node

    def picture(self, *, here: MenuNode | None) -> Html:
        """The whole head unit as it stands, with one entry highlighted."""
        car = self._generation
        skin = face.SKINS[car.menu_group]
        is_start = self._open is None
        has_rail = skin == "rail" or (skin == "wide" and not is_start)
        return face.unit(
            car.menu_group,
            self._start_screen(here) if self._open is None else self._screen(self._open, here),
            self._bar(),
            is_bar_below=car.symbol_corner == "bottom_left",
            rail=self._rail(here) if has_rail else None,
            keys=self._keys(here) if skin == "keys" else None,
        )

    def _is_there(self, node: MenuNode) -> bool:
        # a gesture is shown only where it is the way
        is_gesture = node.kind == "place" and not node.children
        return node.id in self.way or (node.condition is None and not is_gesture)

    def _children(self, node: MenuNode) -> list[MenuNode]:
        return [child for child in node.children if self._is_there(child)]

    def _top(self) -> MenuNode | None:
        above = self.above(self._open) if self._open else []
        return above[0] if above else self._open

    def _is_on_screen(self, node: MenuNode) -> bool:
        if self._open is None:
            return node.id not in self._parents
        if face.is_options(node) and self._generation.has_hard_keys:
            return self._options() is node
        return self._screen_of(node) is self._open

    def _screen_of(self, node: MenuNode) -> MenuNode | None:
        """The entry whose screen shows this one: the one above, past parts of a screen."""
        parent = self._parents.get(node.id)
        while parent is not None and parent.kind == "place":
            parent = self._parents.get(parent.id)
        return parent

    def _options(self) -> MenuNode | None:
        return face.options_of(self._open, lambda node: self._parents.get(node.id))

    def _printed(self, node: MenuNode, class_: str | None = None) -> Html:
        return el("span", self.label(node), class_=class_)

    # -- around the screen ---------------------------------------------------------------------------------------------

    def _bar(self) -> Html:
        symbol = el(
            "span",
            el("b", CONNECTED, class_="symbol__label"),
            class_="symbol",
            data_corner=self._generation.symbol_corner,
            data_connected="true",
        )
        clock = el("span", CLOCK, class_="clock")
        is_first = self._generation.symbol_corner == "bottom_left"
        return el("div", *((symbol, clock) if is_first else (clock, symbol)), class_="status")

    def _rail(self, here: MenuNode | None) -> Html:
        top = self._top()
        home = face.rail_link("home", el("span", self._start), href=None, is_current=self._open is None)
        roots = [
            face.rail_link(
                face.icon_of(root),
                self._printed(root),
                href=None,
                is_current=root is top,
                here=root is here and self._open is not None,
            )
            for root in self._roots
            if self._is_there(root)
        ]
        return el("div", home, *roots, class_="rail")

    def _keys(self, here: MenuNode | None) -> tuple[Html, Html]:
        left, right = (
            [face.hard_key(self.label(key), href=None, is_current=key is self._top(), here=key is here) for key in half]
            for half in face.halves(root for root in self._roots if self._is_there(root))
        )
        options = self._options()
        extra = face.hard_key(
            face.OPTIONS,
            href=None,
            kind="own" if options else "idle",
            is_current=options is not None and options is self._open,
            here=options is not None and options is here,
        )
        return (
            face.hard_keys([*left, face.hard_key(self._start, href=None, kind="own")]),
            face.hard_keys([*right, extra]),
        )

    # -- on the screen -------------------------------------------------------------------------------------------------

    def _start_screen(self, here: MenuNode | None) -> Html:
        tiles = [
            face.tile(face.icon_of(root), self._printed(root), href=None, here=root is here)
            for root in self._roots
            if self._is_there(root) and not (self._generation.has_hard_keys and root.kind == "key")
        ]
        facts = el(
            "div", el("p", self._generation.name_in(self._language), class_="start__name"), class_="start__facts"
        )
        return el("div", facts, el("div", *tiles, class_="tiles"), class_="screen screen--start")

    def _screen(self, node: MenuNode, here: MenuNode | None) -> Html:
        is_panel = face.is_options(node) and self._generation.has_hard_keys
        return el(
            "div",
            face.head(self.label(node), back=None, href=None),
            self._body(node, here),
            class_="screen screen--panel" if is_panel else "screen",
        )

    def _body(self, node: MenuNode, here: MenuNode | None) -> Html:
        rows, edges = face.laid_out(node, self._children)
        parts = [el("li", self._row(each, here)) for each in rows]
        touched = here if here is not None and here.kind == "place" and here.children else None
        listed = el("ul", *parts, class_="rows") if parts else el("div", *_lines(), class_="ghost")
        return el(
            "div",
            self._region(touched) if touched else None,
            face.edge([self._row(each, here) for each in edges]),
            listed,
            class_="body",
        )

    def _region(self, node: MenuNode) -> Html:
        return el("span", self._printed(node, "row__label"), class_="region", data_here=True)

    def _row(self, node: MenuNode, here: MenuNode | None) -> Html:
        label, is_here = self._printed(node, "row__label"), node is here
        how = _how(node)
        if node.kind == "tick":
            is_ticked = (node.state or node.id) in self._state.ticks
            return face.tick(label, is_ticked=is_ticked, is_button=False, here=is_here)
        if node.kind == "place":
            return el("span", label, class_="region", data_here=is_here)
        if how == "type":
            return el("span", el("span", label, class_="field"), class_="entry", data_here=is_here)
        if node.kind == "value" and not node.children:
            options = [el("span", option, class_="segment") for option in node.options]
            return el(
                "span", label, el("span", *options, class_="segments"), class_="row row--value", data_here=is_here
            )
        if node.kind == "action" and not node.children:
            return face.choice(label, is_chosen=self._is_set(node), is_button=False, here=is_here)
        return face.row(label, href=None, here=is_here)

    def _is_set(self, node: MenuNode) -> bool:
        state, _, value = (node.sets or "").partition("=")
        return node.id in self._state.done or (bool(state) and self._state.values.get(state) == value)


def _lines() -> Iterable[Html]:
    """What a car would show there and a picture cannot know."""
    return (el("span", class_="ghost__line") for _ in range(4))
