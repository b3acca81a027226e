// The file's hash is computed here; the file itself is sent by the second form alone, when its button is pressed.
"use strict";

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

function ready() {
  const byFile = document.getElementById("by-file");
  const byContent = document.getElementById("by-content");
  const told = document.getElementById("computing");
  byFile.hidden = byContent.hidden = !window.crypto?.subtle;

  byFile.querySelector("[type=file]").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    told.textContent = told.dataset.computing;
    try {
      byFile.elements.number.value = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      byFile.submit();
    } catch {
      told.textContent = told.dataset.failed;
    }
  });

  byContent.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [file] = byContent.querySelector("[type=file]").files;
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => {
      byContent.elements.content.value = String(reader.result).split(",", 2)[1] ?? "";
      byContent.submit();
    });
    reader.readAsDataURL(file);
  });
}

ready();
