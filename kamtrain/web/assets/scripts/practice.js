// Saves an answer as it is made, says so, and keeps in this browser what could not be sent yet.

import { countdown } from "./_countdown.js";

const PAUSE = 600; // milliseconds without typing before an answer is sent
const AGAIN = 4000; // milliseconds before another try

const form = document.querySelector("form[data-autosave]");
const alone = !form && document.querySelector("[data-countdown]");
if (alone) countdown(alone, () => {});
if (form) {
  const texts = form.querySelector("[data-texts]").dataset;
  const note = form.querySelector("[data-saved]:not([data-texts])");
  const key = `kamtrain:draft:${form.dataset.autosave}`;
  let sequence = Number(form.dataset.sequence);
  let timer;
  let sending = false;
  let waiting = false; // something was changed since the last packet left
  let handedIn = false; // the form is on its way, and carries the answer itself
  let packet; // the one that is being sent

  const say = (text, problem = false) => {
    note.textContent = text;
    note.classList.toggle("saved-problem", problem);
  };

  const answers = () => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (name.startsWith("part-")) data.append(name, value);
    return data;
  };

  const keep = () => localStorage.setItem(key, JSON.stringify([sequence, answers().toString()]));

  const send = async () => {
    if (sending) return void (waiting = true);
    let pause = 0; // before what was changed meanwhile is sent
    sending = true;
    waiting = false;
    const body = answers();
    const sent = sequence;
    packet = new AbortController();
    body.set("sequence", sent);
    try {
      const response = await fetch(form.dataset.autosave, {
        method: "PUT",
        body,
        headers: { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" },
        redirect: "manual",
        keepalive: true,
        signal: packet.signal,
      });
      if (response.ok) {
        const { kept, saved_at } = await response.json();
        if (!kept) {
          say(texts.refused, true); // another device has saved a newer answer
        } else if (sent === sequence) {
          localStorage.removeItem(key);
          say(texts.saved + saved_at);
        }
      } else if (response.status === 401 || response.type === "opaqueredirect") {
        say(texts.signedOut, true);
        [waiting, pause] = [true, AGAIN];
      } else if (response.status >= 500) {
        throw new Error(response.statusText);
      } else {
        say(texts.refused, true);
      }
    } catch {
      if (handedIn) return void (sending = false);
      say(texts.offline, true);
      [waiting, pause] = [true, AGAIN];
    }
    sending = false;
    if (waiting) timer = setTimeout(send, pause);
  };

  // A packet is newer than another by its number: the clock, but never below what the page or the server has.
  const changed = (pause) => {
    sequence = Math.max(Date.now(), sequence + 1);
    handedIn = false; // one has come back to the page
    keep();
    say(texts.saving);
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  };

  form.addEventListener("input", (event) => changed(event.target.matches("textarea, [type=text]") ? PAUSE : 0));
  addEventListener("online", () => waiting && send());
  addEventListener("pagehide", () => {
    if (!handedIn && localStorage.getItem(key)) send();
  });

  const clock = document.querySelector("[data-countdown]");
  if (clock) countdown(clock, () => localStorage.getItem(key) && (clearTimeout(timer), send()));

  // What an earlier visit could not send: newer than the server's, so it is put back and sent now.
  const left = localStorage.getItem(key);
  if (left) {
    const [number, text] = JSON.parse(left);
    if (number > sequence) {
      const data = new URLSearchParams(text);
      for (const field of form.querySelectorAll("[name^='part-']")) {
        const values = data.getAll(field.name);
        if (field.matches("[type=radio], [type=checkbox]")) field.checked = values.includes(field.value);
        else field.value = values[0] ?? "";
      }
      sequence = number;
      send();
    } else {
      localStorage.removeItem(key);
    }
  }

  // The form carries the answer itself; only where it cannot be sent the page stays.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!navigator.onLine) {
      event.preventDefault();
      say(texts.offline, true);
      waiting = true;
    } else {
      [waiting, handedIn] = [false, true];
      packet?.abort();
      form.elements.sequence.value = sequence;
    }
  });

  for (const count of form.querySelectorAll("[data-words]")) {
    const field = document.getElementById(count.dataset.words);
    const words = () => {
      count.textContent = (field.value.match(/\p{Script=Han}|[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [])
        .flatMap((word) => word.match(/\p{Script=Han}|[^\p{Script=Han}]+/gu)).length;
    };
    field.addEventListener("input", words);
  }

  for (const box of form.querySelectorAll("[data-ordering]")) ordering(box);
  for (const box of form.querySelectorAll("[data-classify]")) classify(box);
}

// A statement is dragged by its handle onto one of the groups, which lie at the edge of the screen for as long; that
// chooses its button in the page, which stays the answer.
function classify(box) {
  const zones = document.createElement("div");
  zones.className = "classify-zones";
  zones.hidden = true;
  zones.setAttribute("aria-hidden", "true");
  for (const name of box.querySelector(".classify-groups").querySelectorAll("span")) zones.append(name.cloneNode(true));
  box.append(zones);
  for (const piece of box.querySelectorAll("[data-with-script]")) piece.hidden = false;

  for (const handle of box.querySelectorAll("[data-handle]")) {
    const row = handle.closest("fieldset");
    let over = -1; // the group under the pointer
    const mark = (place) => {
      over = place;
      for (const [number, zone] of [...zones.children].entries()) zone.classList.toggle("classify-over", number === place);
    };
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.setPointerCapture(event.pointerId);
      row.classList.add("ordering-dragged");
      // Where the hand does not lie on it.
      zones.classList.toggle("classify-zones-below", event.clientY < innerHeight / 2);
      zones.hidden = false;
      mark(-1);
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      mark([...zones.children].findIndex((zone) => {
        const { top, bottom, left, right } = zone.getBoundingClientRect();
        return event.clientY >= top && event.clientY <= bottom && event.clientX >= left && event.clientX <= right;
      }));
    });
    handle.addEventListener("pointercancel", () => mark(-1));
    handle.addEventListener("lostpointercapture", () => {
      row.classList.remove("ordering-dragged");
      zones.hidden = true;
      const button = row.querySelectorAll("input")[over];
      if (!button || button.checked) return;
      button.checked = true;
      button.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

// Entries are moved by buttons, or by their handle with mouse or finger; the lists of places follow and carry the answer.
function ordering(box) {
  const list = box.querySelector("ol");
  const live = box.querySelector("[data-live]");
  const place = (entry) => entry.querySelector("[data-place]");
  const entries = () => [...list.children];
  for (const piece of box.querySelectorAll("[data-with-script]")) piece.hidden = false;
  for (const entry of list.children) place(entry).hidden = true;
  // What this browser kept may stand in another order than the page.
  list.append(...entries().sort((a, b) => (place(a).value || 99) - (place(b).value || 99)));

  const said = (entry) => {
    const words = { name: entry.dataset.name, place: entries().indexOf(entry) + 1, count: list.children.length };
    live.textContent = box.dataset.said.replace(/\{(\w+)\}/g, (_, word) => words[word]);
  };
  const ends = () => {
    for (const entry of list.children) {
      entry.querySelector("[data-move='-1']").setAttribute("aria-disabled", entry === list.firstElementChild);
      entry.querySelector("[data-move='1']").setAttribute("aria-disabled", entry === list.lastElementChild);
    }
  };
  const settle = (entry) => {
    for (const [number, one] of entries().entries()) place(one).value = number;
    ends();
    said(entry);
    place(entry).dispatchEvent(new Event("input", { bubbles: true }));
  };
  ends();

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const entry = button.closest("li");
    const up = button.dataset.move === "-1";
    const other = up ? entry.previousElementSibling : entry.nextElementSibling;
    if (!other) return said(entry);
    if (up) other.before(entry);
    else other.after(entry);
    button.focus();
    settle(entry);
  });

  for (const handle of list.querySelectorAll("[data-handle]")) {
    const entry = handle.closest("li");
    let before;
    handle.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      handle.setPointerCapture(event.pointerId);
      before = entries().indexOf(entry);
      entry.classList.add("ordering-dragged");
    });
    handle.addEventListener("pointermove", (event) => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      const all = entries();
      const from = all.indexOf(entry);
      const to = all.findIndex((other) => {
        const { top, bottom } = other.getBoundingClientRect();
        return event.clientY >= top && event.clientY <= bottom;
      });
      if (to < 0 || to === from) return;
      const { top, height } = all[to].getBoundingClientRect();
      // The others make room past their middle, or a tall one would jump back and forth; the entry itself stays in the
      // page, because it would lose the pointer.
      if (to > from && event.clientY > top + height / 2) entry.before(...all.slice(from + 1, to + 1));
      if (to < from && event.clientY < top + height / 2) entry.after(...all.slice(to, from));
    });
    handle.addEventListener("lostpointercapture", () => {
      entry.classList.remove("ordering-dragged");
      if (entries().indexOf(entry) !== before) settle(entry);
    });
  }
}
