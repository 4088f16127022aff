// What waits for the server, kept in the browser (IndexedDB) so that it outlives the page. Knows nothing of sending.
//
// Entries stand under their person and interview. Each page writes under its own name ("client") and holds a lock of
// that name while it lives; what stands under a name whose lock comes free was left by a page that is gone.

const DATABASE = "interview-script";
const STORE = "entries";
// After this the server would not take an entry any more.
const KEPT_FOR = 7 * 24 * 3600 * 1000;
const LOOK_AGAIN = 10_000;

/** @typedef {{id: string, client: string, n: number, at: number, refused?: string}} Entry */

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const finished = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("aborted"));
  });

const forever = () => new Promise(() => {});
const isOld = (entry) => Date.now() - entry.at >= KEPT_FOR;

/** Open the database. @returns {Promise<IDBDatabase>} */
async function open() {
  if (!globalThis.indexedDB) throw new Error("This browser has no IndexedDB.");
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    const store = request.result.createObjectStore(STORE, { keyPath: "id" });
    store.createIndex("scope", "scope");
    store.createIndex("user", "user");
  };
  const database = await done(request);
  // Another version of the page wants to change the database: let it.
  database.onversionchange = () => database.close();
  return database;
}

/** Be the page of this name for as long as it lives. Resolves once that is so. */
function beAlive(client) {
  return new Promise((resolve, reject) => {
    // Without locks nobody can tell a page that is gone from one that is slow.
    if (!navigator.locks) throw new Error("This browser has no locks.");
    navigator.locks.request(`page:${client}`, () => (resolve(), forever())).catch(reject);
  });
}

/**
 * The journal of one page of one person's interview.
 * @param {{user: number, interview: number, client: string}} whose
 */
export function createJournal({ user, interview, client }) {
  const scope = `${user}:${interview}`;
  const known = new Set([client]);
  const ready = beAlive(client).then(open);
  // Whoever writes hears of it.
  ready.catch(() => {});
  const channel = globalThis.BroadcastChannel && new BroadcastChannel(DATABASE);
  let isAnnounced = false;

  async function write(change) {
    const transaction = (await ready).transaction(STORE, "readwrite", { durability: "strict" });
    change(transaction.objectStore(STORE));
    // Without waiting for another turn of the loop, which a page that goes does not have.
    transaction.commit?.();
    await finished(transaction);
  }

  /** What is kept for this person and interview, as it was done. @returns {Promise<Entry[]>} */
  async function load() {
    const store = (await ready).transaction(STORE).objectStore(STORE);
    const entries = await done(store.index("scope").getAll(scope));
    return entries.filter((entry) => !isOld(entry)).sort((a, b) => a.at - b.at || a.n - b.n);
  }

  return {
    ready,

    /** Keep an entry, or its newer state. Rejects where it cannot be kept. @param {Entry} entry */
    async put(entry) {
      await write((store) => store.put({ ...entry, scope, user }));
      if (!isAnnounced) channel?.postMessage(scope);
      isAnnounced = true;
    },

    /** Forget an entry that has its receipt. @param {string} id */
    remove: (id) => write((store) => store.delete(id)),

    load,

    /**
     * Call `adopt` with what pages that are gone have left, now and later. Their names are then this page's to the
     * end of its life, so that no third page takes the same.
     * @param {(entries: Entry[]) => void} adopt
     */
    adoptFromTheGone(adopt) {
      async function look() {
        const names = new Set((await load()).map((entry) => entry.client));
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

/**
 * What of a person's still waits on this machine, by interview; and forget what is too old to be taken.
 * @param {number} user @returns {Promise<{interview: number, count: number}[]>}
 */
export async function countWaiting(user) {
  const database = await open();
  const transaction = database.transaction(STORE, "readwrite");
  const store = transaction.objectStore(STORE);
  const counts = new Map();
  for (const entry of await done(store.index("user").getAll(user))) {
    const interview = Number(entry.scope.split(":")[1]);
    if (isOld(entry)) store.delete(entry.id);
    else counts.set(interview, (counts.get(interview) ?? 0) + 1);
  }
  await finished(transaction);
  database.close();
  return [...counts].map(([interview, count]) => ({ interview, count }));
}
