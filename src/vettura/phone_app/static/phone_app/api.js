// The public API, with the person's own token; refusals come with their sentence.
import { Offline, distrust, token } from "./access.js";

const ROOT = "/api/v1";
let language = document.documentElement.lang;
export const speak = (code) => { language = code; };

export class Refused extends Error {
  constructor(problem) {
    super(problem.detail);
    this.code = problem.code;
    this.facts = problem;
    // where it is looked for the cause
    this.why = problem.diagnosis?.replace(/.*vehicles\/(\w+)\/diagnosis\/(\w+)(\?service=)?/, "#why/$1/$2/");
  }
}

const sent = async (path, options) => {
  const access = await token();
  const headers = { Authorization: `Bearer ${access}`, "Accept-Language": language, ...options.headers };
  let answer;
  try {
    answer = await fetch(ROOT + path, { credentials: "omit", cache: "no-store", ...options, headers });
  } catch (problem) {
    if (problem.name === "AbortError") throw problem;
    throw new Offline();
  }
  return [answer, access];
};

const asked = async (path, options = {}) => {
  let [answer, access] = await sent(path, options);
  if (answer.status === 401) {
    await distrust(access);
    [answer] = await sent(path, options);
  }
  if (answer.ok) return answer;
  if (answer.status >= 502) throw new Offline();
  throw new Refused(await answer.json().catch(() => ({ detail: answer.statusText, code: "unknown" })));
};

export const read = async (path) => (await asked(path)).json();

export const write = async (method, path, body, key = crypto.randomUUID()) => {
  const headers = { "Idempotency-Key": key, ...(body !== undefined && { "Content-Type": "application/json" }) };
  const answer = await asked(path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return answer.status === 204 ? null : answer.json();
};

// Live events of a car until the signal ends them. It comes back by itself, after the last step it has seen.
export const listen = async (vin, heard, signal) => {
  let last = null;
  let wait = 1000;
  while (!signal.aborted) {
    try {
      const query = last ? `?last_event_id=${last}` : "";
      const answer = await asked(`/vehicles/${vin}/stream${query}`, { signal });
      wait = 1000;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        text += value;
        const events = text.split("\n\n");
        text = events.pop();
        for (const each of events) {
          const fields = Object.fromEntries(each.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]));
          if (fields.id) last = fields.id;
          if (fields.event) heard(fields.event, JSON.parse(fields.data || "{}"));
        }
      }
    } catch (problem) {
      if (signal.aborted || problem instanceof Refused) return;
      heard("closed", {});
    }
    await new Promise((done) => setTimeout(done, wait));
    wait = Math.min(wait * 2, 30_000);
  }
};
