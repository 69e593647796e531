// Notes on this phone: asked for by a tap, after a word about what they are; chosen by kind; ended here or by signing out.
import { Offline } from "./access.js";
import { Refused, read, write } from "./api.js";
import { forget, keep, recall } from "./kept.js";
import { h, icon, row, say, sheet, tell } from "./page.js";

const PATH = "/push-subscriptions";
const { address } = document.documentElement.dataset;
const isAble = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

let known = null;
let loading = false;

const registration = () => navigator.serviceWorker.getRegistration(address);
const subscription = async () => (await registration())?.pushManager.getSubscription();

const look = async () => {
  const [{ key, kinds, items }, here] = await Promise.all([read(PATH), subscription()]);
  known = { key, kinds, here, mine: items.find((each) => each.endpoint === here?.endpoint) };
};

const load = (seen) => {
  if (loading) return;
  loading = true;
  seen.guarded(async () => { await look(); seen.show(); }).finally(() => { loading = false; });
};

const told = async (seen, act) => {
  try {
    await act();
    await look();
  } catch (problem) {
    if (problem instanceof Refused) tell(problem.message, "bad");
    else if (problem instanceof Offline) tell(say("not_sent"), "bad");
    else tell(say("notes_failed"), "bad");
  }
  seen.show();
};

const send = async (here, kinds) => {
  await write("POST", PATH, { ...here.toJSON(), kinds });
  await keep("notes", kinds);
};

const subscribe = async (kinds) => {
  const here = await (await registration()).pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(known.key) });
  await send(here, kinds);
};

// a browser may give a subscription up by itself: whoever wanted notes gets a new one when the app is opened
export const renew = async () => {
  const kinds = await recall("notes");
  if (!kinds || !isAble() || Notification.permission !== "granted") return;
  await look();
  if (!known.mine && known.key) await subscribe(kinds);
};

const begin = async (seen) => {
  const isWanted = await sheet(say("notes"), (close) => [
    h("p", {}, say("notes_text")),
    h("ul", { class: "plain" }, known.kinds.map((each) => h("li", {}, each.text))),
    h("p", { class: "quiet" }, say("notes_private")),
    h("button", { class: "main-button", type: "button", onclick: () => close(true) }, say("notes_on")),
  ]);
  if (!isWanted) return;
  if ((await Notification.requestPermission()) !== "granted") { tell(say("notes_denied"), "bad"); seen.show(); return; }
  await told(seen, () => subscribe(known.kinds.map((each) => each.kind)));
};

const end = (seen) => told(seen, async () => {
  await forget("notes");
  const { mine, here } = known;
  await here?.unsubscribe();
  if (mine) await write("DELETE", `${PATH}/${mine.id}`);
});

const choices = (seen) => known.kinds.map(({ kind, text }) => {
  const chosen = known.mine.kinds;
  const isOn = chosen.includes(kind);
  const flip = () => told(seen, () => send(known.here, isOn ? chosen.filter((each) => each !== kind) : [...chosen, kind]));
  return h("li", { class: "entry" }, h("span", { class: "entry__text" }, text),
    h("button", { class: "switch", type: "button", role: "switch", "aria-checked": String(isOn), "aria-label": text, "data-type": `note ${kind}`, onclick: flip }, h("i", {})));
});

const inside = (seen) => {
  if (!isAble()) return h("p", { class: "quiet" }, say("notes_unable"));
  if (Notification.permission === "denied") return h("p", { class: "why" }, icon("info"), h("span", {}, say("notes_denied")));
  if (!known) {
    if (!seen.isOffline) load(seen);
    return h("p", { class: "quiet", role: "status" }, say(seen.isOffline ? "offline" : "wait"));
  }
  if (!known.key) return h("p", { class: "quiet" }, say("notes_unavailable"));
  if (!known.mine) return h("ul", { class: "rows" }, row({ name: "bell", label: say("notes_on"), onclick: () => begin(seen) }));
  return [h("ul", { class: "rows" }, choices(seen)), h("ul", { class: "rows" }, row({ name: "bell", label: say("notes_off"), onclick: () => end(seen) }))];
};

export const notesView = (seen) => h("section", { class: "group" }, h("h2", {}, say("notes")), inside(seen));
