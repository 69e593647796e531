// Where the car is, on a map that is loaded only here, and the places that are kept for it.
import { Refused, read, write } from "./api.js";
import { Offline } from "./access.js";
import { press } from "./controls.js";
import { confirmed, h, icon, number, row, say, sheet, speaks, tell, time } from "./page.js";

const facts = document.documentElement.dataset;
const LATITUDE = "Vehicle.CurrentLocation.Latitude";
const LONGITUDE = "Vehicle.CurrentLocation.Longitude";
const KINDS = ["destination", "poi"];

// -- the map ----------------------------------------------------------------------------------------------------------
const box = h("div", { class: "map" });
let map = null;
let marker = null;
let loading = null;

const draw = async (center) => {
  const [{ Map, Marker, setWorkerUrl }, { look }] = await Promise.all([import(facts.mapLibrary), import(facts.mapLook)]);
  await new Promise((done, failed) => { document.head.append(h("link", { rel: "stylesheet", href: facts.mapSheet, onload: done, onerror: failed })); });
  setWorkerUrl(new URL(facts.mapWorker, location.href).href);
  map = new Map({
    container: box, style: look({ host: document.body, countries: facts.mapCountries, tiles: facts.mapTiles, attribution: facts.mapAttribution }), center, zoom: facts.mapTiles ? 14 : 5, maxZoom: facts.mapTiles ? 19 : 8, attributionControl: { compact: true },
    dragRotate: false, pitchWithRotate: false, fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
  });
  map.touchZoomRotate.disableRotation();
  map.getCanvas().setAttribute("aria-label", say("tab_map"));
  const point = h("span", { class: "map__car" });
  marker = new Marker({ element: point }).setLngLat(center).addTo(map);
  for (const name of ["role", "aria-label", "tabindex"]) point.removeAttribute(name);
  point.setAttribute("aria-hidden", "true");
  map.once("idle", () => { box.dataset.drawn = "true"; });
};

const placed = (where) => {
  if (map) { marker.setLngLat(where); map.setCenter(where); requestAnimationFrame(() => map.resize()); return; }
  // a phone that cannot draw it keeps the words
  loading ??= new Promise((done) => { requestAnimationFrame(done); }).then(() => draw(where)).catch(() => { box.remove(); });
};

const car = (seen) => {
  const [latitude, longitude] = [seen.state?.signals[LATITUDE], seen.state?.signals[LONGITUDE]];
  const control = seen.controls?.items.find((each) => each.type === "locate");
  const command = seen.commands.get("locate");
  // where the place is known already, looking for it again is not what one came for
  const find = control && !seen.controls.refusal && h("button", { class: `main-button ${latitude ? "main-button--quiet" : ""}`, type: "button", "data-type": "locate", onclick: () => {
    if (!control.is_entitled) tell(say("no_contract"));
    else press(seen, control);
  } }, control.verb);
  if (!latitude || !longitude) {
    const refusal = seen.controls?.refusal;
    return h("section", { class: "group" }, h("p", { class: `why ${refusal ? "why--attention" : ""}` }, icon(refusal ? "info" : "map-pin"), h("span", {}, refusal?.text ?? say("place_unknown"))), find);
  }
  placed([longitude.value, latitude.value]);
  const words = `${number(latitude.value, 5)}°, ${number(longitude.value, 5)}°`;
  return h("section", { class: "group" }, box,
    h("div", { class: "place" }, h("p", {}, h("strong", {}, say("car_is_here")), " ", time(latitude.measured_at), h("br"), h("span", { class: "quiet" }, words)),
      h("a", { class: "round round--go", href: `geo:${latitude.value},${longitude.value}?q=${latitude.value},${longitude.value}`, "aria-label": say("way_there") }, icon("map-pin"))),
    find, command && h("p", { class: "step", role: "status" }, command.text));
};

// -- places for the car -----------------------------------------------------------------------------------------------
const load = (seen) => seen.guarded(async () => {
  const { vin } = seen.vehicle;
  const [{ items }, release] = await Promise.all([read(`/vehicles/${vin}/destinations?limit=100`), read(`/vehicles/${vin}/destinations/release`)]);
  if (seen.vehicle.vin !== vin) return;
  seen.places = { items, release };
  seen.show();
});

