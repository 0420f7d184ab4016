// The drawn or typed signature, sent as a small PNG. It decorates; the signature itself is made with the certificate.
import SignaturePad from "../vendor/signature_pad.min.js";

const set = document.querySelector("[data-mark]");
if (set) {
  const canvas = set.querySelector("[data-pad]");
  const typed = set.querySelector("[data-typed]");
  const form = document.querySelector("[data-mark-form]");
  set.hidden = false;
  const pad = new SignaturePad(canvas, { penColor: "#12306b", minWidth: 1, maxWidth: 3 });
  const fit = () => {
    const scale = Math.max(devicePixelRatio || 1, 1);
    canvas.width = canvas.offsetWidth * scale;
    canvas.height = canvas.offsetHeight * scale;
    canvas.getContext("2d").scale(scale, scale);
    pad.clear();
  };
  fit();
  addEventListener("resize", () => { if (pad.isEmpty()) fit(); });
  set.querySelector("[data-clear]").addEventListener("click", () => { pad.clear(); typed.value = ""; });
  const draw = (paint) => {
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [600, 180];
    paint(copy.getContext("2d"), copy);
    return copy.toDataURL("image/png");
  };
  form.addEventListener("submit", () => {
    const mark = form.elements.namedItem("mark");
    if (!pad.isEmpty()) {
      mark.value = draw((pen, copy) => {
        const scale = Math.min(copy.width / canvas.width, copy.height / canvas.height);
        pen.drawImage(canvas, 0, 0, canvas.width * scale, canvas.height * scale);
      });
    } else if (typed.value.trim()) {
      mark.value = draw((pen, copy) => {
        pen.font = "italic 64px 'Snell Roundhand', 'Segoe Script', 'Bradley Hand', cursive";
        pen.fillStyle = "#12306b";
        pen.textBaseline = "middle";
        pen.fillText(typed.value.trim(), 10, copy.height / 2, copy.width - 20);
      });
    }
  });
}
