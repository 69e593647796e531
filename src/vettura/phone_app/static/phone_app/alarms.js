// What alarms of the car have told, the newest first.
import { read } from "./api.js";
import { keep, recall } from "./kept.js";
import { h, icon, moment, number, say, time } from "./page.js";

const load = (seen) => seen.guarded(async () => {
  const { vin } = seen.vehicle;
  const kept = await recall(`alarms ${vin}`);
  if (kept && !seen.alarms) { seen.alarms = kept; seen.show(); }
  const { items } = await read(`/vehicles/${vin}/alarms?limit=50`);
  await keep(`alarms ${vin}`, items);
  if (seen.vehicle.vin !== vin) return;
  seen.alarms = items;
  seen.show();
});

const way = ({ latitude, longitude }) => latitude !== null && h("a", { class: "round round--go", href: `geo:${latitude},${longitude}?q=${latitude},${longitude}`, "aria-label": say("way_there") }, icon("map-pin"));

const told = (each) => h("li", { class: "entry" }, h("div", { class: "entry__text" },
  h("p", { class: "entry__label" }, each.text, each.name && ` · ${each.name}`),
  h("p", { class: "quiet" }, time(each.at, moment(each.at)), each.speed > 0 && ` · ${number(each.speed)} km/h`)), way(each));

export const alarmsView = (seen) => {
  if (!seen.vehicle) return [];
  const head = [h("a", { class: "back", href: "#schedule" }, icon("chevron-right"), h("span", {}, say("tab_schedule"))), h("h2", { class: "page-title" }, say("alarms"))];
  if (!seen.alarms) { load(seen); return [...head, h("p", { class: "quiet", role: "status" }, say(seen.isOffline ? "offline_nothing" : "wait"))]; }
  return [...head, seen.alarms.length ? h("ul", { class: "rows" }, seen.alarms.map(told)) : h("p", { class: "quiet" }, say("no_alarms"))];
};
