"""What stands on the screen: the start screen, an entry of the menu with its rows, or the account screen."""

from typing import NamedTuple

from vettura_car.car import Car
from vettura_car.destinations import CHOOSE, OWN_PLACE, PORTAL_PLACE
from vettura_car.head_unit import CONFIRMED, Menu
from vettura_car.network import ROAMING
from vettura_car.screens import assistant, data_use, destinations, map_update, network, people, phone, roadside
from vettura_car.screens import map as maps
from vettura_car.screens.account import account, pairing, remote_access, short_name, sign_in
from vettura_car.screens.contracts import licences, privacy_services, services
from vettura_car.screens.instructions import instructions, more_about
from vettura_car.texts import say
from vettura_pack import face
from vettura_pack.markup import Html, el, icon, join
from vettura_pack.menu import MenuNode
from vettura_wire.destinations import POI, Destination

ACCOUNT = "account"
CONNECTION = "connection"
SHOWN_ABOVE = frozenset(
    {
        "enter_pairing_code",
        "sign_in",
        "sign_out",
        "start_guest",
        "end_guest",
        "grant_remote_access",
        "revoke_remote_access",
        CHOOSE,
        "delete_phone",
        "read_message",
        "dictate",
    }
)
"""What the blocks of people, access, places and phones do themselves, with a question where one is due, or by a gesture."""


class View(NamedTuple):
    """
    What the screen shows: an entry of the menu, the account screen, the code of a person (``who``), personal settings, the
    connection, guidance, a place (``place``, by its id), or (none of these) the start screen.
    """

    node: MenuNode | None = None
    is_account: bool = False
    problem: str | None = None
    who: str | None = None
    is_profile: bool = False
    is_connection: bool = False
    is_guidance: bool = False
    place: str | None = None

    @property
    def is_start(self) -> bool:
        """Whether it is the start screen."""
        others = (self.is_account, self.who, self.is_profile, self.is_connection, self.is_guidance, self.place)
        return self.node is None and not any(others)

    @property
    def address(self) -> str:
        """The path of the page that shows it."""
        addresses = (
            (self.node is not None, f"/at/{self.node.id if self.node else ''}"),
            (self.who is not None, f"/{people.WHO}/{self.who}"),
            (self.is_profile, f"/{people.MINE}"),
            (self.is_connection, f"/{CONNECTION}"),
            (self.is_guidance, f"/{destinations.GUIDANCE}"),
            (self.place is not None, f"/{destinations.PLACE}/{self.place}"),
            (self.is_account, f"/{ACCOUNT}"),
        )
        return next((address for shown, address in addresses if shown), "/")


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
    elif view.is_connection:
        body = network.overview(car, _doors(car, menu, "assistant", "data_use"))
        title, back = say("connection", car.language), "/"
    elif view.is_guidance:
        found = car.destinations.guided_to
        body = destinations.guide(car)
        title, back = found[0].name if found else say("guidance", car.language), "/"
    elif view.place is not None:
        entry = car.destinations.find(view.place)
        body = destinations.place(car, view.place)
        title = entry.name if entry else say("new_destination", car.language)
        back = list_of_place(menu, entry)
    elif view.node is not None:
        body = _entry(car, menu, view.node)
        above = menu.parent(view.node)
        while above is not None and above.kind == "place":
            above = menu.parent(above)
        title, back = _title(car, menu, view.node), f"/at/{above.id}" if above else "/"
    else:
        asks = (
            network.data_use_question(car),
            network.pin_prompt(car),
            roadside.notice(car),
            destinations.banner(car),
            map_update.notice(car),
        )
        return el("div", _problem(car, view), *asks, _start(car, menu), class_="screen screen--start")
    head = face.head(title, back=el("span", say("back", car.language), class_="hidden"), href=back)
    panel = view.node is not None and face.is_options(view.node)
    is_map = view.node is not None and maps.place_of_map(view.node) is not None
    drawn = el(
        "div",
        head,
        _problem(car, view),
        network.data_use_question(car),
        map_update.notice(car),
        body,
        class_=f"screen{' screen--panel' if panel else ''}{' screen--map' if is_map else ''}",
    )
    if not panel or view.node is None:
        return drawn
    # the options open over the screen they belong to
    owner = menu.parent(view.node)
    behind = el("div", _entry(car, menu, owner), class_="behind", inert=True, aria_hidden="true") if owner else None
    return join(behind, drawn)


def _doors(car: Car, menu: Menu, *shown: str) -> list[Html]:
    """Ways from one screen to others, with the label that they have in the menu."""
    nodes = [node for node in map(menu.shown_by, shown) if node is not None]
    return [face.row(printed(car, menu, node, class_="row__label"), href=f"/at/{node.id}") for node in nodes]


