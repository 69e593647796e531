"""
The head unit's menu: what an entry is worth in this car and what happens when it is used.

The tree comes from the pack. The car gives meaning to a few words (``data``, ``privacy_mode``, ``enter_pairing_code`` …);
every other tick and value is kept as the driver set it.
"""

from collections.abc import Callable

from vettura_car import cartography
from vettura_car.car import Car
from vettura_car.destinations import CHOOSE, LOAD
from vettura_car.errors import CarError, NotPossible
from vettura_car.mapping import SATELLITE, TRAFFIC
from vettura_car.network import DATA, ROAMING
from vettura_pack.menu import MenuNode
from vettura_pack.model import Pack

PRIVACY = "privacy_mode"
STORED_PIN, SIM_ACCESS, PROFILE = "sim_pin_saved", "sim_access", "phone_profile"
"""States that are no ticks of their own: they follow from the card and the phones."""
CONFIRMED = "confirmed"
"""What is sent with the tick of roaming once its cost notice was read."""
ON_WORDS = frozenset({"on", "true", "yes"})
OFF_WORDS = frozenset({"off", "false", "no"})


class Menu:
    """The menu tree of one car's generation."""

    def __init__(self, car: Car) -> None:
        self._car = car
        self.roots = car.build.head_unit.menu_for(car.build.generation.code)
        self._nodes: dict[str, MenuNode] = {}
        self._parents: dict[str, MenuNode] = {}
        for root in self.roots:
            for node in root.walk_all():
                self._nodes.setdefault(node.id, node)
                for child in node.children:
                    self._parents.setdefault(child.id, node)

    def node(self, node_id: str) -> MenuNode | None:
        """The entry of this id, None if this generation has none."""
        return self._nodes.get(node_id)

    def parent(self, node: MenuNode) -> MenuNode | None:
        """The entry above, None for those of the start screen."""
        return self._parents.get(node.id)

    def path(self, node: MenuNode) -> list[MenuNode]:
        """The entries from the start screen to this one."""
        above = self.parent(node)
        return [*(self.path(above) if above else []), node]

    def target(self, node: MenuNode) -> MenuNode:
        """What opens when the entry is chosen: itself, or the one it leads to (C-10)."""
        return self._nodes.get(node.leads_to, node) if node.leads_to else node

    def children(self, node: MenuNode) -> list[MenuNode]:
        """The entries that can be chosen in this one now."""
        return [child for child in node.children if self.is_there(child)]

    def start(self) -> list[MenuNode]:
        """The entries of the start screen now."""
        return [root for root in self.roots if self.is_there(root)]

    def label(self, node: MenuNode) -> str:
        """What is printed on the entry in this car (C-07)."""
        return node.label_in(self._car.language, device_root=self._car.build.device_root)

    def is_there(self, node: MenuNode) -> bool:
        """Whether the entry's condition holds."""
        return self.holds(node.condition)

    def holds(self, condition: str | None) -> bool:
        """Whether a condition of the menu holds now; none, and one that the car does not know, holds."""
        car = self._car
        if condition is None:
            return True
        if condition == "street_covered":
            # where the car is on its roads is looked for only when it matters
            return cartography.shows_figure(car.map.facts)
        person = car.signed_in
        known = {
            "online": car.has_data,
            "paired": car.users.main_linked,
            "not_paired": not car.users.main_linked,
            "inserted_sim": car.build.generation.inserted_sim,
            "phone_hotspot": "phone_hotspot" in car.abilities.ways,
            "signed_in": person is not None,
            "not_signed_in": person is None,
            "main_user_signed_in": person is not None and person.role == "main_user",
            "parking_plus": car.entitlement.of("parking_plus").is_active,
            "phone_messages": "messages" in car.build.phone_functions,
            "phone_mail": "mail" in car.build.phone_functions,
            "phone_app": bool(car.networking.needed_ticks),
            "carplay": "carplay" in car.build.phone_functions,
            "real_time_traffic": car.map.has_service(TRAFFIC),
            "satellite_view": car.map.has_service(SATELLITE),
        }
        return known.get(condition, True)

    def is_enabled(self, node: MenuNode) -> bool:
        """Whether the entry can be used; one that cannot still stands there (NAV-013)."""
        return node.enabled is None or self._car.has_data

    def is_built(self, node: MenuNode) -> bool:
        """Whether choosing the entry does something; if not, the screen says that there is nothing to do."""
        return node.kind not in ("action", "place", "input") or not node.does or node.does in self._acts("")

    def shown_by(self, what: str) -> MenuNode | None:
        """The first entry that shows or does this."""
        return next((node for node in self._nodes.values() if what in (node.shows, node.does)), None)

    def door_to(self, what: str) -> MenuNode | None:
        """The entry to open for what shows, does or sets this: itself, or the screen on which it is used."""
        found = next((node for node in self._nodes.values() if what in (node.shows, node.does, node.state)), None)
        if found is None or not self.is_there(found):
            return None
        opens = found.kind in ("menu", "key", "list") or (found.kind == "value" and found.children)
        return found if opens else self.parent(found)

    # -- values ------------------------------------------------------------------------------------------------------

    def is_ticked(self, node: MenuNode) -> bool:
        """Whether the tick is there: the visible proof of the state (PCM-004)."""
        return self._state_is_on(node.state or node.id)

    def value(self, node: MenuNode) -> str | None:
        """The chosen option of a value entry."""
        state = node.state or node.id
        if state in (DATA, PRIVACY):
            words = ON_WORDS if self._state_is_on(state) else OFF_WORDS
            return next((option for option in node.options if option.casefold() in words), None)
        return self._car.condition.choices.get(state)

    def use(self, node: MenuNode, value: str = "") -> None:
        """
        This will do what choosing the entry does: turn a tick, choose a value, take an input, act.

        Refuses (NotPossible) what the car cannot do now; an entry that only opens does nothing.
        """
        if node.does:
            act = self._acts(value).get(node.does)
            if act is None:
                raise NotPossible("nothing_to_do")
            act()
        elif node.sets:
            for setting in node.sets.split(","):
                state, _, wanted = setting.partition("=")
                self._set(state.strip(), wanted.strip(), typed=value)
        elif node.kind == "tick":
            self._set(node.state or node.id, "off" if self.is_ticked(node) else "on", typed=value)
        elif node.kind == "value":
            if value not in node.options:
                raise NotPossible("unknown_option")
            self._set(node.state or node.id, value)

    def is_chosen(self, node: MenuNode) -> bool:
        """Whether this entry's value is the one in force, for entries that set one."""
        state, _, wanted = (node.sets or "").partition("=")
        word = wanted.casefold()
        if word in ON_WORDS or word in OFF_WORDS:
            return self._state_is_on(state) == (word in ON_WORDS)
        if state == PROFILE:
            phone = self._car.networking.open_phone
            return phone is not None and wanted in self._car.condition.network.links(phone)
        return self._car.condition.choices.get(state) == wanted

    def _state_is_on(self, state: str) -> bool:
        if state == PRIVACY:
            return self._car.condition.privacy_on
        if state == STORED_PIN:
            return self._car.condition.network.stored_pin is not None
        if state == SIM_ACCESS:
            return self._car.condition.network.lender is not None
        return self._car.condition.ticks.get(state, state == DATA)

    def _set(self, state: str, wanted: str, *, typed: str = "") -> None:
        word = wanted.casefold()
        networking = self._car.networking
        if state == PRIVACY:
            self._car.set_privacy(word in ON_WORDS)
        elif state == ROAMING:
            networking.set_roaming(word in ON_WORDS, is_confirmed=typed == CONFIRMED)
        elif state == STORED_PIN:
            networking.store_pin(typed)
        elif state == SIM_ACCESS:
            networking.set_sim_access(word in ON_WORDS)
        elif state == PROFILE:
            networking.use_profile(wanted)
        elif word in ON_WORDS or word in OFF_WORDS:
            self._car.tick(state, word in ON_WORDS)
        else:
            self._car.choose(state, wanted)

    def _acts(self, value: str) -> dict[str, Callable[[], None]]:
        car = self._car
        return {
            "enter_pairing_code": lambda: car.enter_pairing_code(value),
            "sign_in": car.request_sign_in,
            "sign_out": car.sign_out,
            "start_guest": car.start_guest,
            "end_guest": car.end_guest,
            "grant_remote_access": car.grant_remote_access,
            "revoke_remote_access": car.revoke_remote_access,
            "restart": car.restart,
            "factory_reset": car.reset_to_factory,
            "choose_hotspot": lambda: car.networking.choose_hotspot(value),
            "join_hotspot": lambda: car.networking.join_hotspot(value),
            "choose_phone": lambda: car.networking.choose_phone(value),
            "delete_phone": lambda: car.networking.forget_phone(value),
            LOAD: car.destinations.load,
            CHOOSE: lambda: car.destinations.choose(value),
            "choose_message": lambda: car.telephone.choose_message(value),
            "read_message": car.telephone.read_message,
            "write_message": lambda: car.telephone.write_message(value),
            "dictate": lambda: car.telephone.dictate(typed=value),
            "street_view": car.map.open_street_view,
            "zoom_in": lambda: car.map.zoom(1),
            "zoom_out": lambda: car.map.zoom(-1),
            "choose_map_package": lambda: car.map.choose_package(value),
            "update_map": car.map.start_update,
        }


