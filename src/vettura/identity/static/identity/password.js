// Shows, as one types, which rules of the password are met. The server decides; this only tells earlier.
(function () {
  "use strict";
  var counts = {
    password_length: function (text) { return Array.from(text).length; },
    password_upper_case: function (text) { return (text.match(/\p{Lu}/gu) || []).length; },
    password_digit: function (text) { return (text.match(/\p{Nd}/gu) || []).length; },
    password_special: function (text) { return (text.match(/[\p{P}\p{S}]/gu) || []).length; }
  };
  var list = document.getElementById("password-rules");
  var input = document.querySelector("input[aria-describedby~='password-rules']");
  var summary = document.getElementById("password-summary");
  if (!list || !input || !summary) { return; }
  var rules = Array.prototype.slice.call(list.querySelectorAll("[data-rule]"));
  var pause;

  function check() {
    var open = [];
    rules.forEach(function (rule) {
      var isMet = counts[rule.dataset.rule](input.value) >= Number(rule.dataset.least);
      rule.dataset.met = String(isMet);
      if (!isMet) { open.push(rule.querySelector("[data-text]").textContent); }
    });
    // One sentence after a pause: a screen reader should not speak at every letter.
    window.clearTimeout(pause);
    pause = window.setTimeout(function () {
      summary.textContent = open.length ? summary.dataset.open + " " + open.join(", ") : summary.dataset.done;
    }, 600);
  }

  input.addEventListener("input", check);
  if (input.value) { check(); }
}());
