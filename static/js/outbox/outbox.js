// Sends commands in order, several per request, until each has its receipt. A command that keeps failing alone does not
// block the others. Nothing here depends on interviews.
//
// A command is in the journal before it is sent. Without IndexedDB it waits in this page's memory.

import { csrfToken } from "../page.js";
import { jsonOf, outcomeOf } from "./answers.js";
import { createClock } from "./clock.js";
import { createJournal } from "./journal.js";

/** @import { Command, Entry, Outcome, Reply } from "../types.js" */

// Timeout in ms of an empty request. Each byte adds PER_BYTE, which is enough for 8 kbit/s.
const TIMEOUT = 10_000;
const PER_BYTE = 1;
const SHORTEST = 500;
// The longest pause between tries, so that a recovered server is found within seconds. Retry-After may ask for more.
const LONGEST = 5_000;
const LONGEST_PAUSE = 30_000;
// Browsers let at most 64 KiB of keepalive requests outlive the page.
const OUTLIVES = 60_000;
// The most commands, and bytes of them, in one request.
const TOGETHER = 50;
const TOGETHER_BYTES = 40_000;
// From this size on, asking for a receipt is cheaper than sending again.
const WORTH_ASKING = 2_000;
// After this many failures a change is given up, if others succeed meanwhile.
const TRIES = 3;
// A text is stored at once, and sent after this pause in typing, or after the longer time.
const REST = 400;
const LONGEST_REST = 5_000;
// Sending waits no longer than this for the journal.
const SLOW = 1_000;
const WEEK = 7 * 24 * 3_600_000;
// Kinds whose newer text replaces an older one that was not sent yet.
const TEXTS = ["note", "scorecard"];
const TOO_OLD = "This change is more than a week old, so it wasn’t sent automatically.";

const sizeOf = (body) => new TextEncoder().encode(body).length;

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
 * @param {{url: string, sender: number, interview: number, savedAt?: string|null, clock?: {now: () => number, correct: (iso: string) => void},
 *   overSocket?: (body: string, bytes: number, signal: AbortSignal) => Promise<Reply|null>|undefined,
 *   onReceipt?: (entry: Entry, answer: Object) => void, onAdopted?: (entry: Entry) => void,
 *   onDraft?: (target: string, value: Object) => boolean,
 *   onRefused?: (entry: Entry, words: string, isEarly: boolean) => void, onDismissed?: (entry: Entry) => void}} options
 *   `sender` is the user of this page, which the server checks against the session; `savedAt` is when the server last
 *   saved something, null before the first time, and without a `clock` also its time now; `overSocket` sends a request
 *   over an open socket instead of HTTP, and answers null where it can't; `onAdopted` gets each entry of
 *   a closed page, `onDraft` each of its drafts and returns whether there is a field for it; `isEarly`: refused only
 *   because an earlier command is missing.
 */
