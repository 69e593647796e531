// The PIN dialog closes when its form is on its way, and keeps nothing that was typed.
"use strict";

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("[data-pin-form]");
  if (!form) return;
  form.closest("dialog").close();
});

document.addEventListener("close", (event) => {
  const form = event.target.querySelector?.("[data-pin-form]");
  if (form) form.elements.pin.value = "";
}, true);
