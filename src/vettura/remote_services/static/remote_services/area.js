// Draws the area of a location alarm: a touch on the map is its middle, the number its radius. Without this file the numbers stay.
const { library, worker, sheet, look: looks, countries, tiles, attribution, label } = document.querySelector("[data-area-map]")?.dataset ?? {};

// a map with a point in the middle; the drawing of the point is no button
const draw = async (box, center, zoom) => {
  const [{ Map, Marker, NavigationControl, setWorkerUrl }, { look }] = await Promise.all([import(library), import(looks)]);
  await new Promise((done, failed) => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: sheet, onload: done, onerror: failed }));
  });
  setWorkerUrl(new URL(worker, location.href).href);
  const map = new Map({
    container: box, style: look({ host: box, countries, tiles, attribution }), center, zoom, maxZoom: tiles ? 19 : 12,
    attributionControl: { compact: false }, dragRotate: false, pitchWithRotate: false, cooperativeGestures: true, fadeDuration: 0,
  });
  map.addControl(new NavigationControl({ showCompass: false }));
  map.touchZoomRotate.disableRotation();
  map.getCanvas().setAttribute("aria-label", label);
  const point = document.createElement("span");
  point.className = "worldmap__car";
  const marker = new Marker({ element: point }).setLngLat(center).addTo(map);
  for (const name of ["role", "aria-label", "tabindex"]) point.removeAttribute(name);
  point.setAttribute("aria-hidden", "true");
  map.once("idle", () => { box.dataset.drawn = "true"; });
  // the point's color, in a notation that the map reads
  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  brush.fillStyle = getComputedStyle(point).backgroundColor;
  brush.fillRect(0, 0, 1, 1);
  return { map, marker, accent: `rgb(${[...brush.getImageData(0, 0, 1, 1).data].slice(0, 3).join(", ")})` };
};

const METERS_PER_DEGREE = 111_320, CORNERS = 64;
const box = document.querySelector("[data-area-map]");
const form = box?.closest("form");

if (form) {
  const field = (name) => form.elements[`${box.dataset.prefix}-${name}`];
  const middle = () => [Number(field("longitude").value), Number(field("latitude").value)];
  const isPlace = () => field("latitude").value !== "" && field("longitude").value !== "";
  let drawn = null;

  const circle = () => {
    const [longitude, latitude] = middle(), radius = Number(field("radius").value) / METERS_PER_DEGREE;
    const corners = Array.from({ length: CORNERS + 1 }, (_, number) => {
      const angle = (2 * Math.PI * number) / CORNERS;
      return [longitude + (radius * Math.cos(angle)) / Math.cos((latitude * Math.PI) / 180), latitude + radius * Math.sin(angle)];
    });
    return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [corners] } };
  };

  const show = () => {
    if (!drawn || !isPlace()) return;
    drawn.marker.setLngLat(middle());
    drawn.map.getSource("area")?.setData(circle());
  };

  // the whole area is in sight, as near as the map has something to show
  const look = () => {
    const [corners] = circle().geometry.coordinates;
    const [east, north, west, south] = [corners[0], corners[CORNERS / 4], corners[CORNERS / 2], corners[(CORNERS * 3) / 4]];
    drawn?.map.fitBounds([[west[0], south[1]], [east[0], north[1]]], { padding: 32, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  };

  const begin = async () => {
    if (drawn || box.dataset.begun) return;
    box.dataset.begun = "yes";
    box.hidden = false;
    try {
      drawn = await draw(box, isPlace() ? middle() : [Number(box.dataset.longitude), Number(box.dataset.latitude)], tiles ? 12 : 7);
    } catch {
      box.remove();
      return;
    }
    const { map, accent } = drawn;
    map.on("load", () => {
      map.addSource("area", { type: "geojson", data: circle() });
      map.addLayer({ id: "area", type: "fill", source: "area", paint: { "fill-color": accent, "fill-opacity": 0.25 } });
      map.addLayer({ id: "area-edge", type: "line", source: "area", paint: { "line-color": accent, "line-width": 2 } });
      show();
      if (isPlace()) look();
    });
    map.on("click", ({ lngLat }) => {
      field("latitude").value = lngLat.lat.toFixed(5);
      field("longitude").value = lngLat.lng.toFixed(5);
      if (field("place")) field("place").value = "";
      show();
    });
  };

  form.addEventListener("input", (event) => {
    const chosen = event.target === field("place") && event.target.selectedOptions[0]?.dataset;
    if (chosen?.latitude) {
      field("latitude").value = chosen.latitude;
      field("longitude").value = chosen.longitude;
      look();
    }
    show();
  });
  const details = form.closest("details");
  if (!details || details.open) begin();
  details?.addEventListener("toggle", begin);
}
