// A button that was pressed is not pressed twice, and says that something is happening.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    const button = form.querySelector("button[data-once]");
    if (!button || event.defaultPrevented) return;
    if (button.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
    button.setAttribute("aria-busy", "true");
  });
}
// Coming back with the browser's own button, the page is fresh again.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});
