// <paraph-sign src="INVITE_URL"><a href="INVITE_URL">Sign on the signing page</a></paraph-sign>
// The link inside is for browsers that show no frame. Events: ready, resize, signed, refused, closed, error.
const PATIENCE = 10_000; // milliseconds until the link is shown

export class ParaphSign extends HTMLElement {
  static observedAttributes = ["src", "title"];
  #frame = document.createElement("iframe");
  #link = document.createElement("slot");
  #waiting;

  constructor() {
    super();
    this.attachShadow({ mode: "open", delegatesFocus: true }).append(this.#frame, this.#link);
    this.#frame.style.cssText = "display: block; width: 100%; height: 24rem; border: 0";
  }
  connectedCallback() {
    addEventListener("message", this);
    this.style.display = "block";
    this.#show(true);
  }
  disconnectedCallback() { removeEventListener("message", this); clearTimeout(this.#waiting); }
  attributeChangedCallback(name, _before, value) {
    this.#frame[name] = value ?? "";
    if (name === "src") this.#show(true);
  }
  handleEvent({ source, origin, data }) {
    if (source !== this.#frame.contentWindow || origin !== new URL(this.#frame.src).origin) return;
    if (data?.source !== "paraph") return;
    if (data.type === "ready") this.#show(false);
    if (data.type === "resize") this.#frame.style.height = `${data.height}px`;
    this.dispatchEvent(new CustomEvent(data.type, { detail: data }));
  }
  #show(waiting) {
    clearTimeout(this.#waiting);
    this.#link.hidden = true;
    if (waiting) this.#waiting = setTimeout(() => { this.#link.hidden = false; }, PATIENCE);
    else if (this.getBoundingClientRect().top < 0) this.scrollIntoView(); // a new page starts at its top
    this.#frame.title ||= document.documentElement.lang.startsWith("fr") ? "Signature électronique" : "Electronic signature";
  }
}
customElements.define("paraph-sign", ParaphSign);
