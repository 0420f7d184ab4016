// Ask every second whether the server is done; then show what it has.
const place = document.querySelector("[data-wait]");
async function ask() {
  try {
    const answer = await fetch(place.dataset.wait, { headers: { Accept: "application/json" } });
    const state = await answer.json();
    const there = place.dataset.until === "finished" ? state.finished : state.stage !== "applying";
    if (there) { location.reload(); return; }
  } catch { /* the network may be away for a moment */ }
  setTimeout(ask, 1000);
}
if (place) setTimeout(ask, 600);
