"""Versions of a place are joined the same at both ends, in whichever order they come."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from vettura_wire import destinations as wire

PAGE = Path(__file__).parents[2].joinpath("docs/wire.md").read_text()
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
# few moments, ids and words, so that they meet
versions = st.builds(
    wire.Destination,
    id=st.sampled_from("ab"),
    changed_at=st.sampled_from([NOON + timedelta(seconds=n) for n in range(3)]),
    deleted=st.booleans(),
    name=st.sampled_from(["x", "y"]),
    address=st.sampled_from(["", "z"]),
    latitude=st.sampled_from([None, 1.0]),
    longitude=st.just(2.0),
)
heard = st.lists(versions, max_size=6)


def as_told(entries):
    return {id: wire.to_json(each) for id, each in entries.items()}


@given(heard, st.randoms())
def test_every_order_of_arrival_ends_in_the_same_entries(some, random):
    shuffled = some.copy()
    random.shuffle(shuffled)

    assert as_told(wire.joined(some)) == as_told(wire.joined(shuffled))


@given(heard, heard, heard)
def test_joining_may_be_done_in_any_grouping_and_again(one, two, three):
    first = wire.joined(wire.joined(one, two).values(), three)

    assert as_told(first) == as_told(wire.joined(one, wire.joined(two, three).values()))
    assert as_told(wire.joined(first.values(), one, two, three)) == as_told(first)


@given(versions, st.sampled_from([NOON - timedelta(days=1), NOON, NOON + timedelta(days=1)]))
def test_a_change_counts_after_the_version_that_it_saw(seen, now):
    changed = wire.Destination(id=seen.id, changed_at=wire.moment_after(seen, now), name="new", address="z")

    assert wire.later(seen, changed) == changed
    assert changed.changed_at >= now


def test_at_the_same_moment_a_deletion_wins():
    version = wire.Destination(id="a", changed_at=NOON, name="x", address="y")

    assert wire.later(version, wire.gone("a", NOON)).deleted
    assert wire.later(wire.gone("a", NOON), version).deleted


def test_the_example_of_the_page_is_an_entry_and_stands_as_we_write_it():
    [text] = re.findall(r"```json destination\n(.*?)```", PAGE, re.DOTALL)

    entry = wire.from_json(json.loads(text))

    assert entry is not None
    assert wire.to_json(entry) == json.loads(text)


def test_of_what_is_deleted_nothing_else_is_told():
    entry = wire.Destination(id="a", changed_at=NOON, deleted=True, name="x", address="y", note="z")

    assert wire.to_json(entry) == {"id": "a", "changed_at": "2026-09-01T12:00:00Z", "deleted": True}
