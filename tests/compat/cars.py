"""Cars that report, and cars that carry out what they are told, without a broker: the link's own actions take their words."""

from tests import link_facts, vehicle_facts

from vettura.catalog import queries as catalog
from vettura.entitlements import actions as entitlements
from vettura.foundation import clock
from vettura.vehicle_link import actions as link
from vettura.vehicle_link.models import OPEN_STATUSES, RemoteCommand
from vettura.vehicles import actions as vehicles
from vettura_wire import payloads, remote, signals

STATE = {
    signals.MILEAGE: 18240.4,
    signals.LATITUDE: 45.07,
    signals.LONGITUDE: 7.69,
    signals.HEADING: 271.6,
    signals.PARKING_BRAKE: True,
    **dict.fromkeys(signals.DOOR_OPEN.values(), False),
    **dict.fromkeys(signals.DOOR_LOCKED.values(), True),
    **dict.fromkeys(signals.WINDOW_OPEN.values(), False),
    signals.REAR_TRUNK_OPEN: False,
    **dict.fromkeys(signals.TIRE_PRESSURE.values(), 250),
}
ELECTRIC = {
    signals.STATE_OF_CHARGE: 60.0,
    signals.ELECTRIC_RANGE: 300_000,
    signals.RANGE: 300_000,
    signals.PLUGGED_IN: True,
    signals.CHARGING: True,
    signals.CHARGE_LIMIT: 80,
    signals.CHARGING_MODE: signals.CHARGING_BY_PROFILE,
    signals.CHARGE_TIME_LEFT: 3600,
    signals.CLIMATE_ACTIVE: False,
    signals.TARGET_TEMPERATURE: 21.0,
}
FUEL = {signals.FUEL_LEVEL: 55, signals.FUEL_RANGE: 410_000, signals.RANGE: 410_000}
DRIVES = {
    "BEV": ("TAY", STATE | ELECTRIC),
    "PHEV": ("CAY-3", STATE | ELECTRIC | FUEL),
    "COMBUSTION": ("911-8", STATE | FUEL),
}


def registered_car(person, drive: str = "BEV"):
    """A car of this drive with remote access and its inclusive contracts; it has never spoken."""
    link_facts.ensure_keys()
    generation = DRIVES[drive][0]
    described = vehicle_facts.description(generation, equipment=("connect_plus", "pvts_plus"))
    model = next(each for each in catalog.generation(generation).models if each.drive == drive)
    wanted = described | {"drive": drive, "model_name": model.name, "vin": vehicle_facts.new_vin(), "country": "IT"}
    car = vehicles.register_vehicle(car=vehicles.CarFacts(**wanted), main_user=person)
    vehicle_facts.sign_in(car, person)
    vehicles.grant_remote_access(vin=car.vin, account_id=person.id)
    car.refresh_from_db()
    entitlements.start_inclusive_contracts(vin=car.vin, at=clock.now())
    return car


def reporting_car(person, drive: str = "BEV", values: dict | None = None):
    """A car of this drive that is there and has said how it stands."""
    car = registered_car(person, drive)
    link_facts.online(car)
    report(car, DRIVES[drive][1] if values is None else values)
    return car


def report(car, values: dict, sequence: int = 1) -> None:
    """What the car measures."""
    at = clock.real_now()
    link.record_states(states=[(car.vin, payloads.State(seq=sequence, measured_at=at, values=values))])


def effect(command: RemoteCommand) -> dict[str, object]:
    """What a car measures after it has carried a command out."""
    locked = dict.fromkeys(signals.DOOR_LOCKED.values(), command.type == "lock")
    effects = {
        "lock": locked,
        "unlock": locked,
        "climate_start": {
            signals.CLIMATE_ACTIVE: True,
            signals.TARGET_TEMPERATURE: command.params.get("temperature", 21.0),
        },
        "climate_stop": {signals.CLIMATE_ACTIVE: False},
        "direct_charge_start": {signals.CHARGING_MODE: signals.CHARGING_AT_ONCE},
        "direct_charge_stop": {signals.CHARGING_MODE: signals.CHARGING_BY_PROFILE},
        "set_charge_target": {signals.CHARGE_LIMIT: command.params.get("target_percent")},
    }
    return effects.get(command.type, {})


def answer(car, status: str = "done", **more: object) -> int:
    """The car answers what it was told and has not answered yet; returns how many commands that were."""
    waiting = list(RemoteCommand.objects.filter(vehicle=car, status__in=OPEN_STATUSES))
    results = []
    for command in waiting:
        if status == "done":
            setting = remote.SETTINGS.get(command.type)
            more = {"values": effect(command), "settings": {setting: command.params} if setting else {}}
        results.append((car.vin, link_facts.result(command, status, **more)))
    link.record_results(results=results)
    return len(waiting)
