// A sheet: keeps what is typed cell by cell, shows what comes out of it, and brings two devices together.

const PAUSE = 500; // milliseconds without typing before cells are sent
const AGAIN = 4000; // milliseconds before another try

const form = document.querySelector("form[data-sheet]");
const texts = form?.querySelector("[data-texts]")?.dataset;
if (texts) {
  const note = form.querySelector("[data-saved]:not([data-texts])");
  const outputs = document.querySelector("[data-outputs]");
  const store = `kamtrain:sheet:${form.dataset.sheet}`;
  let seen = form.dataset.stamp;
  let changed = JSON.parse(localStorage.getItem(store) ?? "{}"); // what is not known to be saved, by key
  let timer;
  let sending = false;

  const say = (text, problem = false) => {
    note.textContent = text;
    note.classList.toggle("saved-problem", problem);
  };
  const controls = (key) => [...form.querySelectorAll(`[name="${CSS.escape(key)}"]`)].filter((one) => one.type !== "hidden");
  const value = (key) =>
    controls(key).map((one) => (one.type === "checkbox" ? (one.checked ? one.value : "") : one.value)).filter(Boolean).join(",");
  const show = (key, text) => {
    for (const one of controls(key)) {
      if (one.type === "checkbox") one.checked = text.split(",").includes(one.value);
      else one.value = text;
    }
  };
  const keep = () => localStorage.setItem(store, JSON.stringify(changed));

  // Both values are shown, and one of them chosen.
  const choose = (key, theirs) => {
    const place = form.querySelector(`[data-fault="${CSS.escape(key)}"]`);
    const mine = value(key);
    place?.replaceChildren(`${texts.elsewhere}${theirs || texts.blank} `);
    for (const [label, text] of [[texts.mine, mine], [texts.theirs, theirs]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: label });
      button.addEventListener("click", () => {
        show(key, text);
        place.replaceChildren();
        edited(key, 0);
      });
      place?.append(button);
    }
  };

  const send = async () => {
    if (sending || !Object.keys(changed).length) return;
    sending = true;
    const packet = { ...changed };
    let pause = 0;
    try {
      const response = await fetch(form.dataset.sheet, {
        method: "PUT",
        body: JSON.stringify({ seen, cells: packet }),
        headers: { "X-CSRFToken": form.elements.csrf_token.value, "Content-Type": "application/json", Accept: "application/json" },
        redirect: "manual",
        keepalive: JSON.stringify(packet).length < 60_000,
      });
      if (response.ok) {
        const said = await response.json();
        seen = form.elements.seen.value = said.stamp;
        for (const [key, text] of Object.entries(packet)) if (changed[key] === text) delete changed[key];
        keep();
        for (const [key, text] of Object.entries(said.others)) if (!(key in changed)) show(key, text);
        for (const place of form.querySelectorAll("[data-fault]")) {
          const fault = said.refused[place.dataset.fault] ?? said.faults[place.dataset.fault] ?? "";
          if (!place.querySelector("button")) place.textContent = fault;
          for (const one of controls(place.dataset.fault)) one.toggleAttribute("aria-invalid", Boolean(fault));
        }
        for (const [key, theirs] of Object.entries(said.both)) choose(key, theirs);
        for (const place of form.querySelectorAll("[data-computed]")) place.textContent = said.computed[place.dataset.computed] ?? "";
        const open = [...document.querySelectorAll("details[data-keep][open]")].map((one) => one.dataset.keep);
        outputs.innerHTML = said.outputs;
        for (const one of outputs.querySelectorAll("details[data-keep]")) one.open = open.includes(one.dataset.keep);
        draggable();
        const refused = Object.keys(said.refused).length;
        say(refused ? Object.values(said.refused)[0] : texts.savedAt + said.saved_at, refused > 0);
      } else if (response.status === 401 || response.type === "opaqueredirect") {
        say(texts.signedOut, true);
        pause = AGAIN;
      } else if (response.status >= 500) {
        throw new Error(response.statusText);
      } else {
        say(texts.refused, true);
        pause = -1;
      }
    } catch {
      say(texts.offline, true);
      pause = AGAIN;
    }
    sending = false;
    if (pause >= 0 && Object.keys(changed).length) timer = setTimeout(send, pause);
  };

  const edited = (key, pause) => {
    changed[key] = value(key);
    keep();
    say(texts.saving);
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  };

  // The last empty row is begun: another one stands ready below it.
  const grow = (row) => {
    if (!row?.hasAttribute("data-spare")) return;
    row.removeAttribute("data-spare");
    const body = row.parentElement;
    if (body.querySelector("[data-spare]")) return;
    const old = row.dataset.row;
    const id = Date.now().toString(36).padStart(9, "0") + "z" + Math.random().toString(36).slice(2, 5).padEnd(3, "0");
    const fresh = row.cloneNode(true);
    fresh.dataset.row = id;
    fresh.dataset.spare = "";
    for (const one of fresh.querySelectorAll("*")) {
      for (const name of ["id", "name", "for", "aria-describedby", "data-fault", "data-computed", "data-keep"]) {
        if (one.hasAttribute(name)) one.setAttribute(name, one.getAttribute(name).replaceAll(`.${old}.`, `.${id}.`));
      }
      if (one.type === "checkbox") one.checked = false;
      else if (one.matches("input:not([type=hidden]), textarea, select")) one.value = "";
      if (one.matches("[data-fault], [data-computed]")) one.textContent = "";
    }
    body.append(fresh);
  };

  form.addEventListener("input", (event) => {
    const key = event.target.name;
    if (!key || key === "seen") return;
    grow(event.target.closest("tr[data-row]"));
    edited(key, event.target.matches("textarea, [type=text], [type=date]") ? PAUSE : 0);
  });
  addEventListener("online", send);
  addEventListener("pagehide", send);

  // The form carries the sheet itself; with a script there is nothing left to send but what waits here.
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("data-erase")) return void localStorage.removeItem(store);
    event.preventDefault();
    clearTimeout(timer);
    if (Object.keys(changed).length) send();
    else say(note.textContent);
  });

  // Shapes that stand for a row: moved, they write their place into its fields.
  const draggable = () => {
    for (const picture of outputs.querySelectorAll("svg[data-drag]")) {
      const range = (name) => Number(picture.dataset[name]);
      for (const shape of picture.querySelectorAll("[data-x-field], [data-y-field]")) {
        shape.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          shape.setPointerCapture(event.pointerId);
          const matrix = picture.getScreenCTM().inverse();
          const start = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
          let moved = { x: 0, y: 0 };
          const move = (later) => {
            const now = new DOMPoint(later.clientX, later.clientY).matrixTransform(matrix);
            moved = { x: now.x - start.x, y: now.y - start.y };
            shape.setAttribute("transform", `translate(${moved.x} ${moved.y})`);
          };
          const drop = () => {
            shape.removeEventListener("pointermove", move);
            if (Math.hypot(moved.x, moved.y) < 4) return; // a click moves nobody
            for (const axis of ["x", "y"]) {
              const field = shape.dataset[`${axis}Field`] && controls(shape.dataset[`${axis}Field`])[0];
              if (!field) continue;
              const [from, to] = [range(`${axis}From`), range(`${axis}To`)]; // where the least and the most stand, in the picture
              const [least, most] = [range(`${axis}Least`), range(`${axis}Most`)];
              const at = Number(shape.dataset[`${axis}At`]) + moved[axis];
              const number = Math.round(least + ((at - from) / (to - from)) * (most - least));
              field.value = String(Math.min(most, Math.max(least, number)));
              edited(field.name, 0);
            }
          };
          shape.addEventListener("pointermove", move);
          shape.addEventListener("lostpointercapture", drop, { once: true });
        });
      }
    }
  };
  draggable();

  // What an earlier visit could not send is put back and sent now.
  if (Object.keys(changed).length) {
    for (const [key, text] of Object.entries(changed)) show(key, text);
    send();
  }
}
