// The question bank by keyboard: "/" searches, arrows walk through the list; and the list marks what is open.

import { find, findAll } from "./page.js";
import "./shortcuts.js";
import { isPlain, isTyping, walk } from "./walking.js";

/** @import { ElementEvent } from "./types.js" */

const SEARCH = "#search";
const LINKS = "#results [data-question]";

document.addEventListener("keydown", (event) => {
  // An open dialog takes the keys.
  if (!isPlain(event) || find("dialog[open]")) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event, SEARCH, LINKS);
  const search = find(`${SEARCH}[aria-keyshortcuts]`);
  if (event.key === "/" && search?.checkVisibility() && !isTyping(event.target)) {
    event.preventDefault();
    search.select();
    search.focus();
  }
});

/** Focus the first new question after "Show more". */
let firstNew = -1;
document.addEventListener("htmx:beforeRequest", (/** @type {ElementEvent} */ event) => {
  firstNew = Number(event.detail.elt.dataset.more ?? -1);
});

document.addEventListener("htmx:afterSettle", (/** @type {ElementEvent} */ event) => {
  if (event.detail.target?.id === "question") {
    const open = find("[data-open-question]")?.dataset.openQuestion;
    for (const link of findAll(LINKS)) {
      if (link.dataset.question === open) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    // In one column the list is hidden, and the focus would be lost.
    if (!document.activeElement?.checkVisibility() || document.activeElement === document.body) {
      find("#question")?.focus();
    }
  } else if (firstNew >= 0) {
    findAll(LINKS)[firstNew]?.focus();
    firstNew = -1;
  }
});

find(`${LINKS}[aria-current]`)?.scrollIntoView({ block: "nearest" });
