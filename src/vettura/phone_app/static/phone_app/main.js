// The app: who is here, which car is looked at, and what is shown of it. It decides nothing: the API does.
import { Offline, SignedOut, finishSignIn, isSignedIn, signIn, signOut } from "./access.js";
import { listen, read, speak, Refused } from "./api.js";
import { carView, freshness, read as readState } from "./car.js";
import { commandsOf } from "./controls.js";
import { keep, recall } from "./kept.js";
import { h, icon, say, setWords, tell } from "./page.js";

const root = document.documentElement;
const main = document.getElementById("main");
const head = document.getElementById("head");
const bar = document.getElementById("bar");
const { address } = root.dataset;

// what only one tab needs is loaded when it is opened
const loaded = new Map();
const later = (file, name) => (what) => {
  const view = loaded.get(file);
  if (view) return view[name](what);
  import(file).then((module) => { loaded.set(file, module); show(); }).catch(() => tell(say("offline"), "bad"));
  return h("p", { class: "wait", role: "status" }, say("wait"));
};
const TABS = [["car", "car", carView], ["map", "map-pin", later("./places.js", "placesView")], ["schedule", "clock", later("./schedule.js", "scheduleView")], ["account", "user", later("./account.js", "accountView")]];
// pages below a tab: what they show, and the tab they belong to
const BELOW = { alarms: [later("./alarms.js", "alarmsView"), "schedule"], why: [later("./why.js", "whyView"), "car"] };
const VIEWS = { ...Object.fromEntries(TABS.map(([name, , view]) => [name, view])), ...Object.fromEntries(Object.entries(BELOW).map(([name, [view]]) => [name, view])) };
const seen = {
  garage: [], vehicle: null, state: null, kept: null, controls: null, commands: new Map(), me: null, isOffline: false, tab: "car",
  lastDegrees: null, limit: null, settings: null, places: null, alarms: null,
};
let stop = null;
let due = null;

// -- words ------------------------------------------------------------------------------------------------------------
const learn = async (code) => {
  const found = await (await fetch(`${address}${code}/words.json`, { credentials: "omit" })).json();
  setWords(code, found);
  speak(code);
};
seen.choose = async (code) => { await keep("language", code); await learn(code); await load(); };

// -- showing ----------------------------------------------------------------------------------------------------------
const title = ({ vehicle, garage }) => h("div", { class: "title" },
  h("div", {}, h("h1", {}, vehicle?.model_name ?? say("label_app")), vehicle && h("p", { class: "title__plate" }, vehicle.plate || `…${vehicle.vin.slice(-6)}`)),
  garage.length > 1 && h("div", { class: "strip", role: "group", "aria-label": say("cars") }, garage.map((each) =>
    h("button", { type: "button", class: "strip__car", "aria-pressed": String(each.vin === vehicle.vin), onclick: () => choose(each.vin) }, each.model_name))));

// the car that is looked at stands in the middle of the strip
const showHead = () => {
  head.replaceChildren(title(seen), seen.vehicle ? freshness(seen) : "");
  const strip = head.querySelector(".strip");
  const chosen = strip?.querySelector("[aria-pressed=true]");
  if (chosen) strip.scrollLeft = chosen.offsetLeft - strip.offsetLeft - (strip.clientWidth - chosen.clientWidth) / 2;
};

// under a finger nothing is exchanged: a press would be lost
let isPressed = false;
let isDue = false;
addEventListener("pointerdown", () => { isPressed = true; }, true);
for (const name of ["pointerup", "pointercancel"]) {
  addEventListener(name, () => { isPressed = false; if (isDue) setTimeout(show, 50); }, true);
}

