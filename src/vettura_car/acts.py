"""What the switches beside the head unit and the buttons of its own screens do, by name."""

from collections.abc import Callable, Mapping

from vettura_car.build import LANGUAGES
from vettura_car.car import Car
from vettura_car.condition import GEARS, IGNITION
from vettura_car.connection import RADIOS
from vettura_car.errors import NotPossible
from vettura_car.network import HOME, PLACES
from vettura_car.switches_map import MAP_SWITCHES, acts_of_map
from vettura_wire import events
from vettura_wire.settings import SCALES, SEAT_HEATING

SWITCHES = frozenset(
    {
        "ignition",
        "restart",
        "gear",
        "parking_brake",
        "lock",
        "take_key",
        "part",
        "windows",
        "battery",
        "fuel",
        "cable",
        "coverage",
        "radio",
        "place",
        "sim_in",
        "sim_pin",
        "sim_fact",
        "phone_fact",
        "hotspot_name",
        "bring_up_hotspot",
        "call",
        "package",
        "phone_system",
        "phone_cable",
        "phone_app",
        "phone_message",
        "phone_appointment",
        "spoken",
        "call_help",
    }
    | MAP_SWITCHES
)
LEVELS = tuple(str(level) for level in range(int(SCALES[SEAT_HEATING].most) + 1))


def acts_of(car: Car, form: Mapping[str, str]) -> dict[str, Callable[[], None]]:
    """This will name what each switch and button does that is not an entry of the menu."""
    is_on = form.get("on") == "1"
    c = car.condition

    def percent() -> int:
        text = form.get("percent", "")
        if not text.isdigit() or int(text) > 100:
            raise NotPossible("unknown_option")
        return int(text)

    def one_of(field: str, allowed: Mapping[str, object] | tuple[str, ...]) -> str:
        value = form.get(field, "")
        if value not in allowed:
            raise NotPossible("unknown_option")
        return value

    def step() -> None:
        name, _, direction = form.get("step", "").partition(":")
        if direction not in ("1", "-1"):
            raise NotPossible("unknown_option")
        car.profiles.step(name, int(direction))
        car.touched()

    def change_list(change: Callable[[str, str], None]) -> None:
        change(form.get("list", ""), form.get("entry", ""))
        car.touched()

    def service_privacy() -> None:
        service = one_of(
            "service",
            dict.fromkeys(known.id for known in car.build.services() if car.entitlement.can_be_private(known.id)),
        )
        car.set_service_privacy(service, service not in c.private_services)

    return (
        acts_of_map(car, form)
        | _acts_of_network(car, form, is_on=is_on)
        | _acts_of_destinations(car, form)
        | _acts_of_phones(car, form, is_on=is_on)
        | {
            "ignition": lambda: car.set_ignition(one_of("ignition", IGNITION)),
            "restart": car.restart,
            "gear": lambda: car.set_gear(one_of("gear", GEARS)),
            "parking_brake": lambda: car.set_parking_brake(is_on),
            "lock": lambda: car.lock(form.get("locked") == "1"),
            "part": lambda: car.open_part(form.get("part", ""), is_on),
            "windows": lambda: car.change(windows_open=dict.fromkeys(c.windows_open, is_on)),
            "battery": lambda: car.set_charge(float(percent())),
            "fuel": lambda: car.set_fuel(float(percent())),
            "cable": lambda: car.plug(is_on),
            "coverage": lambda: car.set_network(has_coverage=is_on),
            "radio": lambda: car.set_network(radio=one_of("radio", RADIOS)),
            "pair": lambda: car.enter_pairing_code(form.get("value", "")),
            "pair_for_remote_access": lambda: car.enter_pairing_code(
                form.get("value", ""), purpose=events.REMOTE_ACCESS
            ),
            "sign_in": car.request_sign_in,
            "security_code": lambda: car.sign_in_by_code(
                form.get("value", ""), email=form.get("email", ""), account_id=form.get("account_id", "")
            ),
            "unpair": car.unpair,
            "take_key": lambda: car.take_key(form.get("key", "")),
            "step": step,
            "seat_heating": lambda: car.set_personal(SEAT_HEATING, int(one_of("level", LEVELS))),
            "add_entry": lambda: change_list(car.profiles.add),
            "remove_entry": lambda: change_list(car.profiles.remove),
            "sign_out": car.sign_out,
            "start_guest": car.start_guest,
            "end_guest": car.end_guest,
            "grant_remote_access": car.grant_remote_access,
            "revoke_remote_access": car.revoke_remote_access,
            "privacy": lambda: car.set_privacy(not c.privacy_on),
            "call_help": car.roadside.press,
            "call_help_off": car.roadside.call_off,
            "service_privacy": service_privacy,
            "factory_reset": car.reset_to_factory,
            "language": lambda: car.change(language=one_of("language", LANGUAGES)),
        }
    )