def _door(menu: Menu) -> assistant.Door:
    """Where the menu's entry for something is, and what is printed on it."""

    def door(what: str) -> tuple[str, str] | None:
        node = menu.door_to(what)
        if node is None:
            return None
        # the name of the options key says nothing without the key that it belongs to
        above = menu.parent(node) if node.label == face.OPTIONS else None
        printed_on = f"{menu.label(above)} > {menu.label(node)}" if above is not None else menu.label(node)
        return f"/at/{node.id}", printed_on

    return door


def list_of_place(menu: Menu, entry: Destination | None) -> str:
    """The address of the list in which an entry stands in this generation; without one, of the portal's."""
    own = menu.shown_by(OWN_PLACE) if entry is not None and entry.kind == POI else None
    node = own or menu.shown_by(PORTAL_PLACE)
    return f"/at/{node.id}" if node else "/"


def _problem(car: Car, view: View) -> Html | None:
    if view.problem is None:
        return None
    said = map_update.too_many(car) if view.problem == "too_many_regions" else say(view.problem, car.language)
    return el("p", said, class_="problem", role="alert")


def _title(car: Car, menu: Menu, node: MenuNode) -> str:
    """What stands above the screen: the label, or the phone, hotspot or map package that was opened."""
    chosen = car.condition.network
    if node.shows == "message_field":
        return say("write_message", car.language)
    package = car.map.package if node.does == "choose_map_package" else None
    if package is not None:
        return package.name[car.language]
    opened = {"choose_phone": chosen.chosen_phone, "choose_hotspot": chosen.chosen_hotspot}.get(node.does or "")
    opened = opened or (_sender(car) if node.shows == "message" else None)
    return opened or menu.label(node)


def _sender(car: Car) -> str | None:
    found = car.telephone.open_message
    return found[1].sender if found else None


def _start(car: Car, menu: Menu) -> Html:
    c = car.condition
    levels: list[Html] = []
    if car.build.has_battery:
        levels.append(_level(say("battery", car.language), c.state_of_charge))
    if car.build.has_tank:
        levels.append(_level(say("fuel", car.language), c.fuel_level))
    offline = None
    if not car.has_data:
        offline = el(
            "a",
            say("not_connected", car.language),
            el("span", icon("back"), class_="row__open"),
            href=f"/{CONNECTION}",
            class_="offline",
        )
    picture = el("img", src="/picture/side.svg", alt="", class_="start__car") if car.build.pack_dir else None
    locked = all(c.doors_locked.values())
    facts = el(
        "div",
        el("p", car.build.model_name, class_="start__name"),
        el("p", say("locked_state" if locked else "unlocked_state", car.language), " · ", f"{round(c.mileage):,} km".replace(",", " "),
           class_="quiet"),
        offline,
        picture,
        el("div", *levels, class_="levels"),
        class_="start__facts",
    )  # fmt: skip
    tiles = [
        face.tile(face.icon_of(root), printed(car, menu, root), href=f"/at/{root.id}")
        for root in menu.start()
        # what has a key of its own beside the screen needs no line on it
        if not (car.build.generation.has_hard_keys and root.kind == "key")
    ]
    tiles.append(face.tile("account", el("span", short_name(car)), href=f"/{ACCOUNT}"))
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
    drawn = maps.place_of_map(node)
    if drawn is not None:
        return maps.view(car, menu, drawn)
    if not menu.is_enabled(node):
        return el("div", map_update.offline(car), class_="body")
    content = {
        "services": services,
        "contracts": licences,
        "pairing": pairing,
        "sign_in": sign_in,
        "profile": people.settings,
        "remote_access": remote_access,
        "devices": network.devices,
        "connection": network.connection,
        "sim": network.sim,
        "apn": network.access_points,
        "privacy_services": privacy_services,
        PORTAL_PLACE: destinations.portal_list,
        OWN_PLACE: destinations.own_list,
        "carplay": phone.carplay,
        "music": phone.music,
        "messages": phone.messages,
        "mails": phone.mails,
        "calendar": phone.calendar,
        "map_update": map_update.update,
        "data_use": data_use.data_use,
        "assistant": assistant.overview,
        "map_regions": map_update.regions,
    }.get(node.shows or "")
    more = more_about(car, menu, node)
    whole = _whole(car, menu, node)
    if whole is not None:
        return el("div", whole, more, class_="body")
    shown = content(car) if content else None
    rows, edges = face.laid_out(node, menu.children, hidden=SHOWN_ABOVE)
    # away from the map the edge is the top one (PCM-040); the map's own options stand where the generation has them
    edge = face.edge([el("li", _row(car, menu, each)) for each in edges])
    listed = el("ul", *(el("li", _row(car, menu, each)) for each in rows), class_="rows") if rows else None
    if shown is None and not rows and not edges:
        listed = el("p", say("empty", car.language), class_="empty")
    # behind the options key the way in comes first, the list it belongs to after it
    ordered = (listed, shown) if face.is_options(node) else (shown, listed)
    return el("div", edge, *ordered, more, class_="body")


