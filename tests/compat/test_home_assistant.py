"""Home Assistant's integration, by the requests that were recorded of it (conformance case 10): two cars of different drives."""

import json
from pathlib import Path

import pytest
from django.test import Client
from tests.compat.cars import answer, reporting_car
from tests.compat.conftest import loaded
from tests.compat.tokens import token_for

RECORDED = json.loads((Path(__file__).parent / "home_assistant.json").read_text())

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def measurements() -> str:
    """The keys that the version asks for which the integration pins."""
    with loaded("0.2.7"):
        from pyporscheconnectapi.const import MEASUREMENTS

        return "mf=" + "&mf=".join(MEASUREMENTS)


class Home:
    """A home automation with a token, as it asks."""

    def __init__(self, bearer: dict[str, str], measurements: str) -> None:
        self.bearer, self.measurements = bearer, measurements

    def get(self, path: str, **parts: str):
        response = Client().get("/app" + path.format(measurements=self.measurements, **parts), **self.bearer)
        assert response.status_code == 200, response.content
        return response.json()

    def press(self, car, control: str):
        path = f"/app/connect/v1/vehicles/{car.vin}/commands"
        body = json.dumps(RECORDED["controls"][control])
        return Client().post(path, body, content_type="application/json", **self.bearer)

    def values(self, vin: str) -> dict[str, dict]:
        told = self.get(RECORDED["setup"][0]["path"], vin=vin)["measurements"]
        return {each["key"]: each["value"] for each in told if each["status"]["isEnabled"]}


@pytest.fixture
def home(person, measurements) -> Home:
    return Home(token_for(person), measurements)


def has(values: dict[str, dict], source: str) -> bool:
    key, name = source.split(".")
    return values.get(key, {}).get(name) is not None


@pytest.mark.conformance(10)
@pytest.mark.parametrize(
    ("drive", "kinds"),
    [("BEV", ["always", "battery"]), ("PHEV", ["always", "battery", "fuel"]), ("COMBUSTION", ["always", "fuel"])],
)
def test_every_entity_has_its_source(home, person, drive, kinds):
    car = reporting_car(person, drive)

    values = home.values(car.vin)

    assert [source for kind in kinds for source in RECORDED["entities"][kind] if not has(values, source)] == []
    if "battery" not in kinds:
        assert [source for source in RECORDED["entities"]["battery"] if has(values, source)] == []


@pytest.mark.conformance(10)
def test_a_home_with_two_cars_sets_up_and_every_control_works_where_the_car_has_it(home, person):
    electric, combustion = reporting_car(person, "BEV"), reporting_car(person, "COMBUSTION")
    cars = home.get("/connect/v1/vehicles")
    assert len({each["modelName"] for each in cars}) == 2

    for car in (electric, combustion):
        pictures = home.get(RECORDED["setup"][1]["path"], vin=car.vin)
        assert {each["view"] for each in pictures} == {"sideView", "topView"}
        for control in RECORDED["controls"]:
            pressed = home.press(car, control)
            works = car is electric or control not in RECORDED["only_with_battery"]
            assert pressed.status_code in ((201,) if works else (409, 422)), (control, pressed.content)
            if works:
                answer(car)
                done = home.get(f"/connect/v1/vehicles/{car.vin}/commands/{pressed.json()['status']['id']}")
                assert done["status"]["result"] == "PERFORMED", control
    assert home.values(electric.vin)["CHARGING_SETTINGS"]["targetSoc"] == 75
    assert home.values(electric.vin)["CLIMATIZER_STATE"]["climateZonesEnabled"]["frontLeft"] is True
