// Search everything: "/" or the link in the bar opens a dialog. A page with a search box of its own keeps "/" for it.

import { find } from "./page.js";
import { isPlain, isTyping, walk } from "./walking.js";

/** @import { ElementEvent } from "./types.js" */

const WORDS = "#search-all-words";
const HITS = "#search-all-found a";

/** Open the dialog, with the words of the last search selected. @param {Event} event */
function open(event) {
  const dialog = find("#search-all");
  if (!dialog?.showModal || dialog.open) return;
  event.preventDefault();
  dialog.showModal();
  find(WORDS).select();
}

document.addEventListener("click", (/** @type {MouseEvent & ElementEvent} */ event) => {
  const isPlainClick = !(event.ctrlKey || event.metaKey || event.shiftKey);
  if (isPlainClick && event.target.closest?.("[data-search]")) open(event);
});

document.addEventListener("keydown", (event) => {
  if (!isPlain(event)) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event, WORDS, HITS);
  const isFree = !event.defaultPrevented && !isTyping(event.target) && !find("dialog[open]");
  if (event.key === "/" && isFree && find("[data-search][aria-keyshortcuts]") && !find("#search[aria-keyshortcuts]")) open(event);
});
