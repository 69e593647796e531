// The car's page, made quick: acts and links without a reload, and the car's own changes as they happen.
// Without this file every link and button works as a plain page.
(() => {
  const parts = { unit: document.getElementById("unit"), strip: document.getElementById("strip"), shelf: document.getElementById("shelf") };
  document.documentElement.classList.add("script");

  const like = (form) => form.closest("#unit, #strip, #shelf").querySelectorAll(`form[action="${form.getAttribute("action")}"]`);
  const find = (element, name) => Array.isArray(name)
    ? element.querySelectorAll(`form[action="${name[0]}"]`)[name[1]]?.elements[name[2]]
    : element.querySelector(name);

  const nameOf = (element) => {
    if (!element || element === document.body) return null;
    if (element.id) return "#" + element.id;
    const form = element.closest("form");
    // many switches do the same act: which one it is, is told by its place among them
    if (form) return [form.getAttribute("action"), [...like(form)].indexOf(form), [...form.elements].indexOf(element)];
    return element.getAttribute("href") ? `a[href="${element.getAttribute("href")}"]` : null;
  };

  const show = (fresh) => {
    for (const [name, element] of Object.entries(parts)) {
      if (element.dataset.html === fresh[name]) continue;
      const active = element.contains(document.activeElement) ? document.activeElement : null;
      // a hand on a slider or in a field is not pulled away
      const held = active && active.matches("input, textarea");
      const focus = nameOf(active), value = held ? active.value : null;
      const open = [...element.querySelectorAll("details")].map((d) => d.open);
      const scroll = element.querySelector(".screen")?.scrollTop ?? 0;
      // what is being typed survives a change elsewhere in the car
      const kept = [...element.querySelectorAll("[data-keep]")].map((field) => [field.id, field.value, field.checked, field.defaultValue]);
      element.innerHTML = fresh[name];
      element.dataset.html = fresh[name];
      element.querySelectorAll("details").forEach((d, i) => { d.open = open[i] ?? false; });
      const screen = element.querySelector(".screen");
      if (screen) screen.scrollTop = scroll;
      for (const [id, typed, checked, before] of kept) {
        const field = document.getElementById(id);
        if (!field) continue;
        field.checked = checked;
        if (!field.value || (typed !== before && field.value === before)) field.value = typed;
      }
      const again = focus && find(element, focus);
      if (again) {
        again.focus({ preventScroll: true });
        if (held && again.matches("#code")) again.value = value;
      }
    }
  };

  let turn = 0, acts = 0, isBehind = false;
  const load = async (url, options = {}) => {
    const mine = ++turn;
    const response = await fetch(url, { ...options, headers: { "X-Parts": "1" }, credentials: "same-origin" });
    if (mine !== turn || !response.ok || !response.headers.get("content-type")?.includes("json")) return;
    const address = new URL(response.url);
    if (address.pathname + address.search !== location.pathname + location.search) {
      const go = address.pathname === location.pathname ? "replaceState" : "pushState";
      history[go](null, "", address.pathname + address.search);
      parts.unit.querySelectorAll("details").forEach((d) => { d.open = false; });
    }
    show(await response.json());
  };

  const refresh = () => {
    isBehind = acts > 0;
    if (!isBehind) load(location.pathname + location.search);
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("#unit a[href]");
    if (link && !event.metaKey && !event.ctrlKey) { event.preventDefault(); load(link.href); return; }
    const digit = event.target.closest("[data-digit], [data-erase]");
    const code = document.getElementById("code");
    if (digit && code) {
      code.value = digit.dataset.digit === undefined ? code.value.slice(0, -1) : (code.value + digit.dataset.digit).slice(0, code.maxLength);
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.getAttribute("action") === "/do/light") return;
    event.preventDefault();
    const data = new URLSearchParams(new FormData(form, event.submitter));
    // a code is typed anew for another try, and an entry that was added is not added again
    [...form.elements].filter((field) => field.matches("#code, [id^='add-']")).forEach((field) => { field.value = ""; });
    // the answer to an act shows the car as it is then, and why it was refused: no change elsewhere overtakes it
    acts += 1;
    load(event.submitter?.getAttribute("formaction") || form.action, { method: "POST", body: data }).finally(() => {
      acts -= 1;
      if (!acts && isBehind) refresh();
    });
  });

  document.addEventListener("input", (event) => {
    const shown = document.querySelector(`[data-for="${event.target.id}"]`);
    if (shown) shown.textContent = event.target.value + " %";
  });
  document.addEventListener("change", (event) => {
    if (event.target.dataset.submit !== undefined) { event.target.form.requestSubmit(); event.target.blur(); }
  });

  // arrows move from control to control on the screen, Escape goes back: the knob and the BACK key
  document.addEventListener("keydown", (event) => {
    if (!parts.unit.contains(event.target) && event.target !== document.body) return;
    if (event.key === "Escape") { document.getElementById("back")?.click(); return; }
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step || event.target.matches("input, textarea")) return;
    const all = [...parts.unit.querySelectorAll("a[href], button, summary, input, textarea")].filter((e) => e.offsetParent);
    if (!all.length) return;
    event.preventDefault();
    const at = all.indexOf(document.activeElement);
    all[(at + step + all.length) % all.length].focus();
  });

  addEventListener("popstate", () => load(location.href));
  new EventSource("/events").onmessage = () => {
    if (!document.querySelector(".slider:active")) refresh();
  };
})();
