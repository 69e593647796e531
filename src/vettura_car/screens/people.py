"""The screens of people in a car that knows them by account: who drives, the security code, and personal settings."""

from vettura_car.acting import act
from vettura_car.car import Car
from vettura_car.texts import say
from vettura_pack.markup import Html, el, icon
from vettura_wire import events
from vettura_wire.settings import LISTS, LONGEST_ENTRY, SCALES, SEAT_HEATING, TEMPERATURE

WHO = "who"
OTHER = "other"
MINE = "mine"
CODE_FORM = "code-form"
CODE_ERRORS = {
    events.CODE_WRONG: "security_code_wrong",
    events.LOCKED: "security_code_locked",
    events.NO_DATA_CONNECTION: "security_code_no_data",
    "no_answer": "no_answer",
}
SEAT = ("seat_position", "seat_height", "seat_backrest")


def chooser(car: Car) -> Html:
    """Who drives: whom the key proposes, the users of the car, somebody else, a guest (TAY-004, TAY-011, TAY-014)."""
    language = car.language
    rows = [_row(f"/{WHO}/{user.account_id}", user.name, say(user.role, language)) for user in car.users.users]
    rows.append(_row(f"/{WHO}/{OTHER}", say("other_account", language)))
    return el(
        "div",
        proposal(car),
        outcome(car),
        el("ul", *rows, class_="rows rows--people", aria_label=say("who_drives", language)),
        el("div", guest_button(car), by_phone(car), class_="cluster"),
        class_="stack",
    )


def proposal(car: Car) -> Html | None:
    """TAY-011: who used the key last is proposed, with one press."""
    remembered = car.proposed
    if remembered is None:
        return None
    language = car.language
    name = say("guest_session", language) if remembered.is_guest else remembered.name
    words = el("p", icon("key"), say("key_proposes", language, number=car.condition.key, name=name))
    way = (
        guest_button(car, is_first=True)
        if remembered.is_guest
        else el(
            "a",
            say("sign_in_as", language, name=name),
            href=f"/{WHO}/{remembered.account_id}",
            class_="button button--primary",
        )
    )
    return el("div", words, way, class_="proposal", data_proposes=remembered.account_id or "guest")


def guest_button(car: Car, *, is_first: bool = False) -> Html | None:
    """A guest may drive at once, where the generation has guests."""
    if not car.build.generation.guest_mode or car.condition.guest:
        return None
    kind = "button button--primary" if is_first else "button"
    return act("start_guest", el("button", say("start_guest", car.language), class_=kind))


def by_phone(car: Car) -> Html:
    """The device flow, for whoever has a phone at hand."""
    return act("sign_in", el("button", say("by_phone", car.language), class_="button"))


def _row(href: str, name: str, about: str | None = None) -> Html:
    quiet = el("span", about, class_="quiet") if about else None
    words = el("span", el("span", name), quiet, class_="row__label licence__words")
    opens = el("span", icon("back"), class_="row__open")
    return el("li", el("a", icon("account"), words, opens, href=href, class_="row"))


def outcome(car: Car) -> Html | None:
    """What became of the last try to sign in by security code."""
    request = car.request
    if request is None or request.type not in (events.SECURITY_CODE_REQUESTED, events.SECURITY_CODE_PROOF):
        return None
    if request.state == "refused":
        return el(
            "p", say(CODE_ERRORS.get(request.error or "", "refused"), car.language), class_="problem", role="alert"
        )
    is_in = request.state == "accepted" and car.signed_in is not None
    return None if is_in else el("p", say("waiting", car.language), class_="quiet", role="status")


def who_is(car: Car, who: str) -> str | None:
    """The name of somebody whom the car may know: a user, or whom a key remembers; None for anybody else."""
    known = {user.account_id: user.name for user in car.users.users}
    known |= {key.account_id: key.name for key in car.condition.keys.values() if key.account_id}
    return known.get(who)


def code_entry(car: Car, who: str) -> Html:
    """The pad for the security code of a person, or of whoever types an address; a guest may drive if it fails (TAY-004)."""
    language = car.language
    digits = car.build.pack.terms.security_code_length
    name = who_is(car, who)
    email = hidden = None
    if name is None:
        email = el("input", id="email", name="email", type="email", form=CODE_FORM, autocomplete="off", required=True, class_="field",
                   data_keep=True, aria_label=say("email", language), placeholder=say("email", language), maxlength=254)  # fmt: skip
    else:
        hidden = el("input", type="hidden", name="account_id", value=who)
    field = el("input", id="code", name="value", type="password", form=CODE_FORM, inputmode="numeric", pattern=f"[0-9]{{{digits}}}",
               maxlength=digits, autocomplete="off", required=True, class_="code numeral", aria_label=say("security_code", language),
               placeholder="·" * digits)  # fmt: skip
    tried = outcome(car)
    hint = el("p", say("security_code_hint", language, digits=digits), class_="quiet")
    fields = el("div", email, field, class_="pairing__words pad-fields")
    more = el("div", tried or hint, guest_button(car), class_="pairing__words pad-more")
    pad = el("form", hidden, keypad(car), id=CODE_FORM, method="post", action="/do/security_code")
    return el("div", el("div", fields, pad, more, class_="pad-code"), class_="body")


