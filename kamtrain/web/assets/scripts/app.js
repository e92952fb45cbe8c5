// What every page has: small comforts over forms and links that work without it.

// A form that is on its way is not sent a second time. Coming back to the page frees it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.busy !== undefined) return event.preventDefault();
  if (form.method === "post" && !event.defaultPrevented) form.dataset.busy = "";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-busy]")) delete form.dataset.busy;
});

// The menu closes when one leaves it.
const menu = document.querySelector(".menu");
document.addEventListener("click", (event) => {
  if (!menu.contains(event.target)) menu.open = false;
});
menu.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});
menu.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// The appearance changes at once; the same form tells the server, so that the next page comes in it.
const themes = document.querySelector("[data-theme-form]");
themes.addEventListener("submit", (event) => {
  const body = new FormData(themes, event.submitter);
  event.preventDefault();
  document.documentElement.dataset.bsTheme = body.get("theme");
  for (const button of themes.querySelectorAll("button")) button.setAttribute("aria-pressed", button === event.submitter);
  fetch(themes.action, { method: "post", body, redirect: "manual" });
});

// On a phone the areas scroll sideways; the current one is in sight.
document.querySelector(".areas [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// A long rail opens where one is.
const here = document.querySelector(".rail [aria-current]");
const rail = here?.closest(".page-aside");
if (rail) rail.scrollTop += here.getBoundingClientRect().top - rail.getBoundingClientRect().top - rail.clientHeight / 2;

// The list of what is to be mended is read first.
document.querySelector("[data-focus]")?.focus();

// That a lesson was opened is noted, so that one resumes here; without this script one resumes at the first one not done.
const lesson = document.querySelector("[data-opened]");
if (lesson) {
  fetch(lesson.dataset.opened, { method: "post", headers: { "X-CSRFToken": lesson.dataset.csrf }, keepalive: true });
}

// A filter applies itself when one chooses.
for (const form of document.querySelectorAll("form[data-apply]")) {
  form.addEventListener("change", () => form.requestSubmit());
}
