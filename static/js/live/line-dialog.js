// A dialog with a text to type: what is typed is stored in this browser until it is sent, and outlives the page.

import { beside } from "../outbox/notes.js";
import { throttled } from "../outbox/storage.js";
import { find } from "../page.js";

/**
 * @param {{name: string, outbox: any, drawers: any, whyNot: () => string|null, explain: (words: string) => void,
 *   onOpen?: () => void, problemOf?: (text: string) => string, send?: (text: string) => void}} options `name` is the
 *   dialog's and the draft's; `whyNot`: why it can't be sent now; `problemOf`: what is wrong with a text, or ""; without `send`, the caller listens to the form
 */
export function createLineDialog({ name, outbox, drawers, whyNot, explain, onOpen, problemOf, send }) {
  const dialog = find(`#${name}`);
  const field = find(`[data-${name}-field]`);
  const persist = () => outbox.persistDraft(name, field.value.trim() ? { text: field.value } : null);
  const draft = throttled(persist);
  field.addEventListener("input", () => {
    field.setCustomValidity("");
    draft.changed();
  });

  function close() {
    field.blur();
    dialog.close();
  }

  /** Empty the field and close the dialog: the text is sent. */
  function finish() {
    field.value = "";
    outbox.persistDraft(name, null);
    close();
  }

  if (send) {
    find(`[data-${name}-form]`).addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (!text) return;
      const why = whyNot();
      if (why) {
        explain(why);
        return;
      }
      field.setCustomValidity(problemOf?.(text) ?? "");
      if (!field.reportValidity()) return;
      finish();
      send(text);
    });
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

    finish,

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
