// The card form's script of the sandbox: the same global and the same calls as the live provider's script, as far as the
// shop uses them. The form itself is a frame served by the sandbox, so card numbers never enter the shop's page.
(() => {
  const home = new URL(".", document.currentScript.src);
  const origin = home.origin;

  function frame(path, title) {
    const element = document.createElement("iframe");
    element.src = new URL(path, home);
    element.title = title;
    element.style.cssText = "width:100%;border:0;display:block;background:transparent";
    return element;
  }

  function hear(source, listener) {
    window.addEventListener("message", (message) => {
      if (message.origin === origin && message.source === source() && message.data && message.data.sandbox) listener(message.data);
    });
  }

  class CardElement {
    constructor(locale) {
      this.listeners = {};
      this.answers = new Map();
      this.frame = frame(`frame?lang=${encodeURIComponent(locale)}`, "Card");
      this.frame.style.height = "250px";
      hear(() => this.frame.contentWindow, (data) => {
        if (data.sandbox === "height") this.frame.style.height = `${data.height}px`;
        else if (data.sandbox === "answer") this.answers.get(data.id)?.(data.body);
        else (this.listeners[data.sandbox] || []).forEach((listener) => listener(data));
      });
    }
    mount(place) {
      const target = typeof place === "string" ? document.querySelector(place) : place;
      target.replaceChildren(this.frame);
    }
    on(name, listener) { (this.listeners[name] ||= []).push(listener); return this; }
    ask(request) {
      return new Promise((resolve) => {
        const id = crypto.randomUUID ? crypto.randomUUID() : String(Math.random());
        this.answers.set(id, resolve);
        this.frame.contentWindow.postMessage({ sandbox: "confirm", id, ...request }, origin);
      });
    }
  }

  function challenge(url) {
    return new Promise((resolve) => {
      const dialog = document.createElement("dialog");
      const page = frame(url, "3-D Secure");
      dialog.style.cssText = "width:min(460px,92vw);padding:0;border:0;border-radius:10px";
      page.style.height = "420px";
      dialog.append(page);
      document.body.append(dialog);
      hear(() => page.contentWindow, (data) => {
        if (data.sandbox === "challenge-over") { dialog.close(); dialog.remove(); resolve(); }
      });
      dialog.addEventListener("cancel", (event) => event.preventDefault());
      dialog.showModal();
    });
  }

  async function retrieve(key, intent, secret) {
    const url = new URL(`../intent/${intent}?client_secret=${encodeURIComponent(secret)}`, home);
    return (await fetch(url, { headers: { authorization: `Bearer ${key}` } })).json();
  }

  window.Stripe = (key, options = {}) => ({
    elements: (more = {}) => ({ create: () => new CardElement(more.locale || options.locale || document.documentElement.lang || "en") }),
    async confirmCardSetup(secret, { payment_method: method }) {
      const intent = secret.split("_secret")[0];
      let answer = await method.card.ask({ intent, secret, key });
      if (answer.next_action) {
        await challenge(answer.next_action.redirect_to_url.url);
        answer = await retrieve(key, intent, secret);
        if (answer.last_setup_error) answer = { error: answer.last_setup_error };
      }
      return answer.error ? { error: answer.error } : { setupIntent: answer };
    },
  });
})();
