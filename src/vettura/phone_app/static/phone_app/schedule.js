// What happens by itself: departures, charging, and what the car watches. The car keeps it; here it is read and set as a whole.
import { read } from "./api.js";
import { keep, recall } from "./kept.js";
import { isUnderWay, press, request } from "./controls.js";
import { first, h, icon, number, row, say, sheet, speaks, tell } from "./page.js";

const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const day = (name, style) => new Intl.DateTimeFormat(speaks(), { weekday: style, timeZone: "UTC" }).format(new Date(Date.UTC(2024, 0, 1 + WEEKDAYS.indexOf(name))));
const free = (list) => { let id = 1; while (list.some((each) => each.id === id)) id += 1; return id; };

const load = (seen) => seen.guarded(async () => {
  const { vin } = seen.vehicle;
  const kept = await recall(`settings ${vin}`);
  if (kept && !seen.settings) { seen.settings = kept; seen.show(); }
  const { settings } = await read(`/vehicles/${vin}/settings`);
  await keep(`settings ${vin}`, settings);
  if (seen.vehicle.vin !== vin) return;
  seen.settings = settings;
  seen.show();
});

const toggle = (label, on, act, name) => h("button", { class: "switch", type: "button", role: "switch", "aria-checked": String(Boolean(on)), "aria-label": label, "data-type": name, onclick: act }, h("i", {}));

const weekdaysOf = (days) => days.length === 7 ? say("daily") : WEEKDAYS.filter((each) => days.includes(each)).map((each) => day(each, "short")).join(", ");

const field = (id, label, props) => { const input = h("input", { id, name: id, ...props }); input.value = props.value ?? ""; return [h("label", { for: id }, label), input]; };

const dayChoice = (chosen) => h("div", { class: "days", role: "group", "aria-label": say("weekdays") }, WEEKDAYS.map((each) =>
  h("button", { type: "button", "aria-pressed": String(chosen.has(each)), "aria-label": day(each, "long"), onclick: (event) => {
    if (chosen.has(each)) chosen.delete(each); else chosen.add(each);
    event.currentTarget.setAttribute("aria-pressed", String(chosen.has(each)));
  } }, day(each, "narrow"))));

// without weekdays it is once, the next time that this hour comes
const next = (hour) => {
  const now = new Date();
  const wanted = new Date(now);
  wanted.setHours(...hour.split(":").map(Number), 0, 0);
  if (wanted <= now) wanted.setDate(wanted.getDate() + 1);
  return `${wanted.getFullYear()}-${String(wanted.getMonth() + 1).padStart(2, "0")}-${String(wanted.getDate()).padStart(2, "0")}`;
};

const deleteButton = (close) => h("button", { class: "main-button main-button--quiet", type: "button", onclick: () => close({ gone: true }) }, say("delete"));

const timerSheet = (timer, isNew) => sheet(say("timer"), (close) => {
  const days = new Set(timer.weekdays ?? []);
  const [label, hour] = field("time", say("leave_at"), { type: "time", required: true, value: timer.time });
  const climate = h("input", { type: "checkbox", name: "climate" });
  climate.checked = Boolean(timer.climate);
  return h("form", { onsubmit: (event) => {
    event.preventDefault();
    const { date: _, weekdays: __, ...rest } = timer;
    close({ ...rest, enabled: true, time: hour.value, climate: climate.checked, ...(days.size ? { weekdays: WEEKDAYS.filter((each) => days.has(each)) } : { date: next(hour.value) }) });
  } }, label, hour, dayChoice(days), h("label", { class: "choice" }, climate, h("span", {}, say("with_climate"))),
    h("button", { class: "main-button", type: "submit" }, say("set_timer")), !isNew && deleteButton(close));
});

