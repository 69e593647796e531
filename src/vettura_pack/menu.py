"""The menu tree of a head unit, and how a printed path is walked through it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

NodeKind = Literal["key", "menu", "tick", "value", "action", "list", "input", "place"]
Basis = Literal["stated", "generic", "inferred", "none"]

# What a step of a printed path may carry around its label: a hard key, a tick-box, a remark in parentheses.
_REMARK = re.compile(r"\s*\([^)]*\)")
_GESTURE = re.compile(r"^\{(.*)\}$")
_CHOICE = re.compile(r"^\[(.*)\]$")
_ALL_OF = re.compile(r"^all (?:\w+) on:\s*(.*)$")
_SEPARATOR = re.compile(r"\s*>\s*")


def normal_label(label: str) -> str:
    """The label as it is compared: without remarks in parentheses, case and spacing (C-70)."""
    return re.sub(r"[\s_]+", "", _REMARK.sub("", label)).casefold()


@dataclass(frozen=True, kw_only=True)
class MenuNode:
    """
    One element of a head unit.

    `kind`: `key` is a hard key or a fixed key of the screen, `menu` opens its children, `tick` is a box that shows and
    toggles `state`, `value` chooses one of `options` for `state`, `action` does `does` or `sets` states ("data=off"),
    `list` shows `shows`, `input` takes what the person types, `place` is a part of the screen or a gesture without a
    printed label.

    Words that a car knows: states `data`, `roaming`, `privacy_mode`, `share_data`, `wifi_data` …; `does`
    `enter_pairing_code`, `sign_in`, `sign_out`, `start_guest`, `grant_remote_access`, `revoke_remote_access`,
    `factory_reset` …; `shows` `services`, `contracts`, `pairing`, `sign_in`, `profile`, `remote_access`, `updates`, `messages`,
    `map`, `devices` …

    `label` is printed as it stands; `labels` holds it in other languages where known, see `label_in`. `condition` names
    what must hold for the element to exist (`inserted_sim`, `online`, `not_paired` …), `enabled: online` what must hold for it
    to be usable: without a connection it stands there disabled. `leads_to` is the id of another
    element that opens instead. `vehicles_label` names the vehicle attribute that chooses among label and aliases.
    """

    id: str
    kind: NodeKind
    label: str
    labels: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    state: str | None = None
    sets: str | None = None
    options: tuple[str, ...] = ()
    shows: str | None = None
    does: str | None = None
    condition: str | None = None
    enabled: Literal["online"] | None = None
    leads_to: str | None = None
    vehicles_label: str | None = None
    generations: tuple[str, ...] = ()
    basis: Basis = "stated"
    children: tuple["MenuNode", ...] = ()

    @property
    def is_printed(self) -> bool:
        """Whether the label stands on the screen or a key; places and inputs have none."""
        return self.kind not in ("place", "input")

    def label_in(self, language: str, *, device_root: str | None = None) -> str:
        """
        The label for a screen in this language; a vehicle whose root key reads differently says so by `device_root`
        (C-07).
        """
        if self.vehicles_label == "device_root" and device_root:
            return device_root
        return self.labels.get(language, self.label)

    def answers_to(self, step: str) -> bool:
        """Whether a printed step means this element: by label or alias, whatever its case and spacing."""
        wanted = normal_label(step)
        return any(normal_label(name) == wanted for name in (self.label, *self.labels.values(), *self.aliases))

    def exists_in(self, generation: str) -> bool:
        """Whether head units of this generation have the element."""
        return not self.generations or generation in self.generations

    def walk_all(self) -> Iterator["MenuNode"]:
        """This element and everything below it, top down."""
        yield self
        for child in self.children:
            yield from child.walk_all()


@dataclass(frozen=True, kw_only=True)
class TaskPath:
    """
    The way to do one thing in a generation's head unit.

    `path` is printed as in the instructions: steps joined by ` > `, `[…]` is the person's own choice or input, `{…}` a
    place or gesture without a label. An empty path means there is nothing to do (`result` says why) or, with basis
    `none`, that no instruction is known.
    """

    task: str
    generations: tuple[str, ...]
    path: str
    result: str
    basis: Basis
    condition: str = ""
    source: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[str, ...]:
        """The printed steps in order."""
        return tuple(_SEPARATOR.split(self.path)) if self.path else ()


class NoSuchStep(LookupError):
    """A printed step does not exist where the path expects it."""

    def __init__(self, *, step: str, after: str) -> None:
        """The step that is missing, and where it was looked for."""
        self.step = step
        self.after = after
        super().__init__(f"there is no “{step}” {after}")


@dataclass(frozen=True, kw_only=True)
class HeadUnit:
    """One family of head units: its skin, its generations, its menu tree and the tasks one can do in it."""

    name: str
    menu_group: str
    skin: str
    generations: tuple[str, ...]
    menu: tuple[MenuNode, ...]
    tasks: tuple[TaskPath, ...]

    def nodes(self, generation: str | None = None) -> Iterator[MenuNode]:
        """Every element, top down; only those of one generation when it is named."""
        for root in self.menu_for(generation) if generation else self.menu:
            yield from root.walk_all()

    def menu_for(self, generation: str) -> tuple[MenuNode, ...]:
        """The menu tree as a head unit of this generation has it."""
        return tuple(_pruned(root, generation) for root in self.menu if root.exists_in(generation))

    def node(self, node_id: str) -> MenuNode:
        """The element with this id. Raises KeyError when there is none."""
        for node in self.nodes():
            if node.id == node_id:
                return node
        raise KeyError(node_id)

    def task(self, task: str, generation: str) -> TaskPath | None:
        """How this task is done in this generation; None when the pack does not speak of it."""
        return next((t for t in self.tasks if t.task == task and generation in t.generations), None)

    def walk(self, task: str, generation: str) -> tuple[MenuNode, ...]:
        """
        The elements that the task's path passes, in order; empty for a task without a path.

        Raises KeyError for a task that the pack does not speak of and NoSuchStep when the tree and the path disagree.
        """
        found = self.task(task, generation)
        if found is None:
            raise KeyError(f"{task} for {generation}")
        return self.walk_path(found.path, generation)

    def walk_path(self, path: str, generation: str) -> tuple[MenuNode, ...]:
        """The elements that a printed path passes. Raises NoSuchStep where the tree has no such element."""
        passed: list[MenuNode] = []
        steps = _SEPARATOR.split(path) if path else []
        choices = self.menu_for(generation)
        for position, step in enumerate(steps):
            after = f"in “{passed[-1].label}”" if passed else "on the start screen"
            # A path may begin inside the tree: an instruction that says "device manager > …" starts where that is.
            anywhere = tuple(self.nodes(generation)) if position == 0 else ()
            here = _match(step, choices) or _match(step, anywhere)
            if not here:
                raise NoSuchStep(step=step, after=after)
            passed.extend(here)
            choices = self._choices_behind(here[-1], generation)
        return tuple(passed)

    def _choices_behind(self, node: MenuNode, generation: str) -> tuple[MenuNode, ...]:
        """What can be chosen next: the element's own children, or those of the element it leads to."""
        if node.leads_to is None:
            return node.children
        target = next(n for n in self.nodes(generation) if n.id == node.leads_to)
        return (target, *target.children, *node.children)


