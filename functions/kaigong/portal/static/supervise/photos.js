// Several photos at once, and back to this page: without this script the form sends one into a window of its own.
"use strict";

// Leave is for one photo: each gets the form of a page that is asked for anew.
const leave = async () => {
  const page = await fetch(location.href);
  if (!page.ok) throw new Error(String(page.status));
  return new DOMParser().parseFromString(await page.text(), "text/html").getElementById("photos");
};

const sent = async (file) => {
  const form = await leave();
  const data = new FormData();
  for (const field of Array.from(form.querySelectorAll("[type=hidden]"))) data.append(field.name, field.value);
  data.append("file", file);
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body: data });
  if (!answer.ok) throw new Error(String(answer.status));
};

function ready() {
  const form = document.getElementById("photos");
  const chooser = form.querySelector("[type=file]");
  const told = document.getElementById("told");
  chooser.multiple = true;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    told.textContent = told.dataset.going;
    try {
      for (const file of Array.from(chooser.files)) await sent(file);
      told.textContent = told.dataset.done;
      form.reset();
    } catch (error) {
      told.textContent = told.dataset.failed;
    }
    button.disabled = false;
  });
}

document.addEventListener("DOMContentLoaded", ready);
