"""What there is to update in the map: packages, regions, what is being loaded, and the notices about it."""

from vettura_car import cartography
from vettura_car.acting import act
from vettura_car.car import Car
from vettura_car.texts import say
from vettura_pack.markup import Html, el, icon


def update(car: Car) -> Html:
    """This will show what can be updated: the version of each package, and what is being loaded (NAV-013)."""
    data = car.map.data
    if data is None:
        return el("p", say("empty", car.language), class_="empty")
    if not car.has_data:
        return offline(car)
    return el("div", job(car), el("p", say("map_packages", car.language), class_="quiet"), class_="stack")


def offline(car: Car) -> Html:
    """NAV-013: without a connection there is nothing to update; the hint is the connection."""
    way = el("a", say("to_connection", car.language), href="/connection", class_="button")
    return el("div", job(car), el("p", say("no_data", car.language), class_="hint", role="status"), way, class_="stack")


def packages(car: Car, address: str) -> Html:
    """This will list the packages; one is chosen by touching it (NAV-014)."""
    data = car.map.data
    rows = []
    for package in data.packages if data else ():
        names = cartography.versions_of(package, car.map.regions)
        old = car.map.outdated(names)
        held = min((car.map.version(name) for name in names), default="")
        words = el("span", el("b", package.name[car.language]), el("span", _version(car, held, bool(old)), class_="quiet"),
                   class_="licence__words row__label")  # fmt: skip
        size = el("span", f"{package.megabytes} MB", class_="quiet") if not package.by_region else None
        rows.append(el("button", words, size, el("span", icon("back"), class_="row__open"), name="value", value=package.id, class_="row",
                       data_package=package.id))  # fmt: skip
    return el("form", *rows, method="post", action=address, class_="found")


def regions(car: Car) -> Html:
    """This will let regions be chosen, as many as one likes: an update with too many is refused when it starts (NAV-011)."""
    package = car.map.package
    if car.condition.map.job is not None:
        return el("div", job(car), class_="stack")
    if not car.has_data:
        return offline(car)
    done = car.condition.map.done
    shown = (
        el("p", icon("check"), say("map_done", car.language, version=done), class_="good", role="status")
        if done
        else None
    )
    if package is None or not package.by_region:
        return el(
            "div",
            shown,
            el("p", say("choose_package", car.language), class_="empty") if not shown else None,
            class_="stack",
        )
    chosen = [region.id for region in car.map.chosen_regions]
    most = car.map.most_regions
    rows = []
    for region in car.map.regions:
        is_chosen = region.id in chosen
        old = bool(car.map.outdated([region.id]))
        words = el("span", el("b", region.name[car.language]),
                   el("span", _version(car, car.map.version(region.id), old), f" · {region.megabytes} MB", class_="quiet"),
                   class_="licence__words row__label")  # fmt: skip
        rows.append(el("button", words, el("span", icon("check") if is_chosen else None, class_="box"), name="region", value=region.id,
                       class_="row", role="checkbox", aria_checked="true" if is_chosen else "false", data_region=region.id))  # fmt: skip
    count = el(
        "p",
        say("regions_chosen", car.language, count=len(chosen), limit=most),
        class_="quiet numeral",
        data_chosen=len(chosen),
    )
    over = el("p", too_many(car), class_="hint", role="status", data_limit=most) if len(chosen) > most else None
    return el(
        "div",
        shown,
        wifi_advice(car),
        act("map_region", *rows, class_="found"),
        count,
        over,
        class_="stack",
    )


def too_many(car: Car) -> str:
    """NAV-011, NAV-012: the limit, and who helps beyond it."""
    partner = car.build.pack.texts.get(car.language, {}).get("label.partner", "partner")
    return say("too_many_regions", car.language, limit=car.map.most_regions, partner=partner)


def wifi_advice(car: Car) -> Html | None:
    """NAV-020: over a mobile network, WiFi is recommended."""
    if car.connection.bearer != "mobile":
        return None
    return el(
        "p",
        icon("wifi"),
        el("span", say("wifi_advised", car.language)),
        class_="hint hint--icon",
        role="status",
        data_advice="wifi",
    )


def job(car: Car) -> Html | None:
    """This will show what is being loaded, how far it is, and why it does not go on."""
    loading = car.condition.map.job
    if loading is None:
        return None
    language = car.language
    pause = car.map.pause
    said = say("map_loading", language, version=loading.version)
    amount = say("map_loaded", language, loaded=int(loading.loaded), all=loading.megabytes)
    stop = act("map_cancel", el("button", say("cancel_update", language), class_="button"))
    return el(
        "div",
        el("p", el("b", said), el("span", f"{loading.percent} %", class_="numeral")),
        el("meter", value=loading.percent, min=0, max=100, aria_label=said),
        el("p", say("map_paused", language, reason=say(pause, language)) if pause else amount, class_="quiet"),
        wifi_advice(car) if pause is None else None,
        stop,
        class_="ask mapjob",
        data_job=loading.percent,
        data_paused=pause,
    )


def notice(car: Car) -> Html | None:
    """NAV-015, NAV-016: what the unit found by itself, and what it has just installed, on whatever screen is open."""
    state, language = car.condition.map, car.language
    if state.found is not None and car.map.data is not None:
        found = [region for region in car.map.data.regions if region.id in state.found.regions]
        said = say("map_found", language, version=state.found.version, regions=", ".join(each.name[language] for each in found),
                   megabytes=sum(each.megabytes for each in found))  # fmt: skip
        buttons = (
            act("map_found", el("button", say("update_now", language), class_="button button--primary")),
            act("map_not_now", el("button", say("not_now", language), class_="button")),
        )
        return _notice("found", said, wifi_advice(car), *buttons)
    if state.job is not None and car.build.generation.map_update == "automatic":
        return job(car)
    if state.done is not None:
        read = act("map_not_now", el("button", say("understood", language), class_="button"))
        return _notice("done", say("map_done", language, version=state.done), None, read)
    return None


def _notice(kind: str, said: str, advice: Html | None, *buttons: Html) -> Html:
    return el("div", el("p", icon("map"), el("b", said)), advice, el("div", *buttons, class_="cluster"), class_="ask",
              role="status", data_notice=f"map_{kind}")  # fmt: skip


def _version(car: Car, held: str, is_old: bool) -> str:
    if is_old and car.map.newest is not None:
        return say("map_version_new", car.language, version=held, newest=car.map.newest)
    return say("map_version", car.language, version=held)
