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
      const answer = await ask(`state${location.search}`); // of the materials that this page shows
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

  /** Two files of one choice that have the same name, as photos of a phone do, both come: one is called otherwise. */
  function apart(files) {
    const taken = new Set();
    return files.map((file) => {
      const [, stem, ending] = file.name.match(/^(.*?)(\.[^.]*)?$/s);
      let name = file.name;
      for (let number = 2; taken.has(name); number += 1) name = `${stem} (${number})${ending ?? ""}`;
      taken.add(name);
      return name === file.name ? file : new File([file], name, { type: file.type, lastModified: file.lastModified });
    });
  }

  /** What is said, with what stands in its braces; a name may have "$&" in it. */
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const slots = new Map(); // those that files can come to now

  /** One slot's button, bar and words. Of a material that another page shows they appear once files go there. */
  function setUp(box) {
    const away = box.hasAttribute("data-elsewhere");
    if (away) box.append(document.getElementById("uploading").content.cloneNode(true));
    const slot = box.dataset.upload;
    const most = Number(box.dataset.most);
    const accepted = box.dataset.accept.split(",");
    const input = box.querySelector("input[type=file]");
    const label = box.querySelector("label");
    const bar = box.querySelector("progress");
    const said = box.querySelector(".said");
    const more = box.querySelector(".again");
    const stop = box.querySelector(".stop");
    let now = null;

    /** Why a file cannot come; empty: it can. */
    function unfit(file) {
      if (!accepted.includes(typeOf(file)))
        return fill(says.type, { kinds: accepted.map((type) => type.split("/")[1].toUpperCase()).join(says.comma) });
      if (file.size === 0) return says.empty;
      return file.size > limit ? says.large : "";
    }

    async function start(chosen) {
      if (chosen.length === 0) return;
      if (now) {
        said.textContent = says.busy; // nothing of what was chosen is dropped unseen
        return;
      }
      const told = [];
      const wanted = chosen.slice(0, most);
      const names = (files) => files.map((file) => file.name).join(says.comma);
      if (chosen.length > most) {
        const values = { most, name: names(wanted.slice(0, 1)), others: names(chosen.slice(most)) };
        told.push(fill(most === 1 ? says.onlyOne : says.onlySome, values));
      }
      const fit = [];
      for (const file of wanted) {
        const why = unfit(file);
        if (why) told.push(chosen.length > 1 ? fill(says.about, { name: file.name, why }) : why);
        else fit.push(file);
      }
      const say = (...first) => {
        const why = [...first, ...told].join(" ");
        said.textContent = away ? fill(says.about, { name: box.dataset.name, why }) : why;
      };
      box.hidden = false;
      if (fit.length === 0) {
        say();
        return;
      }
      now = new AbortController();
      running.add(now);
      const { signal } = now;
      label.hidden = more.hidden = true;
      bar.hidden = stop.hidden = false;
      bar.value = 0;
      const uploading = fit.length === 1 ? fill(says.uploading, { name: fit[0].name })
        : fill(says.uploadingSome, { count: fit.length });
      say(uploading);
      const total = fit.reduce((sum, file) => sum + file.size, 0);
      const loaded = new Map();
      let percent = -1;
      const unfinished = [];
      const one = async (file) => {
        const progress = (bytes) => {
          loaded.set(file, bytes);
          const done = Math.floor((100 * [...loaded.values()].reduce((sum, part) => sum + part, 0)) / total);
          if (done !== percent) bar.value = percent = done;
        };
        try {
          await upload(slot, file, signal, progress, (yes) => say(yes ? says.broken : uploading));
          return true;
        } catch (error) {
          if (error instanceof Stopped || signal.aborted) return false;
          const why = error.message;
          if (!(error instanceof Refused)) unfinished.push(file);
          else told.push(fit.length > 1 ? fill(says.about, { name: file.name, why }) : why);
          return false;
        }
      };
      const waiting = apart(fit);
      let done = 0;
      const next = async () => {
        for (let file = waiting.shift(); file && !signal.aborted; file = waiting.shift()) {
          const came = await one(file);
          if (came) done += 1;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, next));
      running.delete(now);
      now = null;
      label.hidden = away;
      bar.hidden = stop.hidden = true;
      input.value = "";
      if (signal.aborted) say(says.cancelled);
      else if (unfinished.length) {
        say(says.unfinished);
        more.hidden = false;
        more.onclick = () => start(unfinished);
      } else if (done) say(fit.length === 1 ? says.uploaded : fill(says.uploadedSome, { count: done }));
      else say();
      if (done) {
        label.firstChild.data = most === 1 ? says.again : says.add;
        look();
        if (told.length === 0) relist(); // what was said is not taken away with the page
      }
    }

    input.addEventListener("change", () => start([...input.files]));
    stop.addEventListener("click", () => now?.abort());
    slots.set(slot, { most, start, name: box.dataset.name, busy: () => now !== null });
    if (away) return;
    const around = box.closest("article");
    around.addEventListener("dragover", (event) => {
      event.preventDefault();
      box.classList.add("over");
    });
    around.addEventListener("dragleave", () => box.classList.remove("over"));
    around.addEventListener("drop", (event) => {
      event.preventDefault();
      box.classList.remove("over");
      start([...event.dataTransfer.files]);
    });
    box.hidden = false;
    start([...input.files]); // chosen before this script was there
  }
  document.querySelectorAll("[data-upload]").forEach(setUp);

  // ---- a heap of files: which material each may be is proposed by its name alone, looked at, changed, and then sent

  const SYSTEM = /^(\.|~\$)|^(Thumbs\.db|desktop\.ini)$/i; // what systems put beside one's own files
  const NAMES = 100; // asked for at once

  /** The files of what was dropped, those in folders too, each with its path. */
  async function dropped(items) {
    const entries = [...items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const found = [];
    for (let entry = entries.shift(); entry; entry = entries.shift()) {
      if (entry.isFile) {
        const file = await new Promise((done, failed) => entry.file(done, failed));
        found.push({ file, path: entry.fullPath.replace(/^\//, "") });
      } else {
        const reader = entry.createReader();
        const read = () => new Promise((done, failed) => reader.readEntries(done, failed));
        for (let some = await read(); some.length; some = await read()) entries.push(...some);
      }
    }
    return found;
  }

  function setUpHeap(card) {
    const said = card.querySelector(".said");
    const table = card.querySelector("table");
    const body = table.querySelector("tbody");
    const actions = card.querySelector(".sending");
    let rows = [];

    function clear(text) {
      rows = [];
      body.replaceChildren();
      table.hidden = actions.hidden = true;
      said.textContent = text;
    }

    async function take(chosen) {
      const files = chosen.filter(({ file }) => !SYSTEM.test(file.name));
      if (files.length === 0) return;
      said.textContent = says.sorting;
      try {
        for (let from = 0; from < files.length; from += NAMES) {
          const some = files.slice(from, from + NAMES);
          const names = new URLSearchParams(some.map(({ path }) => ["names", path.slice(-200)]));
          const answer = await request("uploads/sort", names);
          answer.files.forEach(({ slot }, place) => addLine(some[place], slot));
        }
      } catch (error) {
        said.textContent = error instanceof Refused ? error.message : says.notSorted;
        return;
      }
      table.hidden = actions.hidden = false;
      unsure();
      table.focus();
    }

    /** A line of the table: the file, and the choice of its material. */
    function addLine({ file, path }, slot) {
      const line = body.insertRow();
      const choice = document.createElement("select");
      choice.setAttribute("aria-label", fill(says.materialOf, { name: path }));
      choice.add(new Option(says.choose, ""));
      for (const [code, { name }] of slots) choice.add(new Option(name, code));
      choice.add(new Option(says.leaveOut, "-"));
      choice.value = slots.has(slot) ? slot : "";
      line.insertCell().textContent = path;
      line.insertCell().append(choice);
      line.classList.toggle("unsure", !choice.value);
      choice.addEventListener("change", () => {
        line.classList.toggle("unsure", !choice.value);
        unsure();
      });
      rows.push({ file, choice });
    }

    function unsure() {
      const count = rows.filter(({ choice }) => !choice.value).length;
      said.textContent = count ? fill(says.unsure, { count }) : fill(says.sorted, { count: rows.length });
    }

    function send() {
      const open = rows.find(({ choice }) => !choice.value);
      if (open) {
        unsure();
        open.choice.focus();
        return;
      }
      const bySlot = new Map();
      for (const row of rows.filter(({ choice }) => choice.value !== "-"))
        bySlot.set(row.choice.value, [...(bySlot.get(row.choice.value) ?? []), row]);
      for (const [code, of] of bySlot) {
        const { most, name } = slots.get(code);
        if (slots.get(code).busy()) {
          said.textContent = says.busy;
          return;
        }
        if (of.length > most) {
          said.textContent = fill(says.tooMany, { name, most, count: of.length });
          of[most].choice.focus();
          return;
        }
      }
      const going = [...bySlot].map(([code, of]) => [slots.get(code), of.map(({ file }) => file)]);
      clear(going.length ? says.going : "");
      for (const [slot, files] of going) slot.start(files);
    }

    for (const input of card.querySelectorAll("input[type=file]"))
      input.addEventListener("change", async () => {
        await take([...input.files].map((file) => ({ file, path: file.webkitRelativePath || file.name })));
        input.value = "";
      });
    for (const kind of ["input", "change"]) card.addEventListener(kind, (event) => event.stopPropagation()); // none of the form's
    card.addEventListener("dragover", (event) => {
      event.preventDefault();
      card.classList.add("over");
    });
    card.addEventListener("dragleave", () => card.classList.remove("over"));
    card.addEventListener("drop", async (event) => {
      event.preventDefault();
      card.classList.remove("over");
      await take(await dropped(event.dataTransfer.items));
    });
    actions.querySelector("[data-send]").addEventListener("click", send);
    actions.querySelector("[data-clear]").addEventListener("click", () => clear(""));
    card.hidden = false;
  }
  const heap = document.getElementById("heap");
  if (heap && slots.size) setUpHeap(heap);
})();
