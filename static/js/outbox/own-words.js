// What waits on this machine for an interview whose panel the person has left: sent, kept for them, then shown.

import { find } from "../page.js";
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

/** What the server does not take is shown to copy. */
function show(entry, words) {
  const text = typeof entry.value === "string" ? entry.value : entry.value?.text;
  if (!text) return;
  const said = document.createElement("p");
  const copy = document.createElement("p");
  said.textContent = `Not saved: ${words}`;
  copy.className = "card pre";
  copy.dir = "auto";
  copy.textContent = text;
  place.append(said, copy);
}
