// Small tools for the page: elements, words, numbers and times as people write them, sheets from below.
let words = {};
let language = "en";

let place = "en";

// numbers and times as people write them where the phone is at home, if it speaks this language
const spoken = (code) => navigator.languages.find((each) => each.split("-")[0] === code) ?? code;
export const setWords = (code, found) => { language = code; place = spoken(code); words = found; document.documentElement.lang = code; };
export const say = (key, facts = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (all, name) => facts[name] ?? all);
export const speaks = () => language;
// as the first word of something; the rest is written as the language writes it
export const first = (text) => text.charAt(0).toLocaleUpperCase(language) + text.slice(1);

const ATTRIBUTES = /^(aria-|data-|role$|for$|type$|href$|id$|name$|inputmode|autocomplete|maxlength|min$|max$|step$|pattern|placeholder|enterkeyhint|tabindex|lang$)/;

export const h = (tag, props = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (ATTRIBUTES.test(name)) element.setAttribute(name, value);
    else if (name === "class") element.className = value;
    else element[name] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

const shapes = document.getElementById("icons").content;
export const icon = (name) => (shapes.querySelector(`[data-icon="${name}"] svg`) ?? shapes.querySelector("svg")).cloneNode(true);

export const number = (value, digits = 0) => new Intl.NumberFormat(place, { maximumFractionDigits: digits }).format(value);
export const kilometers = (meters) => `${number(meters / 1000)} km`;
export const clock = (at) => new Intl.DateTimeFormat(place, { hour: "2-digit", minute: "2-digit" }).format(at);
export const moment = (at) => {
  const same = new Date(at).toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(place, same ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(at));
};
export const ago = (at) => {
  const seconds = Math.max(0, (Date.now() - new Date(at)) / 1000);
  const steps = [[60, "second", 1], [3600, "minute", 60], [86_400, "hour", 3600], [Infinity, "day", 86_400]];
  const [, unit, size] = steps.find(([limit]) => seconds < limit);
  if (unit === "second") return say("just_now");
  return new Intl.RelativeTimeFormat(place, { style: "short" }).format(-Math.floor(seconds / size), unit);
};
export const time = (at, text) => h("time", { dateTime: new Date(at).toISOString(), title: new Date(at).toLocaleString(place) }, text ?? ago(at));

let hiding = null;
export const whyLink = (href) => h("a", { href }, say("why"));

export const tell = (text, kind = "info", why = "") => {
  const place = document.getElementById("notice");
  clearTimeout(hiding);
  place.replaceChildren(h("p", { class: `toast toast--${kind}` }, icon(kind === "ok" ? "check" : kind === "bad" ? "warning" : "info"), h("span", {}, text, why && [" ", whyLink(why)])));
  hiding = setTimeout(() => place.replaceChildren(), 7000);
};

// A sheet from below. `fill(close)` gives what stands in it; the promise has what it was closed with.
export const sheet = (title, fill) => new Promise((done) => {
  const dialog = h("dialog", { class: "sheet", "aria-labelledby": "sheet-title" });
  let answer = null;
  const close = (value = null) => { answer = value; dialog.close(); };
  dialog.append(
    h("div", { class: "sheet__head" }, h("h2", { id: "sheet-title" }, title),
      h("button", { class: "round", type: "button", "aria-label": say("close"), onclick: () => close() }, icon("x"))),
    h("div", { class: "sheet__body" }, fill(close)),
  );
  dialog.addEventListener("click", (event) => { if (event.target === dialog) close(); });
  dialog.addEventListener("close", () => { dialog.remove(); done(answer); });
  document.body.append(dialog);
  dialog.showModal();
});

export const confirmed = (title, text, verb) => sheet(title, (close) => [
  h("p", {}, text),
  h("button", { class: "main-button main-button--danger", type: "button", onclick: () => close(true) }, verb),
]);

export const pulse = (length = 12) => { navigator.vibrate?.(length); };

export const row = ({ name, label, value, onclick, href, state }) => {
  const inside = [name && h("span", { class: "row__icon" }, icon(name)), h("span", { class: "row__label" }, label), h("span", { class: `row__value ${state ?? ""}` }, value ?? "")];
  if (onclick) return h("li", {}, h("button", { class: "row", type: "button", onclick }, inside, icon("chevron-right")));
  if (href) return h("li", {}, h("a", { class: "row", href }, inside, icon("chevron-right")));
  return h("li", {}, h("div", { class: "row" }, inside));
};
