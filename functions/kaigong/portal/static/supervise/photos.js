// Several photos at once, and back to this page: without this script the form sends one into a window of its own.
"use strict";

function ready() {
  const form = document.getElementById("photos");
  const chooser = form.querySelector("[type=file]");
  const told = document.getElementById("told");
  chooser.multiple = true;

  const sent = async (file) => {
    const data = new FormData();
    for (const field of form.querySelectorAll("[type=hidden]")) data.append(field.name, field.value);
    data.append("file", file);
    const answer = await fetch(form.action, { method: "POST", body: data });
    if (!answer.ok) throw new Error(String(answer.status));
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    told.textContent = told.dataset.going;
    try {
      for (const file of chooser.files) await sent(file);
      told.textContent = told.dataset.done;
      form.reset();
    } catch (error) {
      told.textContent = told.dataset.failed;
    }
    button.disabled = false;
  });
}

document.addEventListener("DOMContentLoaded", ready);
