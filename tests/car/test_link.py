import asyncio
import contextlib
import os
import signal
import socket
import sys

import httpx
import nats
import nkeys
import pytest
from tests.car.conftest import PACK_DIR, VIN

from vettura.vehicle_link.process import callout
from vettura_car.commands import Commands
from vettura_car.fleet import LightCar
from vettura_car.mqtt import Link, read_platform_keys, tls_context
from vettura_wire import payloads, signals, signing, topics
from vettura_wire.clock import real_now

PATIENCE = 10


class Desk:
    """The platform's end of a real broker: lets the car in, hears it, and speaks to it."""

    def __init__(self, connection, broker) -> None:
        self.connection = connection
        self.heard: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self.issuer = nkeys.from_seed((broker.keys_dir / "nats-issuer.seed").read_bytes().strip())

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, broker):
        connection = await nats.connect(broker.url, nkeys_seed_str=broker.platform_seed)
        desk = cls(connection, broker)
        await connection.subscribe(callout.SUBJECT, cb=desk._let_in)
        await connection.subscribe(f"vehicles.{VIN}.up.>", cb=desk._hear)
        await connection.flush()
        try:
            yield desk
        finally:
            await connection.close()

    async def _let_in(self, message) -> None:
        asked = callout.read_question(message.data)
        refusal = callout.refusal_of(asked, is_known=True)
        await message.respond(callout.answer(asked, issuer=self.issuer, account=callout.ACCOUNT, refusal=refusal))

    async def _hear(self, message) -> None:
        await self.heard.put((topics.parse(message.subject).kind, message.data))

    async def next(self, kind, **wanted):
        """The next message of this kind whose fields are as wanted."""
        async with asyncio.timeout(PATIENCE):
            while True:
                heard, data = await self.heard.get()
                if heard == kind:
                    payload = payloads.decode_up(kind, data)
                    if all(getattr(payload, name) == value for name, value in wanted.items()):
                        return payload

    async def say(self, kind, token) -> None:
        await self.connection.publish(topics.to_subject(topics.down(VIN, kind)), token)


def drive(make_car, broker, story, *, generation="TAY", **changes):
    """Connect a provisioned car to the broker and play a story with it."""
    folder = broker.provision(VIN)
    for name in ("state.json", "memory.json", "reports.jsonl"):
        (folder / name).unlink(missing_ok=True)
    car = make_car(generation, folder=folder, **changes)
    signer = (broker.keys_dir / "platform.key").read_bytes()

    async def play():
        keys = read_platform_keys(folder)
        commands = Commands(car, keys)
        link = Link(car, commands, mqtt_url=broker.mqtt_url, tls=tls_context(folder), keys=keys)
        async with Desk.open(broker) as desk:
            running = asyncio.create_task(link.run())
            try:
                await story(desk, car, signer, running)
            finally:
                running.cancel()
                await asyncio.wait({running}, timeout=2 * PATIENCE)
                assert running.done()

    asyncio.run(play())


def test_a_car_says_hello_takes_documents_and_answers_a_command(make_car, nats_server, platform):
    async def story(desk, car, signer, running):
        hello = await desk.next(topics.HELLO)
        await desk.next(topics.STATE)
        for document in (platform.users(), platform.contracts(car)):
            await desk.say(topics.DOCUMENT, signing.sign(document, signer))
            await desk.next(
                topics.EVENT, type="document_applied", data={"name": document.name, "version": document.version}
            )
        platform.private = signer
        await desk.say(topics.COMMAND, platform.command("unlock"))
        statuses = [(await desk.next(topics.RESULT, command_id="command-1")).status for _ in range(3)]

        assert (hello.vin, hello.has_memory, hello.highest_counter) == (VIN, False, 0)
        assert statuses == ["delivered", "running", "done"]
        assert not any(car.condition.doors_locked.values())

    drive(make_car, nats_server, story)


def test_what_goes_over_the_air_in_both_directions_is_counted_with_its_size(make_car, nats_server, platform):
    async def story(desk, car, signer, running):
        await desk.next(topics.HELLO)
        await desk.next(topics.STATE)
        down = up = 0
        # one message after the other: when the second answer is here, the first one was counted
        for document in (platform.users(), platform.contracts(car)):
            counted = down + up
            token = signing.sign(document, signer)
            await desk.say(topics.DOCUMENT, token)
            applied = await desk.next(
                topics.EVENT, type="document_applied", data={"name": document.name, "version": document.version}
            )
            down += len(topics.down(VIN, topics.DOCUMENT)) + len(token)
            up += len(topics.up(VIN, topics.EVENT)) + len(payloads.encode(applied))

        used = car.condition.data_use.used
        assert used.keys() == {"integrated_sim"}
        assert counted + len(token) < used["integrated_sim"]["messages"] < down + up + 20_000

    drive(make_car, nats_server, story)


