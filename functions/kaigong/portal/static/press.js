// A press begins and ends on one thing: what took its place meanwhile would swallow it. So nothing takes the place of what is
// being pressed, whether a form has saved itself or a page has asked again: the answer is shown once the press is over.
"use strict";
const press = (() => {
  const PRESSED = "a[href], button, summary, label, [type=checkbox], [type=radio], [type=file]";
  let thing = null; // what is being pressed
  let letGo = () => {};
  let over = Promise.resolve(); // once nothing is being pressed

  function begin(target) {
    end(); // of the one before, whose end was not told
    thing = target.closest ? target.closest(PRESSED) : null;
    if (thing) over = new Promise((done) => { letGo = done; });
  }
  function end() {
    thing = null;
    letGo();
  }
  const clicked = new MessageChannel(); // its messages come after the click that a press ends with
  clicked.port1.onmessage = end;

  addEventListener("pointerdown", ({ button, target }) => { if (button === 0) begin(target); });
  addEventListener("keydown", ({ key, repeat, target }) => { if (key === " " && !repeat) begin(target); });
  for (const last of ["pointerup", "pointercancel", "keyup", "contextmenu", "dragend", "blur"])
    addEventListener(last, () => clicked.port2.postMessage(""));

  document.addEventListener("htmx:before:swap", (event) => {
    const { ctx, tasks } = event.detail;
    if (!thing || !tasks.some(({ target }) => target.contains(thing))) return;
    event.preventDefault();
    over.then(() => { if (ctx.sourceElement.isConnected) htmx.swap(ctx); }); // else a later answer was before it
  });

  return { over: () => over };
})();
