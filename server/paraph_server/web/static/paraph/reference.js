// Searching narrows the page down as one types; a link opens what it leads to. Without this, the form asks the server.
const form = document.getElementById("find");
const field = form.elements.text;
const articles = [...document.querySelectorAll(".endpoint")].map((element) => ({
  element,
  words: element.dataset.words.toLowerCase(),
  entry: document.querySelector(`[data-for="${element.id}"]`),
}));
const status = document.querySelector("[data-found]");

function narrow() {
  const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { element, words, entry } of articles) {
    const shown = wanted.every((word) => words.includes(word));
    element.hidden = entry.hidden = !shown;
    found += shown;
  }
  for (const area of document.querySelectorAll(".area")) area.hidden = !area.querySelector(".endpoint:not([hidden])");
  status.textContent = wanted.length ? `${found} ${status.dataset.found}` : "";
}

function reveal() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = target && target.querySelector(":scope > details");
  if (!details) return;
  if (target.closest("[hidden]")) { field.value = ""; narrow(); }
  details.open = true;
  target.scrollIntoView();
}

if (matchMedia("(max-width: 63.99rem)").matches) document.querySelector(".contents > details").open = false;
form.classList.add("live");
form.addEventListener("submit", (event) => event.preventDefault());
field.addEventListener("input", narrow);
addEventListener("hashchange", reveal);
narrow();
reveal();
