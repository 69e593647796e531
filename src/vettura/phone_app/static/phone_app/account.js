// My account: who is signed in, the pairing code, whether the car is connected, the language, and the way out.
import { first, h, row, say, speaks } from "./page.js";

const languages = () => document.documentElement.dataset.languages.split(" ");

const code = (vehicle) => vehicle.pairing_code && h("section", { class: "group" },
  h("h2", {}, say("pairing_code")),
  h("p", { class: "code", translate: false }, vehicle.pairing_code.replace(/(....)(?=.)/, "$1 ")),
  h("p", { class: "quiet" }, say("pairing_text", { unit: say("label_head_unit") })));

const connection = (vehicle) => h("section", { class: "group" },
  h("h2", {}, say("label_app_services")),
  h("ul", { class: "rows" },
    row({ name: "signal", label: say("label_app_connection"), value: say(vehicle.linked ? "linked" : "not_linked"), state: vehicle.linked ? "is-ok" : "is-attention" }),
    row({ name: "key", label: say("label_remote_access"), value: say(vehicle.remote_access ? "granted" : "not_granted"), state: vehicle.remote_access ? "is-ok" : "is-attention" })));

let notes = null;
const notesOf = (seen) => {
  if (notes) return notes.notesView(seen);
  import("./notes.js").then((module) => { notes = module; seen.show(); }).catch(() => {});
  return null;
};

export const accountView = (seen) => [
  h("h2", { class: "page-title" }, say("label_app_account")),
  seen.me && h("section", { class: "group" }, h("ul", { class: "rows" },
    row({ name: "user", label: [seen.me.given_name, seen.me.family_name].filter(Boolean).join(" ") || say("label_account"), value: seen.me.email }))),
  seen.vehicle && connection(seen.vehicle),
  seen.vehicle && code(seen.vehicle),
  notesOf(seen),
  h("section", { class: "group" }, h("h2", { id: "languages" }, say("language")),
    h("div", { class: "segments", role: "group", "aria-labelledby": "languages" }, languages().map((each) =>
      h("button", { type: "button", lang: each, "aria-pressed": String(each === speaks()), onclick: () => seen.choose(each) }, first(new Intl.DisplayNames(each, { type: "language" }).of(each)))))),
  h("section", { class: "group" }, h("ul", { class: "rows" },
    row({ name: "car", label: say("label_portal"), href: "/" }),
    row({ name: "logout", label: say("sign_out"), onclick: seen.leave }))),
].filter(Boolean);
