// Enter continues a list in a field whose text is shown as Markdown; on an empty item it ends the list. A sign
// that is typed too, out of habit, is there once. Tab stays the browser's, so that the keyboard leads out of the field.

/** @import { ElementEvent } from "./types.js" */

const FIELDS = "textarea[data-note], textarea[data-markdown]";
const ITEM = /^([ \t]*)(?:([-*+])|(\d{1,8})([.)]))([ \t]+)/;

/**
 * The change that Enter makes in a list; null where it is an ordinary line break.
 * @param {string} text @param {number} caret
 * @returns {{from: number, to: number, insert: string}|null}
 */
export function onEnter(text, caret) {
  const start = text.lastIndexOf("\n", caret - 1) + 1;
  const next = text.indexOf("\n", caret);
  const end = next < 0 ? text.length : next;
  const item = ITEM.exec(text.slice(start, end));
  if (!item || caret < start + item[0].length) return null;
  const [lead, indent, bullet, number, after, space] = item;
  if (!text.slice(start + lead.length, end).trim()) return { from: start, to: end, insert: "" };
  const marker = bullet ?? `${Number(number) + 1}${after}`;
  return { from: caret, to: caret, insert: `\n${indent}${marker}${space}` };
}

/**
 * The change that leaves one sign where it was typed after Enter had put it there; null where it was not.
 * @param {string} text @param {number} caret @param {{text: string, end: number}|null} put what Enter has put, and where it ends
 * @returns {{from: number, to: number, insert: string}|null}
 */
export function onTyped(text, caret, put) {
  const sign = put?.text.trimStart();
  if (!sign || caret !== put.end + sign.length || text.slice(put.end - put.text.length, caret) !== put.text + sign) return null;
  return { from: put.end, to: caret, insert: "" };
}

/** Type the change, so that the browser's own undo takes it back. */
function apply(field, { from, to, insert }) {
  field.setSelectionRange(from, to);
  const isDone = document.execCommand(insert ? "insertText" : "delete", false, insert);
  if (isDone) return;
  field.setRangeText(insert, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Continue lists in every such field of the page. */
export function continueLists() {
  /** @type {{field: any, text: string, end: number}|null} */
  let put = null;
  document.addEventListener("keydown", (/** @type {KeyboardEvent & ElementEvent} */ event) => {
    const { target: field, key } = event;
    const isHeld = event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
    if (key !== "Enter" || isHeld || !field.matches?.(FIELDS) || field.readOnly) return;
    if (field.selectionStart !== field.selectionEnd) return;
    const change = onEnter(field.value, field.selectionStart);
    if (!change) return;
    event.preventDefault();
    apply(field, change);
    put = change.insert ? { field, text: change.insert.slice(1), end: field.selectionEnd } : null;
  });
  document.addEventListener("input", (/** @type {InputEvent & ElementEvent} */ { target: field, inputType }) => {
    if (field !== put?.field || inputType !== "insertText") return;
    const change = onTyped(field.value, field.selectionEnd, put);
    if (!change) return;
    put = null;
    apply(field, change);
  });
}
