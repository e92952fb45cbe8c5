// The time left of an attempt, by the server's clock: shown each second, said aloud a few times, and at its end handed in.

const SAID = [600, 300, 60, 30]; // seconds left at which a screen reader hears of it
const SENT = 3; // seconds left from which typed text no longer waits to be saved

export function countdown(box, save) {
  const left = box.querySelector("[data-left]");
  const said = box.querySelector("[data-said]");
  const words = box.querySelector("[data-words]").dataset;
  // This device's clock may be wrong; how long ago the page was made it knows.
  const skew = Date.parse(box.dataset.now) - Date.now();
  const ends = Date.parse(box.dataset.ends);
  const seconds = () => Math.ceil((ends - Date.now() - skew) / 1000);
  const inWords = (n) => {
    if (n <= 0) return words.up;
    if (n < 60) return words.seconds.replace("{n}", n);
    return n < 120 ? words.minute : words.minutes.replace("{n}", Math.floor(n / 60));
  };
  let still = SAID.filter((mark) => mark < seconds());
  let timer;

  const tick = () => {
    const n = seconds();
    if (left) {
      left.hidden = false;
      left.textContent = `${Math.max(0, Math.floor(n / 60))}:${String(Math.max(0, n) % 60).padStart(2, "0")}`;
      box.classList.toggle("countdown-short", n <= 60);
    }
    if (n <= (still[0] ?? -1)) {
      still = still.filter((mark) => mark < n);
      said.textContent = inWords(n);
    }
    if (n <= SENT) save();
    if (n <= 0) {
      clearInterval(timer);
      said.textContent = words.up;
      box.querySelector("[data-over]").submit();
    }
  };
  timer = setInterval(tick, 1000);
  tick();
  // A page that comes back from the browser's memory counts from a time long past.
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}
