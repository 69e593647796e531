"""The screen of data use: what was used over which way, what the car's hotspot took, and how much volume one needs."""

from zoneinfo import ZoneInfo

from vettura_car.acting import act
from vettura_car.car import Car
from vettura_car.connection import Reason
from vettura_car.data_use import BEARERS, HOTSPOT, MEGABYTE, MESSAGES, Advice, Bearer
from vettura_car.texts import say
from vettura_pack.markup import Html, el


def data_use(car: Car) -> Html:
    """This will show the counters by way, and the adviser below them."""
    return el("div", _volume_used_up(car), _counters(car), adviser(car), class_="stack")


def _volume_used_up(car: Car) -> Html | None:
    """Without volume the online services rest, and the screen says so."""
    if car.connection.reason is not Reason.NO_VOLUME:
        return None
    return el("p", say("volume_used_up", car.language), class_="hint", role="status", data_volume="none")


def _counters(car: Car) -> Html:
    language, state = car.language, car.condition.data_use
    if state.since is None:
        since = say("since_new", language)
    else:
        zone = ZoneInfo(car.build.pack.countries[car.build.country].timezone)
        since = say("since_day", language, date=f"{state.since.astimezone(zone):%d.%m.%Y}")
    head = el(
        "div",
        el("p", el("b", amount(state.total(), language), class_="amount"), el("span", since, class_="quiet")),
        act("reset_data_use", el("button", say("reset_counters", language), class_="button")) if state.used else None,
        class_="data-use__head",
    )
    used = [_of_bearer(car, bearer) for bearer in BEARERS if state.used.get(bearer)]
    nothing = None if used else el("p", say("nothing_used", language), class_="quiet")
    return el("section", el("h3", say("data_used", language)), head, nothing, *used, class_="block block--wide")


def _of_bearer(car: Car, bearer: Bearer) -> Html:
    language, state = car.language, car.condition.data_use
    lines = state.used[bearer]
    services = sorted((name for name in lines if name != HOTSPOT), key=lambda name: -lines[name])
    rows = [_line(car, name, lines[name]) for name in services]
    if HOTSPOT in lines:
        rows.append(_line(car, HOTSPOT, lines[HOTSPOT]))
    title = el(
        "h4",
        el("span", say(f"bearer_{bearer}", language)),
        el("span", amount(state.total(bearer), language), class_="numeral"),
        class_="data-use__bearer",
    )
    return el("div", title, el("ul", *rows, class_="licences"), class_="data-use", data_bearer=bearer)


def _line(car: Car, name: str, used: float) -> Html:
    service = car.build.pack.services.get(name)
    spoken = {HOTSPOT: "used_by_hotspot", MESSAGES: "used_by_messages"}
    label = service.name[car.language] if service is not None else say(spoken.get(name, "used_by_others"), car.language)
    return el(
        "li",
        el("span", label),
        el("span", amount(used, car.language), class_="numeral"),
        class_="licence",
        data_used=name,
        data_bytes=round(used),
    )


def adviser(car: Car) -> Html:
    """This will ask how one drives and say how much volume that needs a month (TEL-001 to TEL-005)."""
    language, wish = car.language, car.condition.data_use.wish
    advice = car.consumption.advice
    field = el("input", id="adviser-km", name="value", value=wish.kilometers if wish else None, required=True, inputmode="numeric",
               maxlength=9, autocomplete="off", class_="field numeral", data_keep=True, placeholder=say("kilometers_a_year", language),
               aria_label=say("kilometers_a_year", language))  # fmt: skip
    ask = act(
        "advise",
        field,
        _tick("streams", say("i_stream", language), is_on=wish is not None and wish.streams),
        _tick("hotspot", say("i_use_hotspot", language), is_on=wish is not None and wish.uses_hotspot),
        el("button", say("estimate", language), class_="button button--primary"),
        class_="entry",
    )
    answer = _answer(advice, language) if advice is not None else None
    return el("section", el("h3", say("adviser", language)), ask, answer, class_="block block--wide")


def _tick(name: str, text: str, *, is_on: bool) -> Html:
    box = el(
        "input",
        id=f"adviser-{name}",
        type="checkbox",
        name=name,
        value="1",
        checked=is_on,
        class_="tickbox",
        data_keep=True,
    )
    return el("label", box, el("span", text), class_="check")


def _answer(advice: Advice, language: str) -> Html:
    most = amount(advice.most * MEGABYTE, language)
    if advice.least is None:
        volume = say("advice_less", language, most=most)
    elif advice.least == advice.most:
        volume = say("advice_about", language, most=most)
    else:
        volume = say("advice_between", language, least=amount(advice.least * MEGABYTE, language), most=most)
    return el(
        "div",
        el("p", el("b", volume, class_="amount")),
        el("p", say("advice_hotspot", language), class_="hint", data_notice="hotspot") if advice.hotspot_adds else None,
        el("p", say("advice_no_figure", language), class_="quiet", data_notice="interpolated")
        if advice.is_interpolated
        else None,
        el("p", say("advice_estimate", language), class_="quiet", data_notice="estimate"),
        role="status",
        class_="advice",
        data_least=advice.least,
        data_most=advice.most,
    )


def amount(used: float, language: str) -> str:
    """This will write bytes as a person reads them: 840 kB, 12.5 MB, 2 GB."""
    unit, size = next(
        ((unit, size) for unit, size in (("GB", 1e9), ("MB", 1e6)) if used >= size), ("kB", 1e3)
    )  # fmt: skip
    number = f"{used / size:.1f}" if unit != "kB" and used < 100 * size else f"{used / size:.0f}"
    number = number.removesuffix(".0")
    return f"{number if language == 'en' else number.replace('.', ',')} {unit}"
