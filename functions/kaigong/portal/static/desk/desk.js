// Keys of the workbench, its sign of life, and one press for the next task. Everything works without this file.
"use strict";
(() => {
  const typing = "input, textarea, select, [contenteditable]";
  const on = () => localStorage.getItem("desk-keys") !== "off";

  const shown = (element) => element && element.offsetParent !== null;
  const here = (key) => [...document.querySelectorAll(`[data-key="${key}"]`)].find(shown);

  // j and k: the next and the previous review of the list, or paper of a review; a paper is shown at once
  const step = (by) => {
    const rows = [...document.querySelectorAll("[data-row]")].filter(shown);
    if (!rows.length) return;
    const current = rows.findIndex((row) => row === document.activeElement || row.hasAttribute("aria-current"));
    const next = rows[Math.min(Math.max(current + by, 0), rows.length - 1)];
    next.focus();
    if (document.querySelector("#viewer")) next.click();
  };

  document.addEventListener("keydown", (event) => {
    if (!on() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest && event.target.closest(typing)) return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      step(event.key === "j" ? 1 : -1);
      return;
    }
    const target = /^[abcnqrs]$/.test(event.key) && here(event.key);
    if (!target) return;
    event.preventDefault();
    if (event.repeat) return; // a key that is held down is one press
    const panel = target.closest("summary") && target.closest("details");
    if (!panel) {
      target.click();
      return;
    }
    panel.open = true;
    panel.scrollIntoView({ block: "nearest" });
    const first = panel.querySelector("textarea, select, input:not([type=hidden])");
    if (first) first.focus();
  });

  // the next task is looked for once: a second press, while the queue is asked, would take another one
  const nexts = () => document.querySelectorAll("form[action$='desk/next'] button");
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[action$='desk/next']")) return;
    for (const button of nexts()) button.disabled = true;
  });
  window.addEventListener("pageshow", () => { for (const button of nexts()) button.disabled = false; });

  // a list that nobody looks at does not ask; it does so when it is looked at again
  document.addEventListener("htmx:before:request", (event) => {
    if (document.hidden && event.target.id === "rows") event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    const rows = document.querySelector("#rows");
    if (!document.hidden && rows) htmx.trigger(rows, "every");
  });

  // which paper of the list is shown
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest(".paper-list [data-row]");
    if (!link) return;
    for (const other of document.querySelectorAll(".paper-list [data-row]")) {
      other.toggleAttribute("aria-current", other === link);
      other.closest("li").classList.toggle("chosen", other === link);
    }
    link.setAttribute("aria-current", "true");
  });

  // a usual reason goes where one was typing last, else into the first row of its form that is empty
  let row = null;
  document.addEventListener("focusin", ({ target }) => { row = target.closest("fieldset.reason") || row; });
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("[data-reason]");
    if (!link) return;
    const rows = [...link.closest("details[name]").querySelectorAll("fieldset.reason")];
    const place = rows.includes(row) ? row : rows.find((r) => !r.querySelector("textarea").value) || rows[0];
    if (!place) return;
    event.preventDefault();
    const words = place.querySelector("textarea");
    const basis = place.querySelector("input[name=basis]");
    words.value = words.value ? `${words.value}\n${link.dataset.reason}` : link.dataset.reason;
    if (!basis.value) basis.value = link.dataset.basis;
    for (const field of [words, basis]) field.dispatchEvent(new Event("input", { bubbles: true }));
    words.focus();
  });

  keepTyped("desk", location.pathname.replace(/\/(decide|procedure|take|extend)$/, ""), document.querySelector("#lease"));

  // turning the keys off, and on again
  const label = (button) => { button.textContent = on() ? button.dataset.on : button.dataset.off; };
  for (const button of document.querySelectorAll("[data-keys]")) {
    label(button);
    button.addEventListener("click", () => {
      localStorage.setItem("desk-keys", on() ? "off" : "on");
      label(button);
    });
  }

  // who works on the page keeps the review: at most one sign a beat, none from a page that nobody touches
  let touched = false;
  for (const kind of ["keydown", "pointerdown", "wheel", "touchstart"]) {
    document.addEventListener(kind, () => { touched = true; }, { passive: true });
  }
  const lease = () => document.querySelector("#lease[data-beat]");
  if (lease()) {
    setInterval(() => {
      const line = lease();
      if (!line || !touched) return;
      touched = false;
      line.dispatchEvent(new CustomEvent("alive"));
    }, 1000 * Number(lease().dataset.beat));
  }
})();
