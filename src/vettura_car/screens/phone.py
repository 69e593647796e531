"""The screens of phones: the device manager's rows, CarPlay, music, messages, e-mail and the calendar."""

from vettura_car.acting import act
from vettura_car.car import Car
from vettura_car.handset import APPS
from vettura_car.network import Phone
from vettura_car.phones import SWIPE_TOLERANCE, carplay_way
from vettura_car.telephone import SWITCHABLE, key_of
from vettura_car.texts import say
from vettura_pack.markup import Html, el, icon, join

APP_ICONS = {"Music": "music", "Maps": "map"}
MAIN_LINKS = ("hfp", "sap", "audio", "messages")


def stored_phones(car: Car) -> Html:
    """This will list the stored phones; a row opens, and where the unit has the gesture a swipe deletes it (PCM-038)."""
    known = [phone for phone in car.condition.network.phones if phone.is_known]
    if not known:
        return el("p", say("no_phones_yet", car.language), class_="empty")
    rows = el("ul", *(_stored(car, phone) for phone in known), class_="phones")
    if not car.telephone.deletes_by_swipe:
        return rows
    hint = el("p", say("swipe_hint", car.language), class_="quiet")
    # filled in and sent by the gesture; by hand there is the button in the row
    swiped = act("swipe_phone", *(el("input", type="hidden", name=name) for name in ("phone", "begin", "end")))
    return join(rows, hint, el("div", swiped, hidden=True, data_swiped=True))


def _stored(car: Car, phone: Phone) -> Html:
    language, telephone = car.language, car.telephone
    by_swipe = telephone.deletes_by_swipe
    mark = telephone.swipe_mark
    name = el("span", icon("phone"), el("b", phone.name), class_="phone__name")
    head = el(
        "summary",
        name,
        el("span", links_of(car, phone), class_="quiet row__label"),
        el("span", icon("back"), class_="row__open"),
        class_="phone__head",
        data_swipe=phone.name if by_swipe else None,
        data_from=f"{mark - SWIPE_TOLERANCE:.2f}" if by_swipe else None,
        data_to=f"{mark + SWIPE_TOLERANCE:.2f}" if by_swipe else None,
    )
    ticks = [_data_use(car, phone)] if _asks_for_data(car) and phone.is_paired else []
    if phone.is_paired:
        ticks += [_use_for(car, phone, profile) for profile in SWITCHABLE if profile in phone.supports]
    forget = act(
        "forget_phone",
        el("button", say("forget_phone", language, name=phone.name), name="phone", value=phone.name, class_="button button--danger"),
    )  # fmt: skip
    actions = el("div", carplay_button(car, phone), forget, class_="cluster")
    details = el("details", head, el("div", *ticks, actions, class_="phone__more"))
    return el("li", details, class_="phone", data_phone=phone.name)


def links_of(car: Car, phone: Phone) -> str:
    """How a phone is joined now, in words."""
    network, language = car.condition.network, car.language
    if network.carplay == phone.name:
        return say(f"link_carplay_{carplay_way(phone.handset)}", language)
    links = network.links(phone)
    if links:
        return ", ".join(say(f"link_{name}", language) for name in MAIN_LINKS if name in links)
    if not phone.is_near:
        return say("phone_is_away", language)
    return say("link_rests" if network.carplay and phone.is_paired else "link_none", language)


def _asks_for_data(car: Car) -> bool:
    return car.abilities.has_card or car.abilities.ways != ("integrated_sim",)


def _tick(text: str, is_on: bool) -> Html:
    parts = (
        el("span", text, class_="row__label"),
        el("span", icon("check") if is_on else None, class_="box"),
    )
    return el("button", *parts, name="on", value="0" if is_on else "1", class_="row", role="checkbox",
              aria_checked="true" if is_on else "false")  # fmt: skip


def _data_use(car: Car, phone: Phone) -> Html:
    owner = el("input", type="hidden", name="phone", value=phone.name)
    return act("data_use", owner, _tick(say("data_use", car.language), bool(phone.data_use)))


