// Sends commands until each has its receipt: in order, several together, and one that fails by itself holds nobody up.
// Knows nothing of interviews.
//
// What waits is in the journal before it is sent. Where the browser keeps nothing, it waits in this page alone.

import { csrfToken } from "../page.js";
import { createJournal } from "./journal.js";

/** @import { Command, Entry, Outcome } from "../types.js" */

// In ms, for a request of no size; each byte adds to it, so that a line of 8 kbit/s has the time it takes.
const TIMEOUT = 10_000;
const PER_BYTE = 1;
const SHORTEST = 500;
// A server that is back is found within seconds. It may ask for a longer pause.
const LONGEST = 5_000;
const LONGEST_PAUSE = 30_000;
// Answers that will not change by trying again. Only believed where the server gives its reason; a proxy's page is not one.
const FINAL = [400, 403, 404, 409, 413, 422];
// Browsers let 64 KiB of all requests together outlive the page.
const OUTLIVES = 60_000;
// So many commands, or bytes of them, travel in one request.
const TOGETHER = 50;
const TOGETHER_BYTES = 40_000;
// Asking for a receipt is cheaper than sending again what has so many bytes.
const WORTH_ASKING = 2_000;
// After so many tries in vain a change is given up, if others get through meanwhile.
const TRIES = 3;
// A text that is still being typed is kept at once and sent when the keys rest, or after the longer time.
const REST = 400;
const LONGEST_REST = 5_000;
// Keeping that takes longer than this holds nothing up.
const SLOW = 1_000;
const WEEK = 7 * 24 * 3_600_000;
// Kinds whose newer text takes the place of the older, for as long as that was not sent.
const TEXTS = ["note", "scorecard"];
const TOO_OLD = "This is from more than a week ago, so it was not sent by itself.";

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
 * The server's time in ms, by what it last said and a clock that nobody can set. It is corrected forwards only: a receipt
 * given again is an old one, and a machine that slept is behind.
 */
export function createClock(iso) {
  let begin = Date.parse(iso) - performance.now();
  return {
    now: () => begin + performance.now(),
    correct(said) {
      begin = Math.max(begin, Date.parse(said) - performance.now() || -Infinity);
    },
  };
}

/**
 * @param {{url: string, sender: number, interview: number, savedAt?: string, clock?: {now: () => number, correct: (iso: string) => void},
 *   onReceipt?: (entry: Entry, answer: Object) => void, onAdopted?: (entry: Entry) => void,
 *   onDraft?: (target: string, value: Object) => boolean,
 *   onRefused?: (entry: Entry, words: string, isEarly: boolean) => void, onDismissed?: (entry: Entry) => void}} options
 *   `sender` is whose page this is, so that nobody else's name gets onto it; `savedAt` is when the server last said that
 *   all is saved; `onAdopted` hears of each entry that a page which is gone has left, `onDraft` of each draft, and
 *   says whether it has a field for it; `isEarly`
 *   is one that may be given again once what came before it has arrived.
 */
