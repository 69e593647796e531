// What can be done from afar: the API says what a car can do and what stands against it; here it is pressed and followed.
import { Refused, read, write } from "./api.js";
import { Offline } from "./access.js";
import { h, icon, number, pulse, say, sheet, tell } from "./page.js";

const PRIMARY = 3;
const HOLD_MS = 600;
const FORWARD = { accepted: 10, queued: 15, waking: 30, sent: 40, delivered: 60, running: 80 };
const GOOD = new Set(["done"]);
const HELP = "breakdown_call";

export const isUnderWay = (command) => Boolean(command && command.status in FORWARD);

// -- asking -----------------------------------------------------------------------------------------------------------
const PIN_NEEDED = "remote_services.step_up_required";

const pinSheet = (title, sentence) => sheet(title, (close) => {
  const field = h("input", { id: "pin", name: "pin", type: "password", inputmode: "numeric", autocomplete: "off", maxlength: "32", "aria-describedby": "pin-text", enterkeyhint: "done" });
  return h("form", { onsubmit: (event) => { event.preventDefault(); if (field.value) close(field.value); } },
    h("p", { id: "pin-text" }, sentence),
    h("label", { for: "pin" }, say("pin")), field,
    h("button", { class: "main-button", type: "submit" }, title));
});

// sends a command; asks for the PIN where the API wants one, and says its refusal
export const request = async (seen, type, params = {}, title = "", pin = null) => {
  const key = crypto.randomUUID();
  for (;;) {
    try {
      const command = await write("POST", `/vehicles/${seen.vehicle.vin}/commands`, { type, params, ...(pin && { step_up: { pin } }) }, key);
      pulse();
      seen.follow(command);
      return command;
    } catch (problem) {
      if (problem instanceof Refused && problem.code === PIN_NEEDED) {
        pin = await pinSheet(title, problem.message);
        if (pin) continue;
        return null;
      }
      if (problem instanceof Refused) tell(problem.message, "bad", problem.why);
      else if (problem instanceof Offline) tell(say("not_sent"), "bad");
      else throw problem;
      return null;
    }
  }
};

const climateSheet = async (seen, control) => {
  const { minimum, maximum, default: usual } = control.temperature;
  let degrees = seen.lastDegrees ?? usual ?? 21;
  const seats = new Set();
  const chosen = await sheet(control.verb, (close) => {
    const shown = h("output", { class: "stepper__value", "aria-live": "polite" });
    const step = (by) => {
      degrees = Math.min(maximum, Math.max(minimum, degrees + by));
      shown.textContent = `${number(degrees, 1)} °C`;
      pulse(6);
    };
    step(0);
    return [
      h("div", { class: "stepper", role: "group", "aria-label": say("temperature") },
        h("button", { class: "round", type: "button", "aria-label": say("colder"), onclick: () => step(-0.5) }, icon("minus")), shown,
        h("button", { class: "round", type: "button", "aria-label": say("warmer"), onclick: () => step(0.5) }, icon("plus"))),
      control.seats.length > 0 && h("fieldset", { class: "seats" }, h("legend", {}, say("seats")), control.seats.map((seat) =>
        h("label", { class: "choice" }, h("input", { type: "checkbox", name: seat, onchange: (event) => { if (event.target.checked) seats.add(seat); else seats.delete(seat); } }), h("span", {}, say(`seat_${seat}`))))),
      h("button", { class: "main-button", type: "button", onclick: () => close(true) }, control.verb),
    ].filter(Boolean);
  });
  if (!chosen) return;
  seen.lastDegrees = degrees;
  await request(seen, control.type, { temperature: degrees, ...(seats.size && { seats: [...seats] }) }, control.verb);
};

const targetSheet = async (seen, control) => {
  const { minimum, maximum } = control.target_percent;
  let percent = seen.limit ?? maximum;
  const chosen = await sheet(control.verb, (close) => {
    const shown = h("output", { class: "stepper__value" }, `${number(percent)} %`);
    const slider = h("input", { type: "range", min: String(minimum), max: String(maximum), step: "5", "aria-label": control.verb, oninput: (event) => { percent = Number(event.target.value); shown.textContent = `${number(percent)} %`; } });
    slider.value = String(percent);
    return [h("p", { class: "stepper" }, shown), slider, h("button", { class: "main-button", type: "button", onclick: () => close(true) }, control.verb)];
  });
  if (chosen) await request(seen, control.type, { target_percent: percent }, control.verb);
};

export const press = async (seen, control) => {
  if (control.temperature) { await climateSheet(seen, control); return; }
  if (control.target_percent) { await targetSheet(seen, control); return; }
  if (control.type === HELP) {
    const { helpSheet } = await import("./help.js");
    await helpSheet(seen, control);
    return;
  }
  if (control.needs_step_up) {
    const pin = await pinSheet(control.verb, say("pin_opens"));
    if (pin) await request(seen, control.type, {}, control.verb, pin);
    return;
  }
  await request(seen, control.type, {}, control.verb);
};