const profileSheet = (profile, isNew) => sheet(say("profile"), (close) => {
  const [nameLabel, name] = field("name", say("place_name"), { required: true, maxlength: "60", autocomplete: "off", value: profile.name });
  const [leastLabel, least] = field("least", say("at_once_to"), { type: "number", inputmode: "numeric", min: "0", max: "100", required: true, value: String(profile.minimum_percent) });
  // of several preferred times the first is shown; the others stay as they are
  const [preferred, ...others] = profile.preferred_times ?? [];
  const [beginsLabel, begins] = field("begins", say("preferably_from"), { type: "time", value: preferred?.begins });
  const [endsLabel, ends] = field("ends", say("until"), { type: "time", value: preferred?.ends });
  const agree = () => { begins.required = Boolean(ends.value); ends.required = Boolean(begins.value); };
  for (const each of [begins, ends]) each.addEventListener("input", agree);
  const [targetLabel, target] = field("target", say("charge_to"), { type: "number", inputmode: "numeric", min: "0", max: "100", required: true, value: String(profile.target_percent) });
  return h("form", { onsubmit: (event) => {
    event.preventDefault();
    const times = [...(begins.value ? [{ ...preferred, begins: begins.value, ends: ends.value }] : []), ...others];
    const { preferred_times: _, ...rest } = profile;
    close({ ...rest, name: name.value, minimum_percent: Number(least.value), target_percent: Number(target.value), ...(times.length && { preferred_times: times }) });
  } }, nameLabel, name, leastLabel, least, targetLabel, target,
  h("div", { class: "pair" }, h("div", {}, beginsLabel, begins), h("div", {}, endsLabel, ends)), h("p", { class: "quiet" }, say("preferred_text")), h("button", { class: "main-button", type: "submit" }, say("set_profile")), !isNew && deleteButton(close));
});

const valetSheet = (valet) => sheet(say("valet"), (close) => {
  const [limitLabel, limit] = field("limit", say("valet_speed"), { type: "number", inputmode: "numeric", min: "1", max: "400", required: true, value: String(valet.limit_kmh ?? 60) });
  const [radiusLabel, radius] = field("radius", say("valet_radius"), { type: "number", inputmode: "numeric", min: "50", max: "100000", required: true, value: String(valet.radius ?? 1000) });
  return h("form", { onsubmit: (event) => { event.preventDefault(); close({ enabled: true, limit_kmh: Number(limit.value), radius: Number(radius.value) }); } },
    h("p", {}, say("valet_text")), limitLabel, limit, radiusLabel, radius, h("button", { class: "main-button", type: "submit" }, say("valet_on")));
});

const speedSheet = (alarm, isNew) => sheet(say("speed_alarm"), (close) => {
  const [nameLabel, name] = field("name", say("place_name"), { maxlength: "60", autocomplete: "off", value: alarm.name ?? "" });
  const [limitLabel, limit] = field("limit", say("faster_than"), { type: "number", inputmode: "numeric", min: "1", max: "400", required: true, value: String(alarm.limit_kmh) });
  return h("form", { onsubmit: (event) => { event.preventDefault(); close({ ...alarm, enabled: true, name: name.value, limit_kmh: Number(limit.value) }); } },
    nameLabel, name, limitLabel, limit, h("button", { class: "main-button", type: "submit" }, say("set_alarm")), !isNew && deleteButton(close));
});

