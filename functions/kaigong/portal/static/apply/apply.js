// Applying: saves while one types, uploads straight to object storage, asks for findings. Without it everything works as
// plain forms. What the server sends are fragments of the same page: each replaces the part of its id.
// Written for what browsers of 2019 parse (ES2019): offices have them. A test holds all of our scripts to that.
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

  /** What a page says that came in place of what was asked for: why nothing was done. */
  function refusal(html) {
    const said = new DOMParser().parseFromString(html, "text/html").querySelector("[role=alert] p");
    return said ? said.textContent.trim() : says.refused;
  }

  /** Puts the parts of an answer in their places; why nothing was done, where it has none of ours. */
  async function show(answer) {
    const html = await answer.text();
    await press.over();
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
        (same || part.closest("article, section") || part).focus();
      }
    }
    return parts.length ? "" : refusal(html);
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
    if (!note) return;
    note.textContent = "";
    note.append(said);
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
  const examining = () => {
    const ahead = document.getElementById("ahead");
    return Boolean(ahead) && Number(ahead.dataset.examining || 0) > 0;
  };

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
      if (answer.ok) await show(answer);
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
  let onward = null; // what was pressed while files were on their way: it goes on once all of them came

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
    const quiet = !sent && !dirty && !unsaved && !onward && running.size === 0;
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
        if (answer.status === 401) {
          askToSignIn();
          return;
        }
        const why = await show(answer);
        if (why) {
          tell(why);
          dirty = true; // it stands on this page alone
        }
        if (document.getElementById("saved").hasAttribute("data-filled")) outdated = true; // by the system
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
      if (target.matches(RELISTING)) outdated = true;
      save();
    });
    /** Presses a button that was pressed too early, as the page has it now; false where it has none like it any more. */
    const pressAgain = (button, where) => {
      const same = [...form.querySelectorAll("button[type=submit]")].find(
        (b) => button && b.formAction === where && b.name === button.name && b.value === button.value,
      );
      if (same) same.click();
      return Boolean(same);
    };
    let pressed = null; // the button, of which older browsers do not tell who submits
    form.addEventListener("click", ({ target }) => { pressed = target.closest("button[type=submit]") || pressed; });
    form.addEventListener("submit", (event) => {
      const button = event.submitter || pressed;
      pressed = null;
      const where = button ? button.formAction : form.action;
      if (button && button.hasAttribute("data-quiet")) {
        event.preventDefault();
        save("accept", { matter: button.value });
      } else if (sent === where) {
        event.preventDefault(); // pressed twice; another button than before is meant
      } else if (running.size) {
        event.preventDefault(); // leaving the page would break the files off, and what lay there before would count
        tell(says.stillUploading);
        onward = () => { if (!pressAgain(button, where)) tell(says.pressAgain); };
      } else if (unsaved) {
        event.preventDefault(); // after what is on its way, which makes the version that this one names
        outdated = false; // a whole page comes anyway
        last.then(() => pressAgain(button, where));
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
    if (running.size || (!sent && (dirty || unsaved))) event.preventDefault();
  });

  /** The files of a slot are done with: what was pressed meanwhile goes on after the last ones, where every file came. */
  function over(came) {
    if (!onward || (came && running.size)) return;
    const go = onward;
    onward = null;
    if (came) go();
    else tell(says.pressAgain);
  }

  // ---- uploads

  const TRIES = 8; // of one request; then the applicant is asked to go on by hand
  const AT_ONCE = 3; // requests to object storage at the same time
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
    const body = new URLSearchParams(fields);
    body.set("form-key", document.querySelector("[name=form-key]").value);
    const answer = await ask(path, { method: "POST", body });
    if (answer.status >= 500 || answer.status === 429) throw new Error(`status ${answer.status}`);
    if (answer.status === 401) throw new Refused(says.signedOut);
    if (!(answer.headers.get("content-type") || "").includes("json")) throw new Refused(refusal(await answer.text()));
    const said = await answer.json();
    if (!answer.ok) throw Object.assign(new Refused(said[lang] || said.zh), { code: said.code });
    return said;
  }

  /** The bytes of a file or of a part of it; Refused where it was changed, moved or deleted since it was chosen. */
  function read(content) {
    return new Promise((done, failed) => {
      const reader = new FileReader();
      reader.onload = () => done(new Uint8Array(reader.result));
      reader.onerror = () => failed(new Refused(says.changed));
      reader.readAsArrayBuffer(content);
    });
  }

  // What a file is by its first bytes. What the browser calls it is what the machine's programs have registered (WPS:
  // application/wps-office.pdf), and its name is what somebody typed. The examination has the last word.
  const HEAD = 1024; // bytes within which a PDF begins
  const TAIL = 65536; // bytes at an archive's end in which its parts are listed
  const HEIC = /^ftyp(hei|hev|mif1|msf1)/;
  const STARTS = [
    ["\xff\xd8\xff", "image/jpeg"], ["\x89PNG\r\n\x1a\n", "image/png"],
    ["II*\0", "image/tiff"], ["MM\0*", "image/tiff"], ["II+\0", "image/tiff"], ["MM\0+", "image/tiff"],
    ["GIF8", "image/gif"], ["BM", "image/bmp"], ["AC10", "image/vnd.dwg"], ["\xd0\xcf\x11\xe0", "application/x-ole"],
    ["{\\rtf", "text/rtf"], ["Rar!", "application/vnd.rar"], ["7z\xbc\xaf", "application/x-7z-compressed"],
    ["\x1f\x8b", "application/gzip"], ["<!doctype", "text/html"], ["<html", "text/html"],
  ];
  const letters = (bytes) => bytes.reduce((text, byte) => text + String.fromCharCode(byte), "");

  /** The media type; empty where the first bytes do not say. Refused where the file cannot be read. */
  async function kindOf(file) {
    const head = letters(await read(file.slice(0, HEAD)));
    if (head.startsWith("PK\x03\x04")) {
      const parts = head + letters(await read(file.slice(Math.max(0, file.size - TAIL))));
      return parts.toLowerCase().includes("ofd.xml") ? "application/ofd" : "application/zip";
    }
    if (head.startsWith("RIFF") && head.startsWith("WEBP", 8)) return "image/webp";
    if (HEIC.test(head.slice(4, 12))) return "image/heic";
    const start = head.replace(/^(\xef\xbb\xbf)?\s*/, "").toLowerCase();
    const known = STARTS.find(([bytes]) => head.startsWith(bytes) || start.startsWith(bytes));
    return known ? known[1] : head.includes("%PDF-") ? "application/pdf" : "";
  }

  function put(url, content, headers, progress, signal) {
    return new Promise((done, failed) => {
      const xhr = new XMLHttpRequest();
      const stop = () => xhr.abort();
      signal.addEventListener("abort", stop);
      xhr.open("PUT", url);
      Object.keys(headers).forEach((name) => xhr.setRequestHeader(name, headers[name]));
      xhr.upload.onprogress = (event) => progress(event.loaded);
      const there = () => xhr.status === 412 && "If-None-Match" in headers; // an earlier try came, though not its answer
      xhr.onload = () => (xhr.status < 300 || there() ? done() : failed(new Error(`status ${xhr.status}`)));
      xhr.onerror = () => read(content.slice(0, 1)).then(() => failed(new Error("no line")), failed);
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
    const permit = before ? before.permit : await again(() =>
      request("uploads", { slot, name: file.name, size: file.size, media_type: file.kind }));
    if (permit.url) {
      await gate(() => again(() => put(permit.url, file.content, permit.headers, progress, signal)));
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
    for (const part of before ? before.came : []) if (part.size === whole(part.number)) loaded[part.number - 1] = part.size;
    count();
    const missing = loaded.flatMap((bytes, index) => (bytes ? [] : [index + 1]));
    await Promise.all(missing.map((number) => gate(() => again(async () => {
      const content = file.content.slice((number - 1) * size, (number - 1) * size + whole(number));
      const { url } = await request("uploads/part", { ...place(permit), number, size: content.size });
      await put(url, content, {}, (bytes) => { loaded[number - 1] = bytes; count(); }, signal);
      loaded[number - 1] = content.size;
      count();
    }))));
    await again(() => request("uploads/finish", place(permit)));
    localStorage.removeItem(key);
  }

  /** Two files of one choice that have the same name, as photos of a phone do, both come: one is called otherwise. */
  function apart(files) {
    const taken = new Set();
    return files.map(({ content, kind, name: own }) => {
      const [, stem, ending = ""] = own.match(/^(.*?)(\.[^.]*)?$/s);
      let name = own;
      for (let number = 2; taken.has(name); number += 1) name = `${stem} (${number})${ending}`;
      taken.add(name);
      return { content, kind, name, size: content.size, lastModified: content.lastModified };
    });
  }

  /** What is said, with what stands in its braces; a name may have "$&" in it. */
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  const slots = new Map(); // those that files can come to now

  const isPicture = ({ kind, name }) => (kind ? kind.startsWith("image/") : PICTURE.test(name));
  const PICTURE = /\.(jpe?g|jfif|png|tiff?|webp|hei[cf])$/i;
  const CAMERA = /^(image|photo|camera|capture)\.\w+$/i; // what telephones call each photo they take for a page

  /** One slot's button, bar and words. Of a material that another page shows they appear once files go there. */
  function setUp(box) {
    const away = box.hasAttribute("data-elsewhere");
    if (away) box.append(document.getElementById("uploading").content.cloneNode(true));
    const slot = box.dataset.upload;
    const most = Number(box.dataset.most); // files of any kind
    const pictures = Number(box.dataset.pictures); // photos that may be the pages of a paper of one file
    const accepted = box.dataset.accept.split(",");
    const input = box.querySelector("input[type=file]");
    const label = box.querySelector("label");
    const bar = box.querySelector("progress");
    const said = box.querySelector(".said");
    const more = box.querySelector(".again");
    const stop = box.querySelector(".stop");
    const names = (files) => files.map((file) => file.name).join(says.comma);
    let now = null;
    let told = []; // what became of files that were not sent
    let next = []; // chosen while others were on their way, of a slot that takes several

    function say(...first) {
      const why = [...first, ...told].join(" ");
      said.textContent = away ? fill(says.about, { name: box.dataset.name, why }) : why;
      said.classList.toggle("missed", told.length > 0);
    }

    /** Why a file cannot come; empty: it can. What its first bytes do not say is left to the examination. */
    function unfit({ kind, size }) {
      if (size === 0) return says.empty;
      if (size > limit) return says.large;
      if (!kind || accepted.includes(kind)) return "";
      return fill(says.type, { kinds: accepted.map((type) => type.split("/")[1].toUpperCase()).join(says.comma) });
    }

    /** A file with what it is; a name that a telephone gives to every photo is told apart by its time. */
    async function lookedAt(content) {
      const { name: own, size, lastModified } = content;
      const kind = size ? await kindOf(content) : "";
      const time = new Date(lastModified).toISOString().replace(/\D/g, "").slice(0, 14);
      const name = CAMERA.test(own) ? own.replace(/\.(?=\w+$)/, `-${time}.`) : own;
      return { content, kind, name, size, lastModified };
    }

    /** Those of the chosen files that go; of the others it is told why they do not. */
    async function picked(chosen) {
      const fit = [];
      for (const content of chosen) {
        let why;
        try {
          const file = await lookedAt(content);
          why = unfit(file);
          if (!why) fit.push(file);
        } catch (error) {
          why = error.message;
        }
        if (why) told.push(chosen.length > 1 ? fill(says.about, { name: content.name, why }) : why);
      }
      const alone = most === 1 && fit.length > 0 && !(pictures > 1 && isPicture(fit[0]));
      const room = alone ? 1 : Math.max(most, pictures);
      const alike = fit.filter((file, place) => most > 1 || place === 0 || (!alone && isPicture(file)));
      const going = alike.slice(0, room);
      const left = fit.filter((file) => !going.includes(file));
      if (left.length) {
        const values = { most: room, name: names(going), others: names(left) };
        told.push(fill(alone || left.some((file) => !isPicture(file)) ? says.onlyOne : says.onlySome, values));
      }
      return going;
    }

    async function start(chosen) {
      if (chosen.length === 0) return;
      if (now) { // nothing of what was chosen is dropped unseen
        if (most > 1 || pictures > 1) next.push(...chosen);
        else told.push(fill(says.meanwhile, { others: names(chosen) }));
        said.classList.toggle("missed", told.length > 0);
        return;
      }
      told = [];
      now = new AbortController(); // also while the files are looked at: what is chosen meanwhile waits
      running.add(now);
      const going = apart(await picked(chosen));
      running.delete(now);
      now = null;
      await send(going);
    }

    async function send(going) {
      box.hidden = false;
      if (going.length === 0) {
        say();
        input.value = "";
        start(next.splice(0));
        over(false);
        return;
      }
      now = new AbortController();
      running.add(now);
      const { signal } = now;
      label.hidden = more.hidden = true;
      bar.hidden = stop.hidden = false;
      bar.value = 0;
      const [{ name }] = going;
      const one = going.length === 1;
      const uploading = one ? fill(says.uploading, { name }) : fill(says.uploadingSome, { count: going.length });
      say(uploading);
      const total = going.reduce((sum, file) => sum + file.size, 0);
      const loaded = new Map();
      let percent = -1;
      const unfinished = [];
      const sent = async (file) => {
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
          else told.push(one ? why : fill(says.about, { name: file.name, why }));
          return false;
        }
      };
      const waiting = [...going];
      let done = 0;
      const worker = async () => {
        for (let file = waiting.shift(); file && !signal.aborted; file = waiting.shift()) {
          const came = await sent(file);
          if (came) done += 1;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      running.delete(now);
      now = null;
      label.hidden = away;
      bar.hidden = stop.hidden = true;
      input.value = "";
      if (signal.aborted) {
        next = [];
        say(says.cancelled);
      } else if (unfinished.length) {
        say(says.unfinished);
        more.hidden = false;
        more.onclick = () => send(unfinished);
      } else if (done) {
        const came = told.length ? fill(says.uploadedName, { name }) : says.uploaded;
        say(one ? came : fill(says.uploadedSome, { count: done }));
      } else say();
      if (done) {
        label.firstChild.data = Math.max(most, pictures) === 1 ? says.again : says.add;
        look();
      }
      const every = done === going.length && told.length === 0 && !signal.aborted;
      if (next.length) start(next.splice(0));
      else if (done && told.length === 0) relist(); // what was said is not taken away with the page
      over(every);
    }

    input.addEventListener("change", () => start([...input.files]));
    stop.addEventListener("click", () => { if (now) now.abort(); });
    slots.set(slot, { room: (files) => (files.every(isPicture) ? Math.max(most, pictures) : most), start,
      name: box.dataset.name, busy: () => now !== null });
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
    const plain = box.parentElement.querySelector(".plain-way"); // without this script, or where it fails, files go there
    if (plain) plain.hidden = true;
    start([...input.files]); // chosen before this script was there
  }
  document.querySelectorAll("[data-upload]").forEach(setUp);
  for (const kind of ["dragover", "drop"]) // beside a slot the browser would show the file in place of this page
    addEventListener(kind, (event) => { if ([...event.dataTransfer.types].includes("Files")) event.preventDefault(); });

  // ---- a heap of files: which material each may be is proposed by its name alone, looked at, changed, and then sent

  const SYSTEM = /^(\.|~\$)|^(Thumbs\.db|desktop\.ini)$/i; // what systems put beside one's own files
  const NAMES = 100; // asked for at once

  /** The files of what was dropped, those in folders too, each with its path. */
  async function dropped(items) {
    const entries = [...items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry()).filter(Boolean);
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
      body.textContent = "";
      table.hidden = actions.hidden = true;
      said.textContent = text;
    }

    async function take(chosen) {
      const files = chosen.filter(({ file }) => !SYSTEM.test(file.name))
        .sort((one, other) => one.path.localeCompare(other.path, lang, { numeric: true }));
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
        bySlot.set(row.choice.value, [...(bySlot.get(row.choice.value) || []), row]);
      for (const [code, of] of bySlot) {
        const { room, name, busy } = slots.get(code);
        if (busy()) {
          said.textContent = says.busy;
          return;
        }
        const most = room(of.map(({ file }) => file));
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
      const flat = [...event.dataTransfer.files].map((file) => ({ file, path: file.name }));
      try {
        const found = await dropped(event.dataTransfer.items);
        await take(found.length ? found : flat); // a browser may know nothing of folders
      } catch {
        said.textContent = says.changed; // a folder or a file went away meanwhile, or may not be read
      }
    });
    actions.querySelector("[data-send]").addEventListener("click", send);
    actions.querySelector("[data-clear]").addEventListener("click", () => clear(""));
    card.hidden = false;
  }
  const heap = document.getElementById("heap");
  if (heap && slots.size) setUpHeap(heap);
})();
