// Tell the site around this page what happens in it, and nobody else: docs/guides/embed.md lists the messages.
const about = document.querySelector("meta[name=paraph-framed]");
if (about && parent !== window) {
  const { origin, problem, outcome, code, workflowId, recipientId } = about.dataset;
  const tell = (type, facts) => parent.postMessage({ source: "paraph", type, workflowId, recipientId, ...facts }, origin);
  const resize = () => tell("resize", { height: Math.ceil(document.body.getBoundingClientRect().height) });
  tell("ready");
  new ResizeObserver(resize).observe(document.body);
  if (problem) tell("error", { code: problem });
  else if (outcome === "signed" || outcome === "refused") tell(outcome, { code });
  const close = document.querySelector("[data-close]");
  close.hidden = false;
  close.addEventListener("click", () => {
    tell("closed", { code });
    parent.postMessage("closed", origin); // as clients of other platforms expect it
  });
}
