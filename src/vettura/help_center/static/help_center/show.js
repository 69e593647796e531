// Plays the steps of a demonstration: one at a time, at a pace at which its words can be read. Without this file all steps stand on the
// page one below the other.
"use strict";

const show = document.querySelector("[data-show]");

if (show) {
  const steps = [...show.querySelectorAll(".show__step")];
  const play = show.querySelector("[data-play]"), back = show.querySelector("[data-back]"), forward = show.querySelector("[data-forward]");
  const place = show.querySelector("[data-place]"), said = show.querySelector("[data-said]");
  const LEAST = 2600, A_LETTER = 70;
  let at = 0, timer = 0;

  const isPlaying = () => timer !== 0;
  const last = () => at === steps.length - 1;
  const wordsOf = (step) => step.querySelector(".show__words > :last-child").textContent.trim();

  const draw = () => {
    steps.forEach((step, number) => { step.hidden = number !== at; });
    place.textContent = place.dataset.words.replace("{number}", at + 1).replace("{total}", steps.length);
    // not `disabled`: a button that loses the focus under a hand takes the keys with it
    back.setAttribute("aria-disabled", at === 0);
    forward.setAttribute("aria-disabled", last());
    play.textContent = isPlaying() ? play.dataset.pauseWords : play.dataset.playWords;
    said.textContent = `${place.textContent}: ${wordsOf(steps[at])}`;
  };
  const stop = () => { clearTimeout(timer); timer = 0; };
  const wait = () => {
    stop();
    timer = setTimeout(() => {
      at += 1;
      if (last()) stop(); else wait();
      draw();
    }, LEAST + wordsOf(steps[at]).length * A_LETTER);
  };
  const go = (number) => {
    stop();
    at = Math.min(Math.max(number, 0), steps.length - 1);
    draw();
  };
  const toggle = () => {
    if (isPlaying()) { stop(); draw(); return; }
    if (last()) at = 0;
    wait();
    draw();
  };

  show.classList.add("show--played");
  show.querySelector(".show__controls").hidden = false;
  play.addEventListener("click", toggle);
  back.addEventListener("click", () => go(at - 1));
  forward.addEventListener("click", () => go(at + 1));
  show.addEventListener("keydown", (event) => {
    const number = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: steps.length - 1 }[event.key];
    if (number === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    go(number);
  });
  // paper has no player
  addEventListener("beforeprint", () => { stop(); steps.forEach((step) => { step.hidden = false; }); });
  addEventListener("afterprint", draw);
  // whoever wants no motion starts it themselves
  if (!matchMedia("(prefers-reduced-motion: reduce)").matches) wait();
  draw();
}
