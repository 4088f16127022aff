// The question bank by keyboard: "/" searches, arrows walk through the list; and the list marks what is open.

import { find, findAll } from "./page.js";

/** @import { ElementEvent } from "./types.js" */

const SEARCH = "#search";
const LINKS = "#results [data-question]";

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Move from the search box or a question of the list by one; up from the first leads back to the search box. */
function walk(event) {
  const links = findAll(LINKS);
  const here = links.indexOf(document.activeElement);
  if (here < 0 && !document.activeElement?.matches(SEARCH)) return;
  const there = here + (event.key === "ArrowDown" ? 1 : -1);
  const next = there < 0 ? find(SEARCH) : links[there];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event);
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