def _whole(car: Car, menu: Menu, node: MenuNode) -> Html | None:
    """What is drawn instead of an entry's own rows, with the addresses of what is used on it."""
    topic = assistant.topic_of(node.shows)
    if topic is not None:
        return assistant.answer(car, topic, _door(menu))
    if node.shows == "instructions":
        return instructions(car, menu)
    if node.shows == "profiles":
        choices = {(child.sets or "").partition("=")[2]: f"/use/{child.id}" for child in menu.children(node)}
        return network.profiles(car, choices)
    return _message(car, menu, node) if node.shows in ("message", "message_field") else None


def _message(car: Car, menu: Menu, node: MenuNode) -> Html:
    """The open message, or the field of a new one, with the addresses of their symbols."""
    used = {child.does: f"/use/{child.id}" for child in node.children}
    if node.shows == "message_field":
        return phone.message_field(car, write=f"/use/{node.id}", dictate=used.get("dictate", f"/use/{node.id}"))
    field = menu.shown_by("message_field")
    return phone.message(
        car, read=used.get("read_message", f"/use/{node.id}"), answer=f"/at/{field.id}" if field else None
    )


def _row_of_connection(car: Car, menu: Menu, node: MenuNode) -> Html | None:
    """What looks otherwise than its kind: lists of hotspots and phones, a password, and the tick that may cost something."""
    if not menu.is_enabled(node):
        label, why = (
            printed(car, menu, node, class_="row__label"),
            el("span", say("no_data", car.language), class_="quiet"),
        )
        return el("span", label, why, class_="row row--idle", role="link", aria_disabled="true", data_disabled=node.id)
    lists = {
        "choose_hotspot": network.found_hotspots,
        "choose_map_package": map_update.packages,
        "choose_phone": network.paired_phones,
    }
    if node.does in lists:
        return lists[node.does](car, f"/use/{node.id}")
    if node.does == "join_hotspot":
        shortest = car.build.pack.terms.hotspot_password_min_length
        text = say("password", car.language)
        field = el("input", id="add-password", name="value", type="password", minlength=shortest, maxlength=63, required=True,
                   class_="field", aria_label=text, placeholder=text, autocomplete="off", data_keep=True)  # fmt: skip
        return _use(node, field, el("button", say("store", car.language), class_="button"), kind="entry")
    if node.state == ROAMING and not menu.is_ticked(node) and car.networking.roaming_may_cost:
        return _costly(car, node, printed(car, menu, node, class_="row__label"))
    return None


def _row_of_message(car: Car, node: MenuNode) -> Html | None:
    """The list of messages, and the way to a new one."""
    if node.does == "choose_message":
        return phone.message_list(car, f"/use/{node.id}") or join()
    if node.does != "write_message":
        return None
    label = el("span", say("write_message", car.language), class_="row__label")
    return el(
        "a",
        icon("microphone"),
        label,
        el("span", icon("back"), class_="row__open"),
        href=f"/at/{node.id}",
        class_="row",
    )


def _row(car: Car, menu: Menu, node: MenuNode) -> Html:
    special = _row_of_connection(car, menu, node) or _row_of_message(car, node)
    if special is not None:
        return special
    label = printed(car, menu, node, class_="row__label")
    target = menu.target(node)
    opens = face.row(label, href=f"/at/{target.id}")
    if node.kind == "tick":
        ticked = menu.is_ticked(node)
        button = face.tick(label, is_ticked=ticked, is_button=True)
        more = el(
            "a", icon("back"), el("span", menu.label(node), class_="hidden"), href=f"/at/{node.id}", class_="row__more"
        )
        return el("div", _use(node, button), more if node.children else None, class_="row__pair")
    if node.kind in ("action", "place") and not node.children:
        if not menu.is_built(node):
            why = el("span", say("nothing_to_do", car.language), class_="quiet")
            return el("span", label, why, class_="row row--idle")
        chosen = bool(node.sets) and menu.is_chosen(node)
        return _use(node, face.choice(label, is_chosen=chosen, is_button=True))
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


def _costly(car: Car, node: MenuNode, label: Html) -> Html:
    """CON-020: what roaming costs is read before the tick is set."""
    confirm = el(
        "button", say("roaming_confirm", car.language), name="value", value=CONFIRMED, class_="button button--primary"
    )
    notice = el("p", say("roaming_costs", car.language), class_="hint", data_notice="roaming")
    return el(
        "details",
        el("summary", label, el("span", class_="box"), class_="row"),
        notice,
        _use(node, confirm),
        class_="costly",
    )


def _use(node: MenuNode, *content: Html, kind: str = "use") -> Html:
    return el("form", *content, method="post", action=f"/use/{node.id}", class_=kind)


def printed(car: Car, menu: Menu, node: MenuNode, class_: str | None = None) -> Html:
    """This will write an entry's label in the language it is printed in, which need not be the screen's."""
    is_spoken = car.language in node.labels or (node.vehicles_label is not None and car.build.device_root is not None)
    return el("span", menu.label(node), class_=class_, lang=None if is_spoken else "it")
