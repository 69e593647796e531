"""Where more is written: beside the screen that it is about, and all of it by topic."""

import re

import pytest

from vettura_car.head_unit import Menu
from vettura_car.screens.instructions import pointers

BOOK, CONNECT = "Istruzioni della vettura, {model}", "Istruzioni Porsche Connect"
OPERATOR, SUPPORT = "Il proprio operatore", "Assistenza Porsche Connect: {phone}"
SITE = "porsche.it: Modelli &gt; {model} &gt; Cataloghi e libretti"
ROWS = [
    pytest.param("connection", "CAY-3", BOOK, id="CON-041", marks=pytest.mark.rule("CON-041")),
    pytest.param("apn", "911-7", OPERATOR, id="CON-038", marks=pytest.mark.rule("CON-038")),
    pytest.param("nav", "TAY", CONNECT, id="NAV-003", marks=pytest.mark.rule("NAV-003")),
    pytest.param("privacy_mode", "TAY", BOOK, id="PRI-004", marks=pytest.mark.rule("PRI-004")),
    pytest.param("carplay", "911-8", CONNECT, id="MED-004", marks=pytest.mark.rule("MED-004")),
    pytest.param("music", "PAN-2", BOOK, id="MED-006", marks=pytest.mark.rule("MED-006")),
    pytest.param("music", "718", CONNECT + ": app Porsche Connect &gt; Calendario e streaming musicale", id="MED-008",
                 marks=pytest.mark.rule("MED-008")),
    pytest.param("carplay", "MAC-2", CONNECT + ": Apple CarPlay &gt; Apple CarPlay nel PCM", id="MED-010",
                 marks=pytest.mark.rule("MED-010")),
    pytest.param("mails", "CAY-3", BOOK, id="MED-012", marks=pytest.mark.rule("MED-012")),
    pytest.param("carplay", "TAY", "www.apple.com/ios/carplay", id="MED-018", marks=pytest.mark.rule("MED-018")),
    pytest.param("carplay", "PAN-2", CONNECT + ": Apple CarPlay &gt; Apple CarPlay nel PCM", id="MED-019",
                 marks=pytest.mark.rule("MED-019")),
    pytest.param("devices", "CAY-2", SITE, id="MED-020", marks=pytest.mark.rule("MED-020")),
    pytest.param("devices", "911-7", SITE + " &gt; Via Bluetooth.pdf", id="MED-021", marks=pytest.mark.rule("MED-021")),
    pytest.param("remote_access", "TAY", BOOK, id="REM-003", marks=pytest.mark.rule("REM-003")),
    pytest.param("calendar", "911-8", CONNECT, id="APP-003", marks=pytest.mark.rule("APP-003")),
    pytest.param("sign_in", "TAY", CONNECT, id="TAY-008", marks=pytest.mark.rule("TAY-008")),
    pytest.param("sim", "MAC-1", BOOK, id="TRB-006", marks=pytest.mark.rule("TRB-006")),
    pytest.param("assistant_services", "MAC-1", BOOK, id="TRB-006", marks=pytest.mark.rule("TRB-006")),
    pytest.param("data_use", "718", OPERATOR, id="TRB-007", marks=pytest.mark.rule("TRB-007")),
    pytest.param("sim", "CAY-2", OPERATOR, id="TRB-011", marks=pytest.mark.rule("TRB-011")),
    pytest.param("assistant", "TAY", SUPPORT, id="TRB-016", marks=pytest.mark.rule("TRB-016")),
]  # fmt: skip


def lines(html):
    """Rules and words of every pointer on a page."""
    found = re.findall(r'data-rules="([^"]*)"><span>[^<]*</span><span class="quiet">([^<]*)</span></li>', html)
    return {(rule, where) for rules, where in found for rule in rules.split()}


@pytest.mark.parametrize(("screen", "generation", "where"), ROWS)
def test_the_screen_says_where_more_is_written(make_car, page_of, request, screen, generation, where):
    rule = request.node.get_closest_marker("rule").args[0]
    car = make_car(generation, country="IT")
    object.__setattr__(car.build, "equipment", frozenset(car.build.pack.equipment))
    menu = Menu(car)
    node = menu.node(screen) or menu.shown_by(screen) or menu.door_to(screen)
    expected = where.format(
        model=car.build.model_name, phone=car.build.pack.countries["IT"].support_phone.replace(" ", "\u00a0")
    )

    beside = page_of(car).get(f"/at/{node.id}").text
    listed = page_of(car).get(f"/at/{menu.shown_by('instructions').id}").text

    assert (rule, expected) in lines(beside)
    assert (rule, expected) in lines(listed)


def test_every_pointer_of_the_pack_has_its_row(pack):
    tested = {mark.args[0] for row in ROWS for mark in row.marks}

    assert {rule for pointer in pack.instructions.pointers for rule in pointer.rules} == tested


@pytest.mark.parametrize("generation", ["911-7", "718", "MAC-1", "CAY-2", "PAN-2", "CAY-3", "MAC-2", "911-8", "TAY"])
def test_every_pointer_that_holds_stands_beside_a_screen_that_this_head_unit_has(make_car, generation):
    car = make_car(generation)
    menu = Menu(car)
    lonely = [
        pointer.id
        for pointer in pointers(car, menu)
        if not any(menu.node(word) or menu.door_to(word) for word in pointer.screens)
    ]

    # what the oldest units have no screen for stands in the list of instructions alone
    assert lonely == (["remote-services", "privacy-mode"] if car.build.generation.menu_group == "G1" else [])


@pytest.mark.rule("MED-021")
def test_the_file_on_bluetooth_is_named_in_italy_alone(make_car):
    car = make_car("911-7", country="DE")

    assert "phones-bluetooth" not in [pointer.id for pointer in pointers(car, Menu(car))]
    assert "phones-elsewhere" in [pointer.id for pointer in pointers(car, Menu(car))]


@pytest.mark.rule("MAN-001", "MAN-003")
@pytest.mark.parametrize(
    ("generation", "kind"), [("911-7", "printed"), ("718", "printed"), ("911-8", "pdf"), ("TAY", "pdf")]
)
def test_digital_instructions_need_a_reader_and_the_others_lie_in_the_car(make_car, page_of, generation, kind):
    car = make_car(generation, language="en")

    shown = page_of(car).get(f"/at/{Menu(car).shown_by('instructions').id}").text

    assert f'data-manual="{kind}"' in shown
    assert ("A PDF reader is needed for them, such as Adobe Acrobat Reader." in shown) == (kind == "pdf")


@pytest.mark.rule("APP-001")
def test_what_comes_by_the_app_is_there_only_while_the_app_is_active(make_car, page_of):
    car = make_car("TAY", language="en")
    car.networking.set_phone("Phone 1", "is_client", True)
    active = car.telephone.appointments

    car.networking.set_phone("Phone 1", "has_app", False)

    assert active
    assert car.telephone.appointments == []
