"""One car under everything that can happen to it, in any order: at no moment does it contradict itself."""

import asyncio
import itertools
import re
from collections.abc import Mapping
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from tests.car.conftest import MAIN, PACK_DIR, SECOND, Platform

from vettura_car.acts import acts_of
from vettura_car.build import load_build
from vettura_car.car import Car
from vettura_car.commands import SIGNALS, Commands
from vettura_car.condition import Condition, is_moving, values
from vettura_car.connection import RADIOS
from vettura_car.errors import NotPossible
from vettura_car.head_unit import CONFIRMED, Menu
from vettura_car.network import CARD_CALL, PLACES
from vettura_car.screens.entry import View
from vettura_car.screens.frame import status_bar, unit
from vettura_car.switches import shelf, strip
from vettura_car.texts import TEXTS
from vettura_car.uplink import SENT_IN_PRIVACY
from vettura_wire import events, topics
from vettura_wire.payloads import Reply, Result
from vettura_wire.settings import LISTS, SCALES
from vettura_wire.statuses import Status, is_final, may_move

PHONES = ("Phone 1", "Phone 2", "Phone 3")
FIELDS = {
    "ignition": ["off", "on", "drive"],
    "gear": ["P", "R", "N", "D"],
    "on": ["0", "1"],
    "locked": ["0", "1"],
    "part": ["driver_door", "passenger_door", "driver_door_window", "hood", "front_trunk", "rear_trunk", "roof"],
    "percent": ["0", "10", "80", "100", "101", "x"],
    "radio": [*RADIOS, "5G"],
    "place": [*PLACES, "home", "Atlantis"],
    "key": ["1", "2", "3"],
    "fact": ["is_near", "hotspot_on", "roaming_on", "has_volume", "carries_both", "is_client", "color"],
    "phone": list(PHONES),
    "over": ["", CARD_CALL, *PHONES],
    "hotspot": ["Hotspot 1", "Hotspot 2", "Mine", ""],
    "password": ["vettura-1", "vettura-2", "short"],
    "store": ["0", "1"],
    "puk": ["87654321", "00000000", "x"],
    "step": [f"{name}:{direction}" for name in SCALES for direction in ("1", "-1", "2")],
    "level": ["0", "3", "9"],
    "list": [*LISTS, "wishes"],
    "entry": ["Torino", "Radio One", ""],
    "email": ["giulia@example.com", ""],
    "account_id": ["", MAIN, SECOND],
    "language": ["en", "it", "de", "xx"],
    "value": ["", "1234", "9999", "12345678", "482913", "internet.example", "nonsense", "Hotspot 1", "vettura-1", "Phone 1"],
}  # fmt: skip
"""What a form of the car's page may carry, by field; each act takes what it knows. A new act is tried with these too."""


class Form(Mapping):
    """A form whose fields are filled in as they are read."""

    def __init__(self, data) -> None:
        self.data = data
        self.filled: dict[str, str] = {}

    def __getitem__(self, field):
        if field not in self.filled:
            self.filled[field] = self.data.draw(st.sampled_from(FIELDS[field]), label=field)
        return self.filled[field]

    def __iter__(self):
        return iter(FIELDS)

    def __len__(self) -> int:
        return len(FIELDS)


COMMANDS = (
    "lock", "unlock", "trunk_unlock", "honk", "flash", "climate_start", "climate_stop", "charge_start", "charge_stop",
    "set_charge_target", "locate", "honk_and_flash", "direct_charge_start", "direct_charge_stop", "windows_open",
    "windows_close", "breakdown_call", "set_departure_timers", "set_valet_alarm", "set_speed_alarms", "fly",
)  # fmt: skip
PARAMETERS = {
    "set_charge_target": {"target_percent": 60},
    "set_departure_timers": {
        "timers": [{"id": 1, "enabled": True, "time": "07:30", "weekdays": ["monday"], "climate": True}]
    },
    "set_valet_alarm": {"enabled": True, "limit_kmh": 30, "radius": 100},
    "set_speed_alarms": {"alarms": [{"id": 1, "enabled": True, "limit_kmh": 30}]},
}


