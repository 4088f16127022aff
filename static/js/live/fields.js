// Text fields, and elements in sight.

/** Whether one types into it, short or long. */
export const isText = (element) => element?.matches("textarea, input[type=text]");

/** Whether keys belong to it, and not to the page. */
export const isField = (element) => element?.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");

export const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });

/**
 * Remember what has the focus, for what takes it away for a while.
 * @param {HTMLElement} opener the button for it, which gets the focus where nothing had it
 * @returns {() => void} gives the focus back
 */
export function rememberFocus(opener) {
  const before = /** @type {HTMLElement} */ (document.activeElement);
  return () => (before !== document.body && isSeen(before) ? before : opener).focus({ preventScroll: true });
}

/** The key of the row that an element is in. */
export const keyAround = (element) => element.closest("[data-key]")?.dataset.key;