def test_a_car_that_loses_coverage_is_reported_by_its_will_and_comes_back(make_car, nats_server):
    async def story(desk, car, signer, running):
        await desk.next(topics.HELLO)
        await desk.next(topics.STATE)
        car.set_network(has_coverage=False)
        gone = await desk.next(topics.OFFLINE)
        car.open_part("hood", True)
        car.set_network(has_coverage=True)
        hello = await desk.next(topics.HELLO)

        assert gone.at is None
        assert hello.has_memory

    drive(make_car, nats_server, story)


def test_what_happened_in_a_gap_comes_afterwards_with_its_own_moments(make_car, nats_server):
    async def story(desk, car, signer, running):
        await desk.next(topics.STATE)
        car.set_network(has_coverage=False)
        await desk.next(topics.OFFLINE)
        before = real_now()
        car.open_part("front_trunk", True)
        car.open_part("front_trunk", False)
        after = real_now()
        car.set_network(has_coverage=True)
        hello = await desk.next(topics.HELLO)
        heard = [await desk.next(topics.STATE) for _ in range(3)]

        assert [report.values.get(signals.FRONT_TRUNK_OPEN) for report in heard] == [True, False, False]
        assert all(before <= report.measured_at <= after for report in heard[:2])
        assert set(heard[2].values) > {signals.MILEAGE}
        assert heard[2].measured_at >= hello.sent_at

    drive(make_car, nats_server, story)


def call_on_edge(car):
    """A call over the phone whose SIM the car uses."""
    car.set_network(radio="E")
    car.networking.call("card")


LOSSES = {
    "data switched off": (lambda car: car.tick("data", False), lambda car: car.tick("data", True)),
    "card removed": (lambda car: car.networking.insert_sim(False), lambda car: car.networking.insert_sim(True)),
    "a border": (lambda car: car.networking.cross_border("FR"), lambda car: car.networking.cross_border("CN")),
    "no volume": (
        lambda car: car.networking.set_sim("has_volume", False),
        lambda car: car.networking.set_sim("has_volume", True),
    ),
    "a call on EDGE": (call_on_edge, lambda car: car.networking.call("")),
}


@pytest.mark.rule("CON-013", "CON-017", "CON-009", "PCM-005")
@pytest.mark.parametrize("loss", LOSSES)
def test_a_car_without_internet_is_cut_off_from_the_broker_and_loses_no_report(make_car, nats_server, loss):
    lose, regain = LOSSES[loss]

    async def story(desk, car, signer, running):
        if loss == "a call on EDGE":
            # where nobody may call over the card, a phone lends its own
            car.networking.insert_sim(False)
            car.networking.set_sim_access(True)
        hello = await desk.next(topics.HELLO)
        await desk.next(topics.STATE)
        lose(car)
        gone = await desk.next(topics.OFFLINE)
        silent = desk.heard.empty()
        car.open_part("hood", True)
        car.set_privacy(True)
        car.set_privacy(False)
        regain(car)
        again = await desk.next(topics.HELLO)
        told = [(await desk.next(topics.EVENT, type="privacy")).data["on"] for _ in range(2)]
        state = await desk.next(topics.STATE)

        # only a wish leaves the time for a good-bye
        assert (gone.at is None, gone.because) == ((False, "data_off") if loss == "data switched off" else (True, ""))
        assert silent
        assert (hello.connection.bearer, again.connection.bearer) == ("mobile", "mobile")
        assert told == [True, False]
        assert state.values["Vehicle.Body.Hood.IsOpen"] is True

    drive(make_car, nats_server, story, generation="CAY-3", country="CN")


@pytest.mark.rule("CON-046", "C-06")
def test_another_way_to_the_internet_is_another_connection(make_car, nats_server):
    async def story(desk, car, signer, running):
        first = await desk.next(topics.HELLO)
        await desk.next(topics.STATE)
        car.networking.set_phone("Phone 1", "hotspot_on", True)
        car.networking.choose_hotspot("Hotspot 1")
        car.networking.join_hotspot("vettura-1")
        await desk.next(topics.OFFLINE)
        second = await desk.next(topics.HELLO)

        assert (first.connection.bearer, first.connection.radio) == ("mobile", "LTE")
        assert (second.connection.bearer, second.connection.radio) == ("wifi", "")

    drive(make_car, nats_server, story, generation="CAY-3")


def test_a_car_that_is_switched_off_says_when(make_car, nats_server):
    async def story(desk, car, signer, running):
        await desk.next(topics.STATE)
        running.cancel()

        assert (await desk.next(topics.OFFLINE)).at is not None

    drive(make_car, nats_server, story)