def _pruned(node: MenuNode, generation: str) -> MenuNode:
    """The element without those descendants that this generation lacks."""
    kept = tuple(_pruned(child, generation) for child in node.children if child.exists_in(generation))
    return node if kept == node.children else _with_children(node, kept)


def _with_children(node: MenuNode, children: tuple[MenuNode, ...]) -> MenuNode:
    values = {name: getattr(node, name) for name in node.__dataclass_fields__}
    return MenuNode(**{**values, "children": children})


def _match(step: str, choices: tuple[MenuNode, ...]) -> tuple[MenuNode, ...]:
    """The element or elements that a printed step means, () when there is none."""
    gesture = _GESTURE.match(step)
    if gesture:
        every = _ALL_OF.match(gesture.group(1))
        if every:
            return _match_all(every.group(1).split(";"), choices)
        named = gesture.group(1)
        return _first(choices, (named, named.rsplit(":", 1)[0], named.split(",", 1)[0]))
    choice = _CHOICE.match(step)
    if choice:
        return _first(choices, (choice.group(1),))
    return _first(choices, (step, *_REMARK.sub("", step).split(" or ")))


def _match_all(steps: list[str], choices: tuple[MenuNode, ...]) -> tuple[MenuNode, ...]:
    found = [_first(choices, (step,)) for step in steps]
    return tuple(nodes[0] for nodes in found) if all(found) else ()


def _first(choices: tuple[MenuNode, ...], names: tuple[str, ...]) -> tuple[MenuNode, ...]:
    return next(((node,) for name in names for node in choices if node.answers_to(name)), ())
