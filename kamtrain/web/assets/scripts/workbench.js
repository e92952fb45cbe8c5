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
  const changed = {}; // what is not known to be saved, by key
  const twice = {}; // what was typed here where another device was first, by key, until one of the two is chosen
  let faulted = new Set(Array.from(form.querySelectorAll("[data-fault]:not(:empty)"), (place) => place.dataset.fault));
  let timer;
  let sending = false;
  let dragging = false;
  let drawn; // the outputs as the server sent them last

  const say = (text, problem = false) => {
    note.textContent = text;
    note.classList.toggle("saved-problem", problem);
  };
  const controls = (key) => {
    const found = form.elements.namedItem(key);
    const all = found instanceof RadioNodeList ? [...found] : found ? [found] : [];
    return all.filter((one) => one.type !== "hidden");
  };
  const faultOf = (key) => document.getElementById(`e-${key}`);

  // Words in a table are seen whole, also where the browser does not do it by itself.
  const grows = CSS.supports("field-sizing", "content");
  const fit = (one) => {
    if (grows || one.localName !== "textarea" || !one.offsetParent) return;
    one.style.height = "auto";
    one.style.height = `${one.scrollHeight + one.offsetHeight - one.clientHeight}px`;
  };
  const value = (key) =>
    controls(key).map((one) => (one.type === "checkbox" ? (one.checked ? one.value : "") : one.value)).filter(Boolean).join(",");
  const show = (key, text) => {
    for (const one of controls(key)) {
      if (one.type === "checkbox") one.checked = text.split(",").includes(one.value);
      else one.value = text;
      fit(one);
    }
    if (key.includes("~")) mark(key.split("~")[0]);
  };
  // Beside a figure: how sure one is of it, or that it rests on something.
  const mark = (key) => {
    const place = form.querySelector(`[data-mark="${CSS.escape(key)}"]`);
    if (!place) return;
    place.textContent = value(`${key}~confidence`) || (value(`${key}~evidence`) ? "✓" : "+");
    place.toggleAttribute("data-given", place.textContent !== "+");
  };

  // What is not saved waits in the browser, with what this page knew when it was typed: `{key: [text, seen]}`. Another
  // tab of the sheet may have left something there, too.
  const waiting = () => JSON.parse(localStorage.getItem(store) ?? "{}");
  const keep = (done = []) => {
    const all = waiting();
    for (const key of done) delete all[key];
    for (const [key, text] of Object.entries(changed)) all[key] = [text, all[key]?.[0] === text ? all[key][1] : seen];
    for (const [key, text] of Object.entries(twice)) if (!(key in changed)) all[key] = [text, "0"]; // asked again
    if (Object.keys(all).length) localStorage.setItem(store, JSON.stringify(all));
    else localStorage.removeItem(store);
  };

  // Both values are shown, and one of them chosen.
  const named = (key, text) => {
    const option = [...(controls(key)[0]?.options ?? [])].find((one) => one.value === text);
    return (option ? option.text : text) || texts.blank;
  };
  const choose = (key, theirs, mine) => {
    const place = faultOf(key);
    twice[key] = mine;
    place?.replaceChildren(`${texts.elsewhere}${named(key, theirs)} `);
    for (const [label, text] of [[texts.mine, mine], [texts.theirs, theirs]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet", textContent: label });
      button.addEventListener("click", () => {
        delete twice[key];
        show(key, text);
        place.replaceChildren();
        edited(key, 0);
        controls(key)[0]?.focus();
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
        for (const [key, theirs] of Object.entries(said.both)) if (!(key in changed)) choose(key, theirs, packet[key]);
        keep(Object.keys(packet));
        for (const [key, text] of Object.entries(said.others)) {
          if (key in changed) continue;
          begun(key);
          show(key, text);
        }
        const faults = { ...said.faults, ...said.refused };
        for (const key of new Set([...faulted, ...Object.keys(faults)])) {
          const place = faultOf(key);
          if (place && !place.querySelector("button")) place.textContent = faults[key] ?? "";
          for (const one of controls(key)) {
            if (faults[key]) one.setAttribute("aria-invalid", "true");
            else one.removeAttribute("aria-invalid");
          }
        }
        faulted = new Set(Object.keys(faults));
        for (const place of form.querySelectorAll("[data-computed]")) {
          const text = said.computed[place.dataset.computed] ?? "";
          if (place.textContent !== text) place.textContent = text;
        }
        redraw(said.outputs);
        const refused = Object.keys(said.refused).length;
        say(refused ? Object.values(said.refused)[0] : texts.savedAt + said.saved_at, refused > 0);
      } else if (response.status === 400 && (await response.clone().json().catch(() => ({}))).csrf_token) {
        // Signed in again meanwhile: the same, with the token of the new sign-in.
        form.elements.csrf_token.value = (await response.json()).csrf_token;
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

  // What comes out is drawn anew; where one was in it, one stays, and nobody's hand is taken off a shape.
  const redraw = (html) => {
    if (html === drawn) return;
    if (dragging) return void (later = html);
    drawn = html;
    const open = Array.from(outputs.querySelectorAll("details[data-keep][open]"), (one) => one.dataset.keep);
    const stops = () => [...outputs.querySelectorAll("a[href], summary, button, [tabindex]")];
    const at = stops().indexOf(document.activeElement);
    const scrolled = outputs.querySelector(".sheet-picture")?.scrollLeft ?? 0;
    outputs.innerHTML = html;
    for (const one of outputs.querySelectorAll("details[data-keep]")) one.open = open.includes(one.dataset.keep);
    const picture = outputs.querySelector(".sheet-picture");
    if (picture) picture.scrollLeft = scrolled;
    if (at >= 0) (stops()[at] ?? document.getElementById("h-outputs")).focus({ preventScroll: true });
    headline();
    draggable();
  };
  let later;
  const headline = () => {
    const [verdict, figure] = form.querySelector("[data-headline]").children;
    verdict.textContent = outputs.querySelector(".sheet-verdict strong")?.textContent ?? "";
    const first = outputs.querySelector(".figure:has(.number)");
    const number = first?.querySelector(".number");
    figure.textContent = first ? `${first.querySelector("dt").textContent} ${number.textContent}${number.nextSibling?.data?.trimEnd() ?? ""}` : "";
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
    if (row.parentElement.querySelector("[data-spare]")) return;
    const id = Date.now().toString(36).padStart(9, "0") + "z" + Math.random().toString(36).slice(2, 5).padEnd(3, "0");
    const fresh = copied(row, id);
    fresh.dataset.spare = "";
    row.parentElement.append(fresh);
  };
  const copied = (row, id) => {
    const old = row.dataset.row;
    const fresh = row.cloneNode(true);
    fresh.dataset.row = id;
    fresh.removeAttribute("data-open");
    for (const one of fresh.querySelectorAll("*")) {
      for (const name of ["id", "name", "for", "aria-describedby", "data-fault", "data-computed", "data-keep", "data-mark"]) {
        if (one.hasAttribute(name)) one.setAttribute(name, one.getAttribute(name).replaceAll(`.${old}.`, `.${id}.`));
      }
      if (one.type === "checkbox") one.checked = false;
      else if (one.matches("input:not([type=hidden]), textarea, select")) one.value = "";
      if (one.matches("[data-fault], [data-computed]")) one.textContent = "";
      if (one.matches("[data-mark]")) one.textContent = "+";
      one.removeAttribute("data-given");
      one.removeAttribute("aria-invalid");
      if (one.localName === "details") one.open = false;
    }
    return fresh;
  };
  // A row that was begun on another device, or waits since an earlier visit, is there for what is to be shown in it.
  const begun = (key) => {
    const [table, id] = key.split(".");
    const row = id && !controls(key).length && form.querySelector(`[data-table="${CSS.escape(table)}"] [data-spare]`);
    if (!row) return;
    const fresh = copied(row, id);
    fresh.removeAttribute("data-spare");
    row.before(fresh);
  };

  form.addEventListener("input", (event) => {
    const key = event.target.name;
    if (!key || key === "seen") return;
    const one = event.target;
    if (one.matches("[data-line]") && /[\r\n]/.test(one.value)) one.value = one.value.replace(/\s*[\r\n]+\s*/g, " "); // pasted
    fit(one);
    if (key.includes("~")) mark(key.split("~")[0]);
    grow(one.closest("tr[data-row]"));
    edited(key, event.target.matches("textarea, [type=text], [type=date]") ? PAUSE : 0);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-line]")) return;
    event.preventDefault(); // one line stays one; what is typed is sent at once
    clearTimeout(timer);
    send();
  });
  form.addEventListener("focusin", (event) => event.target.closest("tr[data-spare]")?.setAttribute("data-open", ""));
  addEventListener("online", send);
  addEventListener("pagehide", send);

  // The form carries the sheet itself; with a script there is nothing left to send but what waits here.
  form.addEventListener("submit", (event) => {
    if (event.submitter?.hasAttribute("data-erase")) return void localStorage.removeItem(store);
    event.preventDefault();
    clearTimeout(timer);
    if (Object.keys(changed).length) send();
  });

  // Shapes that stand for a row: moved, they write their place into its fields.
  const draggable = () => {
    for (const picture of outputs.querySelectorAll("svg[data-drag]")) {
      const range = (name) => Number(picture.dataset[name]);
      for (const shape of picture.querySelectorAll("[data-x-field], [data-y-field]")) {
        shape.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          shape.setPointerCapture(event.pointerId);
          dragging = true;
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
            dragging = false;
            if (later) later = void redraw(later);
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

  for (const one of form.querySelectorAll("textarea")) fit(one);

  // What an earlier visit could not send is put back and sent now, with what that visit knew: what somebody else wrote
  // meanwhile is not lost.
  const left = Object.entries(waiting()).filter(([, kept]) => Array.isArray(kept));
  for (const [key, [text, knew]] of left) {
    begun(key);
    if (Number(knew) < Number(seen)) seen = knew;
    show(key, text);
    changed[key] = text;
  }
  if (left.length) {
    say(texts.saving);
    send();
  }
}
