"""Lists as files: what is written is read again, and every line that cannot be taken says why and is not lost."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import destination_facts as facts
from tests import vehicle_facts

from vettura.navigation import actions, queries, rules
from vettura.navigation.errors import PROBLEMS
from vettura.navigation.rules import exchange
from vettura_wire import destinations as wire

HEADER = "name,address,latitude,longitude,note,category,kind\r\n"
words = st.text("aZ9À日 ,;'\"<&>\\", max_size=50)
drafts = (
    st.builds(
        rules.Draft,
        name=words,
        address=words,
        note=words,
        latitude=st.floats(-90, 90),
        longitude=st.floats(-180, 180),
        category=st.sampled_from(wire.CATEGORIES),
        kind=st.sampled_from(wire.KINDS),
    )
    .map(lambda draft: draft.tidy())
    .filter(lambda draft: not rules.problems_with(draft))
)


def read(text: str) -> exchange.Reading:
    return exchange.read(text.encode())


@given(st.lists(drafts, max_size=5))
def test_what_is_written_as_csv_is_read_again(entries):
    assert [line.draft for line in read(exchange.write_csv(entries)).lines] == entries


@given(st.lists(drafts, max_size=5))
def test_what_is_written_as_gpx_is_read_again(entries):
    assert [line.draft for line in read(exchange.write_gpx(entries)).lines] == entries


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode) | words.map(lambda w: (HEADER + w).encode()))
def test_no_file_breaks_the_reading(data):
    reading = exchange.read(data)

    assert reading.problem in {"", *PROBLEMS}
    assert all((line.draft is None) == bool(line.problem) for line in reading.lines)


def test_every_line_that_cannot_be_taken_says_why_and_is_kept_as_it_was():
    reading = read(
        HEADER + "Museo,Via Po 1,,,,,\r\n" + ",Via Po 2,,,,,\r\n" + "Far,,91,0,,,\r\n" + "Half,,45.1,,,,\r\n" + "\r\n"
        '"Two\r\nlines",,abc,7,,,\r\n'
        + "Nowhere,,,,,,\r\n"
        + "Castle,x,,,,castle,\r\n"
        + "Long,x,,,,,,more,still more\r\n"
    )

    assert [(line.number, line.problem) for line in reading.lines] == [
        (2, ""), (3, "name_missing"), (4, "latitude_unfit"), (5, "position_incomplete"), (7, "latitude_unfit"),
        (9, "nowhere"), (10, "category_unknown"), (11, "columns"),
    ]  # fmt: skip
    kept = [next(csv.reader(io.StringIO(line.text, newline=""))) for line in reading.lines]
    assert kept[2] == ["Far", "", "91", "0", "", "", ""]
    assert kept[4][0] == "Two\r\nlines"
    assert kept[7] == ["Long", "x", "", "", "more still more", "", ""]


def test_columns_may_stand_in_any_order_and_be_called_as_elsewhere():
    reading = read("\ufeffLon;Lat;Name;Phone\n7,6869;45,0703;Torino;+39\n")

    [line] = reading.lines
    assert (line.draft.name, line.draft.latitude, line.draft.longitude) == ("Torino", 45.0703, 7.6869)
    assert reading.passed_over == ("phone",)


@pytest.mark.parametrize(
    ("data", "problem", "line"),
    [
        (b"\xff\xfe", "not_text", None),
        (b"", "no_name_column", 1),
        (b"title,where\nx,y\n", "no_name_column", 1),
        (b"<gpx><wpt lat='1' lon='2'><name>x</wpt></gpx>", "unreadable", 1),
        (b"<gpx>\n<wpt", "unreadable", 2),
        (b'<!DOCTYPE gpx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><gpx><wpt lat="1" lon="2"><name>&b;</name></wpt></gpx>',
         "declarations", None),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why_and_where(data, problem, line):
    reading = exchange.read(data)

    assert (reading.problem, reading.line, reading.lines) == (problem, line, [])


def test_a_foreign_gpx_brings_points_of_interest_and_keeps_what_it_calls_them():
    reading = read(
        '<?xml version="1.0"?>\n<gpx xmlns="http://www.topografix.com/GPX/1/0">\n<wpt lat="45.07" lon="7.68"><name>Da &amp; Gino</name>\n'
        '<desc>closed on\nMondays</desc><type>Restaurant</type></wpt>\n<wpt lat="x" lon="7"><name>Bad</name></wpt>\n<rte/></gpx>'
    )

    first, second = reading.lines
    assert first.draft == rules.Draft(
        name="Da & Gino",
        latitude=45.07,
        longitude=7.68,
        note="closed on Mondays (Restaurant)",
        category="other",
        kind="poi",
    )
    assert (second.number, second.problem, reading.passed_over) == (6, "latitude_unfit", ("rte",))


@pytest.mark.django_db
def test_importing_the_same_file_again_adds_nothing_and_a_full_list_keeps_the_rest(monkeypatch):
    owner = vehicle_facts.person()
    car = vehicle_facts.vehicle(main_user=owner)
    facts.destination(car, owner)
    lines = read(exchange.write_csv([facts.draft(name=f"{n}") for n in range(250)])).lines

    first = actions.import_destinations(by=owner, vin=car.vin, lines=lines)
    again = actions.import_destinations(by=owner, vin=car.vin, lines=lines)

    limit = 200
    assert (first.added, first.known, len(first.left)) == (limit - 1, 0, 250 - limit + 1)
    assert {line.problem for line in first.left} == {"list_full"}
    assert (again.added, again.known, len(again.left)) == (0, limit - 1, 250 - limit + 1)
    assert len(queries.entries_of(account=owner, vehicle=car)) == limit
