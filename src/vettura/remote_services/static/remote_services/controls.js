// Two small courtesies for the controls of a car; everything works without them.
"use strict";

// The PIN dialog closes when its form is on its way, and keeps nothing that was typed.
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("[data-pin-form]");
  if (!form) return;
  form.closest("dialog").close();
});

document.addEventListener("close", (event) => {
  const form = event.target.querySelector?.("[data-pin-form]");
  if (form) form.elements.pin.value = "";
}, true);

// The stream brings the controls anew while a person uses them: what is open stays open, what is chosen stays chosen.
const kept = new Map();

document.addEventListener("htmx:beforeSwap", (event) => {
  const place = event.target;
  if (!place.id?.startsWith("controls-")) return;
  kept.set(place.id, {
    isOpen: place.querySelector("details")?.open ?? false,
    chosen: [...place.querySelectorAll("select[id]")].map((field) => [field.id, field.value]),
    focused: place.contains(document.activeElement) ? document.activeElement.id : "",
  });
});

document.addEventListener("htmx:afterSwap", (event) => {
  const before = kept.get(event.target.id);
  if (!before) return;
  kept.delete(event.target.id);
  const details = event.target.querySelector("details");
  if (details) details.open = before.isOpen;
  for (const [id, value] of before.chosen) {
    const field = document.getElementById(id);
    if (field) field.value = value;
  }
  if (before.focused) document.getElementById(before.focused)?.focus();
});
