// Improves the pages of a packet; they work without it.

// The print buttons of documents: hidden where no script runs, since the browser's own menu prints as well.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// When the page has refreshed itself, what was unfolded is unfolded again, and the keyboard is where it was.
let unfolded = new Map();
let focused = null;
document.addEventListener("htmx:before:swap", () => {
  unfolded = new Map([...document.querySelectorAll("#live details[id]")].map((part) => [part.id, part.open]));
  const part = document.activeElement && document.activeElement.closest("#live details[id]");
  focused = part && document.activeElement.tagName === "SUMMARY" ? part.id : null;
});
document.addEventListener("htmx:after:swap", () => {
  for (const part of document.querySelectorAll("#live details[id]")) {
    if (unfolded.has(part.id)) part.open = unfolded.get(part.id);
  }
  const summary = focused && document.querySelector(`#${CSS.escape(focused)} > summary`);
  if (summary) summary.focus({ preventScroll: true });
});

// A page that cannot refresh itself says so; what it shows stays.
const stale = document.getElementById("stale");
function say(text) {
  if (!stale) return;
  stale.hidden = !text;
  if (stale.textContent !== text) stale.textContent = text;
}
document.addEventListener("htmx:response:error", (event) => {
  say(event.detail.ctx.response.status === 401 ? stale.dataset.signedOut : stale.dataset.lost);
});
document.addEventListener("htmx:error", () => say(stale ? stale.dataset.lost : ""));
document.addEventListener("htmx:after:request", (event) => {
  if (event.detail.ctx.response.status < 400) say("");
});