const WAYS = ["both", "enter", "leave"];
const areaSheet = (alarm, isNew) => sheet(say("area_alarm"), (close) => {
  let { on, area } = { on: "both", ...alarm };
  const [nameLabel, name] = field("name", say("place_name"), { required: true, maxlength: "60", autocomplete: "off", value: alarm.name });
  const [radiusLabel, radius] = field("radius", say("within_meters"), { type: "number", inputmode: "numeric", min: "50", max: "100000", required: true, value: String(area?.radius ?? 500) });
  const where = h("p", { class: "quiet", role: "status" });
  const place = (latitude, longitude) => { area = { latitude, longitude }; where.textContent = `${number(latitude, 4)}°, ${number(longitude, 4)}°`; };
  if (area) place(area.latitude, area.longitude); else where.textContent = say("where_missing");
  const ways = h("div", { class: "segments", role: "group", "aria-label": say("tells_when") }, WAYS.map((each) =>
    h("button", { type: "button", "aria-pressed": String(each === on), onclick: (event) => {
      on = each;
      for (const button of ways.children) button.setAttribute("aria-pressed", String(button === event.currentTarget));
    } }, first(say(`on_${each}`)))));
  const here = h("button", { class: "main-button main-button--quiet", type: "button", onclick: () => navigator.geolocation.getCurrentPosition(({ coords }) => place(coords.latitude, coords.longitude), () => tell(say("no_position"), "bad"), { enableHighAccuracy: true, timeout: 15_000 }) }, say("use_my_position"));
  return h("form", { onsubmit: (event) => {
    event.preventDefault();
    if (!area) { tell(say("where_missing"), "bad"); return; }
    close({ ...alarm, enabled: true, name: name.value, on, area: { latitude: area.latitude, longitude: area.longitude, radius: Number(radius.value) } });
  } }, nameLabel, name, ways, radiusLabel, radius, where, "geolocation" in navigator && here, h("button", { class: "main-button", type: "submit" }, say("set_alarm")), !isNew && deleteButton(close));
});

// where the car is now: an area begins there
const areaOf = (seen) => {
  const at = (name) => seen.state?.signals[`Vehicle.CurrentLocation.${name}`]?.value;
  const [latitude, longitude] = [at("Latitude"), at("Longitude")];
  return latitude === undefined || longitude === undefined ? {} : { area: { latitude, longitude, radius: 500 } };
};

const headed = (title, add) => h("div", { class: "group__head" }, h("h2", {}, title), add && h("button", { class: "round", type: "button", "aria-label": add.label, "data-type": add.name, onclick: add.act }, icon("plus")));

const entry = (big, small, open, more) => h("li", { class: "entry" }, h("button", { class: "entry__open", type: "button", onclick: open }, h("span", { class: "entry__big" }, big), h("span", { class: "quiet" }, small)), more);

// a list of the car that is set as a whole
const list = (seen, control, { setting, member, title, add, make, edit, describe }) => {
  const entries = seen.settings[setting]?.value?.[member] ?? [];
  const send = (changed) => request(seen, control.type, { [member]: changed }, control.verb);
  const change = async (each) => {
    const answer = await edit(each ?? make(free(entries)), !each);
    if (!answer) return;
    if (!each) await send([...entries, answer]);
    else await send(answer.gone ? entries.filter((other) => other !== each) : entries.map((other) => (other === each ? answer : other)));
  };
  return h("section", { class: "group" }, headed(title, { label: add, name: `add ${setting}`, act: () => change(null) }),
    entries.length ? h("ul", { class: "rows" }, entries.map((each) => {
      const [big, small] = describe(each);
      const flip = () => send(entries.map((other) => (other === each ? { ...each, enabled: !each.enabled } : other)));
      return entry(big, small, () => change(each), toggle(`${title}: ${big}`, each.enabled, flip, `${setting} ${each.id}`));
    })) : h("p", { class: "quiet" }, say("none_set")));
};

const simple = (label, text, on, act, name) => h("div", { class: "entry entry--alone" }, h("div", {}, h("p", { class: "entry__label" }, label), h("p", { class: "quiet" }, text)), toggle(label, on, act, name));

const history = () => h("ul", { class: "rows" }, row({ name: "bell", label: say("alarms"), href: "#alarms" }));

