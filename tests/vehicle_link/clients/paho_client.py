"""A foreign client: paho-mqtt by itself. Takes an errand as JSON, tells what happened, one JSON object a line."""

import json
import sys
import time

from paho.mqtt import client as paho

errand = json.loads(sys.argv[1])


def tell(**fact):
    print(json.dumps(fact), flush=True)


def connected(client, _data, _flags, reason, _properties):
    tell(connected=not reason.is_failure, why=str(reason))
    if reason.is_failure:
        client.disconnect()
        return
    client.subscribe(errand["listen"], 0)


def subscribed(client, _data, _mid, reasons, _properties):
    tell(granted=not reasons[0].is_failure)
    client.publish(errand["topic"], errand["payload"].encode(), 1)


client = paho.Client(
    paho.CallbackAPIVersion.VERSION2, client_id=errand["client_id"], clean_session=True, reconnect_on_failure=False
)
client.tls_set(errand["ca"], errand["certificate"], errand["key"])
client.on_connect = connected
client.on_subscribe = subscribed
client.on_publish = lambda *_: tell(published=True)
client.on_message = lambda _c, _d, message: tell(heard=message.topic, payload=message.payload.decode())
client.on_disconnect = lambda *_: tell(gone=True)
try:
    client.connect("localhost", errand["port"], 30)
    client.loop_start()
    time.sleep(errand["seconds"])
    client.loop_stop()
except OSError as error:
    tell(connected=False, why=str(error))
