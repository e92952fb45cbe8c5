// Puts an editor in place of the text field, saves as one types, and asks for the preview. Without it the form does all that
// with its button.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { markdown } from "@codemirror/lang-markdown";
import { yaml, yamlFrontmatter } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const PREVIEW = 120; // milliseconds without typing before the preview is asked for
const SAVE = 1200; // … before the text is saved
const AGAIN = 4000; // … before what failed is tried once more

const look = EditorView.theme({
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { caretColor: "var(--accent)", padding: ".75rem 0" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--ink-soft)", border: "0" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent-wash) 45%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--accent-wash)", color: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  "& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent)",
  },
  ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--warn-wash)", outline: "1px solid var(--warn)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--warn)", color: "var(--surface)" },
  ".cm-panels, .cm-tooltip": { backgroundColor: "var(--surface)", color: "var(--ink)", border: "1px solid var(--line-strong)" },
  ".cm-panel.cm-search": { padding: ".6rem .8rem", fontSize: ".95rem" },
  ".cm-textfield": { backgroundColor: "var(--bg)", color: "var(--ink)", border: "1px solid var(--line-strong)", minHeight: "2.2rem" },
  ".cm-button": { background: "var(--sunken)", color: "var(--ink)", border: "1px solid var(--line-strong)", minHeight: "2.2rem" },
  ".cm-panel.cm-search [name=close]": { color: "var(--ink)", fontSize: "1.4rem", minWidth: "2.2rem", minHeight: "2.2rem" },
  ".cm-diagnostic": { fontFamily: "var(--sans, system-ui)", whiteSpace: "pre-wrap", padding: ".5rem .8rem" },
});
const colours = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "700", color: "var(--accent)" },
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--accent)" },
  { tag: [tags.link, tags.url], color: "var(--accent)", textDecoration: "underline" },
  { tag: tags.monospace, color: "var(--warn)" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: [tags.quote, tags.comment, tags.meta, tags.processingInstruction], color: "var(--ink-soft)" },
  { tag: tags.invalid, color: "var(--wrong)" },
]);

// A page that shows a text in full (both versions of a conflict) makes the one kept in this browser superfluous.
for (const shown of document.querySelectorAll("[data-kept]")) localStorage.removeItem(shown.dataset.kept);

const form = document.querySelector("form[data-editor]");
if (form) begin(form);

