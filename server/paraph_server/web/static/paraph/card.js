// Ask every second how far the agent is; when what the page shows has changed, show it anew.
const place = document.querySelector("[data-card]");
async function ask() {
  try {
    const answer = await fetch(place.dataset.card, { headers: { Accept: "application/json" } });
    const { version } = await answer.json();
    if (version !== place.dataset.version) { location.reload(); return; }
  } catch { /* the network may be away for a moment */ }
  setTimeout(ask, 1000);
}
if (place) setTimeout(ask, 1000);
