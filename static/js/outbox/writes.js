// Writes entries to the journal. Only their sending waits for this, and not for long.

/** @import { Entry } from "../types.js" */

// Sending waits no longer than this for the journal, in ms.
const SLOW = 1_000;

/** As `promise`, but rejected when it takes too long. @template T @param {Promise<T>} promise @returns {Promise<T>} */
function soon(promise) {
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject);
    setTimeout(reject, SLOW);
  });
}

/**
 * @param {ReturnType<typeof import("./journal.js").createJournal>} journal
 * @param {{onChange: () => void, adopt: (entries: Entry[]) => void}} listeners `onChange`: whether changes are stored is another answer now
 */
export function createWrites(journal, { onChange, adopt }) {
  /** The pending write of each entry. @type {WeakMap<Entry, Promise<void>>} */
  const pending = new WeakMap();
  let isStored = true;

  /** @param {boolean} is */
  function nowStored(is) {
    if (is === isStored) return;
    isStored = is;
    onChange();
  }

  soon(journal.ready).then(
    () => journal.adoptFromTheGone(adopt),
    () => nowStored(false),
  );

  return {
    isStored: () => isStored,

    /** Store an entry, or its newer state. @param {Entry} entry */
    persist(entry) {
      const put = journal.put(entry);
      put.then(
        () => nowStored(true),
        () => {},
      );
      pending.set(
        entry,
        soon(put).catch(() => nowStored(false)),
      );
    },

    /** Delete an entry. @param {Entry} entry */
    forget(entry) {
      // An entry that stays is sent again later, and gets the same receipt.
      journal.remove(entry.id).catch(() => {});
    },

    /** Resolves once these entries are stored, or the journal is too slow. @param {Entry[]} entries */
    written: (entries) => Promise.all(entries.map((entry) => pending.get(entry))),
  };
}
