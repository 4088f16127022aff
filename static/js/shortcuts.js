// Links and buttons that a key presses: data-key="i"; and forms that Ctrl Enter saves. A key belongs to the part of the page that has the focus
// (data-key-scope) if that has such a link, else to the last one outside: an open question comes after its list.

import { find, findAll } from "./page.js";
import { isPlain, isTyping } from "./walking.js";

/** @import { ElementEvent } from "./types.js" */

document.addEventListener("keydown", (/** @type {KeyboardEvent & ElementEvent} */ event) => {
  // As in a comment on GitHub: a form that is marked so is saved from any of its fields.
  const form = event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest("form[data-ctrl-enter]");
  if (form && !event.repeat) form.requestSubmit();
  if (!isPlain(event) || event.repeat || event.key.length !== 1 || isTyping(event.target)) return;
  const selector = `[data-key="${CSS.escape(event.key)}"]`;
  const scope = event.target.closest("[data-key-scope]");
  // An open dialog covers what is outside.
  const isCovered = Boolean(find("dialog[open]"));
  const outside = () => (isCovered ? [] : findAll(selector).filter((one) => !one.closest("[data-key-scope]")));
  const link = (scope && find(selector, scope)) ?? outside().at(-1);
  if (!link) return;
  event.preventDefault();
  link.click();
});
