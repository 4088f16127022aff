// Texts that are stored but not sent: a line not added yet, or a text that is too long.

import { uuid } from "./uuid.js";

/** @import { Entry } from "../types.js" */

const RATINGS = ["", "Poor", "Mixed", "Good", "Excellent"];

/**
 * Notes and judgements at a question that was not added, in words for another place.
 * @param {{text: string, rating: number, prompt: string, flags?: Record<string, string>, points?: string}} held
 */
export function heldWords({ text, rating, prompt, flags = {}, points = "" }) {
  const judged = [...(rating ? [RATINGS[rating]] : []), ...Object.values(flags)].join(", ");
  const first = `On “${prompt}”${judged ? ` (${judged})` : ""}: ${text}`.trimEnd();
  return [first, ...linesOf(points).map((line) => `+ ${line}`)].join("\n");
}

/** Good points as typed, one a line. @param {string} points */
export const linesOf = (points) =>
  points
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** The text of an entry that was not saved, "" if it has none. @param {any} value */
export function wordsOf(value) {
  if (typeof value === "string") return value;
  return value?.prompt ? heldWords(value) : (value?.text ?? "");
}

/**
 * @param {{client: string, now: () => number, persist: (entry: Entry) => void, forget: (entry: Entry) => void, onChange: () => void}} options
 */
export function createDrafts({ client, now, persist, forget, onChange }) {
  /** By target. @type {Map<string, Entry>} */
  const drafts = new Map();

  return {
    /**
     * Store a text that is not sent (yet); null deletes it. After this page closes, the next one gets it by `onDraft`.
     * @param {string} target @param {{text: string, isTooLong?: boolean, editing?: string, base_rev?: number}|null} value
     */
    persistDraft(target, value) {
      const old = drafts.get(target);
      if (value) {
        const entry = { ...(old ?? { id: uuid(), client, n: 0, kind: "draft", target }), value, at: now() };
        drafts.set(target, entry);
        persist(entry);
      } else if (old) {
        drafts.delete(target);
        forget(old);
      } else return;
      onChange();
    },

    counts() {
      const tooLong = [...drafts.values()].filter(({ value }) => value.isTooLong).length;
      return { tooLong, unsent: drafts.size - tooLong };
    },
  };
}
