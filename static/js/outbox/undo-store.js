// Stores what can be undone in IndexedDB, by user and interview, so that it outlives a reload.

import { createDrafts, painted } from "./storage.js";

/** @import { Act } from "../types.js" */

const DAY = 24 * 3_600_000;

// Stored beside the drafts of forms, which have other names.
const rowsOf = (user) => createDrafts(`undo:${user}`);

/** @param {{user: number, interview: number, now: () => number}} whose */
export function createUndoStore({ user, interview, now }) {
  const rows = rowsOf(user);
  const name = (id) => `${interview}:${id}`;
  // Without IndexedDB, what can be undone lasts as long as the page.
  const quietly = (promise) => promise.catch(() => {});

  return {
    /** @param {Act[]} acts @param {string[]} gone */
    async save(acts, gone) {
      await painted();
      for (const act of acts) quietly(rows.put(name(act.id), act));
      for (const id of gone) quietly(rows.remove(name(id)));
    },

    /** The acts in this interview; those of any interview that are older than a day are deleted. @returns {Promise<Act[]>} */
    async load() {
      const all = await rows.all().catch(() => []);
      const isOld = ({ value }) => now() - value.at >= DAY;
      for (const row of all.filter(isOld)) quietly(rows.remove(row.name));
      return all.filter((row) => row.name.startsWith(`${interview}:`) && !isOld(row)).map(({ value }) => value);
    },
  };
}

/** Delete what this user could undo, in every interview on this device. */
export const clearUndo = (user) => rowsOf(user).clear();
