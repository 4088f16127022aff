// Hashes the chosen file in the browser, so that files of any size can be verified without uploading them.

import { find } from "../page.js";

// The largest upload in bytes: the server's limit, less some room for the form.
const UPLOAD_MAX = 2_900_000;

const form = find("[data-verify]");
const file = find("[name=file]", form);
const hash = find("[name=hash]", form);
const problem = find("[data-verify-problem]", form);

form.addEventListener("submit", async (event) => {
  const [chosen] = file.files;
  problem.hidden = true;
  if (!chosen) return;
  // Available on https and localhost only.
  if (!globalThis.crypto?.subtle) {
    if (chosen.size <= UPLOAD_MAX) return;
    event.preventDefault();
    problem.hidden = false;
    return;
  }
  event.preventDefault();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await chosen.arrayBuffer()));
  hash.value = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  file.value = "";
  form.submit();
});
