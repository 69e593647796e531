// Keeps the app's own files, so that it opens without a connection. Answers of the API are never kept here: what was last
// known of a car stands in the app's own store, with its time.
// VERSION, SHELL and ICON stand above: the server writes them.
"use strict";

const CACHE = `shell ${VERSION}`;
const HOME = SHELL[0];
const PATIENCE_MS = 4000;

addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(SHELL.map((url) => new Request(url, { cache: "reload", credentials: "same-origin" })));
    await skipWaiting();
  })());
});

addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await clients.claim();
  })());
});

// the page as it is served now, or as it was kept when nobody answers soon
const page = async (request) => {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (answer.ok && !new URL(request.url).search) await cache.put(HOME, answer.clone());
    return answer.ok ? answer : (await cache.match(HOME)) ?? answer;
  } catch (problem) {
    const kept = await cache.match(HOME);
    if (kept) return kept;
    throw problem;
  }
};

const file = async (request) => {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
};

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") { if (pathname === HOME) event.respondWith(page(request)); return; }
  if (SHELL.includes(pathname) || pathname.startsWith(`${HOME}pictures/`)) event.respondWith(file(request));
});

// -- notes, also while the app is closed ------------------------------------------------------------------------------
// what the portal shows on a page, the app shows on one of its own
const pageOf = (address) => {
  const { origin, pathname } = new URL(address ?? HOME, location.origin);
  if (origin !== location.origin) return HOME;
  const [, vin, name] = pathname.match(/^\/vehicles\/([A-HJ-NPR-Z0-9]{17})\/(\w*)/) ?? [];
  return vin ? `${HOME}#${name === "alarms" ? "alarms" : "car"}/${vin}` : pathname;
};

addEventListener("push", (event) => {
  let told = null;
  try { told = event.data.json().notification; } catch { return; }
  if (!told?.title) return;
  const { title, body, lang, dir, tag, navigate } = told;
  event.waitUntil(registration.showNotification(title, { body, lang, dir, tag, icon: ICON, badge: ICON, data: { page: pageOf(navigate) } }));
});

addEventListener("notificationclick", (event) => {
  const { page } = event.notification.data;
  event.notification.close();
  event.waitUntil((async () => {
    const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
    const open = page.startsWith(HOME) && windows.find((each) => new URL(each.url).pathname === HOME);
    if (!open) { await clients.openWindow(page); return; }
    open.postMessage({ page });
    await open.focus();
  })());
});