const show = () => {
  isDue = isPressed;
  if (isDue) return;
  // without a car there is the account, and everywhere else the way to one
  const view = seen.vehicle || seen.tab === "account" ? VIEWS[seen.tab] : carless;
  const current = BELOW[seen.tab]?.[1] ?? seen.tab;
  showHead();
  const held = document.activeElement?.dataset?.type;
  main.dataset.tab = seen.tab;
  main.replaceChildren(...[view(seen)].flat().filter(Boolean));
  if (held) main.querySelector(`[data-type="${held}"]`)?.focus({ preventScroll: true });
  bar.hidden = false;
  bar.replaceChildren(...TABS.map(([name, sign]) => h("a", { href: `#${name}`, "aria-current": name === current ? "page" : null }, icon(sign), h("span", {}, say(`tab_${name}`)))));
};
seen.show = show;

const carless = () => h("section", { class: "welcome welcome--below" }, h("h2", {}, say("no_car")), h("p", {}, say("no_car_text")),
  h("a", { class: "main-button", href: "/" }, say("label_portal")));

const welcome = () => {
  stop?.abort();
  bar.hidden = true;
  head.replaceChildren();
  main.dataset.tab = "welcome";
  main.replaceChildren(h("section", { class: "welcome" },
    h("img", { class: "welcome__mark", src: root.dataset.mark, alt: "" }),
    h("h1", {}, say("label_app")), h("p", {}, say("welcome")),
    h("button", { class: "main-button", type: "button", onclick: () => enter() }, say("sign_in", { account: say("label_account") }))));
};

const enter = async () => {
  try { await signIn(root.lang); } catch { tell(say("offline"), "bad"); }
};

// -- what is known ----------------------------------------------------------------------------------------------------
const remembered = async (asked) => {
  const [garage, me, last] = await Promise.all([recall("garage"), recall("me"), recall("vin")]);
  seen.garage = garage ?? [];
  seen.me = me ?? null;
  const of = (vin) => seen.garage.find((each) => each.vin === vin);
  seen.vehicle = of(asked) ?? of(last) ?? seen.garage[0] ?? null;
  if (seen.vehicle) await rememberedState();
};

const rememberedState = async () => {
  const kept = await recall(`state ${seen.vehicle.vin}`);
  Object.assign(seen, { state: kept?.state ?? null, kept: kept?.at ?? null, controls: kept?.controls ?? null, commands: new Map() });
  if (seen.state) seen.limit = readState(seen.state).limit;
};

const remember = () => keep(`state ${seen.vehicle.vin}`, { state: seen.state, controls: seen.controls, at: seen.kept });

const update = async () => {
  const { vin } = seen.vehicle;
  const [state, controls, commands] = await Promise.all([read(`/vehicles/${vin}/state`), read(`/vehicles/${vin}/controls`), commandsOf(vin)]);
  if (seen.vehicle?.vin !== vin) return;
  // an answer that was under way while something was pressed knows less of that than is known here
  for (const [type, before] of seen.commands) {
    const after = commands.get(type);
    if (!after || (after.id === before.id ? before.steps.length > after.steps.length : before.requested_at > after.requested_at)) commands.set(type, before);
  }
  Object.assign(seen, { state, controls, commands, kept: new Date().toISOString(), isOffline: false, limit: readState(state).limit });
  await remember();
  show();
};

// everything anew, once for what happens together: requests of programs have a budget
const QUIET_MS = 1200;
const soon = () => { clearTimeout(due); due = setTimeout(() => guarded(update), QUIET_MS); };

seen.follow = (command) => {
  const before = seen.commands.get(command.type);
  if (before?.id === command.id && before.steps.length > command.steps.length) return;
  seen.commands.set(command.type, command);
  // the car may hold something else now: what it holds is asked for again
  if (command.status === "done" && command.type.startsWith("set_")) seen.settings = null;
  show();
};

const heard = async (kind, data) => {
  if (kind === "closed") return;
  if (kind === "state" && seen.state) {
    const now = new Date().toISOString();
    for (const [path, value] of Object.entries(data.values ?? {})) {
      const at = data.measured_at ?? now;
      seen.state.signals[path] = { ...seen.state.signals[path], value, measured_at: at };
    }
    seen.kept = now;
    remember();
    if (seen.tab === "car") show();
  }
  if (kind === "command" && data.command) {
    await guarded(async () => { seen.follow(await read(`/vehicles/${seen.vehicle.vin}/commands/${data.command.id}`)); });
  }
  if (kind === "alarm") seen.alarms = null;
  if (kind !== "opened") soon();
};

