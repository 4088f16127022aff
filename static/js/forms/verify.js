// The hash of a chosen file is worked out here, so that a file of any size can be verified and none is uploaded.

import { find } from "../page.js";

// What the server takes in one request, in bytes, and room for the form around it.
const UPLOAD_MAX = 2_900_000;

const form = find("[data-verify]");
const file = find("[name=file]", form);
const hash = find("[name=hash]", form);
const problem = find("[data-verify-problem]", form);

form.addEventListener("submit", async (event) => {
  const [chosen] = file.files;
  problem.hidden = true;
  if (!chosen) return;
  // Browsers have it on https and on this machine alone.
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
