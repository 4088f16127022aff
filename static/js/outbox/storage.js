// Keeps what a person types in this browser (IndexedDB, written through to the disk), so that it outlives the page.
// One database for all: commands that wait for the server (live/journal.js), and the drafts of forms.

const DATABASE = "interview-script";
// At most so many ms of typing are only in the field.
const PAUSE = 50;

export const ENTRIES = "entries";
export const DRAFTS = "drafts";
const KEYS = { [ENTRIES]: "id", [DRAFTS]: "key" };
const INDEXES = { [ENTRIES]: ["scope", "user"], [DRAFTS]: ["user"] };

/** The answer of a request. */
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
  // Another version of the page wants to change the database: let it. Whoever needs it here opens it again.
  database.onversionchange = () => {
    database.close();
    forget();
  };
  return database;
}

/** The database, opened once per page. Rejects where the browser has none. */
export function connect() {
  connection ??= open().catch((error) => {
    connection = null;
    throw error;
  });
  return connection;
}

/**
 * Write to one store; resolves once it is on the disk. Rejects where it cannot be kept.
 * @param {string} name @param {(store: IDBObjectStore) => void} change
 */
export async function write(name, change) {
  const transaction = (await connect()).transaction(name, "readwrite", { durability: "strict" });
  change(transaction.objectStore(name));
  // Without waiting for another turn of the loop, which a page that goes does not have.
  transaction.commit?.();
  await finished(transaction);
}

/** Read rows of one store by one of its indexes. @returns {Promise<Object[]>} */
export async function readAll(name, index, value) {
  return done((await connect()).transaction(name).objectStore(name).index(index).getAll(value));
}

/**
 * Call `persist` while somebody types: 50 ms after the first change, and again for as long as there are more. It never waits
 * for a pause in the typing. At once when the page goes out of sight.
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
 * The drafts of one person's forms in this browser, by name ("question:12"). Values are plain objects; nothing of them
 * is deleted but by `remove` and `clear`.
 * @param {number|string} user
 */
export function createDrafts(user) {
  const key = (name) => `${user}:${name}`;
  return {
    /** @returns {Promise<Object|undefined>} */
    get: async (name) => (await done((await connect()).transaction(DRAFTS).objectStore(DRAFTS).get(key(name))))?.value,

    /** Rejects where it cannot be kept. @param {Object} value */
    put: (name, value) => write(DRAFTS, (store) => store.put({ key: key(name), user: String(user), name, value })),

    remove: (name) => write(DRAFTS, (store) => store.delete(key(name))),

    /** @returns {Promise<{name: string, value: Object}[]>} */
    all: () => readAll(DRAFTS, "user", String(user)),

    /** Forget all drafts of this person, and nobody else's. */
    async clear() {
      const rows = await readAll(DRAFTS, "user", String(user));
      await write(DRAFTS, (store) => rows.forEach((row) => store.delete(row.key)));
    },
  };
}
