// What is typed about a record stays in this tab until it is said: taking photos leads away from the page and back, and a
// portal that does not answer loses no word. Everything works without this file.
"use strict";
(() => {
  const place = `supervision ${location.pathname} `;
  const fields = [];
  for (const form of document.querySelectorAll("form[data-form]"))
    for (const field of form.elements) if (field.name && field.type !== "hidden") fields.push(field);
  const choice = (field) => field.type === "radio";
  const kept = (field) => `${place}${field.form.dataset.form} ${field.name}`;
  const forget = (start) => {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(start)) sessionStorage.removeItem(key);
  };

  const sent = new URLSearchParams(location.search).get("sent");
  if (sent) {
    forget(`${place}${sent} `);
    history.replaceState(history.state, "", location.pathname); // who comes back here has sent nothing anew
  }
  if (!fields.length) forget(place);
  const told = new Set(fields.filter((field) => choice(field) && field.checked).map(kept)); // the page says it already
  for (const field of fields) {
    const before = sessionStorage.getItem(kept(field));
    if (before !== null && choice(field) && !told.has(kept(field))) field.checked = field.value === before;
    if (before !== null && !choice(field) && !field.value) field.value = before;
    field.addEventListener("input", () => sessionStorage.setItem(kept(field), field.value));
  }
  const leaving = document.querySelector("form[action$='sign-out']");
  if (leaving) leaving.addEventListener("submit", () => forget("supervision "));
})();
