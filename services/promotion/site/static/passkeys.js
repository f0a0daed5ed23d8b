// Forms with data-passkey ask the browser for one before they are sent; where it has none they stay out of sight.
const { PublicKeyCredential: keys } = window;

async function credential(form) {
  const asked = JSON.parse(form.dataset.options);
  if (form.dataset.passkey === "new")
    return navigator.credentials.create({ publicKey: keys.parseCreationOptionsFromJSON(asked) });
  return navigator.credentials.get({ publicKey: keys.parseRequestOptionsFromJSON(asked) });
}

async function ask(event) {
  event.preventDefault();
  const form = event.target;
  try {
    form.elements.credential.value = JSON.stringify((await credential(form)).toJSON());
    form.submit();
  } catch {
    form.querySelector("[data-failed]").hidden = false;
  }
}

if (keys?.parseCreationOptionsFromJSON)
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.addEventListener("submit", ask);
    form.closest("[data-needs-passkeys]").hidden = false;
  }
