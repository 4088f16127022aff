// A dialog with one line to type: what is typed is stored in this browser until it is sent, and outlives the page.

import { beside } from "../outbox/notes.js";
import { throttled } from "../outbox/storage.js";
import { find } from "../page.js";

/**
 * @param {{name: string, outbox: any, drawers: any, whyNot: () => string|null, explain: (words: string) => void,
 *   onOpen?: () => void}} options `name` is the dialog's and the draft's; `whyNot`: why it can't be sent now
 */
export function createLineDialog({ name, outbox, drawers, whyNot, explain, onOpen }) {
  const dialog = find(`#${name}`);
  const field = find(`[data-${name}-field]`);
  const persist = () => outbox.persistDraft(name, field.value.trim() ? { text: field.value } : null);
  const draft = throttled(persist);
  field.addEventListener("input", draft.changed);

  function close() {
    field.blur();
    dialog.close();
  }

  return {
    field,
    close,

    open() {
      const why = whyNot();
      if (why) return explain(why);
      if (dialog.open) return undefined;
      drawers.close();
      dialog.showModal();
      onOpen?.();
      return field.select();
    },

    /** Empty the field and close the dialog: the line is sent. */
    finish() {
      field.value = "";
      outbox.persistDraft(name, null);
      close();
    },

    /**
     * Put a line that a closed page has left back into the field.
     * @param {string} target @param {{text: string}} value @returns {boolean} whether it is this one
     */
    adopt(target, value) {
      if (target !== name) return false;
      field.value = field.value.trim() ? beside(field.value, value.text).replace(/\s+/g, " ") : value.text;
      // As this page's own: the closed page's is deleted next.
      persist();
      return true;
    },
  };
}
