// Why something does not work: what can be asked about the car, and the answer in place. The API looks for the cause; what only a person can know,
// it asks.
import { read } from "./api.js";
import { h, icon, moment, row, say, speaks, time } from "./page.js";

const UNKNOWN = "unknown";
// what is asked about now: of which car, in which language, what was told before, and what was found
let about = { of: "" };

const ask = async (seen, told = []) => {
  const here = about;
  Object.assign(here, { told, found: null, isOver: false });
  const query = new URLSearchParams({ lang: speaks(), ...(here.service && { service: here.service }) });
  for (const each of told) query.append("told", each);
  await seen.guarded(async () => { here.found = await read(`${here.path}?${query}`); });
  here.isOver = true;
  if (here === about && seen.tab === "why") seen.show();
};

const answered = (seen, told) => { ask(seen, told); seen.show(); document.getElementById("main").focus({ preventScroll: true }); };

const button = (text, onclick, kind = "quiet") => h("button", { class: `main-button main-button--${kind}`, type: "button", onclick }, text);

const evidence = (seen) => seen.map(({ text, at }) => h("p", { class: "quiet" }, text, at && [" · ", time(at, moment(at))]));

const causeOf = ({ text, evidence: all, path, remedy }, unit) => [
  h("h3", {}, text), ...evidence(all),
  path.length > 0 && h("p", { class: "why" }, icon("settings"), h("span", {}, `${unit}: ${path.join(" › ")}`)),
  remedy && h("a", { class: "main-button", href: remedy.href }, remedy.text),
];

const questionOf = (seen, { code, text, options }) => [
  h("h3", {}, text),
  ...[...options, { value: UNKNOWN, text: say("why_unknown") }].map((each) => button(each.text, () => answered(seen, [...about.told, `${code}:${each.value}`]))),
];

const helper = ({ name, phone, cost }) => h("ul", { class: "rows" },
  row({ name: "phone", label: name, value: [phone, cost].filter(Boolean).join(" · "), href: phone && `tel:${phone.replace(/[^+\d]/g, "")}` }));

const answer = (seen, { cause, question, checked, contact }) => {
  const article = (cause ?? question)?.article;
  return [
    h("section", { class: "group" },
      cause ? causeOf(cause, say("label_head_unit")) : question ? questionOf(seen, question) : h("h3", {}, say("why_nothing")),
      !question && button(say("why_again"), () => answered(seen, about.told)),
      about.told.length > 0 && button(say("why_anew"), () => answered(seen, [])),
      article && h("p", {}, h("a", { href: `/help/${article}/?car=${seen.vehicle.vin}` }, say("why_more"))),
      contact && helper(contact)),
    checked.length > 0 && h("section", { class: "group" }, h("h3", {}, say("why_checked")),
      h("ul", { class: "rows" }, checked.map((each) => h("li", { class: "entry" }, h("div", { class: "entry__text" },
        h("p", { class: "entry__label" }, icon(each.is_skipped ? "info" : "check"), " ", each.text), each.is_skipped && h("p", { class: "quiet" }, say("why_skipped")), ...evidence(each.evidence)))))),
  ];
};

const choices = (seen, items) => h("ul", { class: "rows" }, items.map(({ topic, service, title }) =>
  row({ label: title, href: `#why/${seen.vehicle.vin}/${topic}/${service ?? ""}` })));

const listed = (seen, { items }) => [
  choices(seen, items.filter((each) => !each.service)),
  h("section", { class: "group" }, h("h3", {}, say("why_services")), choices(seen, items.filter((each) => each.service))),
];

export const whyView = (seen) => {
  if (!seen.vehicle) return [];
  const [, , topic, service] = location.hash.slice(1).split("/");
  const path = `/vehicles/${seen.vehicle.vin}/diagnosis${topic ? `/${topic}` : ""}`;
  const of = `${path} ${service ?? ""} ${speaks()}`;
  if (about.of !== of) { about = { of, path, service }; ask(seen); }
  const back = topic ? ["#why", say("why_not")] : ["#car", say("tab_car")];
  const { found, isOver } = about;
  const body = found ? (topic ? answer(seen, found) : listed(seen, found))
    : isOver ? [h("p", { class: "quiet", role: "status" }, say("offline")), button(say("why_again"), () => answered(seen, about.told))]
      : h("p", { class: "quiet", role: "status" }, say("wait"));
  return [h("a", { class: "back", href: back[0] }, icon("chevron-right"), h("span", {}, back[1])), h("h2", { class: "page-title" }, found?.title ?? say("why_not")), body].flat(2);
};