const sections = (seen) => {
  const find = (type) => seen.controls?.items.find((each) => each.type === type && each.is_entitled);
  const [timers, profiles, valet, clever, target, speeds, areas] = ["set_departure_timers", "set_charging_profiles", "set_valet_alarm", "set_intelligent_climate", "set_charge_target", "set_speed_alarms", "set_location_alarms"].map(find);
  const watched = seen.settings.valet_alarm?.value ?? {};
  const thinks = seen.settings.intelligent_climate?.value?.enabled;
  return [
    timers && list(seen, timers, {
      setting: "departure_timers", member: "timers", title: say("timers"), add: say("add_timer"), edit: timerSheet,
      make: (id) => ({ id, enabled: true, time: "07:30", weekdays: WEEKDAYS.slice(0, 5), climate: true }),
      describe: (each) => [each.time, [each.weekdays?.length ? weekdaysOf(each.weekdays) : each.date && new Date(each.date).toLocaleDateString(speaks(), { day: "numeric", month: "long" }), each.climate && say("with_climate")].filter(Boolean).join(" · ")],
    }),
    clever && h("section", { class: "group" }, simple(say("clever"), say("clever_text"), thinks, () => request(seen, clever.type, { enabled: !thinks }, clever.verb), "clever")),
    (target || profiles) && h("section", { class: "group" }, headed(say("charging_row")),
      target && h("ul", { class: "rows" }, h("li", {}, h("button", { class: "row", type: "button", "data-type": "target", onclick: () => press(seen, target) },
        h("span", { class: "row__icon" }, icon("battery")), h("span", { class: "row__label" }, target.verb), h("span", { class: "row__value" }, seen.limit === null || seen.limit === undefined ? "" : `${number(seen.limit)} %`), icon("chevron-right"))))),
    profiles && list(seen, profiles, {
      setting: "charging_profiles", member: "profiles", title: say("profiles"), add: say("add_profile"), edit: profileSheet,
      make: (id) => ({ id, name: "", enabled: true, minimum_percent: 30, target_percent: 80 }),
      describe: (each) => [each.name, [say("profile_text", { least: number(each.minimum_percent), target: number(each.target_percent) }), ...(each.preferred_times ?? []).map((one) => `${one.begins}–${one.ends}`)].join(" · ")],
    }),
    valet && h("section", { class: "group" }, headed(say("watches")), simple(say("valet"), watched.enabled && watched.limit_kmh ? say("valet_limits", { speed: number(watched.limit_kmh), radius: number((watched.radius ?? 0) / 1000, 1) }) : say("valet_text"), watched.enabled, async () => {
      const wanted = watched.enabled ? { ...watched, enabled: false } : await valetSheet(watched);
      if (wanted) { const { area: _, ...rest } = wanted; await request(seen, valet.type, rest, valet.verb); }
    }, "valet")),
    speeds && list(seen, speeds, {
      setting: "speed_alarms", member: "alarms", title: say("speed_alarms"), add: say("add_speed_alarm"), edit: speedSheet,
      make: (id) => ({ id, enabled: true, limit_kmh: 130, name: "" }),
      describe: (each) => [`${number(each.limit_kmh)} km/h`, each.name ?? ""],
    }),
    areas && list(seen, areas, {
      setting: "location_alarms", member: "alarms", title: say("area_alarms"), add: say("add_area_alarm"), edit: areaSheet,
      make: (id) => ({ id, enabled: true, name: "", ...areaOf(seen) }),
      describe: (each) => [each.name, `${first(say(`on_${each.on ?? "both"}`))} · ${number(each.area.radius)} m`],
    }),
    (valet || speeds || areas) && history(),
  ].filter(Boolean);
};

export const scheduleView = (seen) => {
  if (!seen.vehicle) return [];
  const title = h("h2", { class: "page-title" }, say("tab_schedule"));
  if (seen.controls?.refusal) return [title, h("p", { class: "why why--attention" }, icon("info"), h("span", {}, seen.controls.refusal.text)), history()];
  if (!seen.settings) { load(seen); return [title, h("p", { class: "quiet", role: "status" }, seen.isOffline ? say("offline_nothing") : say("wait"))]; }
  const newest = [...seen.commands.values()].filter((each) => each.type.startsWith("set_")).sort((a, b) => b.requested_at.localeCompare(a.requested_at))[0];
  const isNews = newest && (isUnderWay(newest) || Date.now() - new Date(newest.steps.at(-1).at) < 60_000);
  const found = sections(seen);
  return [title, isNews && h("p", { class: `step step--${newest.status === "done" ? "ok" : isUnderWay(newest) ? "way" : "bad"}`, role: "status", "data-status": newest.status }, newest.text),
    ...(found.length ? found : [h("p", { class: "quiet" }, say("nothing_to_plan"))])].filter(Boolean);
};
