"""The screen of people and access: pairing code or sign-in, remote access, privacy mode, users."""

from zoneinfo import ZoneInfo

import segno

from vettura_car.acting import act
from vettura_car.car import Car
from vettura_car.screens import people
from vettura_car.texts import NO_DATA_PRINTED, say
from vettura_pack.markup import Html, el, icon, join
from vettura_wire import events

KNOWN_ERRORS = frozenset({events.CODE_WRONG, events.LOCKED, "no_answer", "code_expired", "only_main_user"})


def short_name(car: Car) -> str:
    """This will name who uses the head unit now, or the account's name in the maker's words."""
    person = car.signed_in
    if car.condition.guest:
        return say("guest_session", car.language)
    return person.name if person else car.build.label("account", say("account", car.language))


def account(car: Car) -> Html:
    """This will draw everything about people and access, a block each."""
    language = car.language
    entrance = pairing(car) if car.build.generation.needs_pairing_code else sign_in(car)
    privacy = None
    if car.build.generation.has_privacy_mode:
        on = car.condition.privacy_on
        switch = el("button", say("privacy_all", language), el("span", icon("check") if on else None, class_="box"), class_="row", role="checkbox",
                    aria_checked="true" if on else "false")  # fmt: skip
        privacy = _block("privacy", car, el("p", say("privacy_hint", language), class_="quiet"), act("privacy", switch))
    users = [
        el("li", el("b", user.name), el("span", say(user.role, language), class_="quiet"), class_="user")
        for user in car.users.users
    ]
    users_of_car = _block("users", car, el("ul", *users, class_="users")) if users else None
    languages = [
        el(
            "button",
            name,
            name="language",
            value=code,
            class_="segment",
            aria_pressed="true" if code == language else "false",
            lang=code,
        )
        for code, name in (("en", "English"), ("it", "Italiano"), ("de", "Deutsch"))
    ]
    reset = el(
        "details",
        el("summary", say("reset", language), class_="row"),
        el("p", say("reset_question", language), class_="quiet"),
        act("factory_reset", el("button", say("reset", language), class_="button button--danger")),
    )
    mine = _to_settings(car) if car.build.generation.needs_pairing_code else None
    more = _block("head_unit", car, mine, act("language", *languages, class_="segments"), reset)
    return el("div", entrance, remote_access(car), privacy, users_of_car, more, class_="body blocks")


def _block(title: str, car: Car, *content: Html | None) -> Html:
    return el("section", el("h3", say(title, car.language)), *content, class_="block")


def _who(car: Car) -> Html:
    person = car.signed_in
    if car.condition.guest:
        return join(
            el("p", el("b", say("guest_session", car.language)), class_="who"),
            el("p", say("guest_hint", car.language), class_="quiet"),
        )
    if person is None:
        return el("p", say("nobody_signed_in", car.language), class_="who")
    return el("p", icon("account"), el("b", say("signed_in_as", car.language, name=person.name)), class_="who")


def _outcome(car: Car, type_: str, purpose: str | None = None) -> Html | None:
    """What the platform said to the last try, in the words that PAI-011 fixes."""
    request = car.request
    if request is None or request.type != type_ or request.purpose != purpose:
        return None
    if request.state == "waiting":
        return el("p", say("waiting", car.language), class_="quiet", role="status") if request.reply is None else None
    if request.state == "accepted":
        text = say("code_accepted", car.language) if type_ == events.PAIRING_CODE_ENTERED else None
        return el("p", text, class_="good", role="status") if text else None
    if request.error == events.NO_DATA_CONNECTION:
        below = el("span", say("no_data_connection", car.language), class_="quiet") if car.language != "it" else None
        return el("p", el("b", NO_DATA_PRINTED, lang="it"), below, class_="problem", role="alert")
    error = request.error or ""
    known = error if error in KNOWN_ERRORS else "only_main_user" if error.endswith("main_user_only") else "refused"
    return el("p", say(known, car.language), class_="problem", role="alert")


def pairing(car: Car) -> Html:
    """PAI-001: eight digits, on a pad; a secondary user's code before the main user's gives PAI-011's error."""
    language = car.language
    field = el("input", id="code", name="value", inputmode="numeric", pattern="[0-9]{8}", maxlength=8, autocomplete="off", required=True,
               class_="code numeral", aria_label=say("pairing_code", language), placeholder="········")  # fmt: skip
    pad = act("pair", field, people.keypad(car), class_="pairing")
    linked = el("p", icon("check"), say("linked_detail", language), class_="good") if car.users.main_linked else None
    leave = act("sign_out", el("button", say("sign_out", language), class_="button")) if car.signed_in else None
    unpair = _unpair(car) if car.signed_in and car.signed_in.role == "main_user" else None
    hint = el("p", say("pairing_hint", language), class_="quiet")
    words = el(
        "div",
        _who(car),
        linked,
        hint,
        _outcome(car, events.PAIRING_CODE_ENTERED),
        leave,
        unpair,
        class_="pairing__words",
    )
    return _block("pairing_code", car, el("div", words, pad, class_="pairing__both"))