@pytest.mark.rule("C-77")
def test_in_privacy_mode_the_broker_hears_the_event_and_refusals_only(make_car, nats_server, platform):
    async def story(desk, car, signer, running):
        await desk.next(topics.STATE)
        await desk.say(topics.DOCUMENT, signing.sign(platform.users(), signer))
        await desk.next(topics.EVENT, type="document_applied")
        car.set_privacy(True)
        car.open_part("hood", True)
        platform.private = signer
        await desk.say(topics.COMMAND, platform.command("unlock"))
        heard = [await asyncio.wait_for(desk.heard.get(), PATIENCE) for _ in range(2)]
        await asyncio.sleep(1.5)

        assert [kind for kind, _ in heard] == [topics.EVENT, topics.RESULT]
        assert payloads.decode(heard[1][1], payloads.Result).cause == "privacy_mode"
        assert desk.heard.empty()

    drive(make_car, nats_server, story)


def test_a_document_of_a_foreign_platform_has_no_effect(make_car, nats_server, platform):
    async def story(desk, car, signer, running):
        await desk.next(topics.STATE)
        await desk.say(topics.DOCUMENT, signing.sign(platform.users(), platform.private))
        await desk.say(topics.DOCUMENT, signing.sign(platform.document("settings", {}), signer))
        await desk.next(topics.EVENT, type="document_applied", data={"name": "settings", "version": 2})

        assert "users" not in car.condition.documents

    drive(make_car, nats_server, story)


def test_the_process_serves_its_page_connects_and_says_good_bye(nats_server):
    folder = nats_server.provision(VIN)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    words = ["-m", "vettura_car", "--vin", VIN, "--port", str(port), "--data-dir", str(folder.parents[1])]
    words += ["--mqtt", nats_server.mqtt_url, "--pack", str(PACK_DIR), "--language", "en"]

    async def play():
        async with Desk.open(nats_server) as desk, httpx.AsyncClient(base_url=f"http://localhost:{port}") as browser:
            process = await asyncio.create_subprocess_exec(
                sys.executable, *words, env={**os.environ, "PYTHONPATH": "src"}
            )
            try:
                await desk.next(topics.STATE)
                page = await browser.get("/")
                state = (await browser.get("/state.json")).json()
                process.send_signal(signal.SIGTERM)
                good_bye = await desk.next(topics.OFFLINE)
            finally:
                with contextlib.suppress(ProcessLookupError):
                    process.terminate()
                code = await asyncio.wait_for(process.wait(), PATIENCE)
            return page, state, good_bye, code

    page, state, good_bye, code = asyncio.run(play())

    assert "Platform reached" in page.text
    assert state["linked_up"]
    assert good_bye.at is not None
    assert code in (0, -signal.SIGTERM)


def test_a_light_car_answers_at_once_and_takes_a_command_once(nats_server, platform):
    folder = nats_server.provision(VIN)
    platform.private = (nats_server.keys_dir / "platform.key").read_bytes()

    async def play():
        car = LightCar(VIN, keys=read_platform_keys(folder))
        async with Desk.open(nats_server) as desk:
            running = asyncio.create_task(
                car.run(mqtt_url=nats_server.mqtt_url, tls=tls_context(folder), states_per_second=20)
            )
            await desk.next(topics.HELLO)
            token = platform.command("lock")
            for _ in range(2):
                await desk.say(topics.COMMAND, token)
                await desk.next(topics.RESULT, status="done")
            for _ in range(2):
                await desk.next(topics.STATE)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        return car

    car = asyncio.run(play())

    assert car.commands_taken == 1
    assert car.states_sent > 0


class ClientThatDropsACancellation:
    """What `asyncio.wait_for` of Python 3.11 makes of the MQTT client when a cancellation meets the broker's answer."""

    async def subscribe(self, topic, *, qos):
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(PATIENCE)

    async def publish(self, topic, payload, *, qos):
        """The broker takes everything."""


@pytest.mark.parametrize("kind", [Link, LightCar])
def test_a_link_told_to_end_while_it_connects_ends(make_car, kind):
    async def play():
        client = ClientThatDropsACancellation()
        if kind is Link:
            car = make_car()
            link = Link(car, Commands(car, {}), mqtt_url="mqtt://nowhere", tls=None, keys={})
            serving = asyncio.create_task(link._serve(client))
        else:
            serving = asyncio.create_task(LightCar(VIN, keys={})._serve(client, 0))
        await asyncio.sleep(0)
        serving.cancel()
        await asyncio.wait({serving}, timeout=1)
        return serving.cancelled()

    assert asyncio.run(play())
