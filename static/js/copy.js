// A read-only field that selects itself, with a button that copies it.

import { find, findAll } from "./page.js";

for (const field of findAll("[data-select-all]")) {
  field.addEventListener("focus", () => field.select());
}

for (const button of findAll("[data-copy]")) {
  if (!navigator.clipboard) continue; // only over https and on this machine; the field can still be copied by hand
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(find(`#${button.dataset.copy}`).value);
    find("[data-copied]").textContent = "Copied.";
  });
}