def _to_settings(car: Car) -> Html:
    return el("a", say("profile", car.language), href=f"/{people.MINE}", class_="button")


def _unpair(car: Car) -> Html:
    language = car.language
    return el(
        "details",
        el("summary", say("unpair", language), class_="button"),
        el("p", say("unpair_question", language), class_="quiet"),
        act("unpair", el("button", say("unpair", language), class_="button button--danger")),
    )


def sign_in(car: Car) -> Html:
    """
    Who drives: chosen and proven by security code; or by a code and a picture of the address (device flow), which the
    person confirms on the phone or at the portal.
    """
    language = car.language
    request = car.request
    somebody = car.signed_in is not None or car.condition.guest
    content: list[Html | None] = [_who(car) if somebody else None, _outcome(car, events.SIGN_IN_REQUESTED)]
    if request is not None and request.reply is not None and request.state == "waiting":
        reply = request.reply
        zone = ZoneInfo(car.build.pack.countries[car.build.country].timezone)
        until = f"{(reply.expires_at + car.world_shift).astimezone(zone):%H:%M}"
        picture = Html(
            segno.make(reply.verification_url_complete or reply.verification_url, error="m").svg_inline(
                scale=4, border=2, dark="#000", light="#fff"
            )
        )
        content.append(
            el("div", el("div", picture, class_="qr"),
               el("div", el("p", say("scan", language, url=reply.verification_url.split("?")[0])), el("p", reply.user_code, class_="usercode numeral"),
                  el("p", say("valid_until", language, time=until), class_="quiet")), class_="signin")
        )  # fmt: skip
        content.append(el("div", people.guest_button(car), class_="cluster"))
    elif car.signed_in:
        if car.signed_in.role == "visitor":
            content.append(el("p", say("visitor_hint", language), class_="quiet"))
        content.append(people.proposal(car))
        content.append(
            el(
                "div",
                act("sign_out", el("button", say("sign_out", language), class_="button")),
                _to_settings(car),
                class_="cluster",
            )
        )
    elif car.condition.guest:
        end = act("end_guest", el("button", say("end_guest", language), class_="button"))
        content.append(el("div", end, _to_settings(car), class_="cluster"))
        content.append(people.chooser(car))
    else:
        content.append(people.chooser(car))
        content.append(_to_settings(car))
    is_open = car.signed_in is None
    return el(
        "section", el("h3", say("who_drives" if is_open else "account", language)), *content, class_="block block--wide"
    )


def remote_access(car: Car) -> Html:
    """REM-002: the main user, signed in here, confirms at the screen."""
    language = car.language
    person = car.signed_in
    state = el("p", say("granted" if car.has_remote_access else "not_granted", language),
               class_="good" if car.has_remote_access else "who", data_remote_access="true" if car.has_remote_access else "false")  # fmt: skip
    is_main_user = person is not None and person.role == "main_user"
    tried = _outcome(car, events.PAIRING_CODE_ENTERED, events.REMOTE_ACCESS)
    if person is not None and is_main_user and car.has_remote_access:
        action = act("revoke_remote_access", el("button", say("revoke", language), class_="button"))
    elif person is not None and is_main_user:
        action = el(
            "details",
            el("summary", say("grant", language), class_="button button--primary"),
            el("p", say("grant_question", language, name=person.name)),
            act(
                "grant_remote_access",
                el("button", say("confirm", language, name=person.name), class_="button button--primary"),
            ),
        )
    elif car.build.generation.needs_pairing_code and not car.has_remote_access:
        action = _main_users_code(car)
    else:
        action = el("p", say("only_main_user", language), class_="quiet")
    return _block("remote_access", car, state, _outcome(car, events.REMOTE_ACCESS), tried, action)


def _main_users_code(car: Car) -> Html:
    """C-11: the entry to grant remote access takes the main user's code and no other."""
    language = car.language
    field = el("input", name="value", inputmode="numeric", pattern="[0-9]{8}", maxlength=8, autocomplete="off", required=True,
               class_="field numeral", aria_label=say("pairing_code", language), placeholder=say("pairing_code", language))  # fmt: skip
    entry = act(
        "pair_for_remote_access", field, el("button", say("confirm_code", language), class_="button"), class_="entry"
    )
    return join(el("p", say("main_code_hint", language), class_="quiet"), entry)
