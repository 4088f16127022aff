// What waits for the server, kept in the browser (IndexedDB) so that it outlives the page. Knows nothing of sending.
//
// Entries stand under their person and interview. Each page writes under its own name ("client") and holds a lock of
// that name while it lives; what stands under a name whose lock comes free was left by a page that is gone.

import { connect, ENTRIES, readAll, write } from "./storage.js";

/** @import { Entry } from "../types.js" */

const CHANNEL = "interview-script";
const LOOK_AGAIN = 10_000;

const forever = () => new Promise(() => {});

/** Hold this client's Web Lock until the page closes. Resolves once it is held. @returns {Promise<void>} */
function beAlive(client) {
  return new Promise((resolve, reject) => {
    // Without locks nobody can tell a page that is gone from one that is slow.
    if (!navigator.locks) throw new Error("This browser has no locks.");
    const holdForever = () => {
      resolve();
      return forever();
    };
    navigator.locks.request(`page:${client}`, holdForever).catch(reject);
  });
}

/**
 * The journal of one page of one person's interview.
 * @param {{user: number, interview: number, client: string}} whose
 */
export function createJournal({ user, interview, client }) {
  const scope = `${user}:${interview}`;
  const known = new Set([client]);
  const ready = beAlive(client).then(connect);
  // Whoever writes hears of it.
  ready.catch(() => {});
  const channel = globalThis.BroadcastChannel && new BroadcastChannel(CHANNEL);
  let isAnnounced = false;

  /** Every entry of this person and interview; each client's as they were done, which its `n` tells and no clock. */
  async function load() {
    await ready;
    const entries = await readAll(ENTRIES, "scope", scope);
    return entries.sort((a, b) => a.n - b.n);
  }

  return {
    ready,

    /** Keep an entry, or its newer state. Rejects where it cannot be kept. @param {Entry} entry */
    async put(entry) {
      await ready;
      await write(ENTRIES, (store) => store.put({ ...entry, scope, user }));
      if (!isAnnounced) channel?.postMessage(scope);
      isAnnounced = true;
    },

    /** Forget an entry that has its receipt. @param {string} id */
    remove: (id) => write(ENTRIES, (store) => store.delete(id)),

    load,

    /**
     * Call `adopt` with what pages that are gone have left, now and later. Their names are then this page's to the
     * end of its life, so that no third page takes the same.
     * @param {(entries: Entry[]) => void} adopt
     */
    adoptFromTheGone(adopt) {
      async function look() {
        // Who began first goes first.
        const began = (await load()).sort((a, b) => a.at - b.at);
        const names = new Set(began.map((entry) => entry.client));
        for (const name of names) {
          if (known.has(name)) continue;
          known.add(name);
          // Granted at once, or when that page goes.
          navigator.locks.request(`page:${name}`, async () => {
            const left = (await load()).filter((entry) => entry.client === name);
            if (!left.length) return;
            adopt(left);
            await forever();
          });
        }
      }

      const lookQuietly = () => look().catch(() => {});
      channel?.addEventListener("message", ({ data }) => data === scope && lookQuietly());
      document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && lookQuietly());
      setInterval(lookQuietly, LOOK_AGAIN);
      return lookQuietly();
    },
  };
}

const interviewOf = ({ scope }) => Number(scope.split(":")[1]);

/**
 * What of a person's still waits on this machine, by interview. What the server refused does not wait.
 * @param {number} user @returns {Promise<{interview: number, count: number}[]>}
 */
export async function countWaiting(user) {
  const rows = await listEntries(user);
  const counts = rows.map(({ interview, entries }) => ({ interview, count: entries.filter(({ refused }) => !refused).length }));
  return counts.filter(({ count }) => count);
}

/**
 * All that is kept of a person's on this machine, by interview.
 * @param {number} user @returns {Promise<{interview: number, entries: Entry[]}[]>}
 */
export async function listEntries(user) {
  const all = new Map();
  for (const entry of await readAll(ENTRIES, "user", user)) {
    all.set(interviewOf(entry), [...(all.get(interviewOf(entry)) ?? []), entry]);
  }
  return [...all].map(([interview, entries]) => ({ interview, entries: entries.sort((a, b) => a.n - b.n) }));
}
