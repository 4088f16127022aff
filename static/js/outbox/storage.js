// Stores typed text in IndexedDB, flushed to disk, so that it outlives the page. One database holds both the pending
// commands (journal.js) and the drafts of forms.

const DATABASE = "interview-script";
// Typing is stored after at most this many ms.
const PAUSE = 50;

export const ENTRIES = "entries";
export const DRAFTS = "drafts";
const KEYS = { [ENTRIES]: "id", [DRAFTS]: "key" };
const INDEXES = { [ENTRIES]: ["scope", "user"], [DRAFTS]: ["user"] };

/** The result of an IndexedDB request, as a promise. */
export const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @returns {Promise<void>} */
const finished = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("aborted"));
  });

/** @type {Promise<IDBDatabase>|null} */
let connection = null;

async function open() {
  if (!globalThis.indexedDB) throw new Error("This browser has no IndexedDB.");
  const request = indexedDB.open(DATABASE, 2);
  request.onupgradeneeded = () => {
    for (const [name, keyPath] of Object.entries(KEYS)) {
      if (request.result.objectStoreNames.contains(name)) continue;
      const store = request.result.createObjectStore(name, { keyPath });
      for (const index of INDEXES[name]) store.createIndex(index, index);
    }
  };
  const database = await done(request);
  const forget = () => (connection = null);
  database.onclose = forget;
  // A newer version of the page wants to upgrade the database. The next use here opens it again.
  database.onversionchange = () => {
    database.close();
    forget();
  };
  return database;
}

/** The database, opened once per page. Rejects if the browser has none. */
export function connect() {
  connection ??= open().catch((error) => {
    connection = null;
    throw error;
  });
  return connection;
}

/** What waits for the page to be painted. @type {Set<() => void>} */
const unpainted = new Set();
let isLeaving = false;

function writeNow() {
  for (const go of unpainted) go();
  unpainted.clear();
}

globalThis.addEventListener?.("pagehide", () => {
  isLeaving = true;
  writeNow();
});
globalThis.addEventListener?.("pageshow", () => (isLeaving = false));
globalThis.document?.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && writeNow());

/**
 * Resolves, in the order of the calls, once the page has shown what happened: writing comes after it. At once where the page
 * is hidden; a page that closes does not wait. @returns {Promise<void>}
 */
export function painted() {
  if (isLeaving || document.visibilityState === "hidden" || !globalThis.requestAnimationFrame) return Promise.resolve();
  return new Promise((resolve) => {
    if (!unpainted.size) {
      requestAnimationFrame(() => setTimeout(writeNow));
      // A page that is covered may have no frames.
      setTimeout(writeNow, PAUSE);
    }
    unpainted.add(resolve);
  });
}

/**
 * Write to one store. Resolves once it is on disk; rejects if that fails.
 * @param {string} name @param {(store: IDBObjectStore) => void} change
 */
export async function write(name, change) {
  const transaction = (await connect()).transaction(name, "readwrite", { durability: "strict" });
  change(transaction.objectStore(name));
  // Commit now: a closing page gets no further turn of the event loop.
  transaction.commit?.();
  await finished(transaction);
}

/** Read rows of one store by one of its indexes. @returns {Promise<Object[]>} */
export async function readAll(name, index, value) {
  return done((await connect()).transaction(name).objectStore(name).index(index).getAll(value));
}

/**
 * Call `persist` 50 ms after the first change, and again while changes continue, without waiting for a pause in typing;
 * at once when the page is hidden or closed.
 * @param {() => void} persist
 * @returns {{changed: () => void, now: () => void, stop: () => void, isDue: () => boolean}}
 */
export function throttled(persist) {
  let timer = 0;

  function stop() {
    clearTimeout(timer);
    timer = 0;
  }

  function now() {
    if (!timer) return;
    stop();
    persist();
  }

  addEventListener("pagehide", now);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && now());
  return { changed: () => (timer ||= setTimeout(now, PAUSE)), now, stop, isDue: () => timer !== 0 };
}

/**
 * The drafts of one user's forms, by name ("question:12"). Values are plain objects. Only `remove` and `clear` delete them.
 * @param {number|string} user
 */
export function createDrafts(user) {
  const key = (name) => `${user}:${name}`;
  return {
    /** @returns {Promise<Object|undefined>} */
    get: async (name) => (await done((await connect()).transaction(DRAFTS).objectStore(DRAFTS).get(key(name))))?.value,

    /** Rejects if it cannot be stored. @param {Object} value */
    put: (name, value) => write(DRAFTS, (store) => store.put({ key: key(name), user: String(user), name, value })),

    remove: (name) => write(DRAFTS, (store) => store.delete(key(name))),

    /** @returns {Promise<{name: string, value: Object}[]>} */
    all: () => readAll(DRAFTS, "user", String(user)),

    /** Delete all drafts of this user, and no other user's. */
    async clear() {
      const rows = await readAll(DRAFTS, "user", String(user));
      await write(DRAFTS, (store) => rows.forEach((row) => store.delete(row.key)));
    },
  };
}
