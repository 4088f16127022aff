// Sends commands in order, one at a time, until each has its receipt. Knows nothing of interviews.
//
// A journal keeps what waits. This one is the page's memory; one that survives the page has the same three functions.

const TIMEOUT = 10_000;
const SHORTEST = 500;
const LONGEST = 30_000;
// Answers that will not change by trying again. Only believed where the server gives its reason; a proxy's page is not one.
const FINAL = [400, 403, 404, 409, 413, 422];
// Browsers let about this much outlive the page.
const OUTLIVES = 50_000;

/** @typedef {{load: () => Promise<Entry[]>, put: (entry: Entry) => Promise<void>, remove: (id: string) => Promise<void>}} Journal */

/** @returns {Journal} */
function memory() {
  return { load: async () => [], put: async () => {}, remove: async () => {} };
}

/** The CSRF cookie as it is now: it changes at each sign-in, in another tab too. */
export function csrfToken() {
  return document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="))?.slice(10) ?? "";
}

/** A random UUID (version 4); `crypto.randomUUID` exists on https and localhost only. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  [bytes[6], bytes[8]] = [(bytes[6] & 0x0f) | 0x40, (bytes[8] & 0x3f) | 0x80];
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * @param {{url: string, sender: number, savedAt: string, journal?: Journal, prepare?: (entry: Entry) => void,
 *   onReceipt?: (entry: Entry, answer: Object) => void, onRefused?: (entry: Entry, words: string) => void}} options
 *   `sender` is whose page this is, so that nobody else's name gets onto it; `savedAt` is when the server last said that all is saved; `prepare` is called once, before an entry is first sent.
 */
export function createOutbox({ url, sender, savedAt, journal = memory(), prepare, onReceipt, onRefused }) {
  const client = uuid();
  const listeners = new Set();
  /** @type {Entry[]} */
  let queue = [];
  let n = 0;
  let reason = null;
  let failures = 0;
  let timer = 0;
  let isRunning = false;
  /** @type {{controller: AbortController, since: number}|null} */
  let flight = null;

  function status() {
    return { waiting: queue.length, since: queue[0]?.at ?? null, reason: navigator.onLine ? reason : "offline", savedAt };
  }

  function changed() {
    for (const listener of listeners) listener(status());
  }

  /** Take a command `{kind, target, value}`; more keys are kept beside it and not sent. @returns {Entry} */
  function enqueue(command) {
    const waiting = command.kind === "note" && queue.find((entry) => isSameNote(entry, command));
    if (waiting) Object.assign(waiting, { value: command.value, at: Date.now() });
    const entry = waiting || { target: null, base_rev: null, ...command, id: uuid(), client, n: ++n, at: Date.now(), is_sent: false };
    if (!waiting) queue.push(entry);
    journal.put(entry);
    changed();
    if (!timer) run();
    return entry;
  }

  async function run() {
    clearTimeout(timer);
    timer = 0;
    if (isRunning) return;
    isRunning = true;
    let outcome = {};
    while (queue.length && !outcome.reason) {
      const entry = queue[0];
      outcome = await attempt(entry);
      if (outcome.answer) taken(entry, outcome.answer);
      else if (outcome.refusal) refused(entry, outcome.refusal);
    }
    isRunning = false;
    if (outcome.reason) later(outcome);
  }

  function taken(entry, answer) {
    settle(entry);
    savedAt = answer.at;
    onReceipt?.(entry, answer);
    changed();
  }

  function refused(entry, words) {
    settle(entry);
    onRefused?.(entry, words);
    changed();
  }

  function settle(entry) {
    queue = queue.filter((other) => other !== entry);
    journal.remove(entry.id);
    [failures, reason] = [0, null];
  }

  function later(outcome) {
    reason = outcome.reason;
    const delay = Math.min(LONGEST, SHORTEST * 2 ** Math.min(failures, 10)) * (0.75 + Math.random() / 2);
    failures += 1;
    timer = setTimeout(run, Math.min(LONGEST, Math.max(delay, outcome.wait ?? 0)));
    changed();
  }

  /** One try. @returns {Promise<{answer?: Object, refusal?: string, reason?: string, wait?: number}>} */
  async function attempt(entry) {
    if (!entry.is_sent) {
      prepare?.(entry);
      entry.is_sent = true;
      journal.put(entry);
    }
    const controller = new AbortController();
    flight = { controller, since: Date.now() };
    const clock = setTimeout(() => controller.abort(), TIMEOUT);
    try {
      const body = bodyOf(entry, sender);
      return await read(await post(body, controller.signal), entry);
    } catch {
      return { reason: "unreachable" };
    } finally {
      clearTimeout(clock);
      flight = null;
    }
  }

  function post(body, signal) {
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() };
    const keepalive = body.length < OUTLIVES;
    return fetch(url, { method: "POST", body, headers, signal, keepalive, redirect: "manual", credentials: "same-origin" });
  }

  /** What waits, oldest first. @returns {Entry[]} */
  const waiting = () => queue;

  /** Try now: the line is back, the page is in sight, somebody signed in. A try that hangs is given up. */
  function flush() {
    failures = 0;
    if (flight && Date.now() - flight.since > 1000) flight.controller.abort();
    else if (queue.length) run();
  }

  /** Somebody else noticed that nobody is signed in any more, or that somebody is again. */
  function signedIn(is) {
    if (is === (reason !== "signed-out")) return;
    reason = is ? null : "signed-out";
    if (is) flush();
    changed();
  }

  function onChange(listener) {
    listeners.add(listener);
    listener(status());
  }

  addEventListener("online", () => (flush(), changed()));
  addEventListener("offline", changed);
  addEventListener("pageshow", flush);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
  journal.load().then((entries) => {
    if (!entries.length) return;
    queue = [...entries, ...queue];
    changed();
    run();
  });

  return { enqueue, flush, onChange, waiting, status, signedIn, client, last: () => n };
}

/** A note that was not sent yet is replaced by its newer text; one that was may have arrived already. */
function isSameNote(entry, command) {
  return entry.kind === "note" && entry.target === (command.target ?? null) && !entry.is_sent;
}

function bodyOf({ id, client, n, kind, target, value, base_rev, at }, sender) {
  const age = Math.max(0, Date.now() - at);
  return JSON.stringify({ sender, id, client, n, kind, target, value, base_rev, age, client_time: new Date(at).toISOString() });
}

async function read(response, entry) {
  if (response.status === 401 || response.type === "opaqueredirect") return { reason: "signed-out" };
  let body = null;
  try {
    body = await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
  }
  if (response.status === 200 && body?.receipt === entry.id) return { answer: body };
  if (FINAL.includes(response.status) && typeof body?.error === "string") return { refusal: body.error };
  if (response.status === 413) return { refusal: "This is more text than the server takes at once." };
  if (response.status === 429) return { reason: "busy", wait: 1000 * Number(response.headers.get("Retry-After")) || 0 };
  return { reason: "unreachable" };
}
