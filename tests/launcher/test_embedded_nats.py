"""The broker's configuration, tried with a car's certificate and the link's own answers to the broker's questions."""

import asyncio
import socket
import ssl
from urllib.parse import urlsplit

import aiomqtt
import nats
import nkeys
import pytest

from vettura.vehicle_link.process import callout

VIN = "WP0ZZZY1ZLSA00001"
OTHER_VIN = "WP1ZZZ9YZKDA00002"


def car(broker, vin, *, client_id=None):
    folder = broker.provision(vin)
    context = ssl.create_default_context(cafile=folder / "ca.pem")
    context.load_cert_chain(folder / "car.pem", folder / "car.key")
    address = urlsplit(broker.mqtt_url)
    return aiomqtt.Client(address.hostname, address.port, identifier=client_id or vin, tls_context=context, timeout=5)


async def let_in(broker, connection, vins):
    """Answers the broker's questions as the link does, for these cars."""
    issuer = nkeys.from_seed((broker.keys_dir / "nats-issuer.seed").read_bytes().strip())

    async def answer(message):
        asked = callout.read_question(message.data)
        refusal = callout.refusal_of(asked, is_known=asked.certificate_vin in vins)
        await message.respond(callout.answer(asked, issuer=issuer, account="VETTURA", refusal=refusal))

    return await connection.subscribe(callout.SUBJECT, cb=answer)


def test_a_car_gets_in_by_its_certificate_and_is_heard(nats_server):
    async def story():
        platform = await nats.connect(nats_server.url, nkeys_seed_str=nats_server.platform_seed)
        callouts = await let_in(nats_server, platform, {VIN})
        heard = await platform.subscribe(f"vehicles.{VIN}.up.*")
        async with car(nats_server, VIN) as client:
            await client.subscribe(f"vehicles/{VIN}/down/#", qos=1)
            await client.publish(f"vehicles/{VIN}/up/hello", b"{}", qos=1)
            message = await heard.next_msg(timeout=5)
            await platform.publish(f"vehicles.{VIN}.down.command", b"signed")
            down = await asyncio.wait_for(anext(aiter(client.messages)), 5)
        await callouts.unsubscribe()
        await platform.close()
        return message.subject, str(down.topic), down.payload

    with asyncio.Runner() as runner:
        assert runner.run(story()) == (f"vehicles.{VIN}.up.hello", f"vehicles/{VIN}/down/command", b"signed")


def test_a_car_under_another_name_or_unknown_is_kept_out(nats_server):
    async def tries(vin, client_id, known):
        platform = await nats.connect(nats_server.url, nkeys_seed_str=nats_server.platform_seed)
        callouts = await let_in(nats_server, platform, known)
        try:
            async with car(nats_server, vin, client_id=client_id):
                return True
        except aiomqtt.MqttError:
            return False
        finally:
            await callouts.unsubscribe()
            await platform.close()

    with asyncio.Runner() as runner:
        assert runner.run(tries(OTHER_VIN, OTHER_VIN, {OTHER_VIN})) is True
        assert runner.run(tries(OTHER_VIN, VIN, {VIN, OTHER_VIN})) is False
        assert runner.run(tries(OTHER_VIN, OTHER_VIN, {VIN})) is False


def test_without_a_certificate_of_our_authority_nobody_speaks_to_the_broker(nats_server):
    address = urlsplit(nats_server.mqtt_url)

    async def story():
        context = ssl.create_default_context(cafile=nats_server.keys_dir / "ca.pem")
        async with aiomqtt.Client(address.hostname, address.port, identifier=VIN, tls_context=context, timeout=5):
            pass

    with asyncio.Runner() as runner, pytest.raises(aiomqtt.MqttError):
        runner.run(story())


def test_a_program_on_this_machine_without_the_platforms_key_is_kept_out(nats_server):
    address = urlsplit(nats_server.url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(b'CONNECT {"verbose":false}\r\nSUB > 1\r\nPING\r\n')
        heard = b""
        while part := connection.recv(4096):
            heard += part

    assert heard.splitlines()[-1] == b"-ERR 'Authorization Violation'"
    assert b"PONG" not in heard
