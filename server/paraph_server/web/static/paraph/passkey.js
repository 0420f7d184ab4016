// Ask the browser for a passkey, or to make one, and send its answer like any other form.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const known = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));

function question(kind, written) {
  const asked = { ...written, challenge: bytes(written.challenge) };
  if (kind === "get") return { ...asked, allowCredentials: known(asked.allowCredentials) };
  return { ...asked, user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: known(asked.excludeCredentials) };
}

function answer({ id, rawId, type, response }) {
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) said[name] = text(response[name]);
  }
  return JSON.stringify({ id, rawId: text(rawId), type, response: said, clientExtensionResults: {} });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const kind = form.dataset.passkey;
  const written = JSON.parse(form.querySelector("#passkey-options").textContent);
  form.querySelector("[data-impossible]").hidden = Boolean(window.PublicKeyCredential);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const refused = form.querySelector("[data-refused]");
    refused.hidden = true;
    try {
      const made = await navigator.credentials[kind]({ publicKey: question(kind, written) });
      form.elements.answer.value = answer(made);
      form.submit();
    } catch {
      refused.hidden = false;
      form.querySelector("button").removeAttribute("aria-busy");
    }
  });
}