def _acts_of_destinations(car: Car, form: Mapping[str, str]) -> dict[str, Callable[[], None]]:
    places = car.destinations
    chosen = form.get("id", "")
    return {
        "choose_destination": lambda: places.choose(chosen or "none"),
        "end_guidance": places.end_guidance,
        "save_destination": lambda: _no_answer(places.save(form, id=chosen)),
        "save_position": lambda: _no_answer(places.save_position(form.get("name", ""))),
        "delete_destination": lambda: places.delete(chosen),
    }


def _no_answer(_: str) -> None:
    """A button has no use for the id of what it made."""


def _acts_of_network(car: Car, form: Mapping[str, str], *, is_on: bool) -> dict[str, Callable[[], None]]:
    networking = car.networking
    value, fact, phone = form.get("value", ""), form.get("fact", ""), form.get("phone", "")

    def name_hotspot() -> None:
        networking.name_hotspot(phone, hotspot=form.get("hotspot", ""), password=form.get("password", ""))

    def place() -> None:
        name = form.get("place", "")
        if name in PLACES:
            chosen = PLACES[name]
            car.change(latitude=chosen.latitude, longitude=chosen.longitude)
            networking.cross_border(chosen.country)
        elif name == HOME and car.build.country not in {each.country for each in PLACES.values()}:
            networking.cross_border(car.build.country)
        else:
            raise NotPossible("unknown_option")

    return {
        # at the switches
        "place": place,
        "sim_in": lambda: networking.insert_sim(is_on),
        "sim_pin": lambda: networking.ask_for_pin(is_on),
        "sim_fact": lambda: networking.set_sim(fact, is_on),
        "phone_fact": lambda: networking.set_phone(phone, fact, is_on),
        "hotspot_name": name_hotspot,
        "bring_up_hotspot": lambda: networking.bring_up_hotspot(phone, is_on),
        "call": lambda: networking.call(form.get("over", "")),
        "package": lambda: networking.set_package(is_on),
        # on the screen
        "pin": lambda: networking.enter_pin(value, store=form.get("store") == "1"),
        "puk": lambda: networking.enter_puk(form.get("puk", ""), value),
        "forget_pin": networking.forget_pin,
        "apn": lambda: networking.save_apn(value),
        "pair_phone": lambda: networking.pair(phone),
        "forget_phone": lambda: networking.forget_phone(phone),
        "data_use": lambda: networking.answer_data_use(phone, is_on),
        "leave_hotspot": networking.leave_hotspot,
        "reset_data_use": car.consumption.reset,
        "advise": lambda: car.consumption.ask(
            value, streams=form.get("streams") == "1", uses_hotspot=form.get("hotspot") == "1"
        ),
    }


def _acts_of_phones(car: Car, form: Mapping[str, str], *, is_on: bool) -> dict[str, Callable[[], None]]:
    telephone = car.telephone
    phone, value, fact = form.get("phone", ""), form.get("value", ""), form.get("fact", "")

    def swipe() -> None:
        telephone.swipe(phone, begin=_share(form.get("begin", "")), end=_share(form.get("end", "")))

    return {
        # at the switches
        "phone_system": lambda: telephone.set_system(phone, form.get("system", "")),
        "phone_cable": lambda: telephone.plug(phone, form.get("cable", "")),
        "phone_app": lambda: telephone.install(phone, fact, is_on),
        "phone_message": lambda: telephone.receive(phone, form.get("sender", ""), form.get("text", "")),
        "phone_appointment": lambda: telephone.add_appointment(phone, form.get("at", ""), form.get("title", "")),
        "spoken": lambda: telephone.speak(form.get("spoken", "")),
        # on the screen
        "swipe_phone": swipe,
        "use_phone_for": lambda: telephone.use_for(phone, form.get("profile", ""), is_on),
        "start_carplay": lambda: telephone.start_carplay(phone),
        "stop_carplay": telephone.stop_carplay,
        "source": lambda: telephone.choose_source(value),
        "play": lambda: telephone.play(value),
        "stop_reading": telephone.stop_reading,
        "heard": lambda: telephone.dictate(value, typed=form.get("typed")),
        "send_message": lambda: telephone.send_message(value),
    }


def _share(text: str) -> float:
    """A share of the screen's width between 0 and 1. Refuses (unknown_option) anything else."""
    try:
        share = float(text)
    except ValueError:
        raise NotPossible("unknown_option") from None
    if not 0 <= share <= 1:
        raise NotPossible("unknown_option")
    return share
