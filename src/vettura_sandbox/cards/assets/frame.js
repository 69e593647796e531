// The card form inside the frame: tells the brand as it is typed, names the security code as the card does, and sends the
// card to the provider, never to the page around it.
(() => {
  const form = document.querySelector("form");
  const texts = JSON.parse(document.getElementById("texts").textContent);
  const number = form.elements.number, expiry = form.elements.expiry, code = form.elements.cvc;
  const error = document.querySelector(".error"), label = document.querySelector("[for=cvc]"), hint = document.getElementById("cvc-hint");
  const brands = [["amex", /^3[47]/], ["diners", /^3(0[0-5]|[689])/], ["jcb", /^35/], ["visa", /^4/], ["mastercard", /^(5[1-5]|2[2-7])/],
    ["discover", /^6(011|4[4-9]|5)/], ["unionpay", /^62/]];
  const digits = (field) => field.value.replace(/\D/g, "");
  const brand = () => (brands.find(([, start]) => start.test(digits(number))) || ["unknown"])[0];
  const tell = (sandbox, more) => parent.postMessage({ sandbox, ...more }, location.origin);
  const height = () => tell("height", { height: Math.ceil(document.body.getBoundingClientRect().height) });

  function refresh() {
    const isFront = brand() === "amex";
    label.textContent = isFront ? "CID" : "CVC";
    hint.textContent = isFront ? texts.cid : texts.cvc;
    code.maxLength = isFront ? 4 : 3;
    document.getElementById("brand").textContent = brand() === "unknown" ? "" : texts.brands[brand()];
  }
  function changed() {
    refresh();
    const complete = digits(number).length >= 12 && digits(expiry).length === 4 && digits(code).length === (brand() === "amex" ? 4 : 3);
    tell("change", { elementType: "card", brand: brand(), complete, empty: !number.value, error: undefined });
    height();
  }
  function show(message, field) {
    error.textContent = message || "";
    for (const each of [number, expiry, code]) each.setAttribute("aria-invalid", String(each === field));
    height();
  }

  number.addEventListener("input", () => {
    const groups = brand() === "amex" ? /^(\d{1,4})(\d{1,6})?(\d{1,5})?/ : /^(\d{1,4})(\d{1,4})?(\d{1,4})?(\d{1,7})?/;
    number.value = (digits(number).match(groups) || [""]).slice(1).filter(Boolean).join(" ");
    changed();
  });
  expiry.addEventListener("input", (event) => {
    const typed = digits(expiry).slice(0, 4);
    expiry.value = typed.length > 2 || (typed.length === 2 && event.inputType !== "deleteContentBackward") ? `${typed.slice(0, 2)} / ${typed.slice(2)}` : typed;
    changed();
  });
  code.addEventListener("input", () => { code.value = digits(code); changed(); });
  form.addEventListener("submit", (event) => event.preventDefault());

  window.addEventListener("message", async (message) => {
    if (message.source !== parent || message.origin !== location.origin || message.data.sandbox !== "confirm") return;
    const { id, intent, secret, key } = message.data;
    const body = new URLSearchParams({
      client_secret: secret,
      "payment_method_data[type]": "card",
      "payment_method_data[card][number]": digits(number),
      "payment_method_data[card][exp_month]": digits(expiry).slice(0, 2),
      "payment_method_data[card][exp_year]": digits(expiry).slice(2),
      "payment_method_data[card][cvc]": code.value,
    });
    show("");
    const answer = await fetch(`../v1/setup_intents/${intent}/confirm`, { method: "POST", body, headers: { authorization: `Bearer ${key}` } });
    const found = await answer.json();
    if (found.error) {
      const field = { number, exp_month: expiry, exp_year: expiry, cvc: code }[found.error.param];
      found.error.message = texts.errors[found.error.decline_code] || texts.errors[found.error.code] || found.error.message;
      show(found.error.message, field);
    }
    tell("answer", { id, body: found });
  });
  refresh();
  tell("ready", {});
  height();
})();