// -- showing ----------------------------------------------------------------------------------------------------------
// what opens is held, not tapped; keyboards and screen readers press it, and the PIN asks them once more
const button = (seen, control, isOff) => {
  const command = seen.commands.get(control.type);
  const busy = isUnderWay(command);
  const ring = h("span", { class: "control__ring" }, icon(control.icon));
  ring.style.setProperty("--progress", `${busy ? FORWARD[command.status] : 0}%`);
  const element = h("button", {
    class: `control ${busy ? "is-busy" : ""} ${control.needs_step_up ? "control--hold" : ""}`, type: "button", "data-type": control.type,
    "aria-busy": busy ? "true" : null, "aria-disabled": isOff || !control.is_entitled ? "true" : null,
    "aria-describedby": control.needs_step_up ? "hold-text" : null,
  }, ring, h("span", { class: "control__verb" }, control.verb));
  const go = () => {
    if (isOff || seen.isOffline) { tell(seen.isOffline ? say("not_sent") : seen.controls.refusal.text, "bad"); return; }
    if (!control.is_entitled) { tell(say("no_contract"), "info"); return; }
    if (!busy) press(seen, control);
  };
  if (!control.needs_step_up) { element.addEventListener("click", go); return element; }
  let holding = null;
  const release = () => { clearTimeout(holding); holding = null; element.classList.remove("is-held"); };
  element.addEventListener("pointerdown", () => {
    element.classList.add("is-held");
    holding = setTimeout(() => { release(); pulse(24); go(); }, HOLD_MS);
  });
  for (const name of ["pointerup", "pointerleave", "pointercancel"]) element.addEventListener(name, () => { if (holding) tell(say("hold")); release(); });
  element.addEventListener("contextmenu", (event) => event.preventDefault());
  element.addEventListener("click", (event) => { if (event.detail === 0) go(); });
  return element;
};

const firstOfFamilies = (items) => {
  const families = new Set();
  return items.filter((each) => !families.has(each.family) && families.add(each.family));
};

const moreSheet = (seen, items) => sheet(say("more"), (close) => h("ul", { class: "rows" }, items.map((control) =>
  h("li", {}, h("button", { class: "row", type: "button", "aria-disabled": control.is_entitled ? null : "true", onclick: () => { close(); if (control.is_entitled) press(seen, control); else tell(say("no_contract")); } },
    h("span", { class: "row__icon" }, icon(control.icon)), h("span", { class: "row__label" }, control.verb),
    h("span", { class: "row__value" }, control.is_entitled ? "" : say("not_booked")))))));

export const controlsOf = (seen) => {
  const { controls } = seen;
  if (!controls || !controls.items.length) return null;
  const pressable = controls.items.filter((each) => !each.type.startsWith("set_") || each.target_percent);
  const first = firstOfFamilies(pressable);
  const primary = [...first.filter((each) => each.is_entitled), ...first.filter((each) => !each.is_entitled)].slice(0, PRIMARY);
  const others = pressable.filter((each) => !primary.includes(each));
  const isOff = controls.refusal !== null;
  const newest = [...seen.commands.values()].sort((a, b) => b.requested_at.localeCompare(a.requested_at))[0];
  const isRecent = newest && (isUnderWay(newest) || Date.now() - new Date(newest.steps.at(-1).at) < 120_000);
  const verb = newest && (controls.items.find((each) => each.type === newest.type)?.verb ?? "");
  return h("section", { class: "group", "aria-label": say("controls") },
    isOff && h("p", { class: "why why--attention" }, icon("info"), h("span", {}, controls.refusal.text)),
    h("div", { class: "controls" }, primary.map((each) => button(seen, each, isOff)),
      others.length > 0 && h("button", { class: "control", type: "button", "data-type": "more", onclick: () => { if (isOff) tell(controls.refusal.text, "bad"); else moreSheet(seen, others); } },
        h("span", { class: "control__ring" }, icon("settings")), h("span", { class: "control__verb" }, say("more")))),
    h("p", { id: "hold-text", class: "visually-hidden" }, say("hold")),
    h("p", { class: `step ${newest && isRecent ? `step--${GOOD.has(newest.status) ? "ok" : isUnderWay(newest) ? "way" : "bad"}` : ""}`, role: "status", "data-status": isRecent ? newest.status : null },
      isRecent ? [h("strong", {}, verb), " ", newest.text] : ""),
  );
};

// the newest command of each type, oldest first, so that the newest stays
export const commandsOf = async (vin) => {
  const { items } = await read(`/vehicles/${vin}/commands?limit=5`);
  return new Map(items.reverse().map((each) => [each.type, each]));
};
