// A form whose answer a passkey gives: the browser is asked when the form is sent, and the form goes on with it.
(() => {
  "use strict";

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (known) => (known ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

  // Written out, since not every browser of today has `parseCreationOptionsFromJSON` and `toJSON`.
  const make = async (options) => {
    const publicKey = {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: listed(options.excludeCredentials),
    };
    const made = await navigator.credentials.create({ publicKey });
    const { clientDataJSON, attestationObject } = made.response;
    return answered(made, { clientDataJSON: text(clientDataJSON), attestationObject: text(attestationObject) });
  };

  const ask = async (options) => {
    const publicKey = {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: listed(options.allowCredentials),
    };
    const found = await navigator.credentials.get({ publicKey });
    const { clientDataJSON, authenticatorData, signature, userHandle } = found.response;
    return answered(found, {
      clientDataJSON: text(clientDataJSON),
      authenticatorData: text(authenticatorData),
      signature: text(signature),
      userHandle: userHandle && userHandle.byteLength ? text(userHandle) : null,
    });
  };

  const answered = (credential, response) =>
    JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const told = form.querySelector("[data-passkey-fault]");
    form.addEventListener("submit", async (event) => {
      if (form.elements.answer.value) return;
      event.preventDefault();
      told.hidden = true;
      const options = JSON.parse(form.dataset.options);
      try {
        form.elements.answer.value = await (form.dataset.passkey === "make" ? make(options) : ask(options));
      } catch (error) {
        // A browser without passkeys, nothing chosen, or one that is made already: each is said alike.
        told.hidden = false;
        told.focus();
        return;
      }
      form.submit();
    });
  });
})();
