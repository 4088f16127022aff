// For a panelist who has left the panel: sends their pending commands, then reloads to show what was saved.

import { find } from "../page.js";
import { wordsOf } from "./drafts.js";
import { createOutbox } from "./outbox.js";

const place = find("[data-unsent]");
let saved = 0;

const outbox = createOutbox({
  url: place.dataset.unsent,
  sender: Number(document.body.dataset.user),
  interview: Number(place.dataset.interview),
  onReceipt: () => {
    saved += 1;
  },
  onRefused: show,
});
outbox.onChange(() => {
  if (saved && !outbox.waiting().length) location.reload();
});

/** Show a refused text, to copy. */
function show(entry, words) {
  const text = wordsOf(entry.value);
  if (!text) return;
  const said = document.createElement("p");
  const copy = document.createElement("p");
  said.textContent = `Couldn’t save: ${words}`;
  copy.className = "card pre";
  copy.dir = "auto";
  copy.textContent = text;
  place.append(said, copy);
}
