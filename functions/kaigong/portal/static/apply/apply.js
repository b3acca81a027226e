// Applying: saves while one types, uploads straight to object storage, asks for findings. Without it everything works as
// plain forms. What the server sends are fragments of the same page: each replaces the part of its id.
"use strict";
(() => {
  const root = document.getElementById("application");
  if (!root) return;
  const { base, lang } = root.dataset;
  const limit = Number(root.dataset.limit) * 1024 * 1024;
  const form = root instanceof HTMLFormElement ? root : null;
  const says = JSON.parse(root.dataset.says); // what this script says, in the page's language
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));

  // ---- fragments

  /** Puts the parts of a fragment in their places. False: it is no fragment of ours, as after a session has ended. */
  function show(html) {
    const parts = new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-live]");
    for (const part of parts) {
      const old = document.getElementById(part.id);
      if (!old) continue;
      for (const details of part.querySelectorAll("details[id]")) {
        const before = document.getElementById(details.id);
        if (before) details.open = before.open;
      }
      if (old.outerHTML === part.outerHTML) continue;
      keepChoices(old, part);
      const focused = old.contains(document.activeElement) ? document.activeElement : null;
      old.replaceWith(part);
      if (focused) {
        const same = [...part.querySelectorAll(focused.localName)].find(
          (e) => e.name === focused.name && e.value === focused.value,
        );
        (same || part.closest("article, section") || part).focus?.();
      }
    }
    return parts.length > 0;
  }

  /** What was chosen after the server was asked stays chosen, until it is saved and the server says so itself. */
  function keepChoices(old, part) {
    const changed = [...old.querySelectorAll("input[type=checkbox]")].filter((e) => e.checked !== e.defaultChecked);
    for (const { name, value, checked } of changed) {
      const same = [...part.querySelectorAll("input[type=checkbox]")].find((e) => e.name === name && e.value === value);
      if (same) same.checked = checked;
    }
  }

  function tell(text, ...more) {
    const note = document.getElementById("saved");
    const said = document.createElement("p");
    said.className = "notice notice-warn";
    said.append(text, ...more);
    note?.replaceChildren(said);
  }

  /** The session has ended: what was typed stays, and goes out once somebody who signed in comes back to this page. */
  function askToSignIn() {
    const link = document.createElement("a");
    link.href = root.dataset.signIn;
    link.target = "_blank";
    link.textContent = says.signIn;
    tell(says.unsaved, " ", link, " ", says.comeBack);
    dirty = true;
    signedOut = true;
  }

  const ask = (path, options = {}) =>
    fetch(`${base}/${path}`, { ...options, headers: { "HX-Request": "true" }, credentials: "same-origin" });

  // ---- findings, and what would come of handing in

  const PACE = 1000; // milliseconds between two looks: each reads the papers and runs the whole acceptance
  let looking = 0; // the timer of the next look
  let due = Infinity; // when it comes
  let looked = -Infinity; // when the last one began
  let seen = Promise.resolve(); // one after another: an older answer never comes after a newer one
  const examining = () => Number(document.getElementById("ahead")?.dataset.examining || 0) > 0;

  /** Looks after so many milliseconds, and not sooner than the pace allows; an earlier look that is to come will do. */
  function look(after = 0) {
    const now = performance.now();
    const at = Math.max(now + after, looked + PACE);
    if (at >= due) return;
    clearTimeout(looking);
    due = at;
    looking = setTimeout(() => { seen = seen.then(see); }, at - now);
  }

  async function see() {
    due = Infinity;
    looked = performance.now();
    let again = examining;
    try {
      const answer = await ask("state");
      if (answer.ok) show(await answer.text());
      else if (answer.status >= 500 || answer.status === 429) throw new Error(`status ${answer.status}`);
    } catch {
      again = () => true; // no line at the moment, or no answer
    }
    if (again()) look(1500);
  }
  if (examining()) look(1500);

  // ---- saving

  const RELISTING = "[data-whole], [name=commitments]"; // choices that change the list of papers
  let signedOut = false; // the last save met a session that had ended
  let dirty = false; // typed and not sent yet
  let unsaved = 0; // sent and not answered yet
  let last = Promise.resolve(); // one after another: each names the version that the one before made
  let typing = 0;
  let outdated = false; // choices were saved that change the list of papers
  let sent = ""; // where the form as a whole went, which leads to another page

  function save(path = "save", more = {}) {
    clearTimeout(typing);
    dirty = false;
    unsaved += 1;
    last = last.then(() => send(path, more)).finally(() => {
      unsaved -= 1;
      if (!unsaved) look();
      relist();
    });
  }

  /** Another list of papers takes the page as a whole, once that loses nothing typed and breaks no upload off. */
  function relist() {
    const quiet = !sent && !dirty && !unsaved && running.size === 0;
    if (!outdated || !quiet || document.querySelector("#saved .notice")) return;
    root.inert = true; // what is pressed until the new page is there would be lost unseen
    setTimeout(() => { root.inert = false; }, 10000); // it did not come
    location.reload();
  }

  async function send(path, more) {
    for (let round = 0; ; round += 1) {
      const body = new URLSearchParams(new FormData(form));
      for (const [name, value] of Object.entries(more)) body.set(name, value);
      try {
        const answer = await ask(path, { method: "POST", body });
        if (answer.status >= 500 || answer.status === 429) throw new Error(`status ${answer.status}`);
        if (!show(await answer.text())) askToSignIn();
        outdated ||= document.getElementById("saved").hasAttribute("data-filled"); // the system filled in some fields
        return;
      } catch {
        tell(says.saving);
        await wait(Math.min(15000, 1000 * 2 ** round));
      }
    }
  }

  function later(ms) {
    dirty = true;
    clearTimeout(typing);
    typing = setTimeout(() => save(), ms);
  }

  if (form) {
    form.addEventListener("input", (event) => {
      if (event.target.type !== "file" && event.target.type !== "checkbox") later(1200);
    });
    form.addEventListener("change", ({ target }) => {
      if (target.type === "file") return;
      outdated ||= target.matches(RELISTING);
      save();
    });
    form.addEventListener("submit", (event) => {
      const button = event.submitter;
      const where = button?.formAction ?? form.action;
      if (button?.hasAttribute("data-quiet")) {
        event.preventDefault();
        save("accept", { matter: button.value });
      } else if (sent === where) {
        event.preventDefault(); // pressed twice; another button than before is meant
      } else if (unsaved) {
        event.preventDefault(); // after what is on its way, which makes the version that this one names
        outdated = false; // a whole page comes anyway
        last.then(() => {
          const same = [...form.querySelectorAll("button[type=submit]")].find(
            (b) => b.formAction === where && b.name === button?.name && b.value === button?.value,
          );
          if (same) form.requestSubmit(same);
        });
      } else {
        sent = where;
        clearTimeout(typing);
        dirty = false; // the form itself carries everything
      }
    });
    addEventListener("pageshow", () => { sent = ""; });
    const back = () => {
      if (!signedOut || document.hidden) return;
      signedOut = false;
      save();
    };
    addEventListener("focus", back);
    document.addEventListener("visibilitychange", back);
    // typed before this script was there, or put back by the browser
    const changed = (e) => (["checkbox", "radio"].includes(e.type) ? e.checked !== e.defaultChecked
      : ["text", "tel", "date", "textarea"].includes(e.type) && e.value !== e.defaultValue);
    const early = [...form.elements].filter(changed);
    outdated = early.some((e) => e.matches(RELISTING));
    if (early.length) later(0);
  }
  addEventListener("beforeunload", (event) => {
    if (!sent && (dirty || unsaved || running.size)) event.preventDefault();
  });

  // ---- uploads

  const TRIES = 8; // of one request; then the applicant is asked to go on by hand
  const AT_ONCE = 3; // requests to object storage at the same time
  const TYPES = { pdf: "application/pdf", ofd: "application/ofd", jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png" };
  const running = new Set();

  class Refused extends Error {}
  class Stopped extends Error {}

  /** So many at the same time, whatever slot they are of. */
  const gate = (() => {
    let free = AT_ONCE;
    const waiting = [];
    return async (work) => {
      if (free === 0) await new Promise((go) => waiting.push(go));
      else free -= 1;
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    };
  })();

  /** Asks the portal; Refused with its words where it says no. */
  async function request(path, fields) {
    const answer = await ask(path, { method: "POST", body: new URLSearchParams(fields) });
    if (answer.status >= 500 || answer.status === 429) throw new Error(`status ${answer.status}`);
    if (!(answer.headers.get("content-type") || "").includes("json"))
      throw new Refused(says.signedOut);
    const said = await answer.json();
    if (!answer.ok) throw Object.assign(new Refused(said[lang] || said.zh), { code: said.code });
    return said;
  }

  function put(url, content, type, progress, signal) {
    return new Promise((done, failed) => {
      const xhr = new XMLHttpRequest();
      const stop = () => xhr.abort();
      signal.addEventListener("abort", stop);
      xhr.open("PUT", url);
      if (type) xhr.setRequestHeader("Content-Type", type);
      xhr.upload.onprogress = (event) => progress(event.loaded);
      xhr.onload = () => (xhr.status < 300 ? done() : failed(new Error(`status ${xhr.status}`)));
      xhr.onerror = () => failed(new Error("no line"));
      xhr.onabort = () => failed(new Stopped());
      xhr.onloadend = () => signal.removeEventListener("abort", stop);
      xhr.send(content);
    });
  }

  /** Does something again until it works: after a while, and at once when the line is back. */
  async function tried(work, signal, troubled) {
    for (let round = 0; ; round += 1) {
      if (signal.aborted) throw new Stopped();
      try {
        const result = await work();
        troubled(false);
        return result;
      } catch (error) {
        if (error instanceof Refused || error instanceof Stopped || signal.aborted) throw error;
        if (round + 1 >= TRIES) throw error;
        troubled(true);
        const back = new Promise((go) => addEventListener("online", go, { once: true }));
        await Promise.race([wait(Math.min(20000, 500 * 2 ** round)), back]);
      }
    }
  }

  const typeOf = (file) => file.type || TYPES[file.name.split(".").pop().toLowerCase()] || "";
  const remembered = (slot, file) => `kaigong-upload ${base} ${slot} ${file.name} ${file.size} ${file.lastModified}`;
  const place = ({ slot, upload, name, parts }) => ({ slot, upload, name, parts });

  /** The permit of an upload that broke off, also before the page was opened again, with the parts that came. */
  async function goneOn(slot, file) {
    const key = remembered(slot, file);
    const kept = localStorage.getItem(key);
    if (!kept) return null;
    const permit = JSON.parse(kept);
    try {
      return { permit, came: (await request("uploads/parts", place(permit))).parts };
    } catch (error) {
      if (error.code !== "no-such-upload") throw error;
      localStorage.removeItem(key);
      return null;
    }
  }

  async function upload(slot, file, signal, progress, troubled) {
    const again = (work) => tried(work, signal, troubled);
    const before = await again(() => goneOn(slot, file));
    const permit = before?.permit ?? (await again(() =>
      request("uploads", { slot, name: file.name, size: file.size, media_type: typeOf(file) })));
    if (permit.url) {
      await gate(() => again(() => put(permit.url, file, permit.media_type, progress, signal)));
      return;
    }
    const key = remembered(slot, file);
    localStorage.setItem(key, JSON.stringify(permit));
    signal.addEventListener("abort", () => {
      localStorage.removeItem(key);
      request("uploads/give-up", place(permit)).catch(() => {}); // object storage itself drops it after some days
    });
    const size = permit.part_size;
    const loaded = new Array(Math.ceil(file.size / size)).fill(0);
    const count = () => progress(loaded.reduce((sum, bytes) => sum + bytes, 0));
    const whole = (number) => Math.min(size, file.size - (number - 1) * size);
    for (const part of before?.came ?? []) if (part.size === whole(part.number)) loaded[part.number - 1] = part.size;
    count();
    const missing = loaded.flatMap((bytes, index) => (bytes ? [] : [index + 1]));
    await Promise.all(missing.map((number) => gate(() => again(async () => {
      const content = file.slice((number - 1) * size, (number - 1) * size + whole(number));
      const { url } = await request("uploads/part", { ...place(permit), number, size: content.size });
      await put(url, content, "", (bytes) => { loaded[number - 1] = bytes; count(); }, signal);
      loaded[number - 1] = content.size;
      count();
    }))));
    await again(() => request("uploads/finish", place(permit)));
    localStorage.removeItem(key);
  }

  /** One slot's button, bar and words. */
  function setUp(box) {
    const slot = box.dataset.upload;
    const accepted = box.dataset.accept.split(",");
    const input = box.querySelector("input[type=file]");
    const label = box.querySelector("label");
    const bar = box.querySelector("progress");
    const said = box.querySelector(".said");
    const more = box.querySelector(".again");
    const stop = box.querySelector(".stop");
    let now = null;

    async function start(file) {
      if (now || !file) return;
      if (!accepted.includes(typeOf(file))) {
        said.textContent = says.type.replace("{kinds}",
          accepted.map((type) => type.split("/")[1].toUpperCase()).join(says.comma));
        return;
      }
      if (file.size === 0 || file.size > limit) {
        said.textContent = file.size === 0 ? says.empty : says.large;
        return;
      }
      now = new AbortController();
      running.add(now);
      const { signal } = now;
      let percent = -1;
      label.hidden = more.hidden = true;
      bar.hidden = stop.hidden = false;
      bar.value = 0;
      const uploading = says.uploading.replace("{name}", () => file.name); // a name may have "$&" in it
      said.textContent = uploading;
      const progress = (bytes) => {
        const done = Math.floor((100 * bytes) / file.size);
        if (done !== percent) bar.value = percent = done;
      };
      const troubled = (yes) => {
        said.textContent = yes ? says.broken : uploading;
      };
      try {
        await upload(slot, file, signal, progress, troubled);
        said.textContent = says.uploaded;
        label.firstChild.data = says.again;
        look();
        running.delete(now);
        relist();
      } catch (error) {
        if (error instanceof Stopped || signal.aborted) said.textContent = says.cancelled;
        else if (error instanceof Refused) said.textContent = error.message;
        else {
          said.textContent = says.unfinished;
          more.hidden = false;
          more.onclick = () => start(file);
        }
      } finally {
        running.delete(now);
        now = null;
        label.hidden = false;
        bar.hidden = stop.hidden = true;
        input.value = "";
      }
    }

    input.addEventListener("change", () => start(input.files[0]));
    stop.addEventListener("click", () => now?.abort());
    const around = box.closest("article");
    around.addEventListener("dragover", (event) => {
      event.preventDefault();
      box.classList.add("over");
    });
    around.addEventListener("dragleave", () => box.classList.remove("over"));
    around.addEventListener("drop", (event) => {
      event.preventDefault();
      box.classList.remove("over");
      start(event.dataTransfer.files[0]);
    });
    box.hidden = false;
    start(input.files[0]); // chosen before this script was there
  }
  document.querySelectorAll("[data-upload]").forEach(setUp);
})();
