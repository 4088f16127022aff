// "Copy my notes" on one's own submitted scorecard.

import { copyNotes } from "../my-notes.js";
import { find } from "../page.js";

const button = find("[data-copy-notes]");
button?.addEventListener("click", async () => {
  const written = JSON.parse(find("#my-notes").textContent);
  find("[data-copied]").textContent = await copyNotes({ title: button.dataset.copyNotes, ...written });
});
