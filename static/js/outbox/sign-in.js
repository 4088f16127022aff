// Signs in again in a dialog, without leaving the page and its unsaved text.

import { csrfToken, find } from "../page.js";

const dialog = find("#sign-in-again");
const form = find("form", dialog);
const problem = find("[data-sign-in-problem]", dialog);
const other = find("[data-sign-in-other]", dialog);
const button = find("[type=submit]", form);
let told = () => {};

function say(words) {
  problem.textContent = words;
  problem.hidden = !words;
}

/** @returns {Promise<{user?: number, error?: string}>} */
async function ask() {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  try {
    const answer = await fetch(dialog.dataset.url, {
      method: "POST",
      headers,
      body: new URLSearchParams(/** @type {any} */ (new FormData(form))),
      redirect: "manual",
    });
    const body = await answer.json();
    return Number.isInteger(body.user) || body.error ? body : { error: "The server didn’t respond. Try again." };
  } catch {
    return { error: "The server didn’t respond. Try again." };
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  say("");
  const { user, error } = await ask();
  button.disabled = false;
  form.elements.password.value = "";
  if (error) {
    say(error);
    form.elements.password.focus();
    return;
  }
  const isSame = user === Number(dialog.dataset.user);
  form.hidden = !isSame;
  other.hidden = isSame;
  if (isSame) {
    dialog.close();
    told();
  } else find("a", other).focus();
});

find("[data-sign-in-close]", dialog).addEventListener("click", () => dialog.close());

/** Ask for the password. `onSignedIn` is called once the same user is signed in again. */
export function openSignIn(onSignedIn) {
  told = onSignedIn;
  say("");
  form.hidden = false;
  other.hidden = true;
  if (!dialog.open) dialog.showModal();
  form.elements.password.focus();
}
