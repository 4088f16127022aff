// The journal of pending commands, in IndexedDB so that it outlives the page. It does not send them.
//
// Entries are stored by user and interview. Each page writes under its own client id and holds a Web Lock of that name
// until it closes. Entries whose lock is free belong to a closed page; another page adopts them.

import { connect, ENTRIES, painted, readAll, write } from "./storage.js";

/** @import { Entry } from "../types.js" */

const CHANNEL = "interview-script";
const LOOK_AGAIN = 10_000;

const forever = () => new Promise(() => {});

/** Hold this client's Web Lock until the page closes. Resolves once it is held. @returns {Promise<void>} */
function beAlive(client) {
  return new Promise((resolve, reject) => {
    // Without locks, a closed page and a slow one look the same.
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
  // Writes report the failure.
  ready.catch(() => {});
  const channel = globalThis.BroadcastChannel && new BroadcastChannel(CHANNEL);
  let isAnnounced = false;
  /** When the newest entry may be written. */
  let turn = Promise.resolve();

  /** Every entry of this user and interview, each client's in the order of its `n`, which no wrong clock can change. */
  async function load() {
    await ready;
    const entries = await readAll(ENTRIES, "scope", scope);
    return entries.sort((a, b) => a.n - b.n);
  }

  return {
    ready,

    /** Store an entry, or its newer state. Rejects if that fails. @param {Entry} entry */
    async put(entry) {
      await ready;
      turn = painted();
      await turn;
      await write(ENTRIES, (store) => store.put({ ...entry, scope, user }));
      if (!isAnnounced) channel?.postMessage(scope);
      isAnnounced = true;
    },

    /** Delete an entry after its receipt. @param {string} id */
    async remove(id) {
      // As `put` does, or an entry withdrawn meanwhile would be stored after this, and sent by the next page.
      await ready;
      await turn;
      await write(ENTRIES, (store) => store.delete(id));
    },

    load,

    /**
     * Call `adopt` with the entries of closed pages, now and later. This page holds their locks until it closes, so that
     * no third page adopts the same.
     * @param {(entries: Entry[]) => void} adopt
     */
    adoptFromTheGone(adopt) {
      async function look() {
        // The page with the oldest entry comes first.
        const began = (await load()).sort((a, b) => a.at - b.at);
        const names = new Set(began.map((entry) => entry.client));
        for (const name of names) {
          if (known.has(name)) continue;
          known.add(name);
          // Granted when that page closes.
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
 * How many of a user's commands are pending on this device, by interview. Refused ones are not pending.
 * @param {number} user @returns {Promise<{interview: number, count: number}[]>}
 */
export async function countWaiting(user) {
  const rows = await listEntries(user);
  const counts = rows.map(({ interview, entries }) => ({ interview, count: entries.filter(({ refused }) => !refused).length }));
  return counts.filter(({ count }) => count);
}

/**
 * All entries of a user on this device, by interview.
 * @param {number} user @returns {Promise<{interview: number, entries: Entry[]}[]>}
 */
export async function listEntries(user) {
  const all = new Map();
  for (const entry of await readAll(ENTRIES, "user", user)) {
    all.set(interviewOf(entry), [...(all.get(interviewOf(entry)) ?? []), entry]);
  }
  return [...all].map(([interview, entries]) => ({ interview, entries: entries.sort((a, b) => a.n - b.n) }));
}
