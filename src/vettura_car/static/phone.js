// Phones: the swipe that deletes one, reading aloud and listening. What counts as the swipe is decided in the car.
// Without this file every phone has a button, every message its text, and what is typed at the switches counts as spoken.
(() => {
  const send = (form, values) => {
    for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
    form.requestSubmit();
  };

  // a finger or a pointer on a stored phone
  let swipe = null;
  document.addEventListener("pointerdown", (event) => {
    const head = event.target.closest("[data-swipe]");
    if (!head || !event.isPrimary || event.button) return;
    const glass = head.closest(".glass").getBoundingClientRect();
    const share = (x) => Math.min(1, Math.max(0, (x - glass.left) / glass.width));
    swipe = { head, share, x: event.clientX, y: event.clientY, begin: share(event.clientX), moved: false };
    swipe.follows = swipe.begin >= +head.dataset.from && swipe.begin <= +head.dataset.to;
  });
  document.addEventListener("pointermove", (event) => {
    if (!swipe || !event.isPrimary) return;
    const dx = event.clientX - swipe.x, dy = event.clientY - swipe.y;
    if (!swipe.moved && Math.abs(dx) > 8 && Math.abs(dx) > Math.abs(dy)) swipe.moved = true;
    // the row goes with the finger only where the swipe would delete it
    if (swipe.moved && swipe.follows) swipe.head.style.translate = `${Math.min(0, dx)}px 0`;
  });
  const settle = () => { if (swipe) swipe.head.style.translate = ""; };
  document.addEventListener("pointerup", (event) => {
    if (!swipe || !event.isPrimary) return;
    settle();
    const done = swipe;
    swipe = null;
    if (!done.moved) return;
    // a swipe is no touch: the row must not open
    const hush = (click) => { if (done.head.contains(click.target)) { click.preventDefault(); click.stopPropagation(); } };
    addEventListener("click", hush, true);
    setTimeout(() => removeEventListener("click", hush, true), 60);
    setTimeout(() => send(document.querySelector("[data-swiped] form"), { phone: done.head.dataset.swipe, begin: done.begin.toFixed(3), end: done.share(event.clientX).toFixed(3) }));
  });
  document.addEventListener("pointercancel", () => { settle(); swipe = null; });

  // the browser that is touched reads aloud; falling silent ends it everywhere
  const voice = window.speechSynthesis;
  let said = null;
  const speak = (button) => {
    if (!voice || !window.SpeechSynthesisUtterance) return;
    voice.cancel();
    const words = said = new SpeechSynthesisUtterance(`${button.dataset.sender}: ${button.dataset.speak}`);
    words.lang = document.documentElement.lang;
    // wherever the person is by now; what was cut short by the next message says nothing
    words.onend = () => { if (said === words) fetch("/do/stop_reading", { method: "POST", redirect: "manual" }); };
    voice.speak(words);
  };

  // listening: what the browser recognises goes into the field; if it cannot, the words at the switches count
  let Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  document.documentElement.classList.toggle("listens", Boolean(Recognition));
  let asked = null;
  const listen = (button) => {
    const field = document.getElementById("message"), form = button.form;
    const fall = () => { asked = button; form.requestSubmit(button); };
    const ear = new Recognition();
    let heard = "";
    ear.lang = document.documentElement.lang;
    ear.onresult = (event) => { heard = event.results[0][0].transcript; };
    // some browsers have the words and no way to recognise: then the hint comes back
    ear.onerror = (event) => {
      heard = "";
      if (!["not-allowed", "network", "service-not-allowed", "language-not-supported"].includes(event.error)) return;
      Recognition = null;
      document.documentElement.classList.remove("listens");
    };
    ear.onend = () => heard ? send(document.querySelector("[data-heard] form"), { value: heard, typed: field.value }) : fall();
    button.lastChild.textContent = button.dataset.listens;
    try { ear.start(); } catch { fall(); }
  };
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button?.dataset.speak) speak(button);
    if (event.target.getAttribute("action") === "/do/stop_reading") voice?.cancel();
    if (button?.dataset.dictate === undefined || !Recognition || asked === button) { asked = null; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    listen(button);
  }, true);
})();
