// Notes and ratings of a question that was added without the server: held in this browser until the question has its
// card, and put there.

import { throttled } from "../outbox/storage.js";
import { find, findAll, setText } from "../page.js";
import { rootOf } from "./state.js";

/** @import { State } from "../types.js" */

const RATINGS = ["", "Poor", "Mixed", "Good", "Excellent"];
const DRAFT = "adding-";

/**
 * @typedef {{text: string, rating: number, prompt: string}} Held
 * @param {{state: () => State, outbox: any, rate: (id: number, value: number) => void}} page
 */
export function createHeld({ state, outbox, rate }) {
  /** By the id of the command that adds the question. @type {Map<string, Held>} */
  const held = new Map();
  const rowOf = (target) => find(`[data-adding-list] [data-key="${target}"]`);

  /** At once, so that a row which goes away loses nothing. @param {string} target @param {Held} one */
  function keep(target, one) {
    if (one.text.trim() || one.rating) held.set(target, one);
    else held.delete(target);
  }

  const persist = (target) => outbox.persistDraft(DRAFT + target, held.get(target) ?? null);

  /** The values of a row’s fields. @returns {Held} */
  function read(row) {
    return {
      text: find("textarea", row).value,
      rating: Number(find("input:checked", row)?.value ?? 0),
      prompt: find("[data-text]", row).textContent,
    };
  }

  /** Put `text` into a field of notes as if it were typed there. */
  function type(field, text) {
    field.value = [field.value, text].filter(Boolean).join("\n");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    // Saves at once.
    field.dispatchEvent(new Event("blur"));
  }

  /** @param {string} target @param {number} id of its question, whose card is on the page */
  function settle(target, id) {
    const row = rowOf(target);
    const one = held.get(target);
    const field = find(`[data-note="${id}"]`);
    const caret = row?.contains(document.activeElement) && find("textarea", row) === document.activeElement;
    if (one?.text.trim()) type(field, one.text);
    if (one?.rating) rate(id, one.rating);
    held.delete(target);
    persist(target);
    // Once the card is in sight.
    if (caret) queueMicrotask(() => field.focus());
  }

  return {
    /** Fill the row of a question that waits to be added. @param {HTMLElement} row @param {{key: string, text: string}} one */
    fill(row, { key: target, text }) {
      setText(find("[data-text]", row), text);
      if (row.dataset.isReady) return;
      row.dataset.isReady = "true";
      const known = held.get(target);
      find("textarea", row).value = known?.text ?? "";
      for (const radio of findAll("input", row)) {
        radio.name = `held-${target}`;
        radio.checked = Number(radio.value) === known?.rating;
      }
      const typing = throttled(() => persist(target));
      row.addEventListener("input", () => {
        keep(target, read(row));
        typing.changed();
      });
    },

    /** Those whose command has left and whose card has not come. @returns {{key: string, text: string}[]} */
    rows: () => [...held].map(([key, { prompt }]) => ({ key, text: prompt })),

    /** A card came onto the page. @param {number} id */
    card(id) {
      const target = state().questions.find((question) => question.id === id)?.added?.id;
      if (target && (held.has(target) || rowOf(target))) settle(target, id);
    },

    /** The question can't be added: its notes go to the general ones. @param {string} target */
    refused(target) {
      const one = held.get(target);
      if (!one) return;
      const rated = one.rating ? ` (${RATINGS[one.rating]})` : "";
      if (one.text.trim() || rated) type(find('[data-note="interview"]'), `On “${one.prompt}”${rated}: ${one.text}`);
      held.delete(target);
      persist(target);
    },

    /** Take over what a closed page has held. @param {string} draft @param {any} one @returns {boolean} whether it is such a draft */
    adopt(draft, one) {
      if (!draft.startsWith(DRAFT)) return false;
      const target = draft.slice(DRAFT.length);
      keep(target, one);
      persist(target);
      const root = rootOf(state(), target);
      if (root && find(`#q-${root.id}`)) settle(target, root.id);
      return true;
    },
  };
}