class AnyCar(RuleBasedStateMachine):
    """Everything that hands, screens, platform, time and network can do to a car, and what must hold after each."""

    build = None
    runner = None

    def __init__(self) -> None:
        super().__init__()
        self.platform = Platform()
        self.car = Car(self.build, None, speed=1_000_000)
        self.commands = Commands(self.car, self.platform.keys)
        self.menu = Menu(self.car)
        self.due = []
        self.types: dict[str, str] = {}
        self.judged: dict[str, list[Status]] = {}
        self.car.take_document(self.platform.users())
        self.car.take_document(self.platform.contracts(self.car))
        self.connect()

    def teardown(self) -> None:
        self.runner.run(self.commands.settle())

    # -- hands and screens -------------------------------------------------------------------------------------------

    @rule(data=st.data(), times=st.integers(1, 6))
    def act(self, data, times):
        for _ in range(times):
            names = sorted(acts_of(self.car, {}))
            name = data.draw(st.sampled_from(names), label="act")
            self.attempt(lambda name=name: acts_of(self.car, Form(data))[name]())
            self.nothing_contradicts()

    @rule(data=st.data())
    def use_an_entry(self, data):
        menu = self.menu
        used = [node.id for node in menu._nodes.values() if not node.children or node.does or node.sets or node.state]
        node = menu.node(data.draw(st.sampled_from(used), label="entry"))
        value = data.draw(st.sampled_from([*node.options, *FIELDS["value"], CONFIRMED]), label="value")
        self.attempt(lambda: menu.use(node, value))

    @rule(data=st.data())
    def look(self, data):
        seen = data.draw(st.sampled_from(["account", "profile", "connection", *self.menu._nodes]), label="screen")
        node = self.menu.node(seen)
        view = View(node=self.menu.target(node)) if node else View(**{f"is_{seen}": True})
        assert unit(self.car, self.menu, view)
        assert strip(self.car, None)
        assert shelf(self.car)

    # -- the platform ------------------------------------------------------------------------------------------------

    @rule(signed_in=st.sampled_from([None, MAIN, SECOND]), remote_access=st.booleans(), linked=st.booleans())
    def users(self, signed_in, remote_access, linked):
        self.car.take_document(
            self.platform.users(signed_in=signed_in, remote_access=remote_access, main_linked=linked)
        )

    @rule(data=st.data(), days=st.sampled_from([-0.5, 30]))
    def contracts(self, data, days):
        known = [service.id for service in self.car.build.services()]
        chosen = data.draw(st.lists(st.sampled_from(known), unique=True, min_size=1, max_size=len(known)))
        self.car.take_document(self.platform.contracts(self.car, *chosen, days=days))

    @rule(shift=st.sampled_from([0.0, 86400.0 * 20, 86400.0 * 40]))
    def clock(self, shift):
        self.car.take_document(self.platform.document(events.CLOCK, {"shift_seconds": shift}))

    @rule(who=st.sampled_from([MAIN, SECOND]), temperature=st.sampled_from([18.0, 26.5, 99.0]))
    def profile(self, who, temperature):
        body = {"account_id": who, "settings": {"temperature": temperature, "favorites": ["Torino"]}}
        self.car.take_document(self.platform.document(events.SETTINGS, body))

    @precondition(lambda self: self.car.request is not None)
    @rule(body=st.sampled_from([{"accepted": True}, {"accepted": False, "error": "code_wrong"}, {"error": 7}, {}]))
    def reply(self, body):
        self.car.take_reply(Reply(vin=self.car.vin, to=self.car.request.event_id, body=body))

    @rule(type_=st.sampled_from(COMMANDS), value=st.sampled_from([None, 18, 23.5, 80, 200, "x"]))
    def command(self, type_, value):
        params = {} if value is None else PARAMETERS.get(type_, {"temperature": value})
        id_ = f"command-{len(self.types)}"
        self.types[id_] = type_
        token = self.platform.command(type_, id_=id_, **params)
        judged = (self.car.has_remote_access, self.car.condition.privacy_on)

        async def take():
            self.commands.take(token)

        self.runner.run(take())
        assert judged == (self.car.has_remote_access, self.car.condition.privacy_on)

    @rule()
    def settle(self):
        """What was begun goes on to its end; everything that may have changed since counts."""
        under_way = [known for known in self.car.memory._content.commands.values() if not known.is_answered]
        may = {known.id for known in under_way if self.may_act(known) or self.has_begun(known)}
        self.runner.run(self.commands.settle())
        done = {known.id for known in under_way if known.results[-1].status == Status.DONE}
        assert done <= may, "a command was executed that nothing allowed any more"

    # -- time, network, broker ---------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([1.0, 60.0, 3600.0]))
    def time_passes(self, seconds):
        if self.car.request is not None:
            self.car.request.asked_at -= timedelta(seconds=seconds)
        self.car.pass_time(seconds)

    @precondition(lambda self: self.car.has_data and not self.car.is_linked_up)
    @rule()
    def connect(self):
        self.car.uplink.hello()
        self.car.note_link(True)

    @rule()
    def line_breaks(self):
        self.due = []
        self.car.note_link(False)

    @rule()
    def gather(self):
        """The link asks what is due; what happens until each message is out is not known yet."""
        self.due = self.car.uplink.outgoing() if self.car.is_linked_up else []

    @precondition(lambda self: self.due)
    @rule()
    def publish(self):
        item = self.due.pop(0)
        if self.car.is_linked_up and self.car.uplink.may_go(item):
            self.heard(item)
            item.taken()

    @rule()
    def pull_the_plug(self):
        """The process ends and starts from what is on disk."""
        self.settle()
        kept = msgspec.json.decode(msgspec.json.encode(self.car.condition), type=Condition)
        memory = self.car.memory
        self.car = Car(self.build, None, speed=1_000_000)
        self.car.condition, self.car.memory = kept, memory
        self.car.networking.power_up()
        self.commands = Commands(self.car, self.platform.keys)
        self.menu = Menu(self.car)
        self.due = []

    # -- what must hold ----------------------------------------------------------------------------------------------

    def heard(self, item):
        if self.car.condition.privacy_on:
            assert item.kind != topics.STATE, "a state went out in privacy mode"
            assert item.kind != topics.EVENT or item.payload.type in SENT_IN_PRIVACY
            assert not isinstance(item.payload, Result) or item.payload.status == Status.REFUSED
        if item.kind == topics.EVENT and item.payload.type == events.SETTINGS_CHANGED:
            assert item.payload.data["account_id"] in (MAIN, SECOND), "a guest's settings left the car"

    @invariant()
    def nothing_contradicts(self):
        self.the_connection_is_told_as_it_is()
        self.no_service_runs_that_may_not()
        self.body_and_gear_agree()
        self.people_agree()
        self.every_command_moves_on_and_once()
        self.it_survives_the_disk()

    def the_connection_is_told_as_it_is(self):
        car = self.car
        now = car.connection
        assert now.is_up == bool(car.connection_label) == car.has_data
        assert (now.reason is None) == now.is_up
        assert now.reason is None or f"reason_{now.reason}" in TEXTS
        bar = str(status_bar(car))
        assert re.findall(r'data-connected="(\w+)"', bar) == ["true" if now.is_up else "false"]
        assert re.findall(r'class="symbol__label">([^<]*)<', bar) == [now.label]

    def no_service_runs_that_may_not(self):
        car = self.car
        c = car.condition
        for service in car.build.services():
            standing = car.entitlement.of(service.id)
            assert standing.is_active == (standing.reason is None)
            if not standing.is_active:
                continue
            assert car.has_data, "a service without data"
            assert not (c.privacy_on and car.entitlement.can_be_private(service.id)), "a service in privacy mode"
            assert service.id not in c.private_services or not car.entitlement.can_be_private(service.id)
            assert not (c.guest and service.needs_remote_access), "a guest with a remote service"
            assert not service.needs_remote_access or car.has_remote_access

    def body_and_gear_agree(self):
        c = self.car.condition
        assert not [door for door in c.doors_open if c.doors_open[door] and c.doors_locked[door]], "open and locked"
        assert not (c.rear_trunk_open and c.rear_trunk_locked)
        assert c.gear == "P" or c.ignition == "drive"
        assert c.ignition != "off" or c.parking_brake, "an abandoned car without its brake"
        assert not (is_moving(c) and c.plugged_in), "driving with the cable in"
        assert not c.charging or (c.plugged_in and c.state_of_charge < c.remote.charge_goal), "charging on nothing"
        assert self.car.build.has_battery or not c.plugged_in
        assert 0 <= c.state_of_charge <= 100
        assert 0 <= c.fuel_level <= 100
        reported = values(c, self.car.build)
        assert set(reported) <= set(self.car.build.generation.signals_of(self.car.build.drive))

    def people_agree(self):
        car = self.car
        c = car.condition
        assert not (c.guest and car.signed_in is not None)
        assert c.guest == (c.before_guest is not None)
        person = car.signed_in
        assert c.profile_of in (None, person.account_id if person else None)
        assert person is not None or c.guest or not any(c.settings[name] for name in LISTS), "lists of nobody"
        withdrawn = [event for event in c.pending_events if event.type == events.REMOTE_ACCESS]
        if withdrawn and not withdrawn[-1].data["granted"]:
            assert not car.has_remote_access, "withdrawn here, and still open"

    def every_command_moves_on_and_once(self):
        for known in self.car.memory._content.commands.values():
            statuses = [result.status for result in known.results]
            assert all(may_move(one, other) for one, other in itertools.pairwise(statuses)), statuses
            assert sum(is_final(status) for status in statuses) <= 1
            before = self.judged.get(known.id, [])
            assert statuses[: len(before)] == before, "an answer was changed"
            self.judged[known.id] = statuses

    def it_survives_the_disk(self):
        c = self.car.condition
        assert msgspec.json.decode(msgspec.json.encode(c), type=Condition) == c

    # -- inside ------------------------------------------------------------------------------------------------------

    def attempt(self, act):
        before = msgspec.json.encode(self.car.condition.documents)
        access = self.car.has_remote_access
        refusal = None
        try:
            act()
        except NotPossible as reason:
            refusal = reason.code
        if refusal is not None:
            assert refusal in TEXTS, f"the screen has no words for {refusal}"
            assert before == msgspec.json.encode(self.car.condition.documents)
            assert access or not self.car.has_remote_access, "refused, and remote access is open all the same"

    def has_begun(self, known):
        """Whether horn or lights, which end by themselves, have begun already: that they began is what was judged."""
        part = SIGNALS.get(self.types[known.id])
        return part is not None and getattr(self.car.condition, part)

    def may_act(self, known):
        car = self.car
        command = self.types[known.id]
        needs = car.build.needs_remote_access(command)
        return (
            not car.entitlement.is_private(command)
            and car.entitlement.allows(command)
            and (car.has_remote_access or not needs)
        )


