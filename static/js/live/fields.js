// Text fields, and elements in sight.

/** Whether one types into it, short or long. */
export const isText = (element) => element?.matches("textarea, input[type=text]");

/** Whether keys belong to it, and not to the page. */
export const isField = (element) => element?.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");

export const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });

/**
 * Remember the text field that has the focus, for what takes it away for a while.
 * @returns {() => boolean} gives the focus back, and says whether there was such a field and it is still in sight
 */
export function rememberField() {
  const field = /** @type {HTMLElement} */ (document.activeElement);
  return () => {
    if (!isText(field) || !isSeen(field)) return false;
    field.focus({ preventScroll: true });
    return true;
  };
}

/** The key of the row that an element is in. */
export const keyAround = (element) => element.closest("[data-key]")?.dataset.key;