const guarded = async (act) => {
  try { await act(); } catch (problem) {
    if (problem instanceof SignedOut) { Object.assign(seen, { garage: [], vehicle: null, state: null, me: null }); welcome(); }
    else if (problem instanceof Offline) { seen.isOffline = true; if (seen.vehicle) show(); }
    else if (problem instanceof Refused) {
      if (problem.facts.status === 404) await load();
      else tell(problem.message, "bad");
    } else throw problem;
  }
};
seen.guarded = guarded;

const watch = () => {
  stop?.abort();
  if (!seen.vehicle || document.hidden) return;
  stop = new AbortController();
  listen(seen.vehicle.vin, heard, stop.signal);
};

const choose = async (vin) => {
  seen.vehicle = seen.garage.find((each) => each.vin === vin);
  Object.assign(seen, { settings: null, places: null, alarms: null });
  await keep("vin", vin);
  await rememberedState();
  show();
  await guarded(update);
  watch();
};

const load = () => guarded(async () => {
  const [{ items }, me] = await Promise.all([read("/vehicles?limit=100"), read("/me")]);
  seen.garage = items;
  seen.me = me;
  seen.isOffline = false;
  await Promise.all([keep("garage", items), keep("me", me)]);
  Object.assign(seen, { places: null, alarms: null });
  if (!(await recall("language")) && me.language !== root.lang && root.dataset.languages.split(" ").includes(me.language)) await learn(me.language);
  if (!items.length) { seen.vehicle = null; show(); return; }
  // a note names the car that it is about
  const asked = aimed().vin;
  const vin = items.some((each) => each.vin === asked) ? asked : seen.vehicle?.vin;
  seen.vehicle = items.find((each) => each.vin === vin) ?? items[0];
  await update();
  watch();
});
seen.reload = load;
seen.leave = async () => { stop?.abort(); await signOut(); Object.assign(seen, { garage: [], vehicle: null, state: null, controls: null, me: null }); welcome(); };

const aimed = () => {
  const [name, vin] = location.hash.slice(1).split("/");
  return { tab: Object.hasOwn(VIEWS, name) ? name : "car", vin };
};

const turn = () => {
  const { tab, vin } = aimed();
  seen.tab = tab;
  if (vin && vin !== seen.vehicle?.vin && seen.garage.some((each) => each.vin === vin)) choose(vin);
  if (seen.vehicle || seen.me) { show(); main.focus({ preventScroll: true }); scrollTo(0, 0); }
};

const begin = async () => {
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(`${address}worker.js`, { scope: address }).catch(() => {});
    navigator.serviceWorker.addEventListener("message", ({ data }) => { if (data.page) location.hash = new URL(data.page, location.origin).hash; });
  }
  await learn((await recall("language")) ?? (await recall("me"))?.language ?? root.lang);
  await finishSignIn().catch(() => tell(say("offline"), "bad"));
  if (!(await isSignedIn())) { welcome(); return; }
  const { tab, vin } = aimed();
  seen.tab = tab;
  await remembered(vin);
  if (seen.vehicle) show();
  addEventListener("hashchange", turn);
  addEventListener("online", () => { load(); });
  addEventListener("offline", () => { seen.isOffline = true; if (seen.vehicle) show(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) stop?.abort(); else load(); });
  setInterval(() => { if (seen.vehicle && !document.hidden) showHead(); }, 30_000);
  await load();
  if (!seen.isOffline && (await recall("notes"))) import("./notes.js").then((module) => module.renew()).catch(() => {});
  if (seen.isOffline && !seen.vehicle) { head.replaceChildren(title(seen)); main.replaceChildren(h("p", { class: "wait" }, say("offline_nothing"))); }
};

begin();