@pytest.mark.rule("PRI-001", "PRI-002", "REM-004", "TAY-007", "CON-028")
@pytest.mark.parametrize("generation", ["911-7", "PAN-2", "CAY-3", "TAY"])
def test_no_order_of_anything_makes_a_car_contradict_itself(pack, tmp_path, generation):
    built = load_build(
        vin="WP0ZZZY1ZLSA00001", folder=tmp_path, pack=pack, pack_dir=PACK_DIR, generation=generation,
        drive=pack.generations[generation].drives[-1], country="IT", language="en",
    )  # fmt: skip

    with asyncio.Runner() as loop:

        class Machine(AnyCar):
            build, runner = built, loop

        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
            ),
        )


# -- what the machine found, one by one ------------------------------------------------------------------------------


@pytest.mark.rule("REM-004", "REM-006")
@pytest.mark.parametrize("hindrance", ["privacy", "no data"])
def test_a_grant_that_cannot_be_sent_does_not_undo_a_withdrawal(ready_car, hindrance):
    car = ready_car()
    car.revoke_remote_access()
    if hindrance == "privacy":
        car.set_privacy(True)
        with pytest.raises(NotPossible, match="privacy_on"):
            car.grant_remote_access()
    else:
        car.set_network(has_coverage=False)
        car.grant_remote_access()

    assert not car.has_remote_access


