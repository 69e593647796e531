// The card form: the provider's frame takes the number; we learn the brand, and whether it was saved.
(() => {
  const form = document.querySelector("[data-card-form]");
  if (!form || !window.Stripe) return;
  const { key, begin, accepted, unsupported, expired, declined, away } = form.dataset;
  const problem = form.querySelector("[data-card-problem]");
  const sentence = form.querySelector("[data-card-sentence]");
  const support = form.querySelector("[data-card-support]");
  const button = form.querySelector("button[type=submit]");
  const provider = window.Stripe(key, { locale: document.documentElement.lang });
  const card = provider.elements().create("card", { hidePostalCode: true });
  let brand = "unknown";

  function show(text, needsSupport) {
    problem.hidden = !text;
    sentence.textContent = text || "";
    if (support) support.hidden = !needsSupport;
  }
  const isUnsupported = () => brand !== "unknown" && !accepted.split(" ").includes(brand);

  card.mount(form.querySelector("[data-card-place]"));
  card.on("change", (event) => {
    brand = event.brand || "unknown";
    show(isUnsupported() ? unsupported : "", false);
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // the brand comes first, then the date, then everything else
    if (isUnsupported()) return show(unsupported, false);
    show("", false);
    button.disabled = true;
    try {
      const answer = await fetch(begin, { method: "POST", body: new FormData(form), headers: { accept: "application/json" } });
      if (!answer.ok) return show(away, false);
      const entry = await answer.json();
      const result = await provider.confirmCardSetup(entry.client_secret, { payment_method: { card } });
      if (!result.error) return window.location.assign(entry.done_url);
      const isExpired = /expir/.test(result.error.decline_code || result.error.code || "");
      const isTyping = result.error.type === "validation_error" || /^(incorrect|invalid|incomplete)_(number|cvc)/.test(result.error.code || "");
      if (isTyping) show(result.error.message, false);
      else show(isExpired ? expired : declined, !isExpired);
    } catch {
      show(away, false);
    } finally {
      button.disabled = false;
    }
  });
})();