def _use_for(car: Car, phone: Phone, profile: str) -> Html:
    owner = el("input", type="hidden", name="phone", value=phone.name)
    which = el("input", type="hidden", name="profile", value=profile)
    return act(
        "use_phone_for", owner, which, _tick(say(f"use_for_{profile}", car.language), profile not in phone.not_used)
    )


def carplay_button(car: Car, phone: Phone) -> Html | None:
    """This will start or end CarPlay for a phone, where it can run now."""
    if car.condition.network.carplay == phone.name:
        return act("stop_carplay", el("button", say("carplay_stop", car.language), class_="button"))
    if car.telephone.against_carplay(phone) is not None:
        return None
    start = el(
        "button", say("carplay_start", car.language, name=phone.name), name="phone", value=phone.name, class_="button"
    )
    return act("start_carplay", start)


# -- CarPlay -------------------------------------------------------------------------------------------------------------


def carplay(car: Car) -> Html:
    """This will show the apps of the phone that CarPlay runs on (MED-017), or with which phone it can start and why not."""
    language, telephone = car.language, car.telephone
    phone = telephone.carplay
    if phone is not None:
        way = say(f"link_carplay_{carplay_way(phone.handset)}", language)
        state = el(
            "p",
            icon("check"),
            say("carplay_runs", language, name=phone.name),
            el("span", way, class_="quiet"),
            class_="good",
        )
        apps = el(
            "ul",
            *(el("li", el("span", icon(APP_ICONS[app]) if app in APP_ICONS else app[0], class_="app__sign", aria_hidden="true"),
                 el("span", app), class_="app", data_app=app) for app in telephone.shown_apps),
            class_="apps",
            aria_label=say("carplay_apps", language),
        )  # fmt: skip
        meanwhile = el("p", say("carplay_meanwhile", language), class_="quiet")
        return el(
            "section",
            state,
            apps,
            meanwhile,
            el("div", carplay_button(car, phone), class_="cluster"),
            class_="block block--wide",
        )
    rows = [_candidate(car, each) for each in car.condition.network.phones if each.is_near]
    if not rows:
        return el("p", say("no_phone", language), class_="empty")
    return el("ul", *rows, class_="rows block block--wide")


def _candidate(car: Car, phone: Phone) -> Html:
    problem = car.telephone.against_carplay(phone)
    words = el("span", el("b", phone.name), el("span", say(problem, car.language), class_="quiet") if problem else None,
               class_="licence__words row__label")  # fmt: skip
    return el(
        "li", icon("phone"), words, carplay_button(car, phone), class_="phone__head", data_against=problem or "nothing"
    )


# -- music ---------------------------------------------------------------------------------------------------------------


def music(car: Car) -> Html:
    """This will offer the sources that the car has, and the phone's players on the chosen one (MED-005, MED-007)."""
    language, telephone, use = car.language, car.telephone, car.condition.phone_use
    ready = telephone.ready_sources
    buttons = [
        el("button", say(f"source_{source}", language), name="value", value=source, class_="segment",
           aria_pressed="true" if use.source == source else "false", data_ready="true" if source in ready else "false")
        for source in telephone.sources
    ]  # fmt: skip
    chosen = el(
        "section",
        el("h3", say("music_sources", language)),
        act("source", *buttons, class_="segments"),
        class_="block block--wide",
    )
    phone = next((phone for source, phone in ready.items() if source == use.source), None)
    if phone is None:
        return join(chosen, el("p", say("source_empty", language), class_="empty"))
    rows = [_player(car, app) for app in telephone.players]
    listed = el("ul", *rows, class_="rows") if rows else el("p", say("no_players", language), class_="quiet")
    return join(chosen, el("section", el("h3", phone.name), listed, class_="block block--wide"))