@pytest.mark.rule("C-77")
def test_what_was_due_before_privacy_mode_does_not_go_out_in_it(ready_car):
    car = ready_car()
    car.lock(False)
    due = car.uplink.outgoing()

    car.set_privacy(True)

    assert topics.STATE in {item.kind for item in due}
    assert {item.payload.type for item in due if car.uplink.may_go(item)} <= SENT_IN_PRIVACY


@pytest.mark.rule("REM-006", "PRI-002")
@pytest.mark.parametrize(
    ("withdraw", "cause"),
    [(Car.revoke_remote_access, "remote_access_missing"), (lambda car: car.set_privacy(True), "privacy_mode")],
)
def test_a_command_that_is_under_way_when_it_is_no_longer_allowed_fails(ready_car, platform, withdraw, cause):
    car = ready_car()
    car.lock(False)
    car.speed = 100

    async def story():
        commands = Commands(car, platform.keys)
        commands.take(platform.command("lock", id_="late"))
        withdraw(car)
        await commands.settle()

    asyncio.run(story())

    answer = car.memory.known("late").results[-1]
    assert (answer.status, answer.cause) == (Status.FAILED, cause)
    assert not any(car.condition.doors_locked.values())


def test_a_battery_above_its_limit_does_not_charge_and_is_not_emptied_by_it(make_car):
    car = make_car()
    car.plug(True)
    before = car.condition.charging
    car.set_charge(95.0)
    car.pass_time(60)

    assert (before, car.condition.charging, car.condition.state_of_charge) == (True, False, 95.0)


