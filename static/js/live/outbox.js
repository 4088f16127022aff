// Sends commands in order, one at a time, until each has its receipt. Knows nothing of interviews.
//
// What waits is in the journal before it is sent. Where the browser keeps nothing, it waits in this page alone.

import { createJournal } from "./journal.js";

const TIMEOUT = 10_000;
const SHORTEST = 500;
// A server that is back is found within seconds. It may ask for a longer pause.
const LONGEST = 5_000;
const LONGEST_PAUSE = 30_000;
// Answers that will not change by trying again. Only believed where the server gives its reason; a proxy's page is not one.
const FINAL = [400, 403, 404, 409, 413, 422];
// Browsers let about this much outlive the page.
const OUTLIVES = 50_000;
// A note that is still being typed is kept at once and sent when the keys rest.
const REST = 400;
// Keeping that takes longer than this holds nothing up.
const SLOW = 1_000;

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

/** As `promise`, but rejected when it takes too long. */
function soon(promise) {
  return new Promise((resolve, reject) => {
    promise.then(resolve, reject);
    setTimeout(reject, SLOW);
  });
}

/**
 * @param {{url: string, sender: number, interview: number, savedAt: string,
 *   onReceipt?: (entry: Entry, answer: Object) => void, onAdopted?: (entry: Entry) => void,
 *   onRefused?: (entry: Entry, words: string, isEarly: boolean) => void, onPutAway?: (entry: Entry) => void}} options
 *   `sender` is whose page this is, so that nobody else's name gets onto it; `savedAt` is when the server last said that
 *   all is saved; `onAdopted` hears of each entry that a page which is gone has left; `isEarly` is one that may be given
 *   again once what came before it has arrived.
 */
