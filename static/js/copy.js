// Read-only fields that select themselves, and buttons that copy one or several of them.

import { copyText } from "./clipboard.js";
import { find, findAll } from "./page.js";

for (const field of findAll("[data-select-all]")) {
  field.addEventListener("focus", () => field.select());
}

for (const button of findAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const texts = button.dataset.copy.split(" ").map((id) => find(`#${id}`).value);
    const isCopied = await copyText(texts.join("\n"));
    find("[data-copied]").textContent = isCopied ? "Copied." : "Couldn’t copy. Select the text and copy it yourself.";
  });
}
