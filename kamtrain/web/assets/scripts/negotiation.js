// Counts what an offer is worth to oneself while it is put together. The sums are one's own sheet; nothing else is known here.

const form = document.querySelector("form[data-move]");
const line = form?.querySelector("[data-sum]");
if (line) {
  const fields = [...form.querySelectorAll("[data-issue]")];
  const tables = new Map(
    fields
      .filter((field) => field.dataset.worth)
      .map((field) => [field, new Map(field.dataset.worth.split(" ").map((pair) => pair.split(":")))]),
  );
  const number = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  const worth = (field) => Number(tables.get(field)?.get(field.value.trim()) ?? field.selectedOptions?.[0].dataset.worth);

  const count = () => {
    const sum = fields.reduce((total, field) => total + worth(field), 0); // tenths of a point; NaN while a number is typed
    const below = sum < Number(form.dataset.limit);
    const above = sum >= Number(form.dataset.target);
    line.hidden = Number.isNaN(sum);
    line.classList.toggle("move-below", below);
    line.classList.toggle("move-above", above);
    line.querySelector("[data-points]").textContent = number.format(sum / 10);
    line.querySelector("[data-standing]").textContent = below ? line.dataset.below : above ? line.dataset.above : "";
  };
  form.addEventListener("input", count);
  count();
}