def _player(car: Car, app: str) -> Html:
    language = car.language
    plays = car.condition.phone_use.playing == app
    if not car.telephone.can_play(app):
        why = el("span", say("no_stream_here", language), class_="quiet")
        return el(
            "li",
            el("span", icon("music"), el("span", app, class_="row__label"), why, class_="row row--idle"),
            data_player=app,
        )
    state = el("span", say("plays_now", language), class_="good") if plays else None
    label = say("stop_app" if plays else "play_app", language, app=app)
    button = el("button", icon("music"), el("span", app, class_="row__label"), state, el("span", icon("pause" if plays else "play")),
                name="value", value="" if plays else app, class_="row", aria_label=label)  # fmt: skip
    return el("li", act("play", button), data_player=app)


# -- messages and e-mail -------------------------------------------------------------------------------------------------


def messages(car: Car) -> Html | None:
    """This will say why there are no messages; those that there are stand in the list below."""
    if car.telephone.messages:
        return None
    text = "messages_in_carplay" if car.telephone.carplay is not None else "no_messages"
    return el("p", say(text, car.language), class_="empty")


def message_list(car: Car, address: str) -> Html | None:
    """This will list the messages; one is opened by touching it."""
    found = car.telephone.messages
    if not found:
        return None
    buttons = [
        el("button", icon("message"),
           el("span", el("b", message.sender), el("span", message.text, class_="quiet clip"), class_="licence__words row__label"),
           None if message.is_read else el("span", say("unread", car.language), class_="good"),
           el("span", message.at, class_="quiet numeral"), name="value", value=key_of(phone, message), class_="row")
        for phone, message in found
    ]  # fmt: skip
    return el("form", *buttons, method="post", action=address, class_="found", data_messages=len(buttons))


def message(car: Car, *, read: str, answer: str | None) -> Html:
    """
    This will show the open message with its loudspeaker (PCM-044); the browser that is touched speaks, all show the text.

    ``read`` and ``answer`` are the addresses of the loudspeaker and of the message field.
    """
    language = car.language
    found = car.telephone.open_message
    if found is None:
        return el("p", say("messages_in_carplay" if car.telephone.carplay else "no_messages", language), class_="empty")
    phone, shown = found
    is_reading = car.condition.phone_use.is_reading
    head = el("p", f"{phone.name} · {shown.at}", class_="quiet numeral")
    words = el("p", shown.text, class_="message__text", data_reading="true" if is_reading else "false")
    if is_reading:
        button = el("button", icon("pause"), say("stop_reading", language), class_="button")
        spoken = el("p", icon("speaker"), say("is_reading", language), class_="good", role="status")
        control = act("stop_reading", button)
    else:
        button = el("button", icon("speaker"), say("read_aloud", language), class_="button button--primary", data_speak=shown.text,
                    data_sender=shown.sender)  # fmt: skip
        spoken = None
        control = el("form", button, method="post", action=read)
    reply = el("a", say("answer_to", language, name=shown.sender), href=answer, class_="button") if answer else None
    return el(
        "section", head, words, spoken, el("div", control, reply, class_="cluster"), class_="block block--wide message"
    )


def message_field(car: Car, *, write: str, dictate: str) -> Html:
    """This will show the field of a message with its microphone (PCM-045). ``write``, ``dictate``: addresses of the entries."""
    language, use = car.language, car.condition.phone_use
    found = car.telephone.open_message
    text = say("your_message", language)
    field = el("textarea", use.draft, id="message", name="value", rows=4, maxlength=500, class_="field field--tall", data_keep=True,
               aria_label=text, placeholder=text)  # fmt: skip
    microphone = el("button", icon("microphone"), say("dictate", language), formaction=dictate, class_="button", data_dictate=True,
                    data_listens=say("listens", language))  # fmt: skip
    to = el("p", el("b", say("answer_to", language, name=found[1].sender))) if found else None
    send = None
    if found is not None:
        send = el(
            "button", say("send_message", language), formaction="/do/send_message", class_="button button--primary"
        )
    else:
        to = el("p", say("choose_message_first", language), class_="quiet")
    form = el("form", field, el("div", microphone, send, class_="cluster"), method="post", action=write, class_="stack")
    heard = act("heard", el("input", type="hidden", name="value"), el("input", type="hidden", name="typed"))
    hint = el("p", say("listens_not", language), class_="quiet", data_listens_not=True)
    return el("section", to, form, hint, el("div", heard, hidden=True, data_heard=True), class_="block block--wide")


