// Add and remove rows of a Django formset; without scripts one row is there and works.
for (const add of document.querySelectorAll("[data-add]")) {
  const prefix = add.dataset.add;
  const rows = document.querySelector(`[data-rows="${prefix}"]`);
  const empty = document.querySelector(`[data-empty="${prefix}"]`);
  const total = document.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  const number = () => {
    const all = [...rows.querySelectorAll("[data-row]")];
    all.forEach((row, place) => {
      row.querySelector("[data-number]").textContent = place + 1;
      const remove = row.querySelector("[data-remove]");
      remove.hidden = all.length === 1;
      remove.onclick = () => { row.remove(); number(); };
      for (const field of row.querySelectorAll("[name],[for],[id]")) {
        for (const attribute of ["name", "id", "for"]) {
          const value = field.getAttribute(attribute);
          if (value) field.setAttribute(attribute, value.replace(/people-(\d+|__prefix__)-/, `${prefix}-${place}-`));
        }
      }
    });
    total.value = all.length;
  };
  add.hidden = false;
  add.addEventListener("click", () => {
    rows.append(empty.content.cloneNode(true));
    number();
    rows.lastElementChild.querySelector("input").focus();
  });
  number();
}
