// Sorts what a closed page left in the journal.

/** @import { Entry } from "../types.js" */

const WEEK = 7 * 24 * 3_600_000;
const TOO_OLD = "This change is more than a week old, so it wasn’t sent automatically.";

/**
 * `refused` entries have their reason; `tooOld` ones are no longer sent, and get theirs here; `drafts` were never added;
 * `waiting` are sent now.
 * @param {Entry[]} entries @param {number} now in ms
 */
export function sortAdopted(entries, now) {
  /** @type {Record<"refused"|"tooOld"|"drafts"|"waiting", Entry[]>} */
  const sorted = { refused: [], tooOld: [], drafts: [], waiting: [] };
  for (const entry of entries) {
    if (entry.refused) sorted.refused.push(entry);
    else if (entry.kind === "draft") sorted.drafts.push(entry);
    else if (now - entry.at >= WEEK) sorted.tooOld.push(Object.assign(entry, { refused: TOO_OLD, is_ours: true }));
    else sorted.waiting.push(entry);
  }
  return sorted;
}
