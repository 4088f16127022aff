// Search by keyboard: arrows walk from a search box through the links below it, and back.

import { find, findAll } from "./page.js";

/** @param {EventTarget | null} target */
export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/**
 * Move the focus from the search box or one of the links by one; up from the first link leads back to the box.
 * @param {KeyboardEvent} event @param {string} search @param {string} links selectors
 */
export function walk(event, search, links) {
  const found = findAll(links);
  const here = found.indexOf(document.activeElement);
  if (here < 0 && !document.activeElement?.matches(search)) return;
  const there = here + (event.key === "ArrowDown" ? 1 : -1);
  const next = there < 0 ? find(search) : found[there];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

/** Whether a key press is a shortcut: no modifier is held, and no text is being composed. @param {KeyboardEvent} event */
export const isPlain = (event) => !(event.altKey || event.ctrlKey || event.metaKey || event.isComposing);
