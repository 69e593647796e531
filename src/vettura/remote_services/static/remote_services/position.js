// The map below a car's position. Without this file the position stands there in words and numbers.
// Nothing of the map is loaded before it comes into view.
"use strict";

(() => {
  const section = document.querySelector("[data-position]");
  const box = section?.querySelector("[data-map]");
  if (!box || !("IntersectionObserver" in window)) return;
  const { library, worker, sheet, look: looks, countries, tiles, attribution, label } = box.dataset;

  const place = () => {
    const { latitude, longitude } = section.querySelector("[data-state]")?.dataset ?? {};
    return latitude === undefined ? null : [Number(longitude), Number(latitude)];
  };

  let map = null, marker = null, loading = null;

  const draw = async () => {
    const [{ Map, Marker, NavigationControl, setWorkerUrl }, { look }] = await Promise.all([import(library), import(looks)]);
    await new Promise((done, failed) => {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: sheet, onload: done, onerror: failed });
      document.head.append(link);
    });
    setWorkerUrl(new URL(worker, location.href).href);
    const center = place();
    if (!center) return;
    map = new Map({
      container: box, style: look({ host: box, countries, tiles, attribution }), center, zoom: tiles ? 13 : 4.5, maxZoom: tiles ? 19 : 8, attributionControl: { compact: false },
      dragRotate: false, pitchWithRotate: false, cooperativeGestures: true,
      fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
    });
    map.addControl(new NavigationControl({ showCompass: false }));
    map.touchZoomRotate.disableRotation();
    map.getCanvas().setAttribute("aria-label", label);
    const point = document.createElement("span");
    point.className = "worldmap__car";
    marker = new Marker({ element: point }).setLngLat(center).addTo(map);
    // the place itself is said in words above: the drawing of it is no button
    for (const name of ["role", "aria-label", "tabindex"]) point.removeAttribute(name);
    point.setAttribute("aria-hidden", "true");
    map.once("idle", () => { box.dataset.drawn = "true"; });
  };

  const show = () => {
    const where = place();
    box.hidden = !where;
    if (!where) return;
    if (map) { marker.setLngLat(where); map.easeTo({ center: where }); return; }
    // a browser that cannot draw it keeps the words
    loading ??= draw().catch(() => { box.remove(); });
  };

  const comes = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) { comes.disconnect(); show(); }
  }, { rootMargin: "200px" });
  // a hidden box takes no room and never comes into view: the section does
  comes.observe(section);
  new MutationObserver(() => { if (map || !place()) show(); else if (loading === null) { comes.observe(section); } })
    .observe(section, { childList: true });
})();
