"""A foreign client: gmqtt by itself. Takes an errand as JSON, tells what happened, one JSON object a line."""

import asyncio
import json
import ssl
import sys

import gmqtt
from gmqtt.mqtt.constants import MQTTv311

errand = json.loads(sys.argv[1])


def tell(**fact):
    print(json.dumps(fact), flush=True)


def connected(client, _flags, reason, _properties):
    tell(connected=reason == 0, why=reason)
    client.subscribe(errand["listen"], qos=0)


def subscribed(client, _mid, granted, _properties):
    tell(granted=granted[0] < 128)
    client.publish(errand["topic"], errand["payload"].encode(), qos=1)


def heard(_client, topic, payload, _qos, _properties):
    tell(heard=topic, payload=payload.decode())
    return 0


async def main():
    context = ssl.create_default_context(cafile=errand["ca"])
    if errand["certificate"]:
        context.load_cert_chain(errand["certificate"], errand["key"])
    client = gmqtt.Client(errand["client_id"], clean_session=True)
    client.set_config({"reconnect_retries": 0})
    client.on_connect, client.on_subscribe, client.on_message = connected, subscribed, heard
    client.on_disconnect = lambda *_: tell(gone=True)
    try:
        await client.connect("localhost", errand["port"], ssl=context, keepalive=30, version=MQTTv311)
        await asyncio.sleep(errand["seconds"])
        await client.disconnect()
    # why it is refused differs: by the TLS handshake, by the answer to its first packet, or by silence
    except (TimeoutError, OSError, gmqtt.MQTTConnectError) as error:
        tell(connected=False, why=repr(error))


asyncio.run(main())
