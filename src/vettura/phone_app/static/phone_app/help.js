// Help after a breakdown: called, followed and called off. What help is told of the place is what the person says here.
import { Offline } from "./access.js";
import { Refused, read, write } from "./api.js";
import { ago, h, icon, pulse, say, sheet, tell } from "./page.js";

const OPEN = new Set(["received", "in_progress"]);

const tried = async (what) => {
  try { return await what(); } catch (problem) {
    if (problem instanceof Refused) tell(problem.message, "bad");
    else if (problem instanceof Offline) tell(say("not_sent"), "bad");
    else throw problem;
    return null;
  }
};

const here = () => new Promise((done) => {
  if (!navigator.geolocation) done(null);
  else navigator.geolocation.getCurrentPosition(({ coords }) => done({ latitude: coords.latitude, longitude: coords.longitude }), () => done(null), { timeout: 10_000, enableHighAccuracy: true });
});

const follow = async (address, call) => {
  const off = await sheet(say(`help_${call.state}`), (close) => [
    h("p", {}, `${call.number} · ${ago(call.called_at)}`), call.phone && h("p", {}, say("help_calls", { phone: call.phone })),
    h("button", { class: "main-button main-button--danger", type: "button", onclick: () => close(true) }, say("help_off")),
  ].filter(Boolean));
  if (off && await tried(() => write("DELETE", `${address}/${call.id}`))) tell(say("help_cancelled"), "ok");
};

const ask = async (address, title) => {
  const wish = await sheet(title, (close) => {
    const [phone, text, place] = [
      h("input", { id: "help-phone", type: "tel", autocomplete: "tel", maxlength: "30" }),
      h("input", { id: "help-text", type: "text", maxlength: "500", enterkeyhint: "done" }),
      h("select", { id: "help-place" }, h("option", { value: "none" }, say("help_place_none")), h("option", { value: "here" }, say("help_place_here")), h("option", { value: "car" }, say("help_place_car"))),
    ];
    const sent = (event) => { event.preventDefault(); close({ phone: phone.value, text: text.value, place: place.value }); };
    return h("form", { onsubmit: sent }, h("p", {}, say("help_text")),
      h("label", { for: "help-phone" }, say("help_phone")), phone, h("label", { for: "help-text" }, say("help_what")), text,
      h("label", { for: "help-place" }, say("help_place")), place,
      h("button", { class: "main-button", type: "submit" }, icon("phone"), title));
  });
  if (!wish) return;
  const place = wish.place === "here" ? await here() : null;
  if (wish.place === "here" && !place) { tell(say("help_no_place"), "bad"); return; }
  const call = await tried(() => write("POST", address, { phone: wish.phone, text: wish.text, with_place_of_car: wish.place === "car", ...(place && { place }) }));
  if (!call) return;
  pulse();
  await follow(address, call);
};

export const helpSheet = async (seen, control) => {
  const address = `/vehicles/${seen.vehicle.vin}/breakdown-calls`;
  const found = await tried(() => read(address));
  if (!found) return;
  const call = found.items.find((each) => OPEN.has(each.state));
  await (call ? follow(address, call) : ask(address, control.verb));
};
