"""A car and the portal edit at will, messages are lost, repeated and late; in the end both have the same entries."""

import itertools
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from tests import destination_facts as facts
from tests import link_facts, vehicle_facts

from vettura.entitlements import actions as entitlements
from vettura.entitlements import queries as contracts
from vettura.foundation import clock as time
from vettura.foundation.uplink import CarEvent, handler_of
from vettura.navigation import actions, queries
from vettura.vehicle_link import queries as link
from vettura.vehicles import queries as vehicles
from vettura_car.build import load_build
from vettura_car.car import Car
from vettura_pack import load_pack
from vettura_wire.payloads import Document

PACK_DIR = Path(__file__).parents[2] / "packs" / "porsche"
PACK = load_pack(PACK_DIR)
numbers = itertools.count(1)
pick = st.integers(0, 9)


class Ends(RuleBasedStateMachine):
    """The real car and the real platform, and between them a link that a test holds in its hands."""

    def __init__(self):
        super().__init__()
        self.person = vehicle_facts.person()
        self.vehicle = vehicle_facts.vehicle(main_user=self.person, signed_in=True)
        entitlements.start_inclusive_contracts(vin=self.vehicle.vin, at=time.now())
        build = load_build(
            vin=self.vehicle.vin, folder=Path(tempfile.mkdtemp(prefix="vt")), pack=PACK, pack_dir=PACK_DIR, generation="TAY", drive="BEV", country="IT", language="en"
        )  # fmt: skip
        self.car = Car(build, None)
        for name, body in (
            ("users", vehicles.users_document(vehicle=self.vehicle)),
            ("contracts", contracts.document(vehicle=self.vehicle, at=time.now())),
        ):
            self.car.take_document(Document(vin=self.car.vin, name=name, version=1, body=body))
        self.car.uplink.hello()
        self.sent: list[Document] = []
        self.said: list[CarEvent] = []
        # every version that anybody made, by the moment that it was given
        self.made: dict[tuple[str, object], tuple[bool, str]] = {}
        self.note()

    def note(self):
        """The link notes what the platform has sent to the car by now, and what the car has said."""
        for name in ("destinations", "app_poi"):
            found = link.document_of(vehicle=self.vehicle, name=name)
            if found is not None:
                document = Document(vin=self.car.vin, name=name, version=found.version, body=found.body)
                if document not in self.sent:
                    self.sent.append(document)
        for event in self.car.condition.pending_events:
            known = CarEvent(vin=self.car.vin, id=event.id, type=event.type, at=event.at, data=event.data)
            if event.type == "destination_changed" and known not in self.said:
                self.said.append(known)

        for row in queries.entries_of(account=self.person, vehicle=self.vehicle):
            self.made[str(row.id), row.changed_at] = (row.deleted_at is not None, row.name)
        for event in self.said:
            entry = facts.wire.from_json(event.data["entry"])
            self.made[entry.id, entry.changed_at] = (entry.deleted, entry.name)

    def last_words(self) -> dict[str, str]:
        """What the last change of each entry says, told without the code that joins them."""
        last = {id: self.made[id, moment] for id, moment in sorted(self.made)}
        return {id: name for id, (is_deleted, name) in last.items() if not is_deleted}

    def portal_list(self):
        rows = queries.entries_of(account=self.person, vehicle=self.vehicle)
        return [row for row in rows if row.deleted_at is None]

    @rule(by_app=st.booleans())
    def add_at_the_portal(self, by_app):
        facts.destination(
            self.vehicle,
            self.person,
            name=f"portal {next(numbers)}",
            kind="poi" if by_app else "destination",
            by_app=by_app,
        )
        self.note()

    @rule(which=pick)
    def change_at_the_portal(self, which):
        if rows := self.portal_list():
            row = rows[which % len(rows)]
            actions.change_destination(
                by=self.person, vin=self.vehicle.vin, destination_id=row.id, changes={"name": f"portal {next(numbers)}"}
            )
        self.note()

    @rule(which=pick)
    def delete_at_the_portal(self, which):
        if rows := self.portal_list():
            actions.delete_destination(by=self.person, vin=self.vehicle.vin, destination_id=rows[which % len(rows)].id)
        self.note()

    @rule()
    def release(self):
        actions.release(by=self.person, vin=self.vehicle.vin)
        self.note()

    @rule()
    def add_in_the_car(self):
        self.car.destinations.save_position(f"car {next(numbers)}")
        self.note()

    @rule(which=pick)
    def change_in_the_car(self, which):
        if entries := self.car.destinations.portal():
            self.car.destinations.save(
                {"name": f"car {next(numbers)}", "address": "Via Po 1"}, id=entries[which % len(entries)].id
            )
        self.note()

    @rule(which=pick)
    def delete_in_the_car(self, which):
        if entries := self.car.destinations.portal():
            self.car.destinations.delete(entries[which % len(entries)].id)
        self.note()

    @rule(which=pick)
    def a_document_arrives_early_late_or_again(self, which):
        if self.sent:
            self.car.take_document(self.sent[which % len(self.sent)])

    @rule(which=pick, is_acknowledged=st.booleans())
    def a_change_arrives_early_late_or_again(self, which, is_acknowledged):
        if self.said:
            self.hears(self.said[which % len(self.said)], is_acknowledged=is_acknowledged)
            self.note()

    @rule()
    def the_phone_joins_the_hotspot(self):
        self.car.networking.set_phone("Phone 1", "is_client", True)

    def hears(self, event, *, is_acknowledged):
        handler_of(event.type)(event)
        if is_acknowledged:
            for pending in self.car.condition.pending_events:
                if pending.id == event.id:
                    self.car.forget_event(pending)

    def teardown(self):
        # the link is whole again: everything that waits arrives, the list is released, the newest documents are taken
        for event in self.said:
            self.hears(event, is_acknowledged=True)
        self.release()
        for document in self.sent:
            self.car.take_document(document)
        self.car.networking.set_phone("Phone 1", "is_client", True)
        rows = self.portal_list()
        at_portal = {str(row.id): (row.name, row.address, row.latitude) for row in rows}
        in_car = {each.id: (each.name, each.address, each.latitude) for each in self.car.destinations.portal()}
        assert in_car == at_portal
        assert {id: name for id, (name, *_) in in_car.items()} == self.last_words()
        assert queries.standing(account=self.person, vehicle=self.vehicle, entries=rows).is_current
        assert self.car.condition.destinations.changes == []


@pytest.mark.django_db
@pytest.mark.rule("NAV-009", "NAV-017", "NAV-018")
def test_both_ends_agree_in_the_end_whatever_happened():
    link_facts.ensure_keys()
    run_state_machine_as_test(
        Ends,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
