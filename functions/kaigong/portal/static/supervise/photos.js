// Several photos at once, and back to this page: without this script the form sends one into a window of its own.
"use strict";

class SignedOut extends Error {}

// Leave is for one photo: each gets the form of a page that is asked for anew.
const leave = async () => {
  const page = await fetch(location.href, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (page.status === 401) throw new SignedOut();
  if (!page.ok) throw new Error(String(page.status));
  const form = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("photos");
  if (!form) throw new SignedOut(); // another page came in its place
  return form;
};

// Which photo it is, also when it is chosen again.
const known = (file) => `${file.name} ${file.size} ${file.lastModified}`;

const forms = new Map(); // of photos whose sending failed: sent anew by the same leave, one that arrived is no second one
const send = async (file) => {
  const form = forms.get(known(file)) || (await leave());
  forms.set(known(file), form);
  const data = new FormData();
  for (const field of Array.from(form.querySelectorAll("[type=hidden]"))) data.append(field.name, field.value);
  data.append("file", file);
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body: data });
  if (answer.ok) return;
  forms.delete(known(file)); // its leave may be over
  throw new Error(String(answer.status));
};

function ready() {
  const form = document.getElementById("photos");
  const chooser = form.querySelector("[type=file]");
  const told = document.getElementById("told");
  const sent = new Set(); // since all that were chosen have arrived
  chooser.multiple = true;

  const sendRest = async (files) => {
    const failed = [];
    for (const file of files) {
      if (sent.has(known(file))) continue;
      try {
        await send(file);
        sent.add(known(file));
      } catch (error) {
        if (error instanceof SignedOut) throw error;
        failed.push(file.name);
      }
    }
    return failed;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    told.textContent = told.dataset.going;
    try {
      const failed = await sendRest(Array.from(chooser.files));
      told.textContent = failed.length ? `${told.dataset.failed} ${failed.join(" · ")}` : told.dataset.done;
      if (!failed.length) {
        sent.clear();
        forms.clear();
        form.reset();
      }
    } catch (error) {
      told.textContent = told.dataset.signedOut;
    }
    button.disabled = false;
  });
}

document.addEventListener("DOMContentLoaded", ready);
