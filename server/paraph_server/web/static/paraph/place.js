// Signature blocks on the pages of a document: dragged and resized by mouse, finger and keyboard. What counts are the
// numbers in the form, in millimetres; the blocks only show them.
const form = document.querySelector("[data-placing]");
const sheets = [...document.querySelectorAll("[data-page]")];
const said = form.querySelector("[data-said]");
const MILLIMETRE = 72 / 25.4;
const SMALLEST = { width: 10, height: 5 };
const size = (sheet) => ({ width: sheet.dataset.width / MILLIMETRE, height: sheet.dataset.height / MILLIMETRE });
const within = (value, least, most) => Math.max(least, Math.min(value, Math.max(least, most)));
const round = (value) => Math.round(value * 10) / 10;
const tidy = (place, sheet) => {
  const page = size(sheet);
  const width = within(place.width, SMALLEST.width, page.width);
  const height = within(place.height, SMALLEST.height, page.height);
  return { page: place.page, width, height, x: within(place.x, 0, page.width - width), y: within(place.y, 0, page.height - height) };
};

// The page that is seen most of.
function current() {
  const seen = sheets.map((sheet) => {
    const box = sheet.getBoundingClientRect();
    return Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
  });
  return sheets[seen.indexOf(Math.max(...seen))];
}

class Signer {
  constructor(fieldset) {
    this.fieldset = fieldset;
    this.inputs = Object.fromEntries([...fieldset.querySelectorAll("[data-place]")].map((each) => [each.dataset.place, each]));
    this.block = document.createElement("button");
    this.block.type = "button";
    this.block.className = "block";
    this.block.setAttribute("aria-describedby", "how");
    this.block.append(fieldset.dataset.signer + ". " + fieldset.dataset.name, Object.assign(document.createElement("span"), { className: "grip" }));
    this.add = fieldset.querySelector("[data-add]");
    this.remove = fieldset.querySelector("[data-remove]");
    this.add.addEventListener("click", () => this.appear());
    this.remove.addEventListener("click", () => { this.clear(); this.add.focus(); });
    for (const input of Object.values(this.inputs)) input.addEventListener("input", () => this.show());
    this.block.addEventListener("keydown", (event) => this.key(event));
    this.block.addEventListener("pointerdown", (event) => this.drag(event));
    this.show();
  }

  get place() {
    const place = Object.fromEntries(Object.entries(this.inputs).map(([name, input]) => [name, parseFloat(input.value)]));
    return sheets[place.page - 1] && ["x", "y", "width", "height"].every((name) => Number.isFinite(place[name])) ? place : null;
  }

  set place(wanted) {
    const place = tidy(wanted, sheets[wanted.page - 1]);
    for (const [name, input] of Object.entries(this.inputs)) input.value = round(place[name]);
    this.show();
  }

  clear() {
    for (const name of ["page", "x", "y"]) this.inputs[name].value = "";
    this.show();
    said.textContent = this.words;
  }

  get words() {
    const place = this.place;
    if (!place) return form.dataset.nowhere;
    return form.dataset.step.replace(/\{(\w+)\}/g, (_, name) => place[name].toLocaleString(document.documentElement.lang));
  }

  show() {
    const place = this.place;
    const where = this.fieldset.querySelector("[data-where]");
    where.hidden = false;
    where.textContent = this.words;
    this.add.hidden = false;
    this.remove.hidden = !place;
    if (!place) { this.block.remove(); return; }
    const sheet = sheets[place.page - 1], page = size(sheet);
    if (this.block.parentElement !== sheet) {
      const focused = document.activeElement === this.block;
      sheet.append(this.block);
      if (focused) this.block.focus();
    }
    const share = (part, whole) => `${(100 * part) / whole}%`;
    Object.assign(this.block.style, {
      left: share(place.x, page.width), top: share(place.y, page.height),
      width: share(place.width, page.width), height: share(place.height, page.height),
    });
    this.block.setAttribute("aria-label", `${this.fieldset.dataset.name}: ${this.words}`);
  }

  // In the middle of what is seen of the page.
  appear() {
    const sheet = current(), page = size(sheet), box = sheet.getBoundingClientRect();
    const width = parseFloat(this.inputs.width.value) || 58, height = parseFloat(this.inputs.height.value) || 24;
    const middle = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2 - box.top;
    this.place = {
      page: Number(sheet.dataset.page), width, height,
      x: (page.width - width) / 2, y: (middle / box.height) * page.height - height / 2,
    };
    this.block.focus({ preventScroll: innerWidth >= 768 });
    this.block.scrollIntoView({ block: "nearest" });
    said.textContent = this.words;
  }

  key(event) {
    const place = this.place, step = event.ctrlKey || event.metaKey ? 0.5 : 5;
    const moves = { ArrowLeft: ["x", -step], ArrowRight: ["x", step], ArrowUp: ["y", -step], ArrowDown: ["y", step] };
    const pages = { PageUp: -1, PageDown: 1 };
    if (event.key in moves) {
      const [axis, by] = moves[event.key];
      const name = event.shiftKey ? { x: "width", y: "height" }[axis] : axis;
      this.place = { ...place, [name]: place[name] + by };
    } else if (event.key in pages) {
      this.place = { ...place, page: within(place.page + pages[event.key], 1, sheets.length) };
      this.block.scrollIntoView({ block: "center" });
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.clear();
      this.add.focus();
    } else return;
    event.preventDefault();
    said.textContent = this.words;
  }

  // A block that is carried to another page is taken out of the first: the window listens, not the block.
  drag(event) {
    if (event.button) return;
    event.preventDefault();
    this.block.focus({ preventScroll: true });
    const before = this.place, resizing = event.target.classList.contains("grip");
    const corner = this.block.getBoundingClientRect();
    const held = { x: event.clientX - corner.left, y: event.clientY - corner.top };
    const move = (now) => {
      const over = sheets.find((sheet) => sheet.getBoundingClientRect().bottom >= now.clientY) ?? sheets.at(-1);
      const sheet = resizing ? sheets[before.page - 1] : over;
      const box = sheet.getBoundingClientRect(), scale = size(sheet).width / box.width;
      const x = (now.clientX - held.x - box.left) * scale, y = (now.clientY - held.y - box.top) * scale;
      this.place = resizing
        ? { ...before, width: before.width + x - before.x, height: before.height + y - before.y }
        : { ...before, page: Number(sheet.dataset.page), x, y };
    };
    const listening = new AbortController();
    const end = () => { listening.abort(); said.textContent = this.words; };
    addEventListener("pointermove", move, listening);
    for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, end, listening);
  }
}

for (const fieldset of form.querySelectorAll("[data-signer]")) new Signer(fieldset);
