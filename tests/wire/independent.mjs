// The car's side of docs/wire.md, written anew in another language with another library (jose): it shares no line with ours.
// Reads docs/wire-vectors.json and prints what it would answer, in the file's own words.
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { compactVerify, importJWK } from "jose";

const vectors = JSON.parse(readFileSync(process.argv[2]));
const keys = new Map();
for (const key of vectors.platform_keys.keys) keys.set(key.kid, await importJWK(key, "EdDSA"));

const isCanonical = (text) => Buffer.from(text, "base64url").toString("base64url") === text;
const hash = (token) => createHash("sha256").update(token).digest("hex");

async function read(token, kind) {
  const parts = token.split(".");
  if (parts.length !== 3 || !parts.every(isCanonical)) throw new Error("not a message");
  const { payload } = await compactVerify(
    token,
    (header) => {
      if (header.typ !== `vettura-${kind}` || !keys.has(header.kid)) throw new Error("of another kind or key");
      return keys.get(header.kid);
    },
    { algorithms: ["EdDSA"] },
  );
  return JSON.parse(new TextDecoder().decode(payload));
}

function claimedId(token) {
  try {
    return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString()).id;
  } catch {
    return undefined;
  }
}

const refused = (cause) => ({ verdict: "refused", cause });

const isWhole = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;

function meansSomething(type, params) {
  if (type !== "set_speed_alarms") return Object.keys(params).every((name) => type === "climate_start" && name === "temperature");
  const alarm = ({ id, enabled, limit_kmh }) => isWhole(id, 1, 2147483647) && typeof enabled === "boolean" && isWhole(limit_kmh, 1, 400);
  return Array.isArray(params.alarms) && params.alarms.length <= 10 && params.alarms.every(alarm);
}

function against({ type, params }, car) {
  if (!vectors.supported.includes(type)) return "not_supported";
  if (!car.remote_access) return "remote_access_missing";
  if (car.privacy_mode) return "privacy_mode";
  if (!car.entitled) return "not_entitled";
  if (!meansSomething(type, params)) return "ill_parameters";
  if (car.low_voltage < 11.8) return "low_voltage";
  if (type === "climate_start" && car.battery < 25) return "battery_below_25";
  if (type === "charge_start" && !car.plugged_in) return "not_plugged_in";
  return null;
}

async function answer({ at, message }, car, memory) {
  let command;
  try {
    command = await read(message, "command");
  } catch {
    return claimedId(message) ? refused("bad_signature") : { verdict: "dropped", cause: null };
  }
  if (!command.id) return { verdict: "dropped", cause: null };
  if (command.vin !== car.vin) return refused("wrong_vehicle");
  if (memory.known.has(command.id)) {
    return memory.known.get(command.id) === hash(message) ? { verdict: "repeated", cause: null } : refused("replayed");
  }
  const isOld = command.counter <= memory.highest || command.issued < car.memory_begun_at;
  if (isOld) return refused(command.expires <= at ? "expired" : "replayed");
  memory.known.set(command.id, hash(message));
  memory.highest = Math.max(memory.highest, command.counter);
  if (command.expires <= at) return refused("expired");
  const cause = against(command, car);
  return cause ? refused(cause) : { verdict: "taken", cause: null };
}

const said = { commands: [], documents: [], replies: [] };
for (const each of vectors.commands) {
  const memory = { known: new Map(), highest: 0 };
  const answers = [];
  for (const step of each.steps) answers.push(await answer(step, each.car, memory));
  said.commands.push({ name: each.name, answers });
}
let held = 0;
for (const { name, message } of vectors.documents) {
  let acknowledged = null;
  try {
    const document = await read(message, "document");
    if (document.vin === vectors.commands[0].car.vin && Number.isInteger(document.version)) {
      acknowledged = held = Math.max(held, document.version);
    }
  } catch {}
  said.documents.push({ name, acknowledged });
}
for (const { name, to, message } of vectors.replies) {
  let accepted = null;
  try {
    const reply = await read(message, "reply");
    if (reply.vin === vectors.commands[0].car.vin && reply.to === to) accepted = reply.body.accepted === true;
  } catch {}
  said.replies.push({ name, accepted });
}
console.log(JSON.stringify(said));
