// What is a text field, and what is in sight.

/** Whether one types into it, short or long. */
export const isText = (element) => element?.matches("textarea, input[type=text]");

/** Whether keys belong to it, and not to the page. */
export const isField = (element) => element?.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");

export const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });

/** The key of the row that an element is in. */
export const keyAround = (element) => element.closest("[data-key]")?.dataset.key;
