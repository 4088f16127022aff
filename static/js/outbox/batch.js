// Which pending commands go into one request, and what of them is sent.

/** @import { Command, Entry } from "../types.js" */

// The most bytes of values in one request.
const MOST_BYTES = 40_000;
// Kinds whose newer text replaces an older one that was not sent yet.
export const TEXTS = ["note", "scorecard"];

/** @param {string} text */
export const sizeOf = (text) => new TextEncoder().encode(text).length;

/** Whether two commands change the same thing. @param {Command} one @param {Command} other */
export const isSame = (one, other) => one.kind === other.kind && one.target === other.target;

/** Whether the command is a newer state of an unsent text. A sent one may have arrived already. @param {Entry} entry @param {Command} command */
export function isSameText(entry, command) {
  const isText = typeof entry.value === "string" && typeof command.value === "string";
  return isText && entry.kind === command.kind && entry.target === (command.target ?? null) && !entry.is_sent;
}

/**
 * The next request: the oldest pending command, and as many after it as fit.
 * @param {Entry[]} queue oldest first @param {number} most @param {(entry: Entry) => boolean} mustWait
 */
export function nextBatch(queue, most, mustWait) {
  /** @type {Entry[]} */
  const batch = [];
  let size = 0;
  for (const entry of queue) {
    if (mustWait(entry)) break;
    // It starts from the revision that the receipt of the one before it will name.
    if (entry.base_rev !== null && batch.some((other) => isSame(other, entry))) break;
    size += sizeOf(JSON.stringify(entry.value));
    if (batch.length && (batch.length >= most || size > MOST_BYTES)) break;
    batch.push(entry);
  }
  return batch;
}

/** A command as it is sent; its age is exact even where this device's clock is wrong. @param {Entry} entry @param {{sender: number, now: number}} page */
export function bodyOf({ id, client, n, kind, target, value, base_rev, at, undoes }, { sender, now }) {
  const age = Math.max(0, Math.round(now - at));
  return { sender, id, client, n, kind, target, value, base_rev, age, undoes };
}