def mails(car: Car) -> Html:
    """This will list the e-mails of the phone, or say what is missing (MED-011, MED-013)."""
    access = car.telephone.mail_access
    if access != "ready":
        return el("p", say(f"mail_{access}", car.language), class_="empty", data_mail=access)
    rows = [
        el("li", icon("message"), el("span", el("b", mail.subject), el("span", mail.sender, class_="quiet"), class_="licence__words row__label"),
           el("span", mail.at, class_="quiet numeral"), class_="phone__head")
        for mail in car.telephone.mails
    ]  # fmt: skip
    return el("ul", *rows, class_="rows block block--wide", data_mail=access)


# -- the app -------------------------------------------------------------------------------------------------------------


def calendar(car: Car) -> Html:
    """This will list what the app brings of the phones' calendars; the hotspot's data package is not asked for (TEL-010, TEL-011)."""
    language = car.language
    phones = car.telephone.app_phones
    if not phones:
        return el("p", say("calendar_needs_app", language), class_="empty")
    origin = el("p", say("calendar_from", language, names=", ".join(phone.name for phone in phones)), class_="quiet")
    entries = car.telephone.appointments
    if not entries:
        return join(el("p", say("no_appointments", language), class_="empty"), origin)
    rows = [
        el("li", el("time", entry.at, class_="numeral appointment__time"),
           el("span", el("b", entry.title), el("span", entry.place, class_="quiet") if entry.place else None, class_="licence__words row__label"),
           class_="phone__head")
        for entry in entries
    ]  # fmt: skip
    return join(el("ul", *rows, class_="rows block block--wide", data_appointments=len(rows)), origin)


# -- at the switches -----------------------------------------------------------------------------------------------------


def contents(car: Car, phone: Phone) -> Html:
    """This will draw what is on a phone, at the switches: apps, messages and appointments that arrive, and what was sent."""
    language = car.language
    slug = phone.name.replace(" ", "-")
    owner = el("input", type="hidden", name="phone", value=phone.name)
    apps = [
        act("phone_app", owner, el("input", type="hidden", name="fact", value=app),
            el("button", el("span", app), el("span", class_="switch__lever", aria_hidden="true"), name="on",
               value="0" if app in phone.apps else "1", class_="switch", role="switch",
               aria_checked="true" if app in phone.apps else "false"))
        for app in APPS
    ]  # fmt: skip

    def field(name: str, text: str, longest: int, **more: str) -> Html:
        return el("input", id=f"add-{name}-{slug}", name=name, required=True, maxlength=longest, class_="small-field", autocomplete="off",
                  data_keep=True, aria_label=f"{phone.name}: {say(text, language)}", placeholder=say(text, language), **more)  # fmt: skip

    arrives = act("phone_message", owner, field("sender", "phone_sender", 60), field("text", "phone_words", 500),
                  el("button", say("phone_arrives", language), class_="segment"), class_="naming")  # fmt: skip
    appointment = act("phone_appointment", owner, field("at", "phone_time", 5, type="time"), field("title", "phone_title", 60),
                      el("button", say("phone_enter", language), class_="segment"), class_="naming")  # fmt: skip
    sent = [
        el("li", say("phone_sent", language, to=each.to, text=each.text), class_="quiet small")
        for each in phone.sent[-3:]
    ]
    summary = el("summary", say("phone_contents", language), class_="switch")
    return el(
        "details", summary, el("div", *apps, arrives, appointment, el("ul", *sent) if sent else None, class_="contents")
    )
