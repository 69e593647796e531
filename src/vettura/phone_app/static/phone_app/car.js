// One car at a glance: its picture as it stands, what it has left, and how old that is.
import { ago, h, icon, kilometers, moment, number, row, say, time, whyLink } from "./page.js";
import { controlsOf } from "./controls.js";

const DOORS = { "door-front-left": "Row1.DriverSide", "door-front-right": "Row1.PassengerSide", "door-rear-left": "Row2.DriverSide", "door-rear-right": "Row2.PassengerSide" };
const LIDS = { hood: ["Vehicle.Body.Hood.IsOpen", "Vehicle.Body.Trunk.Front.IsOpen"], trunk: ["Vehicle.Body.Trunk.Rear.IsOpen"] };
const BATTERY = "Vehicle.Powertrain.TractionBattery";
const TIRES = ["Row1.Wheel.Left", "Row1.Wheel.Right", "Row2.Wheel.Left", "Row2.Wheel.Right"];

const value = (state, path) => state?.signals[path]?.value;
const known = (each) => each !== undefined;

// what the signals say, in the app's own names
export const read = (state) => {
  const at = (path) => value(state, path);
  const locks = Object.values(DOORS).map((place) => at(`Vehicle.Cabin.Door.${place}.IsLocked`)).filter(known);
  const open = [];
  for (const [part, place] of Object.entries(DOORS)) {
    if (at(`Vehicle.Cabin.Door.${place}.IsOpen`)) open.push(part);
    if (at(`Vehicle.Cabin.Door.${place}.Window.IsOpen`)) open.push(part.replace("door", "window"));
  }
  for (const [part, paths] of Object.entries(LIDS)) if (paths.some((path) => at(path))) open.push(part);
  return {
    locked: locks.length ? locks.every(Boolean) : undefined,
    open, knowsDoors: locks.length > 0,
    charge: at(`${BATTERY}.StateOfCharge.Current`), limit: at(`${BATTERY}.Charging.ChargeLimit`),
    charging: at(`${BATTERY}.Charging.IsCharging`), left: at(`${BATTERY}.Charging.TimeToComplete`),
    plugged: at(`${BATTERY}.Charging.ChargingPort.AnyPosition.IsChargingCableConnected`),
    electricRange: at(`${BATTERY}.Range`), fuel: at("Vehicle.Powertrain.FuelSystem.RelativeLevel"),
    fuelRange: at("Vehicle.Powertrain.FuelSystem.Range"), range: at("Vehicle.Powertrain.Range"),
    mileage: at("Vehicle.TraveledDistance"), climate: at("Vehicle.Cabin.HVAC.IsAirConditioningActive"),
    target: at("Vehicle.Cabin.HVAC.Station.Row1.Driver.Temperature"), cabin: at("Vehicle.Cabin.HVAC.AmbientAirTemperature"),
    outside: at("Vehicle.Exterior.AirTemperature"),
    tires: TIRES.map((place) => at(`Vehicle.Chassis.Axle.${place}.Tire.Pressure`)),
    newest: Object.values(state?.signals ?? {}).map((each) => each.measured_at).sort().at(-1),
  };
};