export function createOutbox(options) {
  const { url, sender, interview, onReceipt, onRefused, onDismissed, onAdopted, onDraft } = options;
  let { savedAt } = options;
  const clock = options.clock ?? createClock(savedAt);
  const client = uuid();
  const journal = createJournal({ user: sender, interview, client });
  const listeners = new Set();
  /** The pending write of each entry. */
  const writes = new WeakMap();
  /** @type {Entry[]} */
  let queue = [];
  /** Refused for good, and kept until somebody puts them away or the same is taken after all. @type {Entry[]} */
  let refusals = [];
  /** The numbers of this page's own that the server will not get. */
  const withoutNumbers = new Set();
  /** Texts that are kept here and not sent, by target: half a line, or more than the server takes. @type {Map<string, Entry>} */
  const drafts = new Map();
  /** A text that is still being typed. */
  let resting = { entry: null, timer: 0 };
  /** Entries that may be withdrawn yet. @type {Set<Entry>} */
  const held = new Set();
  let holding = null;
  let isStored = true;
  let isLeaving = false;
  let n = 0;
  let reason = null;
  /** What the server says is wrong with it. @type {string|undefined} */
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

  /** Keep an entry; nothing waits for it but its sending, and that not for long. */
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
    // What cannot be forgotten is sent again and gets the same receipt.
    journal.remove(entry.id).catch(() => {});
  }

  /** Take a command `{kind, target, value}`; more keys are kept beside it and not sent. `rests`: more of it may come. @returns {Entry} */
  function enqueue(command, { rests = false } = {}) {
    // What a page changes while it goes may not be kept any more; what was kept before stays as it is.
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

  /** Let a text go that was still being typed. */
  function release() {
    clearTimeout(resting.timer);
    resting = { entry: null, timer: 0 };
    if (queue.length && !timer) run();
  }

  /**
   * Send what `act` enqueues only after `ms`, or when the page goes. @returns {() => void} withdraws it, as far as it was not sent
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
   * Keep a text that is not sent, or not yet; null forgets it. The next page hears of what this one leaves, by `onDraft`.
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

  /** What goes next: the first that waits, and what fits beside it. */
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
    // What is given in one go travels together.
    await null;
    for (let batch = nextBatch(); batch.length && !outcome.reason; batch = nextBatch()) {
      outcome = await attempt(batch);
      if (outcome.reason === "unreachable" && batch.length === 1 && batch[0].tries >= TRIES) outcome = await around(batch[0], outcome);
    }
    isRunning = false;
    if (outcome.reason) later(outcome);
  }

  /** One that failed several times: it is given up if another one gets through, so that those behind it go on. */
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
    // The server takes changes again. After a newer state of the same, an older one may not come.
    const again = isSame(probe) ? outcome : await attempt([entry]);
    if (queue.includes(entry) && again.reason === "unreachable")
      refused(entry, again.blame ?? "This change could not be sent from this browser.", { isOurs: true });
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
    // What was refused was changed then. Only what a page that is gone has left may stand nowhere else.
    for (const old of refusals.filter((other) => isSame(other) && other.client === entry.client)) dismiss(old);
    if (entry.kind === "note" && !answer.result?.merged && answer.result?.revision !== undefined) {
      // What was typed since goes on from what the server has now.
      const isAfter = (other) => other.client === entry.client || (other.client === client && !entry.is_apart);
      const newer = queue.filter((other) => isSame(other) && isAfter(other) && !other.is_sent);
      for (const other of newer) persist(Object.assign(other, { base_rev: answer.result.revision }));
    }
    savedAt = answer.at;
    clock.correct(savedAt);
    onReceipt?.(entry, answer);
    changed();
  }

  /** `isOurs`: not by the server, so that it may be tried again. */
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

  /** Forget an entry that was refused. */
  function dismiss(entry) {
    refusals = refusals.filter((other) => other !== entry);
    forget(entry);
    onDismissed?.(entry);
  }

  /** Try once more what this browser gave up. */
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

  /** What a page that is gone has left: before what this one did, and in the order in which it was done. */
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
      // Its text is in a field of this page then, and kept under this page's name before the old one goes.
      if (onDraft?.(entry.target, entry.value)) forget(entry);
      else refused(entry, "It was typed and not added.");
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
   * One try with one entry or several; what was answered is settled.
   * @returns {Promise<Outcome>} with a reason if it has to be tried again later
   */
  async function attempt(batch) {
    const doubtful = batch.filter((entry) => entry.tries && sizeOf(bodyOf(entry)) > WORTH_ASKING);
    for (const entry of batch) {
      entry.tries = (entry.tries ?? 0) + 1;
      if (entry.is_sent) continue;
      entry.is_sent = true;
      // From here on its text and revision stay: the same id has the same body.
      if (TEXTS.includes(entry.kind)) persist(entry);
    }
    if (isStored && !isLeaving) await Promise.all(batch.map((entry) => writes.get(entry)));
    if (doubtful.length) {
      // It may have arrived, though nobody heard the answer.
      const asked = await request({ sender, receipts: doubtful.map(({ id }) => id) }, (response) => readBatch(response, doubtful));
      if (asked.reason || doubtful.some((entry) => !queue.includes(entry))) return asked;
    }
    if (batch.length === 1) return request(bodyOf(batch[0]), (response) => readOne(response, batch[0]));
    const outcome = await request({ commands: batch.map(bodyOf) }, (response) => readBatch(response, batch));
    together = outcome.reason === "unreachable" || outcome.isWhole ? 1 : Math.min(TOGETHER, together * 8);
    return outcome.isWhole ? {} : outcome;
  }

  /** Send something and have its answer read. */
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

  function post(body, bytes, signal) {
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken() };
    // What a browser does not let outlive the page fails at once, and looks like a dead line: the next try does without.
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

  /** A batch is answered one by one; what has no answer of its own stays. `isWhole`: it was refused as a whole. */
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

  /** The number of the last command, and of those that the server refused: submitting is refused while others are missing. */
  const before = () => ({ last_n: n, without: [...withoutNumbers] });

  /** What waits, oldest first. @returns {Entry[]} */
  const waiting = () => queue;

  /** Try now: the line is back, the page is in sight, somebody signed in. A try that hangs is given up. */
  function flush() {
    failures = 0;
    // Whether the server answers now is not known yet.
    if (reason !== "signed-out") reason = null;
    if (flight && performance.now() - flight.since > flight.limit) flight.controller.abort();
    else if (queue.length) {
      release();
      run();
    }
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

  function bodyOf({ id, client: by, n: number, kind, target, value, base_rev, at }) {
    const age = Math.max(0, Math.round(clock.now() - at));
    return { sender, id, client: by, n: number, kind, target, value, base_rev, age };
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

/** A text that was not sent yet is replaced by its newer state; one that was may have arrived already. */
function isSameText(entry, command) {
  const isText = typeof entry.value === "string" && typeof command.value === "string";
  return isText && entry.kind === command.kind && entry.target === (command.target ?? null) && !entry.is_sent;
}

/** How long the server asks to wait, in milliseconds. */
function pauseOf(response) {
  return 1000 * Number(response.headers.get("Retry-After")) || 0;
}

async function jsonOf(response) {
  try {
    return await response.json();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return null;
  }
}

/** What an answer says of an entry: its receipt, a refusal for good, or why it has to be sent again. @returns {Outcome} */
function outcomeOf(response, body, entry) {
  if (response.status === 401 || response.type === "opaqueredirect") return { reason: "signed-out" };
  if (response.status === 200 && body?.receipt && body.receipt === entry.id) return { answer: body };
  if (FINAL.includes(response.status) && typeof body?.error === "string") return { refusal: body.error, code: body.code };
  if (response.status === 413) return { refusal: "This is more text than the server takes at once." };
  if (response.status === 429) return { reason: "busy", wait: pauseOf(response) };
  if (response.status === 503 && typeof body?.error === "string") return { reason: "outage", words: body.error, wait: pauseOf(response) };
  return {
    reason: "unreachable",
    blame: response.status ? `The server could not save this change (error ${response.status}).` : undefined,
  };
}
