// A passkey instead of the PIN, asked about exactly what the form is about to do. Without this file the PIN stays.
import { get, isKnown, written } from "./webauthn.js";

const wish = (form) => {
  const wanted = JSON.parse(form.dataset.stepUpBody || document.getElementById(form.dataset.stepUpFrom)?.textContent || "{}");
  for (const name of (form.dataset.stepUpFields || "").split(" ").filter(Boolean)) wanted[name] = form.elements[name].value;
  return JSON.stringify(wanted);
};

const ask = async (button, form) => {
  const problem = form.querySelector("[data-step-up-problem]");
  problem.hidden = true;
  try {
    const answer = await fetch(form.dataset.stepUp, {
      method: "POST", credentials: "same-origin", body: wish(form),
      headers: {
        "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
        ...(form.elements.key && { "Idempotency-Key": form.elements.key.value }),
      },
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.detail);
    form.elements.token.value = said.token;
    form.elements.passkey.value = written(await get(said.options));
    form.elements.pin.required = false;
    form.requestSubmit(form.querySelector("[data-step-up-go]"));
  } catch (stopped) {
    // what the device says is for programmers; what the platform says is for people
    problem.textContent = (stopped instanceof DOMException ? "" : stopped.message) || problem.dataset.stopped;
    problem.hidden = false;
  }
};

const offer = (place) => {
  for (const button of place.querySelectorAll("[data-step-up-passkey][hidden]")) button.hidden = false;
};

if (isKnown) {
  offer(document);
  document.addEventListener("htmx:afterSettle", (event) => offer(event.target));
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-step-up-passkey]");
    if (button && (!button.form.elements.email || button.form.elements.email.reportValidity())) ask(button, button.form);
  });
}
