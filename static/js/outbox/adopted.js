// Sorts what a closed page left in the journal.

/** @import { Entry } from "../types.js" */

const WEEK = 7 * 24 * 3_600_000;

/**
 * `refused` entries have their reason; `tooOld` ones are no longer sent; `drafts` were never added; `waiting` are sent now.
 * @param {Entry[]} entries @param {number} now in ms
 */
export function sortAdopted(entries, now) {
  /** @type {Record<"refused"|"tooOld"|"drafts"|"waiting", Entry[]>} */
  const sorted = { refused: [], tooOld: [], drafts: [], waiting: [] };
  for (const entry of entries) {
    if (entry.refused) sorted.refused.push(entry);
    else if (entry.kind === "draft") sorted.drafts.push(entry);
    else if (now - entry.at >= WEEK) sorted.tooOld.push(entry);
    else sorted.waiting.push(entry);
  }
  return sorted;
}