def test_a_cable_and_driving_exclude_each_other(make_car):
    car = make_car()
    car.set_ignition("drive")
    car.plug(True)
    with pytest.raises(NotPossible, match="cable_in"):
        car.set_gear("D")
    car.plug(False)
    car.set_gear("D")

    with pytest.raises(NotPossible, match="not_parked"):
        car.plug(True)


def test_an_abandoned_car_keeps_its_brake_and_an_open_door_keeps_it_from_driving_off(make_car):
    car = make_car()
    car.lock(False)
    car.open_part("driver_door", True)
    with pytest.raises(NotPossible, match="door_open"):
        car.set_ignition("drive")
    car.set_ignition("off")

    with pytest.raises(NotPossible, match="not_ready"):
        car.set_parking_brake(False)


def test_a_car_without_a_battery_has_no_cable_and_one_without_a_tank_no_fuel(make_car):
    with pytest.raises(NotPossible, match="unknown_option"):
        make_car("911-7").plug(True)
    with pytest.raises(NotPossible, match="unknown_option"):
        make_car("TAY").set_fuel(50)


def test_horn_and_lights_of_two_commands_come_one_after_the_other_and_end(ready_car, platform):
    car = ready_car()
    car.speed = 100

    async def story():
        commands = Commands(car, platform.keys)
        commands.take(platform.command("flash"))
        commands.take(platform.command("honk"))
        seen = []
        car.listen(lambda: seen.append((car.condition.horn, car.condition.hazard_lights)))
        await commands.settle()
        return seen

    seen = asyncio.run(story())

    lit, heard = seen.index((False, True)), seen.index((True, False))
    assert lit < seen.index((False, False), lit) < heard
    assert (True, True) not in seen
    assert seen[-1] == (False, False)