function begin(form) {
  const field = form.elements.text;
  const texts = form.querySelector("[data-texts]").dataset;
  const note = form.querySelector(".saved");
  const problems = document.querySelector("[data-problems]");
  const box = document.querySelector("[data-preview-box]");
  const kept = form.dataset.key;
  let saved = field.value; // what the server has
  let timers = {};
  let sending = false;

  const view = new EditorView({
    parent: field.parentElement,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        EditorView.cspNonce.of(form.dataset.nonce),
        Prec.highest(keymap.of([{ key: "Mod-s", preventDefault: true, run: () => (save(), true) }])),
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        highlightSelectionMatches(),
        search({ top: true }),
        EditorView.lineWrapping,
        form.dataset.editor === "yaml" ? yaml() : yamlFrontmatter({ content: markdown() }),
        syntaxHighlighting(colours),
        look,
        EditorState.phrases.of(JSON.parse(texts.phrases)),
        EditorView.contentAttributes.of({ "aria-label": texts.label, "aria-describedby": "h-keys", spellcheck: "false", tabindex: "0", lang: field.lang }),
        // Tab indents, since a list needs it; after Escape it leaves the editor, as CodeMirror does by itself.
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => update.docChanged && changed()),
      ],
    }),
  });
  field.after(view.dom);
  field.hidden = true;
  form.querySelector("[data-with-script]").hidden = false;
  form.querySelector("label[for=f-text]").addEventListener("click", () => view.focus());

  const text = () => view.state.doc.toString();
  const say = (words, problem = false) => {
    note.textContent = words;
    note.classList.toggle("saved-problem", problem);
  };
  const later = (name, run, pause) => {
    clearTimeout(timers[name]);
    timers[name] = setTimeout(run, pause);
  };

  function changed() {
    keep();
    say(texts.saving);
    box.classList.add("preview-old");
    later("preview", preview, PREVIEW);
    later("save", save, SAVE);
  }

  function keep(why = "") {
    try {
      if (text() === saved && !why) localStorage.removeItem(kept);
      else localStorage.setItem(kept, JSON.stringify([form.elements.version.value, text(), why]));
    } catch {
      // A full or forbidden storage: the text is still in the editor.
    }
  }

  async function post(url, body, signal) {
    const send = () =>
      fetch(url, {
        method: "POST",
        signal,
        redirect: "manual",
        headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": form.elements.csrf_token.value },
        body: JSON.stringify(body),
      });
    let response = await send();
    if (response.status === 400) {
      // A token of an earlier sign-in: the answer brings the new one.
      const { csrf_token } = await response.clone().json();
      if (csrf_token) {
        form.elements.csrf_token.value = csrf_token;
        response = await send();
      }
    }
    return response;
  }

  async function save() {
    clearTimeout(timers.save);
    if (sending) return later("save", save, 200);
    const now = text();
    sending = true;
    try {
      const response = await post(form.action, { text: now, version: form.elements.version.value });
      if (response.ok) {
        const answer = await response.json();
        for (const input of document.querySelectorAll("input[name=version]")) input.value = answer.version;
        for (const part of document.querySelectorAll("[data-after-save]")) part.hidden = false;
        document.querySelector("[data-state] .badge").textContent = answer.state;
        saved = now;
        keep();
        if (text() === now) say(answer.saved);
      } else if (response.status === 401 || response.type === "opaqueredirect") {
        say(texts.signedOut, true);
        later("save", save, AGAIN * 3);
      } else if (response.status >= 500) {
        throw new Error(response.statusText);
      } else {
        say(response.status === 409 ? texts.stale : texts.refused, true);
        form.dataset.plain = ""; // the button sends the form itself, and the page that comes says why
      }
    } catch {
      say(texts.offline, true);
      later("save", save, AGAIN);
    }
    sending = false;
  }

  let asked = new AbortController();
  async function preview() {
    asked.abort();
    asked = new AbortController();
    try {
      const response = await post(form.dataset.preview, { text: text(), version: 0 }, asked.signal);
      if (!response.ok) return;
      const answer = await response.json();
      const open = [...box.querySelectorAll("details")].map((one) => one.open);
      box.innerHTML = answer.html;
      box.querySelectorAll("details").forEach((one, place) => (one.open = open[place] ?? false));
      problems.innerHTML = answer.problems_html;
      box.classList.remove("preview-old");
      mark();
    } catch {
      // Overtaken by a newer one, or no connection: saving says so.
    }
  }

  // Columns count characters; the editor counts UTF-16 units.
  function place(line, column) {
    const found = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
    return Math.min(found.from + [...found.text].slice(0, Math.max(column - 1, 0)).join("").length, found.to);
  }

  function mark() {
    const marks = [...problems.querySelectorAll("[data-line]")].map((link) => {
      const item = link.closest(".problem");
      const from = place(Number(link.dataset.line), Number(link.dataset.column));
      const kind = item.className.match(/problem-(error|warning|note)/)[1];
      return {
        from,
        to: Math.max(from, Math.min(from + 1, view.state.doc.lineAt(from).to)),
        severity: kind === "note" ? "info" : kind,
        message: [...item.querySelectorAll("p:not(.problem-place)")].map((one) => one.textContent).join("\n"),
      };
    });
    view.dispatch(setDiagnostics(view.state, marks));
  }

  function go(line, column) {
    const anchor = place(line, column);
    view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    view.focus();
  }

  problems.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    go(Number(link.dataset.line), Number(link.dataset.column));
  });

  form.addEventListener("submit", (event) => {
    field.value = text();
    clearTimeout(timers.save);
    if (event.submitter?.dataset.mend !== undefined) return keep("mend");
    if (form.dataset.plain !== undefined) return;
    event.preventDefault();
    save();
  });
  addEventListener("online", () => text() !== saved && save());
  addEventListener("pagehide", () => text() !== saved && keep());
  addEventListener("beforeunload", (event) => {
    // Leaving with a text that is not sent yet: it is kept in this browser, and sent now if there is a connection.
    if (text() !== saved && !sending && navigator.onLine) save();
  });

  // What an earlier visit could not send. A newer copy on the server makes it a conflict, which shows both.
  const left = JSON.parse(localStorage.getItem(kept) ?? "null");
  if (left && (left[1] === saved || (left[2] === "mend" && left[0] !== form.elements.version.value))) localStorage.removeItem(kept);
  else if (left) {
    form.elements.version.value = left[0];
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: left[1] } });
    say(texts.restored);
  }
  mark();
  if (Number(form.dataset.line)) go(Number(form.dataset.line), Number(form.dataset.column));
}
