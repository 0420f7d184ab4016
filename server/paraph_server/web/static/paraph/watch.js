// Follow something long: keep the figures fresh, and show the page anew when its state changes.
const place = document.querySelector("[data-watch]");
const figure = (name, text) => {
  const shown = place.querySelector(`[data-${name}]`);
  if (shown) shown.textContent = text;
};
async function look() {
  try {
    const answer = await fetch(place.dataset.watch, { headers: { Accept: "application/json" } });
    const state = await answer.json();
    if (state.status !== place.dataset.status) { location.reload(); return; }
    for (const name of ["done", "waiting", "failed"]) figure(name, state[name]);
    figure("rate", state.rowsPerSecond.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }));
    figure("left", state.timeLeft === null ? "…" : Math.ceil(state.timeLeft / 60000));
    const bar = place.querySelector("[data-progress]");
    if (bar) bar.value = state.progress;
  } catch { /* the network may be away for a moment */ }
  setTimeout(look, 1500);
}
if (place) setTimeout(look, 800);
