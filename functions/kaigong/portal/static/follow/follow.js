// Improves the pages of a packet; they work without it.

// The print buttons of documents: hidden where no script runs, since the browser's own menu prints as well.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// When the page has refreshed itself, what was unfolded is unfolded again, and the keyboard is where it was.
let unfolded = new Map();
let focused = null;
const REACHED = "#live a[href], #live button, #live summary";
const known = (part) => {
  const around = part.closest("form, details");
  return `${part.tagName} ${part.getAttribute("href") || ""} ${around ? around.id : ""} ${part.textContent.trim()}`;
};
document.addEventListener("htmx:before:swap", () => {
  unfolded = new Map([...document.querySelectorAll("#live details[id]")].map((part) => [part.id, part.open]));
  const part = document.activeElement && document.activeElement.closest(REACHED);
  focused = part ? known(part) : null;
});
document.addEventListener("htmx:after:swap", () => {
  for (const part of document.querySelectorAll("#live details[id]")) {
    if (unfolded.has(part.id)) part.open = unfolded.get(part.id);
  }
  const same = focused && [...document.querySelectorAll(REACHED)].find((part) => known(part) === focused);
  if (same) same.focus({ preventScroll: true });
});

// A page that nobody looks at does not ask; it does so at once when it is looked at again.
let gone = false;
document.addEventListener("htmx:before:request", (event) => {
  if ((gone || document.hidden) && event.target.id === "live") event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  const live = document.querySelector("#live[hx-get]");
  if (!document.hidden && live) htmx.trigger(live, "every");
});

// A page that cannot refresh itself says so; what it shows stays.
const stale = document.getElementById("stale");
function say(text) {
  if (!stale) return;
  stale.hidden = !text;
  if (stale.textContent !== text) stale.textContent = text;
}
document.addEventListener("htmx:response:error", (event) => {
  const { status } = event.detail.ctx.response;
  const words = stale ? stale.dataset : {};
  if (status === 404 && words.gone) {  // the link was withdrawn: what it showed goes with it
    gone = true;
    const live = document.getElementById("live");
    if (live) live.textContent = "";
    const heading = document.querySelector("header.packet");
    if (heading) heading.remove();
  }
  say(gone ? words.gone : status === 401 ? words.signedOut : words.lost);
});
document.addEventListener("htmx:error", () => say(stale ? stale.dataset.lost : ""));
document.addEventListener("htmx:after:request", (event) => {
  if (event.detail.ctx.response.status < 400) say("");
});