export function createOutbox(options) {
  const { url, sender, interview, overSocket, onReceipt, onRefused, onDismissed, onAdopted, onDraft } = options;
  let { savedAt } = options;
  const clock = options.clock ?? createClock(savedAt);
  const client = uuid();
  const journal = createJournal({ user: sender, interview, client });
  const listeners = new Set();
  /** The pending write of each entry. */
  const writes = new WeakMap();
  /** @type {Entry[]} */
  let queue = [];
  /** Refused for good; stored until dismissed, or until a newer state of the same is saved. @type {Entry[]} */
  let refusals = [];
  /** Numbers of this page's commands that the server will never get. */
  const withoutNumbers = new Set();
  /** Stored but unsent texts by target: a line not added yet, or a text that is too long. @type {Map<string, Entry>} */
  const drafts = new Map();
  /** The text still being typed. */
  let resting = { entry: null, timer: 0 };
  /** Entries that may still be withdrawn. @type {Set<Entry>} */
  const held = new Set();
  let holding = null;
  let isStored = true;
  let isLeaving = false;
  let n = 0;
  let reason = null;
  /** The server's own words for an outage. @type {string|undefined} */
  let words;
  let failures = 0;
  let together = TOGETHER;
  let timer = 0;
  let isRunning = false;
  /** @type {{controller: AbortController, since: number, limit: number}|null} */
  let flight = null;

  function status() {
    const values = [...drafts.values()].map(({ value }) => value);
    const tooLong = values.filter(({ isTooLong }) => isTooLong).length;
    return {
      words,
      waiting: queue.length,
      since: queue.length ? clock.now() - queue[0].since : null,
      reason: navigator.onLine ? reason : "offline",
      savedAt,
      isStored,
      tooLong,
      refused: refusals.length,
      unsent: drafts.size - tooLong,
    };
  }

  function changed() {
    for (const listener of listeners) listener(status());
  }

  function nowStored(is) {
    if (is === isStored) return;
    isStored = is;
    changed();
  }

  /** Store an entry. Only its sending waits for this, and not for long. */
  function persist(entry) {
    const put = journal.put(entry);
    put.then(
      () => nowStored(true),
      () => {},
    );
    writes.set(
      entry,
      soon(put).catch(() => nowStored(false)),
    );
  }

  function forget(entry) {
    // An entry that stays is sent again later, and gets the same receipt.
    journal.remove(entry.id).catch(() => {});
  }

  /** Queue a command; keys besides kind, target, value and base_rev stay in the journal. `rests`: more typing may follow. @returns {Entry} */
  function enqueue(command, { rests = false } = {}) {
    // A closing page may not get to store a change, so entries stored before stay as they are.
    const isChangeable = TEXTS.includes(command.kind) && !isLeaving;
    const waiting = isChangeable && queue.find((entry) => entry.client === client && isSameText(entry, command));
    const at = clock.now();
    if (waiting) Object.assign(waiting, { value: command.value, base_rev: command.base_rev ?? null, at });
    const entry = waiting || { target: null, base_rev: null, ...command, id: uuid(), client, n: ++n, at, since: at, is_sent: false };
    if (!waiting) queue.push(entry);
    holding?.push(entry);
    persist(entry);
    clearTimeout(resting.timer);
    const isResting = rests && at - entry.since < LONGEST_REST;
    resting = isResting ? { entry, timer: setTimeout(release, REST) } : { entry: null, timer: 0 };
    changed();
    if (!timer) run();
    return entry;
  }

  /** Send the text that was still being typed. */
  function release() {
    clearTimeout(resting.timer);
    resting = { entry: null, timer: 0 };
    if (queue.length && !timer) run();
  }

  /**
   * Send what `act` enqueues after `ms`, or when the page closes. @returns {() => void} withdraws what was not sent yet
   */
  function provisionally(act, ms) {
    const entries = (holding = []);
    try {
      act();
    } finally {
      holding = null;
    }
    for (const entry of entries) held.add(entry);
    const timeout = setTimeout(letGo, ms);

    function letGo() {
      for (const entry of entries) held.delete(entry);
      if (queue.length && !timer) run();
    }

    return function withdraw() {
      clearTimeout(timeout);
      for (const entry of entries.filter((one) => queue.includes(one) && !one.is_sent).reverse()) {
        queue = queue.filter((other) => other !== entry);
        if (entry.n === n) n -= 1;
        else withoutNumbers.add(entry.n);
        forget(entry);
      }
      letGo();
      changed();
    };
  }

  /**
   * Store a text that is not sent (yet); null deletes it. After this page closes, the next one gets it by `onDraft`.
   * @param {string} target @param {{text: string, isTooLong?: boolean, editing?: string, base_rev?: number}|null} value
   */
  function persistDraft(target, value) {
    const old = drafts.get(target);
    if (value) {
      const entry = { ...(old ?? { id: uuid(), client, n: 0, kind: "draft", target }), value, at: clock.now() };
      drafts.set(target, entry);
      persist(entry);
    } else if (old) {
      drafts.delete(target);
      forget(old);
    } else return;
    changed();
  }

  /** The next request: the oldest pending command, and as many after it as fit. */
  function nextBatch() {
    const batch = [];
    let size = 0;
    for (const entry of queue) {
      if (entry === resting.entry || (held.has(entry) && !isLeaving)) break;
      // It starts from the revision that the receipt of the one before it will name.
      if (entry.base_rev !== null && batch.some((other) => other.kind === entry.kind && other.target === entry.target)) break;
      size += sizeOf(JSON.stringify(entry.value));
      if (batch.length && (batch.length >= together || size > TOGETHER_BYTES)) break;
      batch.push(entry);
    }
    return batch;
  }

  async function run() {
    clearTimeout(timer);
    timer = 0;
    if (isRunning) return;
    isRunning = true;
    let outcome = {};
    // Commands enqueued in the same task go into one request.
    await null;
    for (let batch = nextBatch(); batch.length && !outcome.reason; batch = nextBatch()) {
      outcome = await attempt(batch);
      if (outcome.reason === "unreachable" && batch.length === 1 && batch[0].tries >= TRIES) outcome = await around(batch[0], outcome);
    }
    isRunning = false;
    if (outcome.reason) later(outcome);
  }

  /** Give up a command that failed several times, if another one succeeds. Otherwise it would block the rest. */
  async function around(entry, outcome) {
    const others = queue.filter((other) => other !== entry && other !== resting.entry && !held.has(other));
    const isSame = (other) => other.kind === entry.kind && other.target === entry.target;
    // A note may have arrived without an answer; its newer text then starts from a revision that is not known yet.
    const isFree = (other) => other.base_rev === null || outcome.blame !== undefined;
    const probe = others.find((other) => !isSame(other)) ?? others.find(isFree);
    if (!probe) return outcome;
    const savedBefore = savedAt;
    await attempt([probe]);
    if (queue.includes(probe) || savedAt === savedBefore) return outcome;
    // The server accepts changes again. If the probe was a newer state of the same thing, the older must not follow it.
    const again = isSame(probe) ? outcome : await attempt([entry]);
    if (queue.includes(entry) && again.reason === "unreachable")
      refused(entry, again.blame ?? "This browser couldn’t send this change.", { isOurs: true });
    return queue.includes(entry) ? again : {};
  }

  /** @param {Entry} entry @param {Outcome} outcome */
  function settleAnswer(entry, { answer, refusal, code }) {
    if (answer) received(entry, answer);
    else if (refusal) refused(entry, refusal, { isMissing: code === "missing" });
  }

  function received(entry, answer) {
    settle(entry);
    forget(entry);
    const isSame = (other) => other.kind === entry.kind && other.target === entry.target;
    // A newer state was saved, so the refused one is obsolete. A closed page's text may exist nowhere else, so it stays.
    for (const old of refusals.filter((other) => isSame(other) && other.client === entry.client)) dismiss(old);
    if (entry.kind === "note" && !answer.result?.merged && answer.result?.revision !== undefined) {
      // Text typed since is based on the revision that the server has now.
      const isAfter = (other) => other.client === entry.client || (other.client === client && !entry.is_apart);
      const newer = queue.filter((other) => isSame(other) && isAfter(other) && !other.is_sent);
      for (const other of newer) persist(Object.assign(other, { base_rev: answer.result.revision }));
    }
    savedAt = answer.at;
    clock.correct(savedAt);
    onReceipt?.(entry, answer);
    changed();
  }

  /** `isOurs`: given up by this browser, not refused by the server, so it can be retried. */
  function refused(entry, words, { isMissing = false, isOurs = false } = {}) {
    settle(entry);
    const isEarly = isMissing && entry.client === client;
    if (entry.client === client) withoutNumbers.add(entry.n);
    if (isEarly) forget(entry);
    else {
      Object.assign(entry, { refused: words, is_ours: isOurs });
      persist(entry);
      refusals.push(entry);
    }
    onRefused?.(entry, words, isEarly);
    changed();
  }

  /** Delete a refused entry. */
  function dismiss(entry) {
    refusals = refusals.filter((other) => other !== entry);
    forget(entry);
    onDismissed?.(entry);
    changed();
  }

  /** Retry an entry that this browser gave up. */
  function retry(entry) {
    refusals = refusals.filter((other) => other !== entry);
    Object.assign(entry, { refused: undefined, is_ours: false, tries: 0, since: clock.now() });
    if (entry.client === client) withoutNumbers.delete(entry.n);
    persist(entry);
    queue.push(entry);
    changed();
    flush();
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

  /** Adopt a closed page's entries: before this page's own, in their order. */
  function adopt(entries) {
    const isTooOld = (entry) => clock.now() - entry.at >= WEEK;
    for (const entry of entries.filter(({ kind, refused: words }) => kind !== "draft" && !words).filter(isTooOld)) {
      Object.assign(entry, { refused: TOO_OLD, is_ours: true });
      persist(entry);
    }
    for (const entry of entries.filter((one) => one.refused)) {
      refusals.push(entry);
      onRefused?.(entry, entry.refused, false);
    }
    for (const entry of entries.filter(({ kind, refused: words }) => kind === "draft" && !words)) {
      // onDraft stores the text under this page's client id before the old entry is deleted.
      if (onDraft?.(entry.target, entry.value)) forget(entry);
      else refused(entry, "You typed this but didn’t add it.");
    }
    const waiting = entries.filter((one) => !one.refused && one.kind !== "draft");
    for (const entry of waiting) entry.since ??= entry.at;
    const adopted = queue.filter((entry) => entry.client !== client);
    queue = [...adopted, ...waiting, ...queue.filter((entry) => entry.client === client)];
    for (const entry of waiting) onAdopted?.(entry);
    changed();
    run();
  }

  /**
   * Send one request and settle what it answers.
   * @returns {Promise<Outcome>} with a reason if it has to be retried
   */
  async function attempt(batch) {
    const doubtful = batch.filter((entry) => entry.tries && sizeOf(bodyOf(entry)) > WORTH_ASKING);
    for (const entry of batch) {
      entry.tries = (entry.tries ?? 0) + 1;
      if (entry.is_sent) continue;
      entry.is_sent = true;
      // From now on its text and revision are fixed: the same id always has the same body.
      if (TEXTS.includes(entry.kind)) persist(entry);
    }
    if (isStored && !isLeaving) await Promise.all(batch.map((entry) => writes.get(entry)));
    if (doubtful.length) {
      // It may have arrived although the answer was lost.
      const asked = await request({ sender, receipts: doubtful.map(({ id }) => id) }, (response) => readBatch(response, doubtful));
      if (asked.reason || doubtful.some((entry) => !queue.includes(entry))) return asked;
    }
    if (batch.length === 1) return request(bodyOf(batch[0]), (response) => readOne(response, batch[0]));
    const outcome = await request({ commands: batch.map(bodyOf) }, (response) => readBatch(response, batch));
    together = outcome.reason === "unreachable" || outcome.isWhole ? 1 : Math.min(TOGETHER, together * 8);
    return outcome.isWhole ? {} : outcome;
  }

  /** Post a body, with a timeout by its size, and read the answer. */
  async function request(what, read) {
    const body = JSON.stringify(what);
    const bytes = sizeOf(body);
    const controller = new AbortController();
    const limit = TIMEOUT + bytes * PER_BYTE;
    flight = { controller, since: performance.now(), limit: 1_000 + bytes * PER_BYTE };
    const alarm = setTimeout(() => controller.abort(), limit);
    try {
      return await read(await post(body, bytes, controller.signal));
    } catch {
      return { reason: "unreachable" };
    } finally {
      clearTimeout(alarm);
      flight = null;
    }
  }

  /** Send over the socket, or over HTTP: after a failure, while the page closes, and where there is no socket. @returns {Promise<Reply>} */
  async function post(body, bytes, signal) {
    const reply = failures || isLeaving ? null : await overSocket?.(body, bytes, signal);
    if (reply) return reply;
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() };
    // A keepalive request over the browser's limit fails at once, like a network error. The next try does without.
    const keepalive = bytes <= OUTLIVES && (!failures || isLeaving);
    return fetch(url, { method: "POST", body, headers, signal, keepalive, redirect: "manual", credentials: "same-origin" });
  }

  async function readOne(response, entry) {
    const body = await jsonOf(response);
    const outcome = outcomeOf(response, body, entry);
    if (outcome.answer) together = Math.min(TOGETHER, together * 8);
    settleAnswer(entry, outcome);
    return outcome;
  }

  /** Settle each answer of a batch. Commands without an answer stay pending. `isWhole`: the whole batch was refused. */
  async function readBatch(response, batch) {
    const body = await jsonOf(response);
    const rows = response.status === 200 && body?.answers ? [...body.answers, ...body.receipts] : null;
    if (!rows) {
      const outcome = outcomeOf(response, body, {});
      return outcome.reason ? outcome : { isWhole: true };
    }
    clock.correct(body.now);
    let isAny = false;
    for (const row of rows) {
      const entry = batch.find(({ id }) => id === (row.receipt ?? row.id));
      if (!entry || !queue.includes(entry)) continue;
      isAny = true;
      settleAnswer(entry, row.receipt ? { answer: row } : { refusal: row.error, code: row.code });
    }
    return isAny || body.receipts.length || !body.answers.length ? {} : { reason: "unreachable" };
  }

  /** The last command's number, and the numbers that will never arrive. The server refuses a submission while others are missing. */
  const before = () => ({ last_n: n, without: [...withoutNumbers] });

  /** Pending entries, oldest first. @returns {Entry[]} */
  const waiting = () => queue;

  /** Try now: back online, page visible again, or signed in. A request that hangs is aborted. */
  function flush() {
    failures = 0;
    // The next answer sets the reason again.
    if (reason !== "signed-out") reason = null;
    if (flight && performance.now() - flight.since > flight.limit) flight.controller.abort();
    else if (queue.length) {
      release();
      run();
    }
  }

  /** Called when another part of the page finds the session expired, or signed in again. */
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

  function bodyOf({ id, client: by, n: number, kind, target, value, base_rev, at, undoes }) {
    const age = Math.max(0, Math.round(clock.now() - at));
    return { sender, id, client: by, n: number, kind, target, value, base_rev, age, undoes };
  }

  addEventListener("online", () => {
    flush();
    changed();
  });
  addEventListener("offline", changed);
  addEventListener("pageshow", () => {
    isLeaving = false;
    flush();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
  addEventListener("pagehide", () => (isLeaving = true));
  soon(journal.ready).then(
    () => journal.adoptFromTheGone(adopt),
    () => nowStored(false),
  );

  return {
    enqueue,
    flush,
    release,
    provisionally,
    persistDraft,
    onChange,
    waiting,
    status,
    signedIn,
    refused: () => refusals,
    dismiss,
    retry,
    before,
  };
}

/** Whether the command is a newer state of an unsent text. A sent one may have arrived already. */
function isSameText(entry, command) {
  const isText = typeof entry.value === "string" && typeof command.value === "string";
  return isText && entry.kind === command.kind && entry.target === (command.target ?? null) && !entry.is_sent;
}
