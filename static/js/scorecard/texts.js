// The texts of the scorecard itself: stored while typed, sent after a pause and on leaving the field.

import { beside } from "../outbox/notes.js";
import { throttled } from "../outbox/storage.js";
import { find, findAll, plural } from "../page.js";

const plain = (text) => text.replace(/\r\n?/g, "\n");

/** Say under a field why it was not saved; the text stays. A text that the live page left may have no field here. */
export function explain(field, words) {
  if (!field) return;
  field.setAttribute("aria-invalid", String(Boolean(words)));
  const place = find("[data-refused]", field.parentElement);
  if (!place) return;
  place.textContent = words;
  place.hidden = !words;
}

/** Whether a text is short enough. Checked while typing, so that the message does not move the button under a click. */
function fits(field) {
  const over = [...field.value].length - Number(field.dataset.limit);
  explain(field, over > 0 ? `${plural(over, "character")} too long to save.` : "");
  return over <= 0;
}

/** @param {ReturnType<typeof import("../outbox/outbox.js").createOutbox>} outbox */
export function createTexts(outbox) {
  /** @type {{field: any, enqueued: string|null, typing?: ReturnType<typeof throttled>}[]} */
  const texts = findAll("[data-field]").map((field) => ({ field, enqueued: plain(field.defaultValue) }));
  const of = (name) => texts.find(({ field }) => field.dataset.field === name);

  function save(text, how) {
    text.typing?.stop();
    const { value, dataset } = text.field;
    const isTooLong = value !== text.enqueued && !fits(text.field);
    outbox.persistDraft(`scorecard-${dataset.field}`, isTooLong ? { text: value, isTooLong } : null);
    if (value === text.enqueued || isTooLong) return;
    // `before` stays in the journal: the next page compares it with the saved text.
    outbox.enqueue({ kind: "scorecard", target: dataset.field, value, before: text.enqueued }, how);
    text.enqueued = value;
  }

  for (const text of texts) {
    text.typing = throttled(() => save(text, { isTyping: true }));
    text.field.addEventListener("input", () => {
      fits(text.field);
      text.typing.changed();
    });
    text.field.addEventListener("blur", () => {
      save(text);
      outbox.release();
    });
    // Typed before this script ran.
    save(text);
  }

  return {
    flush: () => texts.forEach((text) => save(text)),
    hasUnsaved: () => texts.some(({ field, enqueued }) => field.value !== enqueued),

    /** Add a line to a text. */
    append(name, line) {
      const text = of(name);
      text.field.value = [text.field.value.trimEnd(), line].filter(Boolean).join("\n");
      save(text);
    },

    /** Put a closed page's too long text back into its field. @returns {boolean} whether there is one */
    draftAdopted(target, value) {
      const text = texts.find(({ field }) => `scorecard-${field.dataset.field}` === target);
      if (!text) return false;
      text.field.value = text.field.value === text.enqueued ? value.text : beside(text.field.value, value.text);
      save(text);
      return true;
    },

    /** Put a closed page's text into its field, combined with what was written here meanwhile, which is then sent after it. */
    adopted({ client, target, value, before }) {
      const text = of(target);
      if (!text) return;
      const { field, enqueued } = text;
      const here = field.value;
      const isMine = ({ kind, ...other }) => kind === "scorecard" && other.target === target && other.client !== client;
      if (here === (before ?? enqueued) || value.startsWith(here)) field.value = value;
      else if (before && here.endsWith(before)) field.value = here.slice(0, -before.length) + value;
      else field.value = beside(here, value);
      text.enqueued = field.value === value && here === enqueued && !outbox.waiting().some(isMine) ? value : null;
      save(text);
    },
  };
}
