// The file's hash is computed here; the file itself is sent by the second form alone, when its button is pressed.
"use strict";

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

// By a reader, as browsers of years ago know it.
const read = (file, how) =>
  new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.addEventListener("error", () => failed(reader.error));
    reader[how](file);
  });

function ready() {
  const byFile = document.getElementById("by-file");
  const byContent = document.getElementById("by-content");
  const told = document.getElementById("computing");
  byFile.hidden = byContent.hidden = !(window.crypto && window.crypto.subtle);

  byFile.querySelector("[type=file]").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    told.textContent = told.dataset.computing;
    try {
      byFile.elements.number.value = hex(
        await window.crypto.subtle.digest("SHA-256", await read(file, "readAsArrayBuffer")),
      );
      byFile.submit();
    } catch (error) {
      told.textContent = told.dataset.failed;
    }
  });

  byContent.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [file] = byContent.querySelector("[type=file]").files;
    if (!file) return;
    byContent.elements.content.value = String(await read(file, "readAsDataURL")).split(",", 2)[1] || "";
    byContent.submit();
  });
}

ready();