def keypad(car: Car) -> Html:
    """Ten digits, one to delete, one to confirm."""
    language = car.language
    digits = [el("button", str(each), type="button", class_="digit", data_digit=each) for each in range(1, 10)]
    erase = el("button", "⌫", type="button", class_="digit", data_erase=True, aria_label=say("delete_digit", language))
    zero = el("button", "0", type="button", class_="digit", data_digit=0)
    confirm = el(
        "button",
        icon("check"),
        el("span", say("confirm_code", language), class_="hidden"),
        class_="digit digit--confirm",
    )
    return el("div", *digits, erase, zero, confirm, class_="pad")


def settings(car: Car) -> Html:
    """Seat, climate and the lists of whoever drives, and whose they are (TAY-002, TAY-003, TAY-012)."""
    language = car.language
    person = car.signed_in
    if person is not None:
        whose = say("profile_of", language, name=person.name)
    else:
        whose = say("profile_of_guest" if car.condition.guest else "profile_of_nobody", language)
    seat = _block("seat", car, *(_steps(car, name, " %") for name in SEAT), _heating(car))
    cabin = _block("cabin", car, _steps(car, TEMPERATURE, " °C"))
    exists = {service.id for service in car.build.services()}
    lists = [_entries(car, name) for name, service in LISTS.items() if service in exists]
    head = el("p", icon("account"), whose, class_="who", data_profile_of=car.condition.profile_of)
    return el("div", head, el("div", seat, cabin, *lists, class_="blocks blocks--few"), class_="body")


def _block(title: str, car: Car, *content: Html | None) -> Html:
    return el("section", el("h3", say(title, car.language)), *content, class_="block")


def _steps(car: Car, name: str, unit: str) -> Html:
    """A value between a button for less and one for more."""
    value = car.condition.settings[name]
    text = say(name, car.language)
    scale = SCALES[name]

    def button(direction: int, sign: str, word: str) -> Html:
        is_end = value <= scale.least if direction < 0 else value >= scale.most
        label = say(word, car.language, name=text)
        return el(
            "button", sign, name="step", value=f"{name}:{direction}", class_="step", aria_label=label, disabled=is_end
        )

    shown = el("output", f"{value:g}{unit}", class_="numeral", data_setting=name)
    return act(
        "step",
        el("span", text, class_="steps__name"),
        button(-1, "−", "less"),
        shown,
        button(1, "+", "more"),
        class_="steps",
    )


def _heating(car: Car) -> Html:
    chosen = round(car.condition.settings[SEAT_HEATING])
    buttons = [
        el(
            "button",
            str(each) if each else say("off", car.language),
            name="level",
            value=each,
            class_="segment",
            aria_pressed="true" if each == chosen else "false",
        )
        for each in range(int(SCALES[SEAT_HEATING].most) + 1)
    ]
    text = el("span", say(SEAT_HEATING, car.language), class_="steps__name")
    return el("div", text, act("seat_heating", *buttons, class_="segments"), class_="steps steps--wide")


def _entries(car: Car, name: str) -> Html:
    """A list that belongs to a service: its entries, and a field for one more while the service is active."""
    language = car.language
    standing = car.entitlement.of(LISTS[name])
    if standing.reason is not None:
        return _block(name, car, el("p", say(standing.reason, language), class_="quiet"))
    entries = [
        el(
            "li",
            el("span", entry, class_="row__label"),
            act(
                "remove_entry",
                el("input", type="hidden", name="list", value=name),
                el(
                    "button",
                    "×",
                    name="entry",
                    value=entry,
                    class_="step",
                    aria_label=say("remove_entry", language, entry=entry),
                ),
            ),
            class_="entry-row",
        )
        for entry in car.condition.settings[name]
    ]
    listed = el("ul", *entries, data_list=name) if entries else el("p", say("list_is_empty", language), class_="quiet")
    if car.signed_in is None and not car.condition.guest:
        return _block(name, car, listed, el("p", say("sign_in_first", language), class_="quiet"))
    form = act(
        "add_entry",
        el("input", type="hidden", name="list", value=name),
        el("input", id=f"add-{name}", name="entry", required=True, maxlength=LONGEST_ENTRY, class_="field", autocomplete="off",
           data_keep=True, aria_label=say(name, language)),
        el("button", say("add_entry", language), class_="button"),
        class_="entry",
    )  # fmt: skip
    return _block(name, car, listed, form)
