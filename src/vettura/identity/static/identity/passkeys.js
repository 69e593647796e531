// Asks the device for a passkey and puts its answer into the form. Without JavaScript the other ways stay.
import { create, get, isKnown, written } from "./webauthn.js";

const form = document.querySelector("form[data-passkey]");
const problem = document.querySelector("[data-passkey-problem]");

const tell = (text) => {
  problem.textContent = text;
  problem.hidden = false;
};

const options = async (kind) => {
  if (kind !== "signin") return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  return (await answer.json()).request_options;
};

if (form) {
  const kind = form.dataset.passkey;
  if (isKnown) form.hidden = false;
  else if (kind === "create") tell(problem.dataset.none);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      const { publicKey } = await options(kind);
      form.elements.credential.value = written(await (kind === "create" ? create : get)(publicKey));
      form.submit();
    } catch {
      tell(problem.dataset.stopped);
    }
  });
}
