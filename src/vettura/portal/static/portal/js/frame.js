// What every page does a little better with a script: menus that close, dialogs that open, keys that lead somewhere.
// Everything here also works without it.
"use strict";

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
    }
  }
  const closer = event.target.closest("[data-close]");
  if (closer) {
    const dialog = closer.closest("dialog");
    if (dialog) {
      event.preventDefault();
      dialog.close();
    }
  }
  const copier = event.target.closest("[data-copy]");
  if (copier) {
    navigator.clipboard.writeText(copier.dataset.copy).then(() => showToast(copier.dataset.copied || copier.dataset.copy));
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    stopGoing();
    return;
  }
  const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.body.dataset.going !== undefined) {
    const place = document.querySelector(`[data-go="${CSS.escape(event.key.toLowerCase())}"]`);
    stopGoing();
    if (place) place.click();
    return;
  }
  const search = document.querySelector("[data-search]");
  if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "g" && document.querySelector("[data-go]")) {
    document.body.dataset.going = "";
    window.setTimeout(stopGoing, 2000);
  } else if (event.key === "e") {
    const edit = document.querySelector("[data-edit]");
    if (edit) edit.click();
  }
});

// Where a row of places is wider than the window, the one that is open is in sight.
for (const here of document.querySelectorAll(":is(.tabs, .top__nav, .desk-nav) [aria-current]")) {
  const row = here.closest(".tabs, .top__nav, .desk-nav");
  const [open, whole] = [here.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += open.left + open.width / 2 - (whole.left + whole.width / 2);
}

function stopGoing() {
  delete document.body.dataset.going;
}

// A select that leads somewhere by itself: <select data-submit>.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
});

function showToast(text) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = text;
  document.getElementById("toasts").append(toast);
  window.setTimeout(() => toast.remove(), 6000);
}

// A fragment may announce something: HX-Trigger: {"toast": "Saved"}.
document.addEventListener("toast", (event) => showToast(event.detail.value ?? event.detail));

// The server could not be reached at all: say so once, where messages stand.
document.addEventListener("htmx:sendError", () => showToast(document.body.dataset.offline || "No connection."));