def print_generations(pack: Pack, *, write: Callable[[str], object]) -> None:
    """This will list the generations whose menus can be printed."""
    for code, generation in pack.generations.items():
        write(f"{code:<8}{generation.name}, {pack.head_units[generation.head_unit].menu_group}\n")


def print_menu(pack: Pack, code: str, *, write: Callable[[str], object], language: str | None = None) -> None:
    """
    This will print the menu tree of a generation, one entry a line, indented by depth, with its id, what it does or shows,
    when it is there, and on what it is based. Labels are as printed in the car, or in ``language`` where it is known.

    Refuses (CarError) a generation that the pack does not know.
    """
    if code not in pack.generations:
        raise CarError(f"The pack {pack.id} knows no generation {code}; it knows {', '.join(pack.generations)}.")
    generation = pack.generations[code]
    unit = pack.head_units[generation.head_unit]
    write(f"{generation.name} ({code}), {unit.menu_group}\n")
    for root in unit.menu_for(code):
        _print_node(root, 1, write, language)


MARKS = {
    "key": "[{}]",
    "tick": "☐ {}",
    "value": "{} ▸",
    "action": "» {}",
    "list": "≡ {}",
    "input": "✎ {}",
    "place": "({})",
}


def _print_node(node: MenuNode, depth: int, write: Callable[[str], object], language: str | None) -> None:
    label = MARKS.get(node.kind, "{}").format(node.label_in(language) if language else node.label)
    options = f" {' | '.join(node.options)}" if node.options else ""
    basis = "" if node.basis == "stated" else f"   ({node.basis})"
    leads = f" → {node.leads_to}" if node.leads_to else ""
    words = {"state": node.state, "sets": node.sets, "does": node.does, "shows": node.shows, "if": node.condition}
    facts = "".join(f" {word}: {value}" for word, value in words.items() if value)
    write(f"{'    ' * depth}{label}{options}{leads}{basis}   #{node.id}{facts}\n")
    for child in node.children:
        _print_node(child, depth + 1, write, language)
