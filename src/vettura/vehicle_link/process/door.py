"""Ends connections of cars that are open: what the broker lets its system account do."""

import asyncio
import json

import nats
from django.conf import settings
from nats.aio.client import Client
from nats.errors import Error

PATIENCE_SECONDS = 5
ANSWER_SECONDS = 0.5


async def end_connections(vin: str) -> int:
    """
    This will end every connection that a car has with the broker and tell how many there were.

    Raises OSError or nats.errors.Error when the broker is away, and FileNotFoundError when we have no key to its system account.
    """
    seed = (settings.VETTURA_KEYS_DIR / "nats-system.seed").read_text().strip()
    connection = await asyncio.wait_for(
        nats.connect(settings.VETTURA_NATS_URL, name="vettura door", nkeys_seed_str=seed, allow_reconnect=False),
        PATIENCE_SECONDS,
    )
    try:
        ended = 0
        for server, number in await _connections_of(connection, vin):
            await connection.request(
                f"$SYS.REQ.SERVER.{server}.KICK", json.dumps({"cid": number}).encode(), timeout=PATIENCE_SECONDS
            )
            ended += 1
        return ended
    finally:
        await connection.close()


async def _connections_of(connection: Client, vin: str) -> list[tuple[str, int]]:
    """Server and number of each connection of this car, of however many servers the cluster has."""
    inbox = connection.new_inbox()
    answers = await connection.subscribe(inbox)
    asked = json.dumps({"mqtt_client": vin, "state": 0, "limit": 1024}).encode()
    await connection.publish("$SYS.REQ.SERVER.PING.CONNZ", asked, reply=inbox)
    found: list[tuple[str, int]] = []
    while True:
        try:
            answer = json.loads((await answers.next_msg(timeout=ANSWER_SECONDS)).data)
        except (Error, TimeoutError):
            return found
        server = answer["server"]["id"]
        listed = (answer.get("data") or {}).get("connections") or []
        found += [(server, each["cid"]) for each in listed if each.get("mqtt_client") == vin]
