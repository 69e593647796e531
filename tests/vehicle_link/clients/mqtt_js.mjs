// A foreign client in another language: MQTT.js. Takes an errand as JSON, tells what happened, one JSON object a line.
import { readFileSync } from "node:fs";
import mqtt from "mqtt";

const errand = JSON.parse(process.argv[2]);
const tell = (fact) => console.log(JSON.stringify(fact));

const client = mqtt.connect({
  protocol: "mqtts",
  host: "localhost",
  port: errand.port,
  clientId: errand.client_id,
  protocolVersion: 4,
  clean: true,
  reconnectPeriod: 0,
  ca: readFileSync(errand.ca),
  ...(errand.certificate ? { cert: readFileSync(errand.certificate), key: readFileSync(errand.key) } : {}),
});

client.on("connect", () => {
  tell({ connected: true });
  client.subscribe(errand.listen, { qos: 0 }, (error, granted) => {
    tell({ granted: !error && granted.every((each) => each.qos < 128) });
    client.publish(errand.topic, errand.payload, { qos: 1 }, (failed) => tell({ published: !failed }));
  });
});
client.on("message", (topic, payload) => tell({ heard: topic, payload: payload.toString() }));
client.on("error", (error) => tell({ connected: false, why: error.message }));
client.on("close", () => tell({ gone: true }));
setTimeout(() => process.exit(0), errand.seconds * 1000);
