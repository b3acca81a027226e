// What is typed stays in this tab until it is on record: a portal that does not answer loses no word, and whoever leaves the
// page for a while finds it again. Everything works without this file.
"use strict";
/** `kind`: of what pages this is one; `path`: where its forms lie; `only`: whether there is nothing to say without them. */
function keepTyped(kind, path, only) {
  const place = `${kind} ${path} `;
  const fields = [...document.querySelectorAll("form[data-form] textarea, form[data-form] input:not([type=hidden])")];
  const choice = (field) => field.type === "radio";
  const kept = (field) =>
    `${place}${field.form.dataset.form} ${choice(field) ? field.name : [...field.form.elements].indexOf(field)}`;
  const forget = (start) => {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(start)) sessionStorage.removeItem(key);
  };
  const sent = new URLSearchParams(location.search).get("sent");
  if (sent) forget(`${place}${sent} `);
  if (only && !fields.length) forget(place);
  const told = new Set(fields.filter((field) => choice(field) && field.checked).map(kept)); // the page says it already
  for (const field of fields) {
    const before = sessionStorage.getItem(kept(field));
    if (before !== null && choice(field) && !told.has(kept(field))) field.checked = field.value === before;
    if (before !== null && !choice(field) && !field.value) field.value = before;
    field.addEventListener("input", () => sessionStorage.setItem(kept(field), field.value));
  }
  const leaving = document.querySelector("form[action$='sign-out']");
  if (leaving) leaving.addEventListener("submit", () => forget(`${kind} `));
}