const changed = async (seen, act) => {
  try {
    await act();
    await load(seen);
    return true;
  } catch (problem) {
    if (problem instanceof Refused) tell(problem.message, "bad");
    else if (problem instanceof Offline) tell(say("not_sent"), "bad");
    else throw problem;
    return false;
  }
};

const here = () => new Promise((done, failed) => { navigator.geolocation.getCurrentPosition(done, failed, { enableHighAccuracy: true, timeout: 15_000 }); });

const addSheet = (seen) => sheet(say("add_place"), (close) => {
  const name = h("input", { id: "place-name", name: "name", autocomplete: "off", maxlength: "120", required: true });
  const address = h("input", { id: "place-address", name: "address", autocomplete: "off", maxlength: "200" });
  let kind = KINDS[0];
  let position = null;
  const where = h("button", { class: "main-button main-button--quiet", type: "button", onclick: async () => {
    try {
      const { coords } = await here();
      position = { latitude: coords.latitude, longitude: coords.longitude };
      where.textContent = `${number(coords.latitude, 4)}°, ${number(coords.longitude, 4)}°`;
    } catch { tell(say("no_position"), "bad"); }
  } }, say("use_my_position"));
  const segments = h("div", { class: "segments", role: "group", "aria-label": say("kind") }, KINDS.map((each) =>
    h("button", { type: "button", "aria-pressed": String(each === kind), onclick: (event) => {
      kind = each;
      for (const button of segments.children) button.setAttribute("aria-pressed", String(button === event.currentTarget));
    } }, say(`kind_${each}`))));
  return h("form", { onsubmit: async (event) => {
    event.preventDefault();
    const body = { name: name.value, kind, address: address.value, ...position };
    if (await changed(seen, () => write("POST", `/vehicles/${seen.vehicle.vin}/destinations`, body))) close(true);
  } },
    segments,
    h("label", { for: "place-name" }, say("place_name")), name,
    h("label", { for: "place-address" }, say("place_address")), address,
    "geolocation" in navigator && where,
    h("button", { class: "main-button", type: "submit" }, say("add_place")));
});

const placeSheet = (seen, place) => sheet(place.name, (close) => [
  place.address && h("p", {}, place.address),
  place.note && h("p", { class: "quiet" }, place.note),
  place.latitude !== null && h("p", { class: "quiet" }, `${number(place.latitude, 5)}°, ${number(place.longitude, 5)}°`),
  h("p", { class: "quiet" }, say(place.change ? "not_in_car" : "in_car")),
  h("button", { class: "main-button main-button--danger", type: "button", onclick: async () => {
    close();
    if (!(await confirmed(say("delete_place", { name: place.name }), say("delete_place_text"), say("delete")))) return;
    await changed(seen, () => write("DELETE", `/vehicles/${seen.vehicle.vin}/destinations/${place.id}`));
  } }, say("delete")),
].filter(Boolean));

const places = (seen) => {
  if (!seen.places) { if (!seen.isOffline) load(seen); return null; }
  const { items, release } = seen.places;
  const waiting = release.new + release.changed + release.deleted;
  return h("section", { class: "group" },
    h("div", { class: "group__head" }, h("h2", {}, say("places")), h("button", { class: "round", type: "button", "aria-label": say("add_place"), "data-type": "add", onclick: () => addSheet(seen) }, icon("plus"))),
    items.length
      ? h("ul", { class: "rows", lang: speaks() }, items.map((each) => row({ name: each.kind === "poi" ? "info" : "map-pin", label: each.name, value: each.change ? say("new") : "", state: "is-attention", onclick: () => placeSheet(seen, each) })))
      : h("p", { class: "quiet" }, say("no_places")),
    waiting > 0 && h("button", { class: "main-button", type: "button", "data-type": "send", onclick: () => changed(seen, () => write("POST", `/vehicles/${seen.vehicle.vin}/destinations/release`)) }, say("send_to_car", { n: waiting })),
    waiting === 0 && release.released_at && h("p", { class: "quiet", role: "status" }, say(release.taken_at ? "car_has_them" : "car_gets_them")));
};

export const placesView = (seen) => seen.vehicle ? [car(seen), places(seen)].filter(Boolean) : [];
