"""Help after a breakdown on the screen: how the call goes, and the way to call it off."""

from vettura_car.acting import act
from vettura_car.car import Car
from vettura_car.texts import say
from vettura_pack.markup import Html, el, icon


def notice(car: Car) -> Html | None:
    """The call for help on the start screen, while it goes on and a while after."""
    call = car.roadside.call
    if call is None:
        return None
    words = el(
        "p",
        icon("phone"),
        say(f"help_{call.state}", car.language),
        el("span", call.number, class_="quiet numeral"),
        role="status",
    )
    off = el("button", say("call_help_off", car.language), class_="button")
    return el(
        "div",
        words,
        act("call_help_off", off) if car.roadside.is_called else None,
        class_="proposal",
        data_help=call.state,
    )