export function createOutbox({ url, sender, interview, savedAt, onReceipt, onRefused, onPutAway, onAdopted }) {
  const client = uuid();
  const journal = createJournal({ user: sender, interview, client });
  const listeners = new Set();
  /** Whether an entry is kept by now, by entry. */
  const keeping = new WeakMap();
  /** @type {Entry[]} */
  let queue = [];
  /** Refused for good, and kept until somebody puts them away or the same is taken after all. @type {Entry[]} */
  let refusals = [];
  /** The numbers of this page's own that were refused. */
  const refusedNumbers = new Set();
  /** A note that is still being typed. */
  let resting = { entry: null, timer: 0 };
  let isKept = true;
  let isLeaving = false;
  let n = 0;
  let reason = null;
  /** What the server says is wrong with it. @type {string|undefined} */
  let words;
  let failures = 0;
  let timer = 0;
  let isRunning = false;
  /** @type {{controller: AbortController, since: number}|null} */
  let flight = null;

  function status() {
    return { words, waiting: queue.length, since: queue[0]?.at ?? null, reason: navigator.onLine ? reason : "offline", savedAt, isKept };
  }

  function changed() {
    for (const listener of listeners) listener(status());
  }

  function nowKept(is) {
    if (is === isKept) return;
    isKept = is;
    changed();
  }

  /** Keep an entry; nothing waits for it but its sending, and that not for long. */
  function keep(entry) {
    const put = journal.put(entry);
    put.then(() => nowKept(true), () => {});
    keeping.set(entry, soon(put).catch(() => nowKept(false)));
  }

  function forget(entry) {
    // What cannot be forgotten is sent again and gets the same receipt.
    journal.remove(entry.id).catch(() => {});
  }

  /** Take a command `{kind, target, value}`; more keys are kept beside it and not sent. `rests`: more of it may come. @returns {Entry} */
  function enqueue(command, { rests = false } = {}) {
    // What a page changes while it goes may not be kept any more; what was kept before stays as it is.
    const isChangeable = isTyped(command) && !isLeaving;
    const waiting = isChangeable && queue.find((entry) => entry.client === client && isSameText(entry, command));
    if (waiting) Object.assign(waiting, { value: command.value, base_rev: command.base_rev ?? null, at: Date.now() });
    const entry = waiting || { target: null, base_rev: null, ...command, id: uuid(), client, n: ++n, at: Date.now(), is_sent: false };
    if (!waiting) queue.push(entry);
    keep(entry);
    clearTimeout(resting.timer);
    resting = rests ? { entry, timer: setTimeout(release, REST) } : { entry: null, timer: 0 };
    changed();
    if (!timer) run();
    return entry;
  }

  /** Let a note go that was still being typed. */
  function release() {
    clearTimeout(resting.timer);
    resting = { entry: null, timer: 0 };
    if (queue.length && !timer) run();
  }

  async function run() {
    clearTimeout(timer);
    timer = 0;
    if (isRunning) return;
    isRunning = true;
    let outcome = {};
    while (queue.length && queue[0] !== resting.entry && !outcome.reason) {
      const entry = queue[0];
      outcome = await attempt(entry);
      if (outcome.answer) taken(entry, outcome.answer);
      else if (outcome.refusal) refused(entry, outcome.refusal, outcome.code === "missing");
    }
    isRunning = false;
    if (outcome.reason) later(outcome);
  }

  function taken(entry, answer) {
    settle(entry);
    forget(entry);
    const isSame = (other) => other.kind === entry.kind && other.target === entry.target;
    // What was refused was changed then. Only what a page that is gone has left may stand nowhere else.
    for (const old of refusals.filter((other) => isSame(other) && other.client === entry.client)) putAway(old);
    if (entry.kind === "note" && !answer.result?.merged && answer.result?.revision !== undefined) {
      // What was typed since goes on from what the server has now.
      const isAfter = (other) => other.client === entry.client || (other.client === client && !entry.is_apart);
      const newer = queue.filter((other) => isSame(other) && isAfter(other) && !other.is_sent);
      for (const other of newer) keep(Object.assign(other, { base_rev: answer.result.revision }));
    }
    savedAt = answer.at;
    onReceipt?.(entry, answer);
    changed();
  }

  function refused(entry, words, isMissing) {
    settle(entry);
    const isEarly = isMissing && entry.client === client;
    if (entry.client === client) refusedNumbers.add(entry.n);
    if (isEarly) forget(entry);
    else {
      entry.refused = words;
      keep(entry);
      refusals.push(entry);
    }
    onRefused?.(entry, words, isEarly);
    changed();
  }

  /** Forget an entry that was refused. */
  function putAway(entry) {
    refusals = refusals.filter((other) => other !== entry);
    forget(entry);
    onPutAway?.(entry);
  }

  function settle(entry) {
    queue = queue.filter((other) => other !== entry);
    [failures, reason] = [0, null];
  }

  function later(outcome) {
    ({ reason, words } = outcome);
    const delay = Math.min(LONGEST, SHORTEST * 2 ** Math.min(failures, 10)) * (0.75 + Math.random() / 2);
    failures += 1;
    timer = setTimeout(run, Math.max(delay, Math.min(LONGEST_PAUSE, outcome.wait ?? 0)));
    changed();
  }

  /** What a page that is gone has left: before what this one did, and in the order in which it was done. */
  function adopt(entries) {
    for (const entry of entries.filter((one) => one.refused)) {
      refusals.push(entry);
      onRefused?.(entry, entry.refused, false);
    }
    const waiting = entries.filter((one) => !one.refused);
    const adopted = queue.filter((entry) => entry.client !== client);
    queue = [...adopted, ...waiting, ...queue.filter((entry) => entry.client === client)];
    for (const entry of waiting) onAdopted?.(entry);
    changed();
    run();
  }

  /** One try. @returns {Promise<{answer?: Object, refusal?: string, code?: string, reason?: string, wait?: number}>} */
  async function attempt(entry) {
    if (!entry.is_sent) {
      entry.is_sent = true;
      // From here on its text and revision stay: the same id has the same body.
      if (isTyped(entry)) keep(entry);
    }
    if (isKept && !isLeaving) await keeping.get(entry);
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

  /** The number of the last command, and of those that the server refused: submitting is refused while others are missing. */
  const before = () => ({ last_n: n, without: [...refusedNumbers] });

  /** What waits, oldest first. @returns {Entry[]} */
  const waiting = () => queue;

  /** Try now: the line is back, the page is in sight, somebody signed in. A try that hangs is given up. */
  function flush() {
    failures = 0;
    // Whether the server answers now is not known yet.
    if (reason !== "signed-out") reason = null;
    if (flight && Date.now() - flight.since > 1000) flight.controller.abort();
    else if (queue.length) release(), run();
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
  addEventListener("pageshow", () => ((isLeaving = false), flush()));
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
  addEventListener("pagehide", () => (isLeaving = true));
  soon(journal.ready).then(() => journal.adoptFromTheGone(adopt), () => nowKept(false));

  return { enqueue, flush, release, onChange, waiting, status, signedIn, refused: () => refusals, putAway, before };
}

/** Whether a command is a text that grows while somebody types. */
const isTyped = ({ kind, value }) => kind === "note" || (kind === "scorecard" && typeof value === "string");

/** A text that was not sent yet is replaced by its newer one; one that was may have arrived already. */
function isSameText(entry, command) {
  return entry.kind === command.kind && entry.target === (command.target ?? null) && !entry.is_sent;
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
  if (FINAL.includes(response.status) && typeof body?.error === "string") return { refusal: body.error, code: body.code };
  if (response.status === 413) return { refusal: "This is more text than the server takes at once." };
  if (response.status === 429) return { reason: "busy", wait: pauseOf(response) };
  if (response.status === 503 && typeof body?.error === "string") return { reason: "outage", words: body.error, wait: pauseOf(response) };
  return { reason: "unreachable" };
}

/** How long the server asks to wait, in milliseconds. */
function pauseOf(response) {
  return 1000 * Number(response.headers.get("Retry-After")) || 0;
}
