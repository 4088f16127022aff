// Notes, good points, flags and ratings of a question that was added without the server: held in this browser until the
// question has its card, and put there.

import { heldWords, linesOf } from "../outbox/drafts.js";
import { throttled } from "../outbox/storage.js";
import { find, findAll, setText } from "../page.js";
import { isSeen } from "./fields.js";
import { openNote } from "./sight.js";
import { ratingOf, rootOf } from "./state.js";

/** @import { State } from "../types.js" */

const DRAFT = "adding-";
const [TEXT, POINTS, FLAGS, RATING] = ["[data-held-notes]", "[data-held-points]", "[data-held-flags]", "[role=radiogroup]"];
// The server takes no longer point.
const LONGEST_POINT = 500;

/**
 * @typedef {{text: string, rating: number, prompt: string, isRated?: boolean, points?: string, flags?: Record<string, string>}} Held
 *   `isRated`: not a conversation; `points`: one a line; `flags`: their words by name
 * @param {{state: () => State, outbox: any, notes: any, actions: any}} page
 */
export function createHeld({ state, outbox, notes, actions }) {
  /** By the id of the command that adds the question. @type {Map<string, Held>} */
  const held = new Map();
  const rowOf = (target) => find(`[data-adding-list] [data-key="${target}"]`);

  /** @param {Held|undefined} one */
  const isWritten = (one) => Boolean(one && (one.text.trim() || one.rating || one.points?.trim() || Object.keys(one.flags ?? {}).length));

  /**
   * At once, so that a row which goes away loses nothing. One that has the focus stays, even if it is still empty.
   * @param {string} target @param {Held} one @param {{hasFocus?: boolean}} [row]
   */
  function keep(target, one, { hasFocus = false } = {}) {
    if (isWritten(one) || hasFocus) held.set(target, one);
    else held.delete(target);
  }

  function persist(target) {
    const one = held.get(target);
    outbox.persistDraft(DRAFT + target, isWritten(one) ? one : null);
  }

  /** The values of a row’s fields. @returns {Held} */
  function read(row) {
    return {
      text: find(TEXT, row).value,
      points: find(POINTS, row).value,
      flags: Object.fromEntries(findAll(`${FLAGS} input:checked`, row).map((box) => [box.value, box.parentElement.textContent.trim()])),
      rating: Number(find(`${RATING} input:checked`, row)?.value ?? 0),
      prompt: find("[data-text]", row).textContent,
      isRated: !find(RATING, row).hidden,
    };
  }

  /** "I don’t know" is never rated below Mixed. @param {HTMLElement} row */
  function floor(row) {
    const [poor, mixed] = findAll(`${RATING} input`, row);
    if (!poor) return;
    poor.disabled = findAll(`${FLAGS} input:checked`, row).some((box) => box.value === "dont_know");
    if (poor.disabled && poor.checked) mixed.checked = true;
  }

  /**
   * Forget a row whose words are elsewhere now. The caret goes along: out of any field, the rest of the sentence would run
   * as commands. @param {string} target @param {() => HTMLElement} noteOf where the words are
   */
  function leave(target, noteOf) {
    const row = rowOf(target);
    const fields = row ? [find(TEXT, row), find(POINTS, row)] : [];
    const hasCaret = fields.some((field) => document.activeElement === field);
    // Typed until the row goes away, it is no second copy.
    for (const field of fields) field.value = "";
    for (const box of row ? findAll("input", row) : []) box.checked = false;
    held.delete(target);
    persist(target);
    if (!hasCaret) return;
    // Once the card is in sight.
    queueMicrotask(() => {
      if (isSeen(noteOf())) noteOf().focus();
      else openNote();
    });
  }

  /** @param {string} target @param {number} id of its question, whose card is on the page */
  function settle(target, id) {
    const one = held.get(target);
    if (one) {
      const [points, tooLong] = [true, false].map((fits) =>
        linesOf(one.points ?? "").filter((line) => line.length <= LONGEST_POINT === fits),
      );
      const text = [one.text, ...tooLong].filter((part) => part.trim()).join("\n");
      if (text) notes.append(id, text);
      for (const point of points) actions.unlisted(id, point);
      // Before the rating, which it may forbid.
      for (const name of Object.keys(one.flags ?? {})) if (!ratingOf(state(), id).flags.includes(name)) actions.flag(id, name);
      if (one.rating) actions.rate(id, one.rating);
    }
    leave(target, () => find(`[data-note="${id}"]`));
  }

  /** The question can't be added: its notes go to the general ones. @param {string} target */
  function refused(target) {
    const one = held.get(target);
    if (isWritten(one)) notes.append(null, heldWords(one));
    leave(target, () => find('[data-note="interview"]'));
  }

  /** @param {string} target @returns {boolean} whether its card was there */
  function settleIfThere(target) {
    const root = rootOf(state(), target);
    if (!root || !find(`#q-${root.id}`)) return false;
    settle(target, root.id);
    return true;
  }

  return {
    refused,

    /** Fill the row of a question that waits to be added. @param {HTMLElement} row @param {{key: string, text: string, isRated?: boolean}} one */
    fill(row, { key: target, text, isRated = true }) {
      setText(find("[data-text]", row), text);
      if (row.dataset.isReady) return;
      row.dataset.isReady = "true";
      find(TEXT, row).setAttribute("aria-label", `Notes on “${text}”`);
      find(POINTS, row).setAttribute("aria-label", `Good points of “${text}”`);
      find(RATING, row).setAttribute("aria-label", `Rating of “${text}”`);
      for (const part of [POINTS, FLAGS, RATING]) find(part, row).hidden = !isRated;
      const known = held.get(target);
      find(TEXT, row).value = known?.text ?? "";
      find(POINTS, row).value = known?.points ?? "";
      for (const box of findAll(`${FLAGS} input`, row)) box.checked = box.value in (known?.flags ?? {});
      for (const radio of findAll(`${RATING} input`, row)) {
        radio.name = `held-${target}`;
        radio.checked = Number(radio.value) === known?.rating;
      }
      floor(row);
      const typing = throttled(() => persist(target));
      row.addEventListener("focusin", () => keep(target, read(row), { hasFocus: true }));
      row.addEventListener("input", () => {
        floor(row);
        keep(target, read(row), { hasFocus: true });
        typing.changed();
      });
      row.addEventListener("focusout", () => {
        keep(target, read(row));
        // Written after its card had come.
        if (held.has(target)) settleIfThere(target);
      });
    },

    /** Those whose command has left and whose card has not come. @returns {{key: string, text: string, isRated: boolean}[]} */
    rows: () => [...held].map(([key, { prompt, isRated = true }]) => ({ key, text: prompt, isRated })),

    /** A card came onto the page. @param {number} id */
    card(id) {
      const target = state().questions.find((question) => question.id === id)?.added?.id;
      if (target && (held.has(target) || rowOf(target))) settle(target, id);
    },

    /** Take over what a closed page has held. @param {string} draft @param {any} one @returns {boolean} whether it is such a draft */
    adopt(draft, one) {
      if (!draft.startsWith(DRAFT)) return false;
      const target = draft.slice(DRAFT.length);
      keep(target, one);
      persist(target);
      // The closed page was told that it is refused, or gave it up after a week.
      const isRefused = () => outbox.refused().some((entry) => entry.kind === "add" && entry.target === target);
      if (!settleIfThere(target) && isRefused()) refused(target);
      return true;
    },
  };
}