const drawings = new Map();
const drawing = async (generation, view) => {
  const url = `${document.documentElement.dataset.address}pictures/${encodeURIComponent(generation)}/${view}.svg`;
  if (!drawings.has(url)) {
    drawings.set(url, fetch(url, { credentials: "omit" }).then(async (answer) => {
      if (!answer.ok) return null;
      const read = new DOMParser().parseFromString((await answer.text()).replace(/\sstyle="/g, ' data-style="'), "image/svg+xml").documentElement;
      if (read.nodeName !== "svg") return null;
      // the page's policy takes no styles that are written in markup
      const svg = document.importNode(read, true);
      for (const part of svg.querySelectorAll("[data-style]")) part.style.cssText = part.dataset.style;
      return svg;
    }).catch(() => { drawings.delete(url); return null; }));
  }
  return (await drawings.get(url))?.cloneNode(true) ?? null;
};

const picture = (vehicle, now, sentence) => {
  const place = h("div", { class: "hero__car" });
  drawing(vehicle.generation, "top").then((svg) => {
    if (!svg) return;
    const is = { "is-locked": now.locked, "is-charging": now.charging, "is-plugged": now.plugged, "is-climate": now.climate };
    svg.setAttribute("class", ["car", "car--top", ...Object.keys(is).filter((name) => is[name])].join(" "));
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `${vehicle.model_name}. ${sentence}`);
    for (const part of now.open) svg.querySelector(`[data-part="${part}"]`)?.classList.add("is-open");
    place.replaceChildren(svg);
  });
  return place;
};

const sentenceOf = (now) => [
  known(now.locked) && say(now.locked ? "locked" : "unlocked"),
  now.open.length > 0 && say("is_open", { parts: now.open.map((part) => say(part)).join(", ") }),
  now.charging ? say("charging") : now.plugged && say("plugged_in"),
  now.climate && say("climate_on"),
].filter(Boolean).join(" · ");

const level = (label, percent, meters, kind, limit) => h("div", { class: `level level--${kind}` },
  h("p", { class: "level__label" }, label),
  h("p", { class: "level__number" }, number(percent), h("small", {}, " %")),
  h("div", { class: "level__bar", role: "img", "aria-label": `${label}: ${number(percent)} %` }, (() => {
    const bar = h("span", {});
    bar.style.setProperty("width", `${Math.max(0, Math.min(100, percent))}%`);
    const mark = known(limit) && limit < 100 ? h("i", {}) : null;
    mark?.style.setProperty("left", `${limit}%`);
    return [bar, mark].filter(Boolean);
  })()),
  known(meters) && h("p", { class: "level__range" }, kilometers(meters)),
);

// whether this is how it stands now, and if not, since when and why
export const freshness = ({ state, kept, isOffline }) => {
  if (!state) return h("p", { class: "fresh" }, say(isOffline ? "offline_nothing" : "no_state"));
  const newest = read(state).newest;
  const age = newest ? [" · ", time(newest)] : [];
  if (isOffline) return h("p", { class: "fresh fresh--old" }, icon("info"), h("span", {}, say("as_of", { time: moment(kept) }), " · ", say("offline")));
  if (state.is_online) return h("p", { class: "fresh fresh--live" }, h("span", { class: "dot" }), h("span", {}, say("connected"), age));
  const seen = state.last_seen_at ? say("last_seen", { time: ago(state.last_seen_at) }) : say("out_of_reach");
  return h("p", { class: "fresh" }, h("span", { class: "dot" }), h("span", {}, state.last_seen_at ? seen : [seen, age].flat()));
};

const duration = (seconds) => {
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? say("minutes", { n: minutes }) : say("hours", { h: Math.floor(minutes / 60), m: minutes % 60 });
};

const details = (now) => {
  const rows = [];
  if (now.knowsDoors) {
    const names = now.open.map((part) => say(part)).join(", ");
    rows.push(row({ name: "car", label: say("doors"), value: names || say("all_closed"), state: names ? "is-attention" : "" }));
  }
  if (known(now.climate)) {
    const degrees = known(now.target) && now.climate ? `${number(now.target, 1)} °C` : "";
    rows.push(row({ name: "climate", label: say("climate"), value: now.climate ? [say("on"), degrees].filter(Boolean).join(", ") : say("off") }));
  }
  if (known(now.cabin) || known(now.outside)) {
    const texts = [known(now.cabin) && say("inside", { t: number(now.cabin, 1) }), known(now.outside) && say("outside", { t: number(now.outside, 1) })];
    rows.push(row({ name: "info", label: say("temperature"), value: texts.filter(Boolean).join(", ") }));
  }
  if (now.charging) rows.push(row({ name: "plug", label: say("charging_row"), value: known(now.left) && now.left > 0 ? say("done_in", { time: duration(now.left) }) : say("on") }));
  else if (known(now.plugged)) rows.push(row({ name: "plug", label: say("charging_row"), value: say(now.plugged ? "plugged_in" : "unplugged") }));
  if (now.tires.some(known)) {
    rows.push(row({ name: "settings", label: say("tires"), value: `${now.tires.filter(known).map((kpa) => number(kpa / 100, 1)).join(" · ")} bar` }));
  }
  if (known(now.mileage)) rows.push(row({ name: "signal", label: say("mileage"), value: `${number(now.mileage)} km` }));
  return rows.length ? h("ul", { class: "rows" }, rows) : null;
};

export const carView = (seen) => {
  const { vehicle, state } = seen;
  const now = read(state);
  const sentence = sentenceOf(now);
  const levels = [
    known(now.charge) && level(say("battery"), now.charge, now.electricRange ?? (known(now.fuel) ? undefined : now.range), now.charging ? "ok" : now.charge < 15 ? "low" : "plain", now.limit),
    known(now.fuel) && level(say("fuel"), now.fuel, now.fuelRange ?? (known(now.charge) ? undefined : now.range), now.fuel < 12 ? "low" : "plain"),
  ].filter(Boolean);
  const reason = state?.silence && !seen.isOffline && h("p", { class: "why" }, icon("info"), h("span", {}, state.silence.text, " ", whyLink(`#why/${vehicle.vin}/connection`)));
  return [
    h("section", { class: "hero", "aria-label": say("state") },
      h("div", { class: "hero__facts" }, h("p", { class: "hero__sentence" }, sentence || say("no_state")), levels),
      picture(vehicle, now, sentence)),
    state?.privacy_mode && h("p", { class: "why why--attention" }, icon("eye-off"), h("span", {}, say("privacy"))),
    reason,
    controlsOf(seen),
    h("section", { class: "group", "aria-label": say("details") }, details(now)),
    h("ul", { class: "rows" }, row({ name: "info", label: say("why_not"), href: "#why" })),
  ].filter(Boolean);
};
